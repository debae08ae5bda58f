import type { NewValue, RowEdit } from './edit';

/** New values of a row by the result's columns. */
export type RowValues = Readonly<Record<number, NewValue>>;

/**
 * Changes of a result's rows that are not saved yet. Rows are the result's, and those saved as new ones after them; staged new rows have the
 * indexes that follow, from `base` on.
 */
export interface Staged {
  readonly base: number;
  readonly changed: ReadonlyMap<number, RowValues>;
  readonly deleted: ReadonlySet<number>;
  readonly added: readonly RowValues[];
}

/** Staged changes with those before and after, for undo and redo. */
export interface Staging {
  readonly past: readonly Staged[];
  readonly now: Staged;
  readonly future: readonly Staged[];
}

/** Steps that can be undone. */
const MAX_PAST = 200;

export const noneStaged = (base: number): Staged => ({ base, changed: new Map(), deleted: new Set(), added: [] });
export const newStaging = (base: number): Staging => ({ past: [], now: noneStaged(base), future: [] });

export const stagedCount = ({ changed, deleted, added }: Staged): number => changed.size + deleted.size + added.length;

/** One more step; the same object is no step. */
export function step(staging: Staging, now: Staged): Staging {
  if (now === staging.now) return staging;
  return { past: [...staging.past, staging.now].slice(-MAX_PAST), now, future: [] };
}

export function undo(staging: Staging): Staging {
  const now = staging.past.at(-1);
  if (!now) return staging;
  return { past: staging.past.slice(0, -1), now, future: [staging.now, ...staging.future] };
}

export function redo(staging: Staging): Staging {
  const [now, ...future] = staging.future;
  if (!now) return staging;
  return { past: [...staging.past, staging.now], now, future };
}

export interface CellChange {
  readonly row: number;
  readonly column: number;
  readonly value: NewValue;
  /** What the cell holds on the server; undefined when that is not known whole. */
  readonly original?: string | null | undefined;
}

/** Puts values into cells. A value that is what the cell holds anyway is no change; deleted rows stay as they are. */
export function setCells(staged: Staged, changes: readonly CellChange[]): Staged {
  if (changes.length === 0) return staged;
  const changed = new Map(staged.changed);
  const added = [...staged.added];
  for (const { row, column, value, original } of changes) {
    if (staged.deleted.has(row)) continue;
    if (row >= staged.base) {
      const values = added[row - staged.base];
      if (values) added[row - staged.base] = { ...values, [column]: value };
      continue;
    }
    const { [column]: _before, ...others } = changed.get(row) ?? {};
    if (original !== undefined && value === original) {
      if (Object.keys(others).length === 0) changed.delete(row);
      else changed.set(row, others);
    } else changed.set(row, { ...others, [column]: value });
  }
  return { ...staged, changed, added };
}

/** Takes a row's changes, or what was given for a cell of a new row, back. */
export function revertCells(
  staged: Staged,
  cells: readonly { readonly row: number; readonly column: number }[],
): Staged {
  const changed = new Map(staged.changed);
  const added = [...staged.added];
  for (const { row, column } of cells) {
    const at = row - staged.base;
    const { [column]: _gone, ...others } = (at >= 0 ? added[at] : changed.get(row)) ?? {};
    if (at >= 0 && at < added.length) added[at] = others;
    else if (Object.keys(others).length > 0) changed.set(row, others);
    else changed.delete(row);
  }
  return { ...staged, changed, added };
}

export const addRows = (staged: Staged, rows: readonly RowValues[]): Staged =>
  rows.length === 0 ? staged : { ...staged, added: [...staged.added, ...rows] };

/** Marks rows for deletion, or takes that back when all of them are marked. New rows just go. */
export function deleteRows(staged: Staged, from: number, to: number): Staged {
  const rows: number[] = [];
  for (let row = from; row <= Math.min(to, staged.base - 1); row += 1) rows.push(row);
  const added = staged.added.filter((_values, at) => staged.base + at < from || staged.base + at > to);
  const deleted = new Set(staged.deleted);
  const changed = new Map(staged.changed);
  const back = rows.length > 0 && added.length === staged.added.length && rows.every((row) => deleted.has(row));
  for (const row of rows) {
    if (back) deleted.delete(row);
    else {
      deleted.add(row);
      changed.delete(row);
    }
  }
  return { ...staged, changed, deleted, added };
}

/** Drops what is staged for one row. */
export function dropRow(staged: Staged, row: number): Staged {
  const changed = new Map(staged.changed);
  const deleted = new Set(staged.deleted);
  changed.delete(row);
  deleted.delete(row);
  return { ...staged, changed, deleted };
}

/** What is to be saved, in an order that frees keys before they are used again; `rows` tells each edit's row. */
export function editsOf({ base, changed, deleted, added }: Staged): { edits: RowEdit[]; rows: number[] } {
  const ascending = (numbers: Iterable<number>): number[] => [...numbers].sort((a, b) => a - b);
  const removed = ascending(deleted);
  const updated = ascending(changed.keys());
  return {
    edits: [
      ...removed.map((row): RowEdit => ({ kind: 'delete', row })),
      ...updated.map((row): RowEdit => ({ kind: 'update', row, values: changed.get(row) ?? {} })),
      ...added.map((values): RowEdit => ({ kind: 'insert', values })),
    ],
    rows: [...removed, ...updated, ...added.map((_values, at) => base + at)],
  };
}
