/**
 * Where one statement of a script ends and the next begins, by the server's own lexical rules (src/backend/parser/scan.l) and psql's
 * additions (src/fe_utils/psqlscan.l): a semicolon counts only outside quotes, comments, parentheses and BEGIN ATOMIC bodies.
 * All offsets are UTF-16 units from the start of the whole text.
 */
export interface SqlStatement {
  /** First character that isn't white space; a comment in front belongs to the statement (planner hints live there). */
  readonly start: number;
  /** First character of the first word, quote or sign. */
  readonly first: number;
  /** End of the last token, exclusive; the semicolon is not part of it. */
  readonly end: number;
  /** Where to look for the next statement: after the semicolon. */
  readonly next: number;
}

/** What can't be sent to a server, with the reason. */
export interface RefusedSql {
  /** `meta-command`: a backslash command of psql. `copy-from-stdin`: its data would have to follow in the script. */
  readonly reason: 'meta-command' | 'copy-from-stdin';
  readonly start: number;
  readonly end: number;
}

export type NextStatement =
  | { readonly kind: 'statement'; readonly statement: SqlStatement }
  | { readonly kind: 'refused'; readonly refused: RefusedSql }
  | { readonly kind: 'end' };

export interface SqlScript {
  readonly statements: readonly SqlStatement[];
  /** The first thing that stops the splitting; null when the whole text was split. */
  readonly refused: RefusedSql | null;
}

// The server's lexical rules, which other readers of SQL share.

export const isSpace = (code: number): boolean => code === 32 || (code >= 9 && code <= 13);
export const isDigit = (code: number): boolean => code >= 48 && code <= 57;
export const isWordStart = (code: number): boolean =>
  (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || code >= 128;
export const isWordPart = (code: number): boolean => isWordStart(code) || isDigit(code) || code === 36;

const isBreak = (code: number): boolean => code === 10 || code === 13;

/** Offset of the end of the line that `at` is in: before its line feed or carriage return, each of which ends a comment. */
export function lineEnd(text: string, at: number): number {
  let end = at;
  while (end < text.length && !isBreak(text.charCodeAt(end))) end += 1;
  return end;
}

/** Offset after the comment that opens at `at`; nested as the server nests them. */
export function blockCommentEnd(text: string, at: number): number {
  let depth = 1;
  for (let i = at + 2; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === 42 && text.charCodeAt(i + 1) === 47) {
      depth -= 1;
      i += 1;
      if (depth === 0) return i + 1;
    } else if (code === 47 && text.charCodeAt(i + 1) === 42) {
      depth += 1;
      i += 1;
    }
  }
  return text.length;
}

/** Where a string goes on after a closing quote: SQL joins constants that stand on separate lines, comments between. −1 when it doesn't. */
export function continuation(text: string, at: number): number {
  let i = at;
  let newline = false;
  for (; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (isBreak(code)) newline = true;
    else if (code === 45 && text.charCodeAt(i + 1) === 45) i = lineEnd(text, i) - 1;
    else if (!isSpace(code)) break;
  }
  return newline && text.charCodeAt(i) === 39 ? i + 1 : -1;
}

/** The quote that ends a constant, skipping what backslashes escape; −1 when there is none. */
function unescapedQuote(text: string, from: number): number {
  for (let i = from; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === 92) i += 1;
    else if (code === 39) return i;
  }
  return -1;
}

/** Offset after the string constant whose content starts at `at`. */
export function stringEnd(text: string, at: number, backslashes: boolean): number {
  let i = at;
  for (;;) {
    const quote = backslashes ? unescapedQuote(text, i) : text.indexOf("'", i);
    if (quote < 0) return text.length;
    if (text.charCodeAt(quote + 1) === 39) {
      i = quote + 2;
      continue;
    }
    const more = continuation(text, quote + 1);
    if (more < 0) return quote + 1;
    i = more;
  }
}

/** Offset after the bit string (B'…', X'…') whose content starts at `at`: nothing is escaped in it, and two quotes end it and begin another. */
export function bitStringEnd(text: string, at: number): number {
  let i = at;
  for (;;) {
    const quote = text.indexOf("'", i);
    if (quote < 0) return text.length;
    const more = continuation(text, quote + 1);
    if (more < 0) return quote + 1;
    i = more;
  }
}

/** Offset after the quoted identifier whose content starts at `at`. */
export function identifierEnd(text: string, at: number): number {
  let i = at;
  for (;;) {
    const quote = text.indexOf('"', i);
    if (quote < 0) return text.length;
    if (text.charCodeAt(quote + 1) !== 34) return quote + 1;
    i = quote + 2;
  }
}

/** Offset after the dollar-quoted constant that opens at `at`; −1 when no dollar quote opens there. */
export function dollarEnd(text: string, at: number): number {
  let i = at + 1;
  if (isDigit(text.charCodeAt(i))) return -1;
  while (i < text.length && text.charCodeAt(i) !== 36 && isWordPart(text.charCodeAt(i))) i += 1;
  if (text.charCodeAt(i) !== 36) return -1;
  const tag = text.slice(at, i + 1);
  const close = text.indexOf(tag, i + 1);
  return close < 0 ? text.length : close + tag.length;
}

const ROUTINE = new Set(['function', 'procedure']);

/** What the words of one statement tell: BEGIN ATOMIC nesting and COPY … FROM STDIN. */
class Words {
  /** Open BEGIN ATOMIC … END and CASE … END inside a routine's body. */
  depth = 0;
  copyFromStdin = false;
  private readonly leading: string[] = [];
  private previous = '';

