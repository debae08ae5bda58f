import type { EditColumn, NewValue } from '../../../../shared/model/edit';
import type { CellTone, GridOverlay, OverlayCell } from '../../../ui/grid/grid-overlay';
import type { Staged } from '../../../../shared/model/edit-staging';
import type { CellRange } from '../../../ui/grid/grid-model';
import type { EditState } from './edit-store';

/** Words of cells that only the server will fill. */
export interface OverlayWords {
  readonly byDefault: string;
  readonly generated: string;
}

/** What staged and saved changes look like over a result of so many rows. */
export function overlayOf(state: EditState, rowCount: number, words: OverlayWords): GridOverlay {
  const { target, known, conflicts, refused } = state;
  const { base, changed, deleted, added } = state.staging.now;
  const isWrong = (row: number, column: number): boolean =>
    refused?.row === row && (refused.column === null || refused.column === column);

  const newCell = (row: number, column: number): OverlayCell => {
    const tone: CellTone = isWrong(row, column) ? 'wrong' : 'added';
    const value = added[row - base]?.[column];
    const about = target?.columns[column];
    return value === undefined ? { ...missing(about, words), tone } : { ...shown(value, words), tone };
  };

  return {
    added: base - rowCount + added.length,
    cell(row, column) {
      if (row >= base) return newCell(row, column);
      const saved = known.get(row);
      if (saved === null) return { tone: 'deleted' };
      const value = saved?.[column];
      if (deleted.has(row)) return { value, tone: isWrong(row, column) || conflicts.has(row) ? 'conflict' : 'deleted' };
      const change = changed.get(row)?.[column];
      if (change !== undefined) {
        const settled: CellTone = conflicts.has(row) ? 'conflict' : 'changed';
        return { ...shown(change, words), tone: isWrong(row, column) ? 'wrong' : settled };
      }
      return saved ? { value, tone: null } : null;
    },
  };
}

/** The cells of a range that are not as they were read, by row: values that only the server will fill are NULL. */
export function stagedCells(
  { staging, known }: EditState,
  { from, to, columns }: CellRange,
): { readonly row: number; readonly values: Readonly<Record<number, string | null>> }[] {
  const { base, changed, added } = staging.now;
  const rows = new Set([...changed.keys(), ...known.keys(), ...added.map((_values, at) => base + at)]);
  return [...rows].flatMap((row) => {
    if (row < from || row > to) return [];
    const values: Record<number, string | null> = {};
    for (const column of columns) {
      const value = stagedValue(staging.now, known, row, column);
      if (value !== undefined) values[column] = value;
    }
    return [{ row, values }];
  });
}

/** What a cell holds that is not as it was read; undefined when it is. */
export function stagedValue(
  { base, changed, added }: Staged,
  known: EditState['known'],
  row: number,
  column: number,
): string | null | undefined {
  const given = row >= base ? (added[row - base]?.[column] ?? null) : changed.get(row)?.[column];
  if (given === undefined) return known.get(row)?.[column];
  return typeof given === 'string' ? given : null;
}

function shown(value: NewValue, words: OverlayWords): Pick<OverlayCell, 'value' | 'placeholder'> {
  return value === null || typeof value === 'string' ? { value } : { placeholder: words.byDefault };
}

/** A cell of a new row that was not given a value. */
function missing(column: EditColumn | undefined, words: OverlayWords): Pick<OverlayCell, 'value' | 'placeholder'> {
  if (column?.fixed === 'generated' || column?.fixed === 'identity') return { placeholder: words.generated };
  return column?.hasDefault === true ? { placeholder: words.byDefault } : { value: null };
}
