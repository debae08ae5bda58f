import { sqlTokens, type SqlToken } from './sql-tokens';

/** What must not change: words that aren't in quotes may change their case, everything else is the same to the letter. */
function essence({ kind, text }: SqlToken): string {
  if (kind === 'word') return text.toLowerCase();
  // The white space in front of a comment's lines is not part of what it says.
  if (kind === 'comment') return text.replaceAll(/\s+/g, ' ').trim();
  return text;
}

const joined = (tokens: readonly SqlToken[], text: string): string =>
  tokens
    .map((token, index) => {
      const next = tokens[index + 1];
      // `a . b`, `- 1` and `: name` are not what they are without the space.
      const apart =
        next !== undefined &&
        /\s/.test(text.slice(token.end, next.start)) &&
        token.kind === 'sign' &&
        token.text === ':';
      return essence(token) + (apart ? ' ' : '');
    })
    .join('\u0001');

/** Whether two texts of SQL mean the same: they are made of the same pieces in the same order. */
export const sameMeaning = (before: string, after: string): boolean =>
  joined(sqlTokens(before), before) === joined(sqlTokens(after), after);