  add(word: string, insideParentheses: boolean): void {
    if (this.leading.length < 4) this.leading.push(word);
    if (!insideParentheses) {
      if (this.createsRoutine()) {
        if (word === 'atomic' && this.previous === 'begin') this.depth += 1;
        else if (this.depth > 0 && (word === 'case' || word === 'begin')) this.depth += 1;
        else if (this.depth > 0 && word === 'end') this.depth -= 1;
      }
      if (word === 'stdin' && this.previous === 'from' && this.leading[0] === 'copy') this.copyFromStdin = true;
    }
    this.previous = word;
  }

  private createsRoutine(): boolean {
    const [create = '', second = '', third = '', fourth = ''] = this.leading;
    if (create !== 'create') return false;
    return ROUTINE.has(second) || (second === 'or' && third === 'replace' && ROUTINE.has(fourth));
  }
}

/**
 * The first statement at or after `from`. A text without its end (open quote, open comment) reaches to the end: the server says what is wrong.
 * `standardConformingStrings` is the session's setting: off makes backslashes escape in plain constants.
 */
export function nextStatement(text: string, from: number, standardConformingStrings = true): NextStatement {
  const words = new Words();
  let start = -1;
  let first = -1;
  let end = from;
  let parentheses = 0;
  let i = from;
  while (i < text.length) {
    const code = text.charCodeAt(i);
    if (isSpace(code) || (code === 0xfeff && i === 0)) {
      i += 1;
      continue;
    }
    const after = text.charCodeAt(i + 1);
    if ((code === 45 && after === 45) || (code === 47 && after === 42)) {
      if (start < 0) start = i;
      i = code === 45 ? lineEnd(text, i) : blockCommentEnd(text, i);
      continue;
    }
    if (code === 59 && parentheses === 0 && words.depth === 0) {
      if (first >= 0) {
        if (words.copyFromStdin) return refuse('copy-from-stdin', first, end);
        return { kind: 'statement', statement: { start, first, end, next: i + 1 } };
      }
      start = -1;
      i += 1;
      continue;
    }
    if (code === 92) return refuse('meta-command', i, lineEnd(text, i));
    if (start < 0) start = i;
    if (first < 0) first = i;
    if (code === 39) i = stringEnd(text, i + 1, !standardConformingStrings);
    else if (code === 34) i = identifierEnd(text, i + 1);
    else if (isWordStart(code)) {
      const begin = i;
      do i += 1;
      while (i < text.length && isWordPart(text.charCodeAt(i)));
      const prefix = i - begin === 1 && text.charCodeAt(i) === 39 ? code | 32 : 0;
      // E'…' always has backslash escapes, B'…' and X'…' never; N'…' is a plain constant.
      if (prefix === 101) i = stringEnd(text, i + 1, true);
      else if (prefix === 98 || prefix === 120) i = bitStringEnd(text, i + 1);
      else words.add(text.slice(begin, i).toLowerCase(), parentheses > 0);
    } else if (isDigit(code)) {
      do i += 1;
      while (i < text.length && isWordPart(text.charCodeAt(i)));
    } else if (code === 36) {
      const close = dollarEnd(text, i);
      i = close < 0 ? i + 1 : close;
    } else {
      if (code === 40) parentheses += 1;
      else if (code === 41 && parentheses > 0) parentheses -= 1;
      i += 1;
    }
    end = i;
  }
  if (first < 0) return { kind: 'end' };
  if (words.copyFromStdin) return refuse('copy-from-stdin', first, end);
  return { kind: 'statement', statement: { start, first, end, next: text.length } };
}

function refuse(reason: RefusedSql['reason'], start: number, end: number): NextStatement {
  return { kind: 'refused', refused: { reason, start, end } };
}

const SETS_STRINGS = /^set\s+(?:session\s+|local\s+)?standard_conforming_strings\s*(?:=|\sto\s)\s*'?(\w+)'?$/i;
const LONGEST_SET = 100;

/**
 * All statements of a text, up to the first thing that can't be sent. `standardConformingStrings` is the setting at the start; a script that
 * sets it by a plain SET is followed.
 */
export function splitSql(text: string, standardConformingStrings = true): SqlScript {
  const statements: SqlStatement[] = [];
  let standard = standardConformingStrings;
  let from = 0;
  for (;;) {
    const found = nextStatement(text, from, standard);
    if (found.kind === 'end') return { statements, refused: null };
    if (found.kind === 'refused') return { statements, refused: found.refused };
    const { first, end, next } = found.statement;
    statements.push(found.statement);
    const setting = end - first > LONGEST_SET ? undefined : SETS_STRINGS.exec(text.slice(first, end))?.[1];
    if (setting !== undefined) standard = !/^(off|false|no|0|f|n)$/i.test(setting);
    from = next;
  }
}

/** The statement that a cursor at `offset` means: the one around it, else the one that ends on the same line, else the next, else the last. */
export function statementAt(text: string, offset: number, standardConformingStrings = true): SqlStatement | null {
  const { statements } = splitSql(text, standardConformingStrings);
  const index = statements.findIndex((statement) => offset <= statement.end);
  const around = index < 0 ? null : (statements[index] ?? null);
  if (around && offset >= around.first) return around;
  const before = (index < 0 ? statements.at(-1) : statements[index - 1]) ?? null;
  const sameLine = before !== null && lineEnd(text, before.end) >= offset;
  return sameLine ? before : (around ?? before);
}

/**
 * UTF-16 offset of the server's error position: the server counts characters (code points) from 1 in the statement that was sent,
 * which started at `start` of `text`.
 */
export function positionInText(text: string, start: number, position: number): number {
  let i = start;
  for (let left = position - 1; left > 0 && i < text.length; left -= 1) {
    i += (text.codePointAt(i) ?? 0) > 0xffff ? 2 : 1;
  }
  return i;
}
