import type { Row } from '../../../shared/model/query';

/** One column as the grid shows it. */
export interface GridColumnSpec {
  readonly name: string;
  /** Shown beside the name when the header is pointed at. */
  readonly hint: string;
  readonly rightAligned: boolean;
}

/** A rectangle of cells: rows `from` … `to` (inclusive), columns by index. */
export interface CellRange {
  readonly from: number;
  readonly to: number;
  readonly columns: readonly number[];
}

/** Characters of a value that a cell draws. */
const SHOWN = 300;
const LINE_BREAK = '↵';

/** A value on one line, cut to what a cell can show. */
export function cellText(value: string): string {
  const cut = value.length > SHOWN ? `${value.slice(0, SHOWN)}…` : value;
  return cut.replaceAll(/\r\n|\r|\n/g, LINE_BREAK).replaceAll('\t', ' ');
}

/** Pixels of a column: least, most at the start, and around the text. */
const WIDTH = { least: 56, leastOfNumbers: 104, most: 360, padding: 20 };

/** Widths that show the header and most of the first rows. `measure` tells the pixels of a text, `signs` those of a head's signs. */
export function columnWidths(
  columns: readonly GridColumnSpec[],
  rows: readonly Row[],
  measure: (text: string) => number,
  signs: (column: number) => number = () => 0,
): number[] {
  return columns.map(({ name, rightAligned }, index) => {
    let widest = measure(name) + signs(index);
    for (const row of rows) {
      const value = row[index];
      // The measured text is short: longer ones reach the most anyway.
      widest = Math.max(widest, measure(value == null ? 'NULL' : cellText(value.slice(0, 60))));
    }
    return Math.round(
      Math.min(WIDTH.most, Math.max(rightAligned ? WIDTH.leastOfNumbers : WIDTH.least, widest + WIDTH.padding)),
    );
  });
}

/**
 * A right-aligned text that does not fit would be cut at its left, and a number without its first digits reads as another number: it is cut at
 * its right, visibly. `characters` is how many fit.
 */
export const fitNumber = (text: string, characters: number): string =>
  text.length <= characters ? text : `${text.slice(0, Math.max(0, characters - 1))}…`;

/** Pixels for row numbers up to `count`. */
export const markerWidth = (count: number): number => Math.max(40, 20 + String(count).length * 8);
