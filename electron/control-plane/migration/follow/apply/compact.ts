import type { BoundTable } from './bound-table';
import {
  TEXT_KIND,
  UNCHANGED_KIND,
  columnsOf,
  hasUnchanged,
  lengthAt,
  nextValue,
  sameValue,
  valueAt,
} from './tuple-walk';
import { DELETE_FULL, DELETE_KEY, INSERT, UPDATE, UPDATE_FULL, UPDATE_KEY, type Window } from './window';

/** What a window does to the row of a key in all. */
export const INSERTED = 1;
export const UPDATED = 2;
export const DELETED = 3;
/** Deleted and inserted anew: every column of the row that is there gets a value. */
export const REPLACED = 4;
/** Inserted and deleted: nothing. */
export const GONE = 5;

const SEED = 0x811c9dc5;
const PRIME = 0x01000193;
const FIRST_SLOTS = 4096;

/**
 * Joins the changes of one table inside of a window into one for each key: what is left can be done in any order of rows, deletions first, then
 * updates, then insertions. The entries are valid until the next `join`.
 */
export class Compactor {
  entries = 0;
  /** One of the states above for each entry. */
  states = new Uint8Array(FIRST_SLOTS);
  /** Where the values of the row lie; -1 where none are needed. They hold the key too. */
  tuples = new Int32Array(FIRST_SLOTS);
  /** Where a tuple with the key lies. */
  keys = new Int32Array(FIRST_SLOTS);
  private hashes = new Int32Array(FIRST_SLOTS);
  private slots = new Int32Array(FIRST_SLOTS * 2);

  /**
   * `changes[from … to)` are numbers of changes of the table in order. False: they cannot be joined, because a value is not known or what they do
   * to a key contradicts itself, and must be done one by one.
   */
  join(window: Window, table: BoundTable, changes: Int32Array, from: number, to: number): boolean {
    this.begin((to - from) * 2);
    for (let i = from; i < to; i += 1) if (!this.take(window, table, changes[i] ?? 0)) return false;
    return true;
  }

  private begin(most: number): void {
    let size = this.states.length;
    while (size < most) size *= 2;
    if (size > this.states.length) {
      this.states = new Uint8Array(size);
      this.tuples = new Int32Array(size);
      this.keys = new Int32Array(size);
      this.hashes = new Int32Array(size);
      this.slots = new Int32Array(size * 2);
    }
    this.slots.fill(-1);
    this.entries = 0;
  }

  private take(window: Window, table: BoundTable, change: number): boolean {
    const fresh = window.news[change] ?? -1;
    const old = window.olds[change] ?? -1;
    switch (window.kinds[change]) {
      case INSERT:
        return this.insert(window, table, fresh);
      case UPDATE:
        return this.update(window, table, fresh, fresh);
      case UPDATE_KEY:
        return this.change(window, table, old, fresh, table.keyed);
      case UPDATE_FULL:
        return this.change(window, table, old, fresh, null);
      case DELETE_KEY:
      case DELETE_FULL:
        return this.remove(window, table, old);
      default:
        return false;
    }
  }

  private insert(window: Window, table: BoundTable, tuple: number): boolean {
    const entry = this.find(window, table, tuple);
    const state = this.states[entry];
    if (state !== 0 && state !== DELETED && state !== GONE) return false;
    this.states[entry] = state === DELETED ? REPLACED : INSERTED;
    this.tuples[entry] = tuple;
    this.keys[entry] = tuple;
    return true;
  }

  private update(window: Window, table: BoundTable, key: number, tuple: number): boolean {
    const entry = this.find(window, table, key);
    const state = this.states[entry] ?? 0;
    if (state === DELETED || state === GONE) return false;
    const before = this.tuples[entry] ?? -1;
    this.tuples[entry] = before < 0 ? tuple : mergeTuples(window, before, tuple);
    if (state === 0) this.states[entry] = UPDATED;
    return true;
  }

