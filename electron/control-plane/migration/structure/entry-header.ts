import { isName, isSign, isWord, sqlTokens } from './sql-tokens';

/** What pg_dump's comment above an entry says, as it says it: line breaks in names are blanks, `-` is no schema. */
export interface EntryHeader {
  readonly name: string;
  readonly kind: string;
  readonly schema: string;
  readonly owner: string;
}

const START = /^-- (?:Data for )?Name: /;
const KIND = /; Type: ([A-Z][A-Z ]*); Schema: /g;

/**
 * All ways to read the line `-- Name: …; Type: …; Schema: …; Owner: …`: names may hold such words themselves. Empty when it is no such
 * line.
 */
export function readHeader(line: string): EntryHeader[] {
  const start = START.exec(line)?.[0];
  if (start === undefined) return [];
  const found: EntryHeader[] = [];
  for (const match of line.matchAll(KIND)) {
    const rest = line.slice(match.index + match[0].length);
    for (const owner of rest.matchAll(/; Owner: /g)) {
      const behind = rest.slice(owner.index + owner[0].length);
      const schema = rest.slice(0, owner.index);
      found.push({
        name: line.slice(start.length, match.index),
        kind: match[1] ?? '',
        schema: schema === '-' ? '' : schema,
        owner: behind.replace(/; Tablespace: .*$/, ''),
      });
    }
  }
  return found;
}

/** A name as pg_dump writes it into a comment. */
export const inComment = (name: string): string => name.replaceAll(/[\r\n]/g, ' ');

const WORDS: Readonly<Record<string, readonly string[]>> = {
  ACL: ['grant', 'revoke', 'set'],
  COMMENT: ['comment'],
  'SECURITY LABEL': ['security'],
};

/** Of several ways to read a header the one that fits what stands under it. */
export function chooseHeader(ways: readonly EntryHeader[], sql: string): EntryHeader | null {
  if (ways.length < 2) return ways[0] ?? null;
  const tokens = sqlTokens(sql);
  const qualifies = (schema: string): boolean =>
    tokens.some(
      (token, at) =>
        isName(token) &&
        inComment(token.value) === schema &&
        (isSign(tokens[at + 1], '.') || isWord(tokens[at - 1], 'schema')),
    );
  const fits = ({ kind, name, schema }: EntryHeader): boolean => {
    const words = WORDS[kind];
    if (words) return isWord(tokens[0], ...words) && (schema === '' || qualifies(schema));
    if (schema !== '' && !qualifies(schema)) return false;
    return tokens.some((token) => isName(token) && name.includes(inComment(token.value)));
  };
  // The whole name stands in the statement: the longest that does is the right one.
  const exact = ways.filter(
    ({ name, kind }) => !(kind in WORDS) && tokens.some((token) => isName(token) && inComment(token.value) === name),
  );
  return exact.filter(fits).at(-1) ?? ways.filter(fits).at(-1) ?? ways.at(-1) ?? null;
}
