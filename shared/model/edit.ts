/** A value that a person gave a cell: a text, NULL, or whatever the server makes of DEFAULT. */
export type NewValue = string | null | { readonly default: true };

/** One staged change of a result's rows. `row` is the row's index in the result; columns by index in the result. */
export type RowEdit =
  | { readonly kind: 'update'; readonly row: number; readonly values: Readonly<Record<number, NewValue>> }
  | { readonly kind: 'delete'; readonly row: number }
  | { readonly kind: 'insert'; readonly values: Readonly<Record<number, NewValue>> };

/** A column of an editable result. */
export interface EditColumn {
  /** In the result. */
  readonly index: number;
  /** In the table; empty when the column is computed. */
  readonly name: string;
  /** As the server writes it, e.g. `numeric(10,2)`. */
  readonly type: string;
  readonly nullable: boolean;
  readonly hasDefault: boolean;
  /** Why it can't be written; empty when it can. */
  readonly fixed: '' | 'computed' | 'generated' | 'identity' | 'no-privilege' | 'other-table';
  /** Labels of an enum type; empty for other types. */
  readonly labels: readonly string[];
  /** The column that a foreign key of this column alone points at. */
  readonly references: { readonly schema: string; readonly table: string; readonly column: string } | null;
}

/** The one relation whose rows a result shows, and how a row is found again. */
export interface EditTarget {
  readonly schema: string;
  readonly name: string;
  readonly oid: number;
  /** Indexes of the columns that identify a row: the primary key or a unique key without NULL. */
  readonly key: readonly number[];
  readonly columns: readonly EditColumn[];
  readonly mayInsert: boolean;
  readonly mayUpdate: boolean;
  readonly mayDelete: boolean;
}

/** Why rows of a result can't be edited. */
export type NotEditable =
  | 'not-a-table'
  | 'several-tables'
  | 'no-key'
  | 'key-not-selected'
  | 'duplicate-columns'
  | 'read-only'
  | 'no-privilege'
  | 'gone';

/** A row that is not what it was when it was read. */
export interface EditConflict {
  /** Index in the list of edits. */
  readonly edit: number;
  /** What stands there now, by the result's columns; null when the row is gone. */
  readonly now: readonly (string | null)[] | null;
}

export type SaveOutcome =
  | {
      readonly saved: true;
      /** What stands there now, for each edit in order; null for deleted rows. */
      readonly rows: readonly (readonly (string | null)[] | null)[];
      /** Whether a transaction of the person's stays open around it. */
      readonly open: boolean;
    }
  | { readonly saved: false; readonly conflicts: readonly EditConflict[] };
