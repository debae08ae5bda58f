import type { ColumnMark } from '../../../ui/grid/grid-overlay';
import type { Arrangement, ColumnFilter } from '../../../../shared/model/query';

type Direction = 'ascending' | 'descending' | null;

/** How a column is sorted. */
export function directionOf({ sort }: Arrangement, column: number): Direction {
  const key = sort.find((each) => each.column === column);
  if (!key) return null;
  return key.descending ? 'descending' : 'ascending';
}

/** Sorted by a column alone, or by it after the others (`add`); null takes it out. */
export function sortedBy(arrangement: Arrangement, column: number, direction: Direction, add: boolean): Arrangement {
  const others = arrangement.sort.filter((each) => each.column !== column);
  const own = direction === null ? [] : [{ column, descending: direction === 'descending' }];
  // A key that is there already keeps its rank.
  const kept = arrangement.sort.map((each) => (each.column === column ? (own[0] ?? each) : each));
  if (direction === null) return { ...arrangement, sort: others };
  if (!add) return { ...arrangement, sort: own };
  return { ...arrangement, sort: kept.length === others.length ? [...others, ...own] : kept };
}

/** What a click on a head makes of it: ascending, descending, as it was; `add` leaves the other columns' order. */
export function clickedSort(arrangement: Arrangement, column: number, add: boolean): Arrangement {
  const now = directionOf(arrangement, column);
  const alone = add || arrangement.sort.length < 2;
  if (now === null || !alone) return sortedBy(arrangement, column, 'ascending', add);
  return sortedBy(arrangement, column, now === 'ascending' ? 'descending' : null, add);
}

export const withFilter = (arrangement: Arrangement, filter: ColumnFilter): Arrangement => ({
  ...arrangement,
  filters: [...arrangement.filters, filter],
});

export const withoutFilter = (arrangement: Arrangement, index: number): Arrangement => ({
  ...arrangement,
  filters: arrangement.filters.filter((_filter, at) => at !== index),
});

/** A filter for a cell's value, or for everything but it. */
export function filterForCell(column: number, value: string | null, same: boolean): ColumnFilter {
  if (value === null) return { column, test: same ? 'null' : 'not-null', value: '' };
  return { column, test: same ? 'equals' : 'not-equals', value };
}

/** Tests that compare with nothing. */
export const isBare = (test: ColumnFilter['test']): boolean => test === 'null' || test === 'not-null';

/** What the heads of columns tell. */
export const columnMarks = (arrangement: Arrangement, columnCount: number): ColumnMark[] =>
  Array.from({ length: columnCount }, (_none, column) => ({
    sorted: directionOf(arrangement, column),
    filtered: arrangement.filters.some((filter) => filter.column === column),
    key: false,
  }));
