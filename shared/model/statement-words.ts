import { identifierOf, sqlTokens, type SqlToken } from './sql-tokens';

/** A token of a statement that isn't a comment. */
export interface StatementWord {
  readonly kind: SqlToken['kind'];
  /** A key word or plain name in lower case, a quoted name without its quotes; else as it is written. */
  readonly text: string;
  /** Open parentheses and brackets around it; those themselves stand outside. */
  readonly depth: number;
}

/** What begins a statement tells what it is when all that follows is data. */
const HEAD = 4000;

/** The statement's words in order. `head`: only those of its beginning, for a statement that may be large. */
export function statementWords(sql: string, standardConformingStrings = true, head = false): StatementWord[] {
  const words: StatementWord[] = [];
  let depth = 0;
  for (const token of sqlTokens(head ? sql.slice(0, HEAD) : sql, standardConformingStrings)) {
    if (token.kind === 'comment') continue;
    const { text } = token;
    if (text === ')' || text === ']') depth = Math.max(0, depth - 1);
    words.push({ kind: token.kind, text: identifierOf(token) ?? text, depth });
    if (text === '(' || text === '[') depth += 1;
  }
  return words;
}

/** Whether the word at `index` is this key word: a quoted name never is. */
export const isKeyword = (word: StatementWord | undefined, text: string): boolean =>
  word?.kind === 'word' && word.text === text;

/** Whether a name is written as `U&"…"`: what it means is not told here, so it may mean anything. */
export const isCoded = (word: StatementWord | undefined): boolean => word?.kind === 'name' && /^u&"/i.test(word.text);

/** The text that a constant in plain quotes stands for; null for anything else. */
export function plainConstant(word: StatementWord | undefined): string | null {
  if (word?.kind !== 'string' || !word.text.startsWith("'")) return null;
  return word.text.slice(1, -1).replaceAll("''", "'");
}
