import { StreamDamage } from './stream-damage';
import { bytesOf, nameOf, type TextRow, type TextValue } from './text-tuple';

/**
 * The text that test_decoding writes, one character a byte. By contrib/test_decoding: identifiers as quote_identifier writes them, values as
 * print_literal does.
 */
export type TextChange =
  | { readonly kind: 'begin'; readonly xid: number }
  | { readonly kind: 'commit'; readonly at: string }
  | { readonly kind: 'insert'; readonly table: TextTable; readonly row: TextRow }
  | { readonly kind: 'update'; readonly table: TextTable; readonly old: TextRow | null; readonly row: TextRow }
  /** Without `old` the source does not say which row. */
  | { readonly kind: 'delete'; readonly table: TextTable; readonly old: TextRow | null }
  | { readonly kind: 'nothing'; readonly table: TextTable }
  | {
      readonly kind: 'truncate';
      readonly tables: readonly TextTable[];
      readonly cascade: boolean;
      readonly restart: boolean;
    }
  | { readonly kind: 'message'; readonly prefix: string; readonly content: Buffer; readonly transactional: boolean };

export interface TextTable {
  readonly schema: string;
  readonly name: string;
}

const NO_TUPLE = ' (no-tuple-data)';
const OLD_KEY = ' old-key:';
const NEW_TUPLE = ' new-tuple:';

class Reader {
  at = 0;
  constructor(readonly text: string) {}

  damage(what: string): StreamDamage {
    return new StreamDamage('', `${what} at character ${this.at} of a line of test_decoding`);
  }
  has(word: string): boolean {
    return this.text.startsWith(word, this.at);
  }
  take(word: string): boolean {
    if (!this.has(word)) return false;
    this.at += word.length;
    return true;
  }
  expect(word: string): void {
    if (!this.take(word)) throw this.damage(`"${word}" is missing`);
  }
  get ended(): boolean {
    return this.at >= this.text.length;
  }
  /** What stands between quotes that are doubled inside. */
  quoted(quote: string): string {
    this.expect(quote);
    let found = '';
    for (;;) {
      const end = this.text.indexOf(quote, this.at);
      if (end < 0) throw this.damage('a quote is not closed');
      found += this.text.slice(this.at, end);
      this.at = end + 1;
      if (this.text[this.at] !== quote) return found;
      found += quote;
      this.at += 1;
    }
  }
  identifier(): string {
    if (this.has('"')) return nameOf(this.quoted('"'));
    const begin = this.at;
    while (!this.ended && /[a-z0-9_$]/.test(this.text[this.at] ?? '')) this.at += 1;
    if (this.at === begin) throw this.damage('a name is missing');
    return this.text.slice(begin, this.at);
  }
  table(): TextTable {
    const schema = this.identifier();
    this.expect('.');
    return { schema, name: this.identifier() };
  }
  /** `[type]`: the type may be quoted, and an array. */
  type(): void {
    this.expect('[');
    while (!this.has(']')) {
      if (this.ended) throw this.damage('a type is not closed');
      if (this.has('"')) this.quoted('"');
      else if (!this.take('[]')) this.at += 1;
    }
    this.at += 1;
  }
  value(): TextValue {
    if (this.has("'")) return bytesOf(this.quoted("'"));
    if (this.has("B'")) {
      this.at += 1;
      return bytesOf(this.quoted("'"));
    }
    const space = this.text.indexOf(' ', this.at);
    const word = this.text.slice(this.at, space < 0 ? this.text.length : space);
    if (word === '') throw this.damage('a value is missing');
    this.at += word.length;
    if (word === 'null') return null;
    if (word === 'unchanged-toast-datum') return undefined;
    if (word === 'true' || word === 'false') return bytesOf(word.charAt(0));
    if (!/^(?:[-+0-9.eE]+|-?Infinity|NaN)$/.test(word)) throw this.damage('a value is neither quoted nor a number');
    return bytesOf(word);
  }
  row(): TextRow {
    const row = new Map<string, TextValue>();
    while (!this.ended && !this.has(NEW_TUPLE)) {
      this.expect(' ');
      const name = this.identifier();
      this.type();
      this.expect(':');
      row.set(name, this.value());
    }
    return row;
  }
}

function readTruncate(reader: Reader, tables: readonly TextTable[]): TextChange {
  const restart = reader.take(' restart_seqs');
  const cascade = reader.take(' cascade');
  if (!restart && !cascade) reader.expect(' (no-flags)');
  if (!reader.ended) throw reader.damage('something follows the end');
  return { kind: 'truncate', tables, cascade, restart };
}

function readTable(text: string): TextChange {
  const reader = new Reader(text);
  reader.expect('table ');
  const tables = [reader.table()];
  while (reader.take(', ')) tables.push(reader.table());
  reader.expect(': ');
  if (reader.take('TRUNCATE:')) return readTruncate(reader, tables);
  const [table] = tables;
  if (!table || tables.length > 1) throw reader.damage('one change is of several tables');
  const nothing = (): boolean => reader.take(NO_TUPLE) && reader.ended;
  if (reader.take('INSERT:'))
    return nothing() ? { kind: 'nothing', table } : { kind: 'insert', table, row: reader.row() };
  if (reader.take('DELETE:')) return { kind: 'delete', table, old: nothing() ? null : reader.row() };
  reader.expect('UPDATE:');
  const old = reader.take(OLD_KEY) ? reader.row() : null;
  if (old) reader.expect(NEW_TUPLE);
  if (nothing()) return { kind: 'nothing', table };
  const row = reader.row();
  if (!reader.ended) throw reader.damage('something follows the end');
  return { kind: 'update', table, old, row };
}

/** Prefix and content may hold anything: the length that is told parts them. */
function readMessage(text: string): TextChange {
  const head = /^message: transactional: ([01]) prefix: /.exec(text);
  const begin = head?.[0].length ?? 0;
  for (const found of text.matchAll(/, sz: (\d+) content:/g)) {
    const content = found.index + found[0].length;
    if (!head || found.index < begin || text.length - content !== Number(found[1])) continue;
    return {
      kind: 'message',
      transactional: head[1] === '1',
      prefix: nameOf(text.slice(begin, found.index)),
      content: bytesOf(text.slice(content)),
    };
  }
  throw new StreamDamage('', 'a message has no end');
}

/** Reads one line. Throws `StreamDamage` on what test_decoding does not write. */
export function readTestDecoding(payload: Buffer): TextChange {
  const text = payload.toString('latin1');
  if (text.startsWith('table ')) return readTable(text);
  const begin = /^BEGIN (\d{1,10})$/.exec(text);
  if (begin) return { kind: 'begin', xid: Number(begin[1]) };
  // The number is not told by every version.
  const commit = /^COMMIT(?: \d{1,10})?(?: \(at ([^)]*)\))?$/.exec(text);
  if (commit) return { kind: 'commit', at: commit[1] ?? '' };
  if (text.startsWith('message: ')) return readMessage(text);
  throw new StreamDamage('', 'a line is none of test_decoding');
}
