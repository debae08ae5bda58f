/** What travels: read from the catalogs of the source under the snapshot, before anything is written. */

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
  readonly bytes: number;
  /** Estimate. */
  readonly rows: number;
  /** A single-column integer primary or unique not-null key, for splitting below 14; null when there is none. */
  readonly integerKey: string | null;
  readonly rowFilter: string;
}
