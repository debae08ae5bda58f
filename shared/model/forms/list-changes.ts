import type { FormValue } from '../form';

const isList = (value: FormValue | undefined): value is readonly FormValue[] => Array.isArray(value);

/** Whether two values of a form are the same, however deep. A missing key is the same as one that is undefined. */
export function same(left: FormValue | undefined, right: FormValue | undefined): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (isList(left) || isList(right)) {
    return (
      isList(left) &&
      isList(right) &&
      left.length === right.length &&
      left.every((value, index) => same(value, right[index]))
    );
  }
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].every((key) => same(left[key], right[key]));
}

/** How a list of records became another. */
export interface ListChanges<Row> {
  /** In the order of the new list. */
  readonly added: readonly Row[];
  /** In the order of the old list. */
  readonly removed: readonly Row[];
  /** Records that are in both and differ, in the order of the new list. */
  readonly changed: readonly { readonly before: Row; readonly after: Row }[];
}

/** Compares lists by what identifies a record, e.g. `(row) => row.id`. Of several records with one key the last counts. */
export function listChanges<Row extends { readonly [key: string]: FormValue | undefined }>(
  before: readonly Row[],
  after: readonly Row[],
  key: (row: Row) => string,
): ListChanges<Row> {
  const old = new Map(before.map((row) => [key(row), row]));
  const now = new Map(after.map((row) => [key(row), row]));
  const changed: { before: Row; after: Row }[] = [];
  for (const [id, row] of now) {
    const was = old.get(id);
    if (was && !same(was, row)) changed.push({ before: was, after: row });
  }
  return {
    added: [...now].filter(([id]) => !old.has(id)).map(([, row]) => row),
    removed: [...old].filter(([id]) => !now.has(id)).map(([, row]) => row),
    changed,
  };
}
