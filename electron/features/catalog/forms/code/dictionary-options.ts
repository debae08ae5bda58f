import type { OptionRow } from '../../../../../shared/model/form';

/** One `name = value`: the name bare or in double quotes; the value a string constant (after E with backslashes doubled) or bare. */
const OPTION = /\s*(?:"((?:[^"]|"")*)"|([^\s="]+))\s*=\s*(?:(E)?'((?:[^'\\]|''|\\[\s\S])*)'|([^\s,']+))\s*(?:,|$)/uy;

/** The options of a text search dictionary out of the text that the server keeps (`pg_ts_dict.dictinitoption`). */
export function dictionaryOptions(text: string): OptionRow[] {
  const rows: OptionRow[] = [];
  for (let at = 0; at < text.length; at = OPTION.lastIndex) {
    OPTION.lastIndex = at;
    const found = OPTION.exec(text);
    if (!found) break;
    const [, quoted, bare = '', escaped, constant, plain = ''] = found;
    const undoubled = constant?.replaceAll("''", "'");
    const value = escaped === undefined ? undoubled : undoubled?.replaceAll('\\\\', '\\');
    rows.push({ name: quoted?.replaceAll('""', '"') ?? bare, value: value ?? plain });
  }
  return rows;
}
