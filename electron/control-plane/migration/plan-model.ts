/** What travels: read from the catalogs of the source, before anything is written. */

export interface PlannedColumn {
  readonly name: string;
  /** As `format_type` writes it. */
  readonly type: string;
  /** Not copied: the target computes it. */
  readonly generated: boolean;
  readonly identity: '' | 'always' | 'default';
}

export interface PlannedTable {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly targetSchema: string;
  readonly targetName: string;
  /** `r`, `p` of pg_class: partitioned roots hold no rows of their own. */
  readonly kind: 'table' | 'partitioned';
  readonly persistence: 'permanent' | 'unlogged';
  readonly columns: readonly PlannedColumn[];
  /** Rows and their long values on disk, without indexes. */
  readonly bytes: number;
  /** Of these the pages that ctid counts; missing: the same as `bytes`. */
  readonly heapBytes?: number;
  /** Estimate. */
  readonly rows: number;
  /** A single-column integer primary or unique not-null key, for splitting below 14; null when there is none. */
  readonly integerKey: string | null;
  readonly rowFilter: string;
  /** The extension it is a part of: it is made with that, and rows beside `rowFilter` are the extension's own and stay. Missing: none. */
  readonly extension?: string;
}

export interface PlannedIndex {
  readonly schema: string;
  readonly name: string;
  readonly tableOid: number;
  /** The constraint that owns it; null when it is an index by itself. */
  readonly constraint: string | null;
  readonly primary: boolean;
  readonly unique: boolean;
  readonly deferrable: boolean;
  readonly exclusion: boolean;
  readonly valid: boolean;
  /** `pg_get_indexdef` with an empty search path. */
  readonly definition: string;
  readonly bytes: number;
}

export interface PlannedSequence {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly targetSchema: string;
}

export interface PlannedName {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly targetSchema: string;
  /** Of functions, as pg_dump names them: `name(type, type)`, aggregates without arguments `name(*)`. */
  readonly signature?: string;
}

/** One database of the source and where it goes. */
export interface PlannedDatabase {
  readonly source: string;
  readonly target: string;
  /** Whether everything of it travels, so that nothing has to be picked out of its dump. */
  readonly whole: boolean;
  /** Schemas that travel (wholly or partly), with their names on the target. */
  readonly schemas: readonly { readonly name: string; readonly targetName: string; readonly whole: boolean }[];
  readonly tables: readonly PlannedTable[];
  readonly indexes: readonly PlannedIndex[];
  readonly sequences: readonly PlannedSequence[];
  /** Views that are not materialized. */
  readonly views: readonly PlannedName[];
  readonly materializedViews: readonly PlannedName[];
  readonly foreignTables: readonly PlannedName[];
  /** With `name` as `name(identity arguments)`. */
  readonly functions: readonly PlannedName[];
  /** Only of a whole database. */
  readonly largeObjects: boolean;
}
