import {
  bitStringEnd,
  blockCommentEnd,
  dollarEnd,
  identifierEnd,
  isDigit,
  isSpace,
  isWordPart,
  isWordStart,
  lineEnd,
  stringEnd,
} from './sql-split';

/**
 * `name` is a quoted identifier, `string` any constant in quotes, `body` a dollar-quoted one. `parameter` is `$1`. `operator` is a run of
 * operator signs, `sign` one of `( ) [ ] , ; .`, a colon or anything else.
 */
export type TokenKind = 'word' | 'name' | 'string' | 'body' | 'number' | 'parameter' | 'operator' | 'sign' | 'comment';

/** A piece of SQL. Offsets are UTF-16 units, `end` exclusive. */
export interface SqlToken {
  readonly kind: TokenKind;
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Without its closing quote or sign: it reaches to the end of the text. */
  readonly open: boolean;
}

const OPERATOR = /[-+*/<>=~!@#%^&|`?]/;

/** Length of the operator at `at`: as the server reads it, a comment ends one, and a sign at its end may stand for the next word. */
function operatorEnd(text: string, at: number): number {
  let end = at;
  while (end < text.length && OPERATOR.test(text[end] ?? '')) {
    const two = text.slice(end, end + 2);
    if (end > at && (two === '--' || two === '/*')) break;
    end += 1;
  }
  // `a=-1`: a plus or minus ends an operator only when it has one of the signs that SQL itself doesn't use.
  while (end - at > 1 && /[-+]/.test(text[end - 1] ?? '') && !/[~!@#%^&|`?]/.test(text.slice(at, end))) end -= 1;
  return end;
}

function numberEnd(text: string, at: number): number {
  const found =
    /^(?:0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|(?:\d[\d_]*(?:\.(?!\.)[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d+)?)/.exec(
      text.slice(at, at + 400),
    );
  return at + (found?.[0].length ?? 1);
}

const closed = (text: string, start: number, end: number, quote: string): boolean =>
  end - start > 1 && text[end - 1] === quote;

/** Where a constant ends whose opening quote is at `at`, and whether it does. */
function constant(text: string, at: number, backslashes: boolean): { end: number; open: boolean } {
  const end = stringEnd(text, at + 1, backslashes);
  return { end, open: end === text.length && !closedString(text, at, backslashes) };
}

/** Whether the constant that begins at `at` and reaches to the end of the text has its closing quote. */
function closedString(text: string, at: number, backslashes: boolean): boolean {
  // With a sign behind it, a constant that is closed ends before that sign.
  return text.length > at + 1 && stringEnd(`${text};`, at + 1, backslashes) === text.length;
}

/** What stands at `at`, which is not white space. */
function tokenAt(text: string, at: number, standard: boolean): { kind: TokenKind; end: number; open?: boolean } {
  const code = text.charCodeAt(at);
  const after = text.charCodeAt(at + 1);
  if (code === 45 && after === 45) {
    const end = lineEnd(text, at);
    return { kind: 'comment', end, open: end === text.length };
  }
  if (code === 47 && after === 42) {
    const end = blockCommentEnd(text, at);
    return { kind: 'comment', end, open: end === text.length && !(end - at > 3 && text.endsWith('*/')) };
  }
  if (code === 39) return { kind: 'string', ...constant(text, at, !standard) };
  if (code === 34) {
    const end = identifierEnd(text, at + 1);
    return { kind: 'name', end, open: !closed(text, at, end, '"') };
  }
  if (isWordStart(code)) {
    if (after === 39 && 'bBxX'.includes(text[at] ?? '')) {
      const end = bitStringEnd(text, at + 2);
      return { kind: 'string', end, open: end === text.length && bitStringEnd(`${text};`, at + 2) > end };
    }
    if (after === 39 && 'eEnN'.includes(text[at] ?? '')) {
      return { kind: 'string', ...constant(text, at + 1, (code | 32) === 101) };
    }
    if (after === 38 && (code | 32) === 117 && /['"]/.test(text[at + 2] ?? '')) {
      if (text[at + 2] === "'") return { kind: 'string', ...constant(text, at + 2, false) };
      const end = identifierEnd(text, at + 3);
      return { kind: 'name', end, open: !closed(text, at + 2, end, '"') };
    }
    let end = at + 1;
    while (end < text.length && isWordPart(text.charCodeAt(end))) end += 1;
    return { kind: 'word', end };
  }
  if (isDigit(code) || (code === 46 && isDigit(after))) return { kind: 'number', end: numberEnd(text, at) };
  if (code === 36) {
    if (isDigit(after)) {
      let end = at + 2;
      while (isDigit(text.charCodeAt(end))) end += 1;
      return { kind: 'parameter', end };
    }
    const end = dollarEnd(text, at);
    if (end > 0) {
      const tag = text.slice(at, text.indexOf('$', at + 1) + 1);
      return { kind: 'body', end, open: end - at < tag.length * 2 || !text.slice(at, end).endsWith(tag) };
    }
    return { kind: 'sign', end: at + 1 };
  }
  if (code === 58) {
    const sign = after === 58 || after === 61;
    return { kind: sign ? 'operator' : 'sign', end: at + (sign ? 2 : 1) };
  }
  if (OPERATOR.test(text[at] ?? '')) return { kind: 'operator', end: operatorEnd(text, at) };
  return { kind: 'sign', end: at + 1 };
}

/** All pieces of a text, comments too; white space is left out. Never fails: what has no end reaches to the end of the text. */
export function sqlTokens(text: string, standardConformingStrings = true): SqlToken[] {
  const tokens: SqlToken[] = [];
  for (let at = 0; at < text.length;) {
    const code = text.charCodeAt(at);
    if (isSpace(code) || (code === 0xfeff && at === 0)) {
      at += 1;
      continue;
    }
    const { kind, end, open = false } = tokenAt(text, at, standardConformingStrings);
    tokens.push({ kind, text: text.slice(at, end), start: at, end, open });
    at = end;
  }
  return tokens;
}

/** The identifier that a word or quoted name means; null for anything else. */
export function identifierOf(token: SqlToken | undefined): string | null {
  if (token?.kind === 'word') return token.text.toLowerCase();
  if (token?.kind !== 'name' || token.text.startsWith('U') || token.text.startsWith('u')) return null;
  return token.text.slice(1, token.open ? undefined : -1).replaceAll('""', '"');
}
