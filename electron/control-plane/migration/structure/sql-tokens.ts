import { nextStatement } from '../../../../shared/model/sql-split';

/**
 * The tokens of SQL as pg_dump writes it: standard_conforming_strings on, no psql commands. By the server's lexical rules
 * (src/backend/parser/scan.l).
 */
export interface SqlToken {
  /** `word`: bare identifier, keyword or number; `sign`: one character. Blanks and comments are left out. */
  readonly kind: 'word' | 'quoted' | 'string' | 'sign';
  /** UTF-16 units. */
  readonly start: number;
  readonly end: number;
  /** A word in lower case, a quoted identifier or a string without its quotes, a sign as it is. */
  readonly value: string;
}

const isSpace = (code: number): boolean => code === 32 || (code >= 9 && code <= 13);
const isDigit = (code: number): boolean => code >= 48 && code <= 57;
const isLetter = (code: number): boolean =>
  (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || code >= 128;
const [DOUBLE_QUOTE, DOLLAR, QUOTE, STAR, DASH, DOT, SLASH, BACKSLASH] = [34, 36, 39, 42, 45, 46, 47, 92];
/** Letters that may stand before the quote of a constant. */
const PREFIXES = 'eEbBxXnN';
const DOLLAR_TAG = /\$(?:[\p{L}_\u0080-\u{10ffff}][\p{L}\p{N}_\u0080-\u{10ffff}]*)?\$/uy;

/** Offset after the constant or identifier that opens at `at` with `quote`. */
function quotedEnd(sql: string, at: number, quote: number, backslashes: boolean): number {
  for (let i = at + 1; i < sql.length; i += 1) {
    const code = sql.charCodeAt(i);
    if (code === BACKSLASH && backslashes) i += 1;
    else if (code === quote) {
      if (sql.charCodeAt(i + 1) !== quote) return i + 1;
      i += 1;
    }
  }
  return sql.length;
}

function commentEnd(sql: string, at: number): number {
  let depth = 0;
  for (let i = at; i < sql.length; i += 1) {
    const two = sql.slice(i, i + 2);
    if (two === '/*') depth += 1;
    else if (two === '*/') depth -= 1;
    else continue;
    i += 1;
    if (depth === 0) return i + 1;
  }
  return sql.length;
}

function dollarString(sql: string, at: number): { readonly end: number; readonly value: string } | null {
  DOLLAR_TAG.lastIndex = at;
  const tag = DOLLAR_TAG.exec(sql)?.[0];
  if (tag === undefined) return null;
  const close = sql.indexOf(tag, at + tag.length);
  const end = close < 0 ? sql.length : close + tag.length;
  return { end, value: sql.slice(at + tag.length, close < 0 ? sql.length : close) };
}

/** Offset after the word or the number that begins at `at`. */
function wordEnd(sql: string, at: number): number {
  const number = isDigit(sql.charCodeAt(at));
  for (let i = at + 1; ; i += 1) {
    const code = sql.charCodeAt(i);
    if (!isLetter(code) && !isDigit(code) && code !== (number ? DOT : DOLLAR)) return i;
  }
}

/** Millions of them are read of a large database: by code, not by pattern. */
export function sqlTokens(sql: string): SqlToken[] {
  const tokens: SqlToken[] = [];
  for (let at = 0; at < sql.length;) {
    const start = at;
    const code = sql.charCodeAt(at);
    const next = sql.charCodeAt(at + 1);
    const prefixed = next === QUOTE && PREFIXES.includes(sql.charAt(at));
    if (isSpace(code)) at += 1;
    else if (code === QUOTE || prefixed) {
      const from = prefixed ? at + 1 : at;
      const backslashes = prefixed && /[eE]/.test(sql.charAt(at));
      at = quotedEnd(sql, from, QUOTE, backslashes);
      const text = sql.slice(from + 1, at - 1).replaceAll("''", "'");
      tokens.push({ kind: 'string', start, end: at, value: backslashes ? text.replaceAll('\\\\', '\\') : text });
    } else if (isLetter(code) || isDigit(code)) {
      at = wordEnd(sql, at);
      tokens.push({ kind: 'word', start, end: at, value: sql.slice(start, at).toLowerCase() });
    } else if (code === DOUBLE_QUOTE) {
      at = quotedEnd(sql, at, DOUBLE_QUOTE, false);
      tokens.push({ kind: 'quoted', start, end: at, value: sql.slice(start + 1, at - 1).replaceAll('""', '"') });
    } else if (code === DASH && next === DASH) {
      const feed = sql.indexOf('\n', at);
      at = feed < 0 ? sql.length : feed;
    } else if (code === SLASH && next === STAR) at = commentEnd(sql, at);
    else {
      const dollar = code === DOLLAR ? dollarString(sql, at) : null;
      at = dollar?.end ?? at + 1;
      if (dollar) tokens.push({ kind: 'string', start, end: at, value: dollar.value });
      else tokens.push({ kind: 'sign', start, end: at, value: sql.charAt(start) });
    }
  }
  return tokens;
}

/** Whether a token is this keyword; a quoted identifier never is. */
export const isWord = (token: SqlToken | undefined, ...words: readonly string[]): boolean =>
  token?.kind === 'word' && words.includes(token.value);

export const isSign = (token: SqlToken | undefined, sign: string): boolean =>
  token?.kind === 'sign' && token.value === sign;

export const isName = (token: SqlToken | undefined): token is SqlToken =>
  token !== undefined && (token.kind === 'quoted' || (token.kind === 'word' && !/^\d/.test(token.value)));

/** A dotted name, e.g. `s.t.c`, as its parts; `next` is the index after it. */
export interface DottedName {
  readonly parts: readonly SqlToken[];
  readonly next: number;
}

/** The dotted name that begins at token `at`; null when none does. */
export function dottedName(tokens: readonly SqlToken[], at: number): DottedName | null {
  const first = tokens[at];
  if (!isName(first)) return null;
  const parts = [first];
  let next = at + 1;
  for (;;) {
    const part = tokens[next + 1];
    if (!isSign(tokens[next], '.') || !isName(part)) return { parts, next };
    parts.push(part);
    next += 2;
  }
}

/** The statements of a text, each with its semicolon. */
export function statementsOf(sql: string): string[] {
  const found: string[] = [];
  for (let from = 0; ;) {
    const next = nextStatement(sql, from);
    if (next.kind !== 'statement') return found;
    const { first, end } = next.statement;
    found.push(`${sql.slice(first, end)};`);
    from = next.statement.next;
  }
}
