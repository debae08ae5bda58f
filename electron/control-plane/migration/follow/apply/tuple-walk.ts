/**
 * Walking over TupleData as `ChangeSink` describes it. The bytes were checked by the decoder. These run for every row: no objects are made.
 */

export const NULL_KIND = 0x6e;
export const UNCHANGED_KIND = 0x75;
export const TEXT_KIND = 0x74;

export const columnsOf = (bytes: Buffer, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);

/** Length of the value whose kind stands at `at`. */
export const lengthAt = (bytes: Buffer, at: number): number =>
  ((bytes[at + 1] ?? 0) << 24) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 8) | (bytes[at + 4] ?? 0);

/** Where the value behind the one at `at` begins. */
export const nextValue = (bytes: Buffer, at: number): number =>
  bytes[at] === TEXT_KIND ? at + 5 + lengthAt(bytes, at) : at + 1;

export function endOfTuple(bytes: Buffer, at: number): number {
  let left = columnsOf(bytes, at);
  let here = at + 2;
  for (; left > 0; left -= 1) here = nextValue(bytes, here);
  return here;
}

/** Where the value of column `index` begins. */
export function valueAt(bytes: Buffer, at: number, index: number): number {
  let here = at + 2;
  for (let left = index; left > 0; left -= 1) here = nextValue(bytes, here);
  return here;
}

/** Whether a value of the tuple was not sent because it did not change. */
export function hasUnchanged(bytes: Buffer, at: number): boolean {
  let here = at + 2;
  for (let left = columnsOf(bytes, at); left > 0; left -= 1) {
    if (bytes[here] === UNCHANGED_KIND) return true;
    here = nextValue(bytes, here);
  }
  return false;
}

/** Whether the same stands at two places: kind, and bytes of a text. */
export function sameValue(bytes: Buffer, one: number, other: number): boolean {
  if (bytes[one] !== bytes[other]) return false;
  if (bytes[one] !== TEXT_KIND) return true;
  const length = lengthAt(bytes, one) + 5;
  for (let i = 1; i < length; i += 1) if (bytes[one + i] !== bytes[other + i]) return false;
  return true;
}
