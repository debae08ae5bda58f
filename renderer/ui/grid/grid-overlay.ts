export type CellTone = 'changed' | 'added' | 'deleted' | 'conflict' | 'wrong';

/** What a cell shows in place of the source's value. */
export interface OverlayCell {
  /** Undefined: the source's own. */
  readonly value?: string | null | undefined;
  /** Shown in place of a value that only the server will know, e.g. a default. */
  readonly placeholder?: string | undefined;
  /** Null: as any other cell. */
  readonly tone: CellTone | null;
}

/** Staged changes over the rows of a source. A new object for every change. */
export interface GridOverlay {
  /** Rows after those of the source. */
  readonly added: number;
  cell(row: number, column: number): OverlayCell | null;
}

/** What a column's head tells beside its name. */
export interface ColumnMark {
  readonly sorted: 'ascending' | 'descending' | null;
  readonly filtered: boolean;
  readonly key: boolean;
}
