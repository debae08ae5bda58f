import type { CompareMode } from '../../../../shared/model/migration';
import type { RowDifference, TableCompare } from '../../../../shared/model/migration-api';
import type { PgSession } from '../../../adapters/postgres/session';
import type { Lsn } from '../follow/change-stream';
import { PROGRESS_SCHEMA } from '../follow/follow-model';
import type { PlannedDatabase, PlannedTable } from '../plan-model';

/** A table of the source and where its rows are on the target. */
export interface ComparedTable {
  readonly schema: string;
  readonly name: string;
  readonly targetSchema: string;
  readonly targetName: string;
  /** Estimate. */
  readonly rows: number;
  /** On disk, estimate. */
  readonly bytes: number;
  /** SQL condition; empty is all rows. */
  readonly rowFilter: string;
  /** Rows of the target beside the filter are not of the task: it is applied there, too. */
  readonly filterTarget: boolean;
  /** Names of columns of the target by those of the source, where they differ. */
  readonly columns?: ReadonlyMap<string, string>;
}

/** Changes that flow while it is compared. */
export interface Flow {
  /** Side that is written to. */
  readonly from: 'source' | 'target';
  /** What the other side has durably of the changes. */
  applied(signal: AbortSignal): Promise<Lsn>;
  /** End of what the side that is written to has written by now. */
  written(signal: AbortSignal): Promise<Lsn>;
}

export interface CompareDatabaseOptions {
  /** Of the source, as it is told. */
  readonly database: string;
  /** Open sessions in the database, prepared as those of a run (`Side.open`). */
  source(signal: AbortSignal): Promise<PgSession>;
  target(signal: AbortSignal): Promise<PgSession>;
  readonly tables: readonly ComparedTable[];
  readonly mode: CompareMode;
  /** Of the rows of each table, 1 … 100; only with `sample`. */
  readonly samplePercent: number;
  /** Which parts a sample takes: the same seed takes the same ones. */
  readonly seed?: string;
  /** Pairs of sessions that work side by side. */
  readonly jobs: number;
  /** Null: nothing is written to either side. */
  readonly lag: Flow | null;
  /** How long changes that do not arrive are waited for, in milliseconds. */
  readonly patienceMs?: number;
  /** Rows of a part in the beginning; it follows the time that parts take. */
  readonly chunkRows?: number;
  readonly signal: AbortSignal;
  /** What is known of a table has changed. */
  onTable(table: TableCompare): void;
  /** Rows that differ, each told once; a thousand of a table at most. */
  onDifferences(schema: string, name: string, rows: readonly RowDifference[]): void;
}

export interface CompareTotals {
  readonly tables: number;
  readonly equal: number;
  readonly different: number;
  /** Could not be compared, or not wholly. */
  readonly failed: number;
  readonly rows: number;
  readonly differences: number;
}

/** The tables of a plan that hold rows. Partitioned tables hold none of their own: their partitions are compared. */
export const comparedTables = (plan: PlannedDatabase): ComparedTable[] =>
  plan.tables.filter(({ kind, schema }) => kind === 'table' && schema !== PROGRESS_SCHEMA).map(comparedTable);

const comparedTable = (table: PlannedTable): ComparedTable => ({
  schema: table.schema,
  name: table.name,
  targetSchema: table.targetSchema,
  targetName: table.targetName,
  rows: table.rows,
  bytes: table.bytes,
  rowFilter: table.rowFilter,
  filterTarget: table.extension !== undefined,
});
