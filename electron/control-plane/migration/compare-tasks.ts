import type { CompareMode } from '../../../shared/model/migration';
import type { CompareView, RowDifference, TableCompare } from '../../../shared/model/migration-api';
import type { Page } from './job-service';

/** A table of the source. In a wish an empty `name` is all tables of the schema, and an empty `schema` all of the database. */
export interface TableName {
  readonly database: string;
  readonly schema: string;
  readonly name: string;
}

export interface CompareWish {
  /** Empty: its id. */
  readonly name: string;
  readonly mode: CompareMode;
  readonly samplePercent: number;
  /** Pairs of sessions at work; 0 or missing: as many as the task copies tables at once. */
  readonly threads?: number;
  /** Empty: every table of the task. */
  readonly tables: readonly TableName[];
}

/**
 * Comparisons of migration tasks, several of a task, kept in its folder. Fails with `not-found`, `conflict` (the status does not allow it) and
 * `invalid-input`.
 */
export interface CompareTasks {
  /** Newest first; none when there is no such task. */
  list(jobId: string): readonly CompareView[];
  get(jobId: string, id: string): CompareView;
  wish(jobId: string, id: string): CompareWish;
  /** Kept when it resolves, not begun; answers its id. */
  create(jobId: string, wish: CompareWish): Promise<string>;
  change(jobId: string, id: string, wish: CompareWish): Promise<void>;
  rename(jobId: string, id: string, name: string): Promise<void>;
  /** Begins, or begins anew what has ended. */
  start(jobId: string, id: string): Promise<void>;
  stop(jobId: string, id: string): Promise<void>;
  remove(jobId: string, id: string): Promise<void>;
  /** `result`, `search`: empty is all of them. */
  tables(
    jobId: string,
    id: string,
    wanted: { readonly search: string; readonly result: string; readonly offset: number; readonly limit: number },
  ): Page<TableCompare>;
  /** A thousand at most, those of a table in the order they were found. */
  differences(jobId: string, id: string, table: TableName): Promise<readonly RowDifference[]>;
  /** Ends the comparisons of a task, before it is removed. */
  drop(jobId: string): Promise<void>;
  /** Goes on with what an earlier daemon left. */
  resume(): Promise<void>;
  /** Leaves everything as it is on disk: the next daemon goes on. */
  close(): Promise<void>;
}
