import type { StructureEntry } from './entry';
import { dottedName, isName, isSign, isWord, sqlTokens, type SqlToken } from './sql-tokens';

/** What the statements of an entry name, exactly; the names in its comment have lost their line breaks. */

export interface Qualified {
  readonly schema: string;
  readonly name: string;
}

/** One text for a qualified name, for maps. */
export const nameKey = (schema: string, name: string): string => JSON.stringify([schema, name]);

/** The tokens of an entry from its first CREATE or ALTER on: settings stand before. */
export function mainTokens(entry: StructureEntry): SqlToken[] {
  const tokens = sqlTokens(entry.sql);
  const from = tokens.findIndex(
    (token, at) => isWord(token, 'create', 'alter') && (at === 0 || isSign(tokens[at - 1], ';')),
  );
  return from > 0 ? tokens.slice(from) : tokens;
}

/** The first name of the form `schema.name` at or after `from`. */
export function qualifiedAt(tokens: readonly SqlToken[], from: number): Qualified | null {
  for (let at = from; at >= 0 && at < tokens.length;) {
    const dotted = dottedName(tokens, at);
    const [schema, name] = dotted?.parts ?? [];
    if (schema && name) return { schema: schema.value, name: name.value };
    at = dotted ? dotted.next : at + 1;
  }
  return null;
}

/** The index of the first keyword outside parentheses; −1 when there is none. */
export function wordOutside(tokens: readonly SqlToken[], words: readonly string[], from = 0): number {
  let depth = 0;
  for (let at = from; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (isSign(token, '(')) depth += 1;
    else if (isSign(token, ')')) depth -= 1;
    else if (depth === 0 && isSign(token, ';')) return -1;
    else if (depth === 0 && isWord(token, ...words)) return at;
  }
  return -1;
}

/** The object that the entry makes, where that has a schema; an index has the schema of its table. */
export function definedBy(entry: StructureEntry): Qualified | null {
  const tokens = mainTokens(entry);
  if (entry.kind === 'INDEX') {
    const on = wordOutside(tokens, ['on']);
    const name = tokens[on - 1];
    const table = qualifiedAt(tokens, on);
    return table && isName(name) ? { schema: table.schema, name: name.value } : null;
  }
  if (entry.kind === 'CONSTRAINT') {
    const table = qualifiedAt(tokens, 0);
    const name = tokens[tokens.findIndex((token) => isWord(token, 'constraint')) + 1];
    return table && isName(name) ? { schema: table.schema, name: name.value } : null;
  }
  if (entry.kind === 'OPERATOR') {
    const at = tokens.findIndex((token) => isWord(token, 'operator'));
    const schema = tokens[at + 1];
    let name = '';
    for (let sign = at + 3; tokens[sign]?.kind === 'sign' && !isSign(tokens[sign], '('); sign += 1)
      name += tokens[sign]?.value ?? '';
    return schema && name !== '' ? { schema: schema.value, name } : null;
  }
  return qualifiedAt(tokens, 0);
}

/** The table, view, domain, … that an entry of its own belongs to: of an index, a constraint, a trigger, a rule, a policy, a default, … */
export function tableOf(entry: StructureEntry): Qualified | null {
  const tokens = mainTokens(entry);
  switch (entry.kind) {
    case 'INDEX':
    case 'POLICY':
      return qualifiedAt(tokens, wordOutside(tokens, ['on']));
    case 'TRIGGER':
      return qualifiedAt(tokens, wordOutside(tokens, ['on']));
    case 'RULE':
      return isWord(tokens[3], 'view') || isWord(tokens[1], 'view')
        ? qualifiedAt(tokens, 0)
        : qualifiedAt(tokens, wordOutside(tokens, ['to']));
    case 'STATISTICS':
      return qualifiedAt(tokens, wordOutside(tokens, ['from']));
    default:
      return qualifiedAt(tokens, 0);
  }
}

/** A constant that the server reads as the name of an object. */
const NAMING_TYPES = new Set([
  'regclass',
  'regtype',
  'regproc',
  'regprocedure',
  'regoper',
  'regoperator',
  'regcollation',
  'regconfig',
  'regdictionary',
]);

/** Whether the string at `at` is cast to such a type: `'s.q'::regclass`, also `pg_catalog.regclass`. */
export function namesObject(tokens: readonly SqlToken[], at: number): boolean {
  if (!isSign(tokens[at + 1], ':') || !isSign(tokens[at + 2], ':')) return false;
  const type = isWord(tokens[at + 3], 'pg_catalog') ? tokens[at + 5] : tokens[at + 3];
  return type?.kind === 'word' && NAMING_TYPES.has(type.value);
}

/** The operator's signs that begin at `at`. */
export function operatorAt(tokens: readonly SqlToken[], at: number): string {
  let name = '';
  for (
    let sign = at;
    /^[-+*/<>=~!@#%^&|`?]$/.test(tokens[sign]?.value ?? '') && tokens[sign]?.kind === 'sign';
    sign += 1
  )
    name += tokens[sign]?.value ?? '';
  return name;
}

/** All names `schema.name` in an entry whose schema is one of these, in constants that name objects as well; each once. */
export function referencesOf(entry: StructureEntry, schemas: ReadonlySet<string>): Qualified[] {
  const found = new Map<string, Qualified>();
  const read = (tokens: readonly SqlToken[]): void => {
    for (let at = 0; at < tokens.length;) {
      const token = tokens[at];
      if (token?.kind === 'string' && namesObject(tokens, at)) read(sqlTokens(token.value));
      const dotted = dottedName(tokens, at);
      const schema = dotted?.parts[0]?.value ?? '';
      const name = dotted?.parts[1]?.value ?? (isSign(tokens[at + 1], '.') ? operatorAt(tokens, at + 2) : '');
      if (dotted && name !== '' && schemas.has(schema)) found.set(nameKey(schema, name), { schema, name });
      at = dotted ? dotted.next : at + 1;
    }
  };
  read(sqlTokens(entry.sql));
  return [...found.values()];
}
