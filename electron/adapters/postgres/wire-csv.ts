import { csvLine } from '../../../shared/model/csv-format';
import type { RowRange } from './row-spool';

const QUOTE = 0x22;
const CR = 0x0d;
const LF = 0x0a;
const BACKSLASH = 0x5c;
const DOT = 0x2e;

/** The header line of a CSV file. */
export const csvHeader = (names: readonly string[], delimiter: string): Buffer =>
  Buffer.from(`${csvLine(names, delimiter)}\r\n`);

/**
 * Turns raw DataRow messages into CSV lines (RFC 4180, UTF-8) from bytes to bytes: values never become strings. The same rules as
 * `csvLine` of shared/model/csv-format; `delimiter` is one ASCII character, `nullText` stands for NULL and holds no delimiter, quote or line break: a value
 * of the same text is quoted, so that both are told apart.
 */
export class CsvWriter {
  private out = Buffer.allocUnsafe(64 * 1024);
  private readonly delimiter: number;
  private readonly nullText: Buffer;
  /** Bytes that one byte of a row may become. */
  private readonly growth: number;

  constructor(delimiter: string, nullText = '') {
    this.delimiter = delimiter.charCodeAt(0);
    this.nullText = Buffer.from(nullText);
    this.growth = Math.max(3, 1 + this.nullText.length);
  }

  /** The lines of a range. The buffer is reused by the next call. */
  lines({ buffer, start, end }: RowRange): Buffer {
    // Every byte may be a quote that doubles, every value may get quotes and a delimiter.
    const worst = (end - start) * this.growth;
    if (this.out.length < worst) this.out = Buffer.allocUnsafe(worst);
    const { out, delimiter } = this;
    let to = 0;
    let at = start;
    while (at < end) {
      const columns = buffer.readUInt16BE(at + 5);
      at += 7;
      for (let column = 0; column < columns; column += 1) {
        if (column > 0) out[to++] = delimiter;
        const length = buffer.readInt32BE(at);
        at += 4;
        if (length < 0) {
          to += this.nullText.copy(out, to);
          continue;
        }
        to = this.value(buffer, at, at + length, to);
        at += length;
      }
      out[to++] = CR;
      out[to++] = LF;
    }
    return out.subarray(0, to);
  }

  private value(buffer: Buffer, start: number, end: number, to: number): number {
    const { out } = this;
    if (!this.needsQuotes(buffer, start, end)) {
      if (end - start > 32) return to + buffer.copy(out, to, start, end);
      for (let at = start; at < end; at += 1) out[to++] = buffer[at] ?? 0;
      return to;
    }
    out[to++] = QUOTE;
    for (let at = start; at < end; at += 1) {
      const byte = buffer[at] ?? 0;
      if (byte === QUOTE) out[to++] = QUOTE;
      out[to++] = byte;
    }
    out[to++] = QUOTE;
    return to;
  }

  private needsQuotes(buffer: Buffer, start: number, end: number): boolean {
    if (start === end) return true;
    if (end - start === this.nullText.length && this.nullText.compare(buffer, start, end) === 0) return true;
    if (end - start === 2 && buffer[start] === BACKSLASH && buffer[start + 1] === DOT) return true;
    for (let at = start; at < end; at += 1) {
      const byte = buffer[at];
      if (byte === QUOTE || byte === this.delimiter || byte === LF || byte === CR) return true;
    }
    return false;
  }
}
