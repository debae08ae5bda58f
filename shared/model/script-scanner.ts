import { copyStart, countLines, decoder, join, leadingBlank, NEWLINE, type CopyStart } from './script-bytes';

/**
 * Cuts a psql script into statements, psql commands and COPY data without holding more than one statement. Works on bytes: scripts come in
 * any encoding, and only ASCII bytes have a meaning here. The rules are psql's own lexer's (src/fe_utils/psqlscan.l).
 */

export type ScriptPiece =
  /** One statement with the blanks and comments before it. `copy` starts a COPY block: data follows. */
  | { readonly kind: 'statement'; readonly bytes: Uint8Array; readonly line: number; readonly copy: CopyStart | null }
  /** Text that a psql command on the same buffer follows (`SELECT 1 \gset`). */
  | { readonly kind: 'fragment'; readonly bytes: Uint8Array; readonly line: number }
  /** A backslash command to the end of its line, without the line break. */
  | { readonly kind: 'meta'; readonly bytes: Uint8Array; readonly line: number }
  | { readonly kind: 'copy-data'; readonly bytes: Uint8Array }
  /** The `\.` line. `rows` is null where lines are not rows (CSV). */
  | { readonly kind: 'copy-end'; readonly bytes: Uint8Array; readonly rows: number | null; readonly line: number };

/** How a script may end other than after a whole statement. */
export type ScriptEnd = 'complete' | 'in-copy' | 'in-statement';

type Mode =
  | 'sql'
  | 'quote'
  | 'escape-quote'
  | 'identifier'
  | 'tag'
  | 'dollar'
  | 'line-comment'
  | 'comment'
  | 'meta'
  | 'copy-eol';

const BACKSLASH = 92;
const QUOTE = 39;
const DOUBLE_QUOTE = 34;
const DOLLAR = 36;

/** Client encodings in which the second byte of a character may look like ASCII. */
const TRICKY_ENCODINGS =
  /^(sjis|shift_?jis|shiftjis2004|mskanji|win932|windows932|big5|win950|windows950|gbk|win936|windows936|gb18030|uhc|win949|windows949|johab)$/i;

/** A statement longer than this is not a statement but a damaged file; the server takes less than 1 GB anyway. */
const MAX_STATEMENT_BYTES = 512 * 1024 * 1024;

export class StatementTooLong extends Error {
  readonly line: number;
  constructor(line: number) {
    super(`The statement that starts at line ${line} does not end within 512 MiB`);
    this.line = line;
  }
}

/** 1 for letters, digits, underscore, dollar and bytes above ASCII: what continues a word. */
const WORD_BYTE = Uint8Array.from({ length: 256 }, (_, byte) =>
  /[A-Za-z0-9_$]/.test(String.fromCharCode(byte)) || byte >= 128 ? 1 : 0,
);
const hashOf = (word: string): number => [...word].reduce((hash, char) => (hash * 31 + char.charCodeAt(0)) | 0, 0);
const WORDS = {
  create: hashOf('create'),
  or: hashOf('or'),
  replace: hashOf('replace'),
  function: hashOf('function'),
  procedure: hashOf('procedure'),
  begin: hashOf('begin'),
  case: hashOf('case'),
  end: hashOf('end'),
};

export class ScriptScanner {
  /** 1-based line of the next byte. */
  line = 1;
  /** Bytes taken so far. */
  offset = 0;
  /** The client encoding as the script stated it so far; '' when it did not. */
  encoding = '';

  #mode: Mode = 'sql';
  #copying: CopyStart | null = null;
  #copyRows = 0;
  #copyMidLine = false;
  #carry: Uint8Array | null = null;
  #parts: Uint8Array[] = [];
  #partsBytes = 0;
  #startLine = 1;
  #previous = 0;
  #wordLength = 0;
  #wordHash = 0;
  #words: number[] = [];
  #parens = 0;
  #begins = 0;
  #commentDepth = 0;
  #tag: number[] = [];
  #tagMatched = 0;
  #standardStrings = true;
  #trickyEncoding = false;
  #skipNext = false;

