import { CompactSelection, type GridSelection } from '@glideapps/glide-data-grid';
import type { CellRange } from './grid-model';

/** Rows are copied as one block: rows that were chosen apart from each other become the block from the first to the last. */
export function keepTogether(selection: GridSelection): GridSelection {
  const first = selection.rows.first();
  const last = selection.rows.last();
  if (first === undefined || last === undefined || selection.rows.length === last - first + 1) return selection;
  return { ...selection, rows: CompactSelection.fromSingleSelection([first, last + 1]) };
}

export function selectAll(columnCount: number, rowCount: number): GridSelection {
  return {
    columns: CompactSelection.empty(),
    rows: CompactSelection.empty(),
    ...(columnCount > 0 && rowCount > 0
      ? {
          current: {
            cell: [0, 0] as const,
            range: { x: 0, y: 0, width: columnCount, height: rowCount },
            rangeStack: [],
          },
        }
      : {}),
  };
}

export const selectCell = (row: number, column: number): GridSelection => ({
  columns: CompactSelection.empty(),
  rows: CompactSelection.empty(),
  current: { cell: [column, row], range: { x: column, y: row, width: 1, height: 1 }, rangeStack: [] },
});

const numbers = (from: number, count: number): number[] => Array.from({ length: count }, (_none, at) => from + at);

/** The cells that a selection means; null is none. */
export function rangeOf(selection: GridSelection, columnCount: number, rowCount: number): CellRange | null {
  const firstRow = selection.rows.first();
  const lastRow = selection.rows.last();
  if (firstRow !== undefined && lastRow !== undefined) {
    return { from: firstRow, to: lastRow, columns: numbers(0, columnCount) };
  }
  if (selection.columns.length > 0 && rowCount > 0) {
    return { from: 0, to: rowCount - 1, columns: selection.columns.toArray() };
  }
  const range = selection.current?.range;
  if (!range) return null;
  return { from: range.y, to: range.y + range.height - 1, columns: numbers(range.x, range.width) };
}
