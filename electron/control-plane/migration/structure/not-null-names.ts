import { isName, isWord, sqlTokens } from './sql-tokens';

/** A name, then NOT NULL: of a column as well. */
const NAMED_NOT_NULL = /\bCONSTRAINT\s+(?:"(?:[^"]|"")+"|[^\s"]+)\s+NOT\s+NULL\b/i;

/** Names of not null constraints that a table entry gives, which servers before 18 forget. */
export function notNullNames(sql: string): string[] {
  if (!NAMED_NOT_NULL.test(sql)) return [];
  const tokens = sqlTokens(sql);
  return tokens.flatMap((token, at) => {
    const name = tokens[at + 1];
    const named =
      isWord(token, 'constraint') && isName(name) && isWord(tokens[at + 2], 'not') && isWord(tokens[at + 3], 'null');
    return named ? [name.value] : [];
  });
}