  /** Takes the next bytes and returns the pieces that ended in them, in order. Throws `StatementTooLong`. */
  push(input: Uint8Array): ScriptPiece[] {
    const pieces: ScriptPiece[] = [];
    this.offset += input.length;
    let chunk = input;
    if (this.#carry) {
      chunk = join([this.#carry, input]);
      this.#carry = null;
    }
    let at = 0;
    while (at < chunk.length) at = this.#copying ? this.#scanCopy(chunk, at, pieces) : this.#scanSql(chunk, at, pieces);
    return pieces;
  }

  /**
   * Takes the end of the script. What is left over is a last statement without semicolon, as psql takes it; `rest` is the blanks and comments
   * after the last statement.
   */
  end(): { pieces: ScriptPiece[]; end: ScriptEnd; rest: Uint8Array } {
    const pieces: ScriptPiece[] = [];
    if (this.#copying) {
      const rest = this.#carry ?? new Uint8Array();
      this.#carry = null;
      const isEnd = /^\\\.\r?$/.test(decoder.decode(rest));
      if (rest.length > 0 && !isEnd) pieces.push({ kind: 'copy-data', bytes: rest });
      pieces.push({
        kind: 'copy-end',
        bytes: isEnd ? rest : new Uint8Array(),
        rows: this.#copying.csv ? null : this.#copyRows,
        line: this.line,
      });
      this.#copying = null;
      return { pieces, end: isEnd ? 'complete' : 'in-copy', rest: new Uint8Array() };
    }
    if (this.#mode === 'meta') {
      pieces.push({ kind: 'meta', bytes: this.#take(), line: this.#startLine });
      return { pieces, end: 'complete', rest: new Uint8Array() };
    }
    const open = this.#mode !== 'sql' && this.#mode !== 'line-comment' && this.#mode !== 'copy-eol';
    const inside = this.#parens > 0 || this.#begins > 0;
    const bytes = this.#take();
    const blank = leadingBlank(bytes);
    if (blank < bytes.length)
      pieces.push({ kind: 'statement', bytes, line: this.#startLine + countLines(bytes, blank), copy: null });
    return { pieces, end: open || inside ? 'in-statement' : 'complete', rest: bytes.subarray(0, blank) };
  }

  #scanCopy(chunk: Uint8Array, from: number, pieces: ScriptPiece[]): number {
    let at = from;
    for (;;) {
      const newline = chunk.indexOf(NEWLINE, at);
      if (newline < 0) {
        const rest = chunk.length - at;
        const mayEnd = !this.#copyMidLine && rest < 4 && (rest === 0 || chunk[at] === BACKSLASH);
        const until = mayEnd ? at : chunk.length;
        if (until > from) pieces.push({ kind: 'copy-data', bytes: chunk.subarray(from, until) });
        if (mayEnd) this.#carry = chunk.slice(at);
        else this.#copyMidLine = true;
        return chunk.length;
      }
      this.line += 1;
      const isEnd =
        !this.#copyMidLine &&
        chunk[at] === BACKSLASH &&
        chunk[at + 1] === 46 &&
        (newline === at + 2 || (newline === at + 3 && chunk[at + 2] === 13));
      this.#copyMidLine = false;
      if (isEnd) {
        if (at > from) pieces.push({ kind: 'copy-data', bytes: chunk.subarray(from, at) });
        pieces.push({
          kind: 'copy-end',
          bytes: chunk.subarray(at, newline + 1),
          rows: this.#copying?.csv === false ? this.#copyRows : null,
          line: this.line - 1,
        });
        this.#copying = null;
        this.#startLine = this.line;
        return newline + 1;
      }
      this.#copyRows += 1;
      at = newline + 1;
    }
  }

  /** Reads SQL from `from` until the chunk ends or COPY data begins; returns where it stopped. */
  #scanSql(chunk: Uint8Array, from: number, pieces: ScriptPiece[]): number {
    let start = from;
    let at = from;
    const length = chunk.length;
    while (at < length) {
      const byte = chunk[at] ?? 0;
      at += 1;
      if (byte === NEWLINE) this.line += 1;
      if (this.#skipNext) {
        this.#skipNext = false;
        continue;
      }
      if (byte >= 0x81 && this.#trickyEncoding) this.#skipNext = true;
      switch (this.#mode) {
        case 'sql': {
          if (WORD_BYTE[byte] === 1 && !(byte === DOLLAR && this.#wordLength === 0)) {
            this.#wordLength += 1;
            this.#wordHash = (this.#wordHash * 31 + (byte >= 65 && byte <= 90 ? byte + 32 : byte)) | 0;
            this.#previous = byte;
            break;
          }
          const escaped = this.#wordLength === 1 && (this.#previous | 32) === 101;
          if (this.#wordLength > 0) this.#endWord();
          if (byte === QUOTE) this.#mode = escaped || !this.#standardStrings ? 'escape-quote' : 'quote';
          else if (byte === DOUBLE_QUOTE) this.#mode = 'identifier';
          else if (byte === DOLLAR) {
            this.#mode = 'tag';
            this.#tag = [DOLLAR];
          } else if (byte === 45 && this.#previous === 45) this.#mode = 'line-comment';
          else if (byte === 42 && this.#previous === 47) {
            this.#mode = 'comment';
            this.#commentDepth = 1;
            this.#previous = 0;
            break;
          } else if (byte === 40) this.#parens += 1;
          else if (byte === 41) this.#parens = Math.max(0, this.#parens - 1);
          else if (byte === 59 && this.#parens === 0 && this.#begins === 0) {
            this.#keep(chunk.subarray(start, at));
            start = at;
            this.#emitStatement(pieces);
          } else if (byte === BACKSLASH) {
            this.#keep(chunk.subarray(start, at - 1));
            start = at - 1;
            this.#emitFragment(pieces);
            this.#mode = 'meta';
          }
          this.#previous = byte;
          break;
        }
        case 'quote':
          if (byte === QUOTE) this.#leave();
          break;
        case 'escape-quote':
          if (byte === BACKSLASH) this.#skipNext = true;
          else if (byte === QUOTE) this.#leave();
          break;
        case 'identifier':
          if (byte === DOUBLE_QUOTE) this.#leave();
          break;
        case 'tag':
          if (byte === DOLLAR) {
            this.#tag.push(DOLLAR);
            this.#mode = 'dollar';
            this.#tagMatched = 0;
          } else if (WORD_BYTE[byte] === 1 && !(this.#tag.length === 1 && byte >= 48 && byte <= 57))
            this.#tag.push(byte);
          else {
            this.#leave();
            at -= 1;
            if (byte === NEWLINE) this.line -= 1;
          }
          break;
        case 'dollar':
          if (byte === this.#tag[this.#tagMatched]) {
            this.#tagMatched += 1;
            if (this.#tagMatched === this.#tag.length) this.#leave();
          } else this.#tagMatched = byte === DOLLAR ? 1 : 0;
          break;
        case 'line-comment':
          if (byte === NEWLINE) this.#leave();
          break;
        case 'comment':
          if (byte === 47 && this.#previous === 42) {
            this.#commentDepth -= 1;
            this.#previous = 0;
            if (this.#commentDepth === 0) this.#leave();
          } else if (byte === 42 && this.#previous === 47) {
            this.#commentDepth += 1;
            this.#previous = 0;
          } else this.#previous = byte;
          break;
        case 'meta':
          if (byte === NEWLINE) {
            this.#keep(chunk.subarray(start, at - 1));
            start = at - 1;
            pieces.push({ kind: 'meta', bytes: this.#take(), line: this.line - 1 });
            // The line break belongs to what follows.
            this.#startLine = this.line - 1;
            this.#leave();
          }
          break;
        case 'copy-eol':
          if (byte === NEWLINE) {
            this.#leave();
            this.#keep(chunk.subarray(start, at));
            const copy = this.#pendingCopy;
            pieces.push({ kind: 'statement', bytes: this.#take(), line: this.#startLine, copy });
            this.#copying = copy;
            this.#copyRows = 0;
            this.#copyMidLine = false;
            this.#startLine = this.line;
            return at;
          }
          break;
      }
    }
    if (start < length) this.#keep(chunk.subarray(start));
    return length;
  }

  #pendingCopy: CopyStart | null = null;

  #leave(): void {
    this.#mode = 'sql';
    this.#previous = 0;
  }

  #endWord(): void {
    const hash = this.#wordHash;
    this.#wordLength = 0;
    this.#wordHash = 0;
    if (this.#words.length < 4) this.#words.push(hash);
    if (this.#parens > 0 || !this.#isRoutine()) return;
    if (hash === WORDS.begin) this.#begins += 1;
    else if (hash === WORDS.case && this.#begins > 0) this.#begins += 1;
    else if (hash === WORDS.end && this.#begins > 0) this.#begins -= 1;
  }

  /** Whether the statement makes a function or procedure: only there BEGIN ATOMIC … END hides semicolons. */
  #isRoutine(): boolean {
    const [first, second, third, fourth] = this.#words;
    if (first !== WORDS.create) return false;
    const noun = second === WORDS.or && third === WORDS.replace ? fourth : second;
    return noun === WORDS.function || noun === WORDS.procedure;
  }

  #keep(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#parts.push(bytes);
    this.#partsBytes += bytes.length;
    if (this.#partsBytes > MAX_STATEMENT_BYTES) throw new StatementTooLong(this.#startLine);
  }

  #take(): Uint8Array {
    const bytes = this.#parts.length === 1 ? (this.#parts[0] ?? new Uint8Array()) : join(this.#parts);
    this.#parts = [];
    this.#partsBytes = 0;
    this.#words = [];
    this.#parens = 0;
    this.#begins = 0;
    this.#wordLength = 0;
    this.#wordHash = 0;
    return bytes;
  }

  #emitFragment(pieces: ScriptPiece[]): void {
    const bytes = join(this.#parts);
    if (bytes.length > 0) {
      this.#take();
      pieces.push({ kind: 'fragment', bytes, line: this.#startLine + countLines(bytes, leadingBlank(bytes)) });
    }
    this.#startLine = this.line;
  }

  #emitStatement(pieces: ScriptPiece[]): void {
    const bytes = this.#take();
    const line = this.#startLine + countLines(bytes, leadingBlank(bytes));
    const copy = bytes.length < 100_000 ? copyStart(bytes, this.encoding) : null;
    if (copy) {
      this.#pendingCopy = copy;
      this.#mode = 'copy-eol';
      this.#parts = [bytes];
      this.#partsBytes = bytes.length;
      this.#startLine = line;
      return;
    }
    if (bytes.length < 4096) this.#noticeSetting(bytes);
    pieces.push({ kind: 'statement', bytes, line, copy: null });
    this.#startLine = this.line;
  }

  /** Two settings change how the rest of the script is read. */
  #noticeSetting(bytes: Uint8Array): void {
    const from = leadingBlank(bytes);
    if (((bytes[from] ?? 0) | 32) !== 115) return;
    const setting =
      /^set\s+(?:session\s+|local\s+)?(client_encoding|standard_conforming_strings|names)\s*(?:=|\bto\b)?\s*'?([\w-]+)/i.exec(
        decoder.decode(bytes.subarray(from)),
      );
    if (!setting) return;
    const value = setting[2] ?? '';
    if (/^standard/i.test(setting[1] ?? '')) this.#standardStrings = !/^(off|false|no|0)$/i.test(value);
    else {
      this.encoding = value;
      this.#trickyEncoding = TRICKY_ENCODINGS.test(value);
    }
  }
}
