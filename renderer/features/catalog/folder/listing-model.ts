import type { Listing, ListingRow } from '../../../../shared/model/catalog';
import { isFigure } from '../property-format';

/** Which column rows are ordered by; null is the order of the server. */
export interface Sorting {
  readonly column: string;
  readonly descending: boolean;
}

export const rowKey = ({ ref }: ListingRow): string => `${ref.kind}.${ref.oid}.${ref.sub}`;

/** Rows with the text in any cell, in order. Figures are compared as numbers, empty ones last. */
export function shownRows(listing: Listing, filter: string, sorting: Sorting | null): readonly ListingRow[] {
  const text = filter.trim().toLowerCase();
  const rows =
    text === ''
      ? listing.rows
      : listing.rows.filter(({ cells }) => cells.some((cell) => cell.toLowerCase().includes(text)));
  const at = sorting === null ? -1 : listing.columns.indexOf(sorting.column);
  if (sorting === null || at < 0) return rows;
  const sign = sorting.descending ? -1 : 1;
  const figures = isFigure(sorting.column);
  const collator = new Intl.Collator(undefined, { numeric: true });
  return rows.toSorted((left, right) => {
    const a = left.cells[at] ?? '';
    const b = right.cells[at] ?? '';
    if (a === '' || b === '') return a === b ? 0 : a === '' ? 1 : -1;
    return sign * (figures ? Number(a) - Number(b) : collator.compare(a, b));
  });
}

/** Next order when a header is chosen: up, down, as the server has it. */
export function nextSorting(sorting: Sorting | null, column: string): Sorting | null {
  if (sorting?.column !== column) return { column, descending: false };
  return sorting.descending ? null : { column, descending: true };
}

const PIXELS = { least: 72, most: 400, character: 7.2, around: 32 };
const LOOKED_AT = 200;
/** Ideographs are as wide as two letters. */
const WIDE = /[\u2e80-\uffef]/gu;
const lettersOf = (text: string): number => text.replaceAll(WIDE, 'mm').length;

/** Pixels of each column from its title and its first cells. */
export function listingWidths(listing: Listing, titles: readonly string[]): readonly number[] {
  return listing.columns.map((_column, at) => {
    const lengths = listing.rows.slice(0, LOOKED_AT).map(({ cells }) => lettersOf(cells[at] ?? ''));
    const longest = Math.max(lettersOf(titles[at] ?? ''), ...lengths);
    const width = Math.round(longest * PIXELS.character + PIXELS.around);
    return Math.min(PIXELS.most, Math.max(at === 0 ? PIXELS.least * 2 : PIXELS.least, width));
  });
}

/** Indexes between two rows, both included. */
export const between = (from: number, to: number): readonly number[] =>
  Array.from({ length: Math.abs(to - from) + 1 }, (_none, at) => Math.min(from, to) + at);
