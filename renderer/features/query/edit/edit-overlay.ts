import type { EditColumn, NewValue } from '../../../../shared/model/edit';
import type { CellTone, GridOverlay, OverlayCell } from '../../../ui/grid/grid-overlay';
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

function shown(value: NewValue, words: OverlayWords): Pick<OverlayCell, 'value' | 'placeholder'> {
  return value === null || typeof value === 'string' ? { value } : { placeholder: words.byDefault };
}

/** A cell of a new row that was not given a value. */
function missing(column: EditColumn | undefined, words: OverlayWords): Pick<OverlayCell, 'value' | 'placeholder'> {
  if (column?.fixed === 'generated' || column?.fixed === 'identity') return { placeholder: words.generated };
  return column?.hasDefault === true ? { placeholder: words.byDefault } : { value: null };
}