  private remove(window: Window, table: BoundTable, key: number): boolean {
    const entry = this.find(window, table, key);
    const state = this.states[entry] ?? 0;
    if (state === DELETED || state === GONE) return false;
    this.states[entry] = state === INSERTED ? GONE : DELETED;
    this.tuples[entry] = -1;
    return true;
  }

  /**
   * An update with old values of the positions in `known`, or of all: the rest of an old tuple is NULL and means nothing. The key may have stayed
   * the same.
   */
  private change(window: Window, table: BoundTable, old: number, fresh: number, known: Uint8Array | null): boolean {
    const tuple = hasUnchanged(window.bytes, fresh) ? mergeTuples(window, old, fresh, known) : fresh;
    if (sameKey(window.bytes, table, old, tuple)) return this.update(window, table, tuple, tuple);
    const entry = this.find(window, table, old);
    const before = this.tuples[entry] ?? -1;
    const whole = before >= 0 ? mergeTuples(window, before, tuple) : tuple;
    if (hasUnchanged(window.bytes, whole)) return false;
    return this.remove(window, table, old) && this.insert(window, table, whole);
  }

  /** The entry of a key, made when there is none: its state is 0 then. */
  private find(window: Window, table: BoundTable, tuple: number): number {
    const hash = hashKey(window.bytes, table.keyed, tuple);
    const mask = this.slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const entry = this.slots[slot] ?? -1;
      if (entry < 0) {
        const made = this.entries;
        this.entries += 1;
        this.slots[slot] = made;
        this.states[made] = 0;
        this.tuples[made] = -1;
        this.keys[made] = tuple;
        this.hashes[made] = hash;
        return made;
      }
      if (this.hashes[entry] === hash && sameKey(window.bytes, table, this.keys[entry] ?? 0, tuple)) return entry;
    }
  }
}

/** FNV-1a over the values of the key, spread once more: keys that follow one another should not lie side by side. */
export function hashKey(bytes: Buffer, keyed: Uint8Array, tuple: number): number {
  let hash = SEED;
  let at = tuple + 2;
  for (let position = 0; position < keyed.length; position += 1) {
    const next = nextValue(bytes, at);
    if (keyed[position] === 1) for (let i = at; i < next; i += 1) hash = Math.imul(hash ^ (bytes[i] ?? 0), PRIME);
    at = next;
  }
  return Math.imul(hash ^ (hash >>> 15), PRIME);
}

export function sameKey(bytes: Buffer, { keyed }: BoundTable, one: number, other: number): boolean {
  let a = one + 2;
  let b = other + 2;
  for (let position = 0; position < keyed.length; position += 1) {
    if (keyed[position] === 1 && !sameValue(bytes, a, b)) return false;
    a = nextValue(bytes, a);
    b = nextValue(bytes, b);
  }
  return true;
}

/** A tuple with the values of `fresh`, those that it does not have from `old`, as far as they are `known` there. Answers where it lies. */
function mergeTuples(window: Window, old: number, fresh: number, known: Uint8Array | null = null): number {
  if (!hasUnchanged(window.bytes, fresh)) return fresh;
  const count = columnsOf(window.bytes, fresh);
  window.need(valueAt(window.bytes, old, count) - old + valueAt(window.bytes, fresh, count) - fresh);
  const { bytes } = window;
  const made = window.used;
  let out = bytes.copy(bytes, made, fresh, fresh + 2) + made;
  let before = old + 2;
  let now = fresh + 2;
  for (let position = 0; position < count; position += 1) {
    const taken = bytes[now] === UNCHANGED_KIND && (known === null || known[position] === 1) ? before : now;
    out += bytes.copy(bytes, out, taken, bytes[taken] === TEXT_KIND ? taken + 5 + lengthAt(bytes, taken) : taken + 1);
    before = nextValue(bytes, before);
    now = nextValue(bytes, now);
  }
  window.used = out;
  return made;
}
