import type { ReactNode, Ref } from 'react';
import type { CellRange, GridColumnSpec } from './grid-model';
import type { ColumnMark, GridOverlay } from './grid-overlay';
import type { FetchRows } from './page-cache';

/** What others can do with a grid. */
export interface ResultGridHandle {
  /** Gives the keyboard back to the grid. */
  focus(): void;
  /** Selects one cell and shows it. */
  select(row: number, column: number): void;
  /** What is selected; null is nothing. */
  range(): CellRange | null;
  /** The row if it has been pulled. */
  peek(row: number): readonly (string | null)[] | undefined;
}

/** A key that the grid itself has no use for. */
export interface GridKey {
  /** As in a keyboard event, lower case. */
  readonly key: string;
  readonly control: boolean;
  readonly shift: boolean;
  readonly alt: boolean;
}

/** What was done to a column's head: a click, one with Shift, or its menu by the icon, a right click, or Alt+↓ on one of its cells. */
export interface HeaderPress {
  readonly kind: 'click' | 'add' | 'menu';
  /** Where a menu would open, in the window. */
  readonly x: number;
  readonly y: number;
}

/** Something that stands over one cell, e.g. the field in which it is written. */
export interface FloatingCell {
  readonly row: number;
  readonly column: number;
  readonly content: ReactNode;
}

export interface ResultGridProps {
  readonly label: string;
  readonly columns: readonly GridColumnSpec[];
  /** Grows while rows arrive. */
  readonly rowCount: number;
  /** Must stay the same function for the same rows. */
  readonly fetchRows: FetchRows;
  /** What is selected; null is nothing. */
  readonly onSelect: (range: CellRange | null) => void;
  /** The person wants the selection on the clipboard. */
  readonly onCopy: (range: CellRange) => void;
  /** Right click or menu key: `x`, `y` in the window. */
  readonly onMenu: (x: number, y: number) => void;
  /** Enter or double click on a cell that is not written into. */
  readonly onOpen: (row: number, column: number) => void;
  readonly onError: (error: unknown) => void;
  /** By column: what its head tells. */
  readonly marks?: readonly ColumnMark[];
  readonly onHeader?: (column: number, press: HeaderPress) => void;
  /** What NULL is shown as. */
  readonly nullText?: string;
  readonly overlay?: GridOverlay;
  readonly handle?: Ref<ResultGridHandle>;
  /**
   * The person wants to write into a cell: by Enter, F2, double click (`typed` is null), or by typing a first character. False: it is not written
   * into. The answer to it is `floating`.
   */
  readonly onBeginEdit?: (row: number, column: number, typed: string | null) => boolean;
  readonly floating?: FloatingCell | null;
  /** Cells from the clipboard, to be put from this cell on. */
  readonly onPaste?: (row: number, column: number, text: string) => void;
  /** Delete was pressed on a selection: whole rows are to go, or cells to be emptied. */
  readonly onDelete?: (range: CellRange, wholeRows: boolean) => void;
  /** A key that the grid has no use for; true when it was taken. */
  readonly onKey?: (key: GridKey, range: CellRange | null) => boolean;
}
