/** Kinds of values in a TupleData. */
export const NULL_VALUE = 0x6e;
export const UNCHANGED_VALUE = 0x75;
export const TEXT_VALUE = 0x74;

/** Why a TupleData cannot be read; positions of tuples are never negative. */
export const WRONG_COLUMNS = -1;
export const WRONG_KIND = -2;
export const CUT_SHORT = -3;

/**
 * Walks over the TupleData at `at` and returns where it ends, or why it is none: another number of columns, an unknown kind of value (or one
 * that was left out where that cannot be), or an end before its end. Looks at no value.
 */
export function tupleEnd(bytes: Buffer, at: number, columns: number, mayLack: boolean): number {
  const size = bytes.length;
  if (at + 2 > size) return CUT_SHORT;
  if ((((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)) !== columns) return WRONG_COLUMNS;
  let position = at + 2;
  for (let left = columns; left > 0; left -= 1) {
    const kind = bytes[position];
    if (kind === TEXT_VALUE) {
      const begin = position + 5;
      if (begin > size) return CUT_SHORT;
      const length =
        ((bytes[position + 1] ?? 0) << 24) |
        ((bytes[position + 2] ?? 0) << 16) |
        ((bytes[position + 3] ?? 0) << 8) |
        (bytes[position + 4] ?? 0);
      if (length < 0 || length > size - begin) return CUT_SHORT;
      position = begin + length;
    } else if (kind === NULL_VALUE || (kind === UNCHANGED_VALUE && mayLack)) position += 1;
    else return kind === undefined ? CUT_SHORT : WRONG_KIND;
  }
  return position;
}
