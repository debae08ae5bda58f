import type { AppError } from '../../../shared/errors';
import type { Row } from '../../../shared/model/query';
import { BLOCK, SpoolBytes, type SpoolBudget } from './spool-bytes';
import { bytesOfCell, decodeRow, decodeValue, rowSize } from './wire-rows';

/** One index entry for so many rows or bytes, whichever comes first: what a seek walks over at most. */
const INDEX_ROWS = 512;
const INDEX_BYTES = 64 * 1024;
/** `rows` stops after about this many bytes of values: a page must not fill the memory. */
const PAGE_BYTES = 32 * 1024 * 1024;
/** Type byte and length of a message. */
const HEADER = 5;

/** Whole DataRow messages at `buffer[start … end)`. */
export interface RowRange {
  readonly buffer: Buffer;
  readonly start: number;
  readonly end: number;
}

/**
 * The rows of one result as the server's raw DataRow messages, in arrival order: appended without looking into them, decoded only when asked
 * for. A sparse index makes any row a short walk.
 */
export class RowSpool {
  rowCount = 0;
  private readonly bytesHeld: SpoolBytes;
  private readonly indexRows: number[] = [0];
  private readonly indexAddresses: number[] = [0];
  private holders = 1;

  constructor(budget: SpoolBudget, folder: string) {
    this.bytesHeld = new SpoolBytes(budget, folder);
  }

  /** Bytes held. */
  get bytes(): number {
    return this.bytesHeld.length;
  }

  /** Why rows are no longer accepted (the disk refused); null while all is well. */
  get failure(): AppError | null {
    return this.bytesHeld.failure;
  }

  /** Whether the sender should wait for `drained`. */
  get saturated(): boolean {
    return this.bytesHeld.saturated;
  }

  drained(): Promise<void> {
    return this.bytesHeld.drained();
  }

  /** Copies a run of `count` whole DataRow messages. Ignored after a failure. */
  append(chunk: Buffer, start: number, end: number, count: number): void {
    const address = this.bytesHeld.length;
    if (!this.bytesHeld.append(chunk, start, end)) return;
    const lastRow = this.indexRows.at(-1) ?? 0;
    const lastAddress = this.indexAddresses.at(-1) ?? 0;
    if (this.rowCount - lastRow >= INDEX_ROWS || address - lastAddress >= INDEX_BYTES) {
      this.indexRows.push(this.rowCount);
      this.indexAddresses.push(address);
    }
    this.rowCount += count;
  }

  /** No more rows will come. */
  finish(): void {
    this.bytesHeld.finish();
  }

  /**
   * Row `from` (0-based) and up to `count - 1` after it: fewer at the end, or when they are so large that they'd fill the memory, but one at
   * least. Values are cut as `decodeRow` says.
   */
  async rows(from: number, count: number, cellLimit = Number.MAX_SAFE_INTEGER): Promise<Row[]> {
    const end = Math.min(from + count, this.rowCount);
    const rows: Row[] = [];
    if (from >= end) return rows;
    let { row, address } = this.seek(from);
    let weight = 0;
    while (row < end && weight < PAGE_BYTES) {
      const index = Math.floor(address / BLOCK);
      const block = this.bytesHeld.blockNow(index) ?? (await this.bytesHeld.block(index));
      const filled = this.bytesHeld.filled(index);
      let at = address - index * BLOCK;
      while (row < end && weight < PAGE_BYTES && at + HEADER <= filled) {
        const size = rowSize(block, at);
        if (at + size > filled) break;
        if (row >= from) {
          rows.push(decodeRow(block, at, cellLimit));
          weight += size;
        }
        at += size;
        row += 1;
      }
      address = index * BLOCK + at;
      if (row >= end || weight >= PAGE_BYTES) break;
      if (row >= from) {
        const values = await this.straddlingRow(address, cellLimit);
        rows.push(values);
        weight += values.reduce((sum, value) => sum + (value?.length ?? 0), 0);
      }
      address += rowSize(await this.bytesHeld.read(address, HEADER), 0);
      row += 1;
    }
    return rows;
  }

  /** All rows held now, in order, as ranges of raw messages. The buffers must not be changed. */
  async *ranges(): AsyncGenerator<RowRange> {
    const total = this.bytes;
    for (let address = 0; address < total;) {
      const index = Math.floor(address / BLOCK);
      const block = await this.bytesHeld.block(index);
      const filled = Math.min(BLOCK, total - index * BLOCK);
      const start = address - index * BLOCK;
      let end = start;
      while (end + HEADER <= filled) {
        const size = rowSize(block, end);
        if (end + size > filled) break;
        end += size;
      }
      if (end > start) yield { buffer: block, start, end };
      address = index * BLOCK + end;
      if (address >= total) return;
      const size = rowSize(await this.bytesHeld.read(address, HEADER), 0);
      yield { buffer: await this.bytesHeld.read(address, size), start: 0, end: size };
      address += size;
    }
  }

  /** One more owner: the rows stay until each has called `release`. */
  retain(): void {
    this.holders += 1;
  }

  /** Frees memory and file when the last owner lets go. */
  async release(): Promise<void> {
    this.holders -= 1;
    if (this.holders === 0) await this.bytesHeld.free();
  }

  /** The values of a row that lies over block boundaries; of a long value only what is asked for is read. */
  private async straddlingRow(address: number, cellLimit: number): Promise<Row> {
    const { bytesHeld } = this;
    const count = (await bytesHeld.read(address + HEADER, 2)).readUInt16BE(0);
    const values: (string | null)[] = [];
    let at = address + HEADER + 2;
    for (let column = 0; column < count; column += 1) {
      const length = (await bytesHeld.read(at, 4)).readInt32BE(0);
      at += 4;
      if (length < 0) values.push(null);
      else {
        const part = await bytesHeld.read(at, bytesOfCell(length, cellLimit));
        values.push(decodeValue(part, 0, part.length, cellLimit));
        at += length;
      }
    }
    return values;
  }

  /** The last index entry at or before a row. */
  private seek(row: number): { row: number; address: number } {
    let low = 0;
    let high = this.indexRows.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.indexRows[middle] ?? 0) <= row) low = middle;
      else high = middle - 1;
    }
    return { row: this.indexRows[low] ?? 0, address: this.indexAddresses[low] ?? 0 };
  }
}
