import type { Lsn } from '../change-stream';
import { endOfTuple } from './tuple-walk';

/** What a change does, and which of the old values came with it. */
export const INSERT = 1;
export const UPDATE = 2;
export const UPDATE_KEY = 3;
export const UPDATE_FULL = 4;
export const DELETE_KEY = 5;
export const DELETE_FULL = 6;

export interface WindowTransaction {
  readonly commitLsn: Lsn;
  endLsn: Lsn;
  committedAt: number;
}

const FIRST_CHANGES = 16 * 1024;
/** Below this a loop is faster than a call that copies. */
const SMALL = 96;

const grown = <T extends Int32Array | Uint8Array>(make: (size: number) => T, old: T): T => {
  const larger = make(old.length * 2);
  larger.set(old);
  return larger;
};

/**
 * Changes of whole transactions, or of a part of one, that are applied together. The bytes of rows are copied once into one room; changes are
 * numbers in arrays: a window of a hundred thousand changes makes no objects.
 */
export class Window {
  bytes: Buffer;
  used = 0;
  count = 0;
  kinds = new Uint8Array(FIRST_CHANGES);
  /** Number of the table, as the applier counts them. */
  tables = new Int32Array(FIRST_CHANGES);
  /** Where the old values lie; -1: none came. */
  olds = new Int32Array(FIRST_CHANGES);
  /** Where the new values lie; -1: a deletion. */
  news = new Int32Array(FIRST_CHANGES);
  /** Index of the transaction. */
  owners = new Int32Array(FIRST_CHANGES);
  /** Which message of its transaction a change is, counted from 1. */
  ordinals = new Int32Array(FIRST_CHANGES);
  transactions: WindowTransaction[] = [];

  constructor(room: number) {
    this.bytes = Buffer.allocUnsafeSlow(room);
  }

  /** Copies the tuple at `at` and answers where it lies now. */
  keep(source: Buffer, at: number): number {
    const end = endOfTuple(source, at);
    const here = this.used;
    this.need(end - at);
    if (end - at < SMALL) {
      const room = this.bytes;
      for (let i = at, o = here; i < end; i += 1, o += 1) room[o] = source[i] ?? 0;
    } else source.copy(this.bytes, here, at, end);
    this.used = here + end - at;
    return here;
  }

  /** Makes room for so many more bytes. */
  need(bytes: number): void {
    if (this.used + bytes <= this.bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(Math.ceil(this.bytes.length * 1.5), this.used + bytes));
    this.bytes.copy(larger, 0, 0, this.used);
    this.bytes = larger;
  }

  add(kind: number, table: number, old: number, fresh: number, ordinal: number): void {
    const at = this.count;
    if (at === this.kinds.length) this.grow();
    this.kinds[at] = kind;
    this.tables[at] = table;
    this.olds[at] = old;
    this.news[at] = fresh;
    this.owners[at] = this.transactions.length - 1;
    this.ordinals[at] = ordinal;
    this.count = at + 1;
  }

  /** Takes the last change out again; answers its number, under which it can be looked at until the next one comes. */
  drop(): number {
    this.count -= 1;
    return this.count;
  }

  /** Empty, to be filled again. */
  clear(): void {
    this.used = 0;
    this.count = 0;
    this.transactions = [];
  }

  tally(): { readonly inserted: number; readonly updated: number; readonly deleted: number } {
    let inserted = 0;
    let deleted = 0;
    for (let i = 0; i < this.count; i += 1) {
      const kind = this.kinds[i] ?? 0;
      if (kind === INSERT) inserted += 1;
      else if (kind === DELETE_KEY || kind === DELETE_FULL) deleted += 1;
    }
    return { inserted, updated: this.count - inserted - deleted, deleted };
  }

  /** Takes the last transaction with its changes from `first` on, whose bytes begin at `from`, out into a window of its own. */
  split(first: number, from: number): Window {
    const rest = new Window(Math.max(this.bytes.length, this.used - from));
    const owner = this.transactions.pop();
    if (owner) rest.transactions.push(owner);
    this.bytes.copy(rest.bytes, 0, from, this.used);
    rest.used = this.used - from;
    for (let i = first; i < this.count; i += 1) {
      const [old, fresh] = [this.olds[i] ?? -1, this.news[i] ?? -1];
      rest.add(
        this.kinds[i] ?? 0,
        this.tables[i] ?? 0,
        old < 0 ? -1 : old - from,
        fresh < 0 ? -1 : fresh - from,
        this.ordinals[i] ?? 0,
      );
    }
    this.count = first;
    this.used = from;
    return rest;
  }

  private grow(): void {
    this.kinds = grown((size) => new Uint8Array(size), this.kinds);
    this.tables = grown((size) => new Int32Array(size), this.tables);
    this.olds = grown((size) => new Int32Array(size), this.olds);
    this.news = grown((size) => new Int32Array(size), this.news);
    this.owners = grown((size) => new Int32Array(size), this.owners);
    this.ordinals = grown((size) => new Int32Array(size), this.ordinals);
  }
}
