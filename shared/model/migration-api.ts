import type {
  CompareMode,
  CompareResult,
  CompareStatus,
  Completion,
  Finding,
  JobAction,
  JobStatus,
  MigrationLogLine,
  MigrationOptions,
  MigrationProgress,
  MigrationType,
  ObjectOutcome,
  TableProgress,
} from './migration';
import type { ServerDefinition, TestStep } from './server';

/**
 * What the daemon answers about migration tasks beside the public `dts` service: actions of our own service (`HOWDAH_API`), under the same
 * rules. Requests by the name of their action; times are milliseconds since the epoch.
 *
 * - `DescribeMigrationJob {JobId}` → `{Job: MigrationJobDetail}`: everything but the passwords.
 * - `DescribeMigrationJobViews {JobIds}` → `{Jobs: MigrationJobView[]}` in the order asked for, a hundred at most; what is not there is left out
 * - `ConfigureMigrationJob {JobId, Name?, Tags?, RunMode, At, Source, Target, Options, RetryMinutes}`: `Source`, `Target` are an endpoint
 *   with `password` and `sshPassword` (null keeps what is stored), `Options` as in `migration.ts`. Answers nothing.
 * - `TestMigrationEndpoint {JobId?, Side, Endpoint}` → `{Steps, Facts, NewHostKey?}`
 * - `DescribeSourceObjects {JobId, Database}` → `{Objects}`; `DescribeSourceRoles {JobId}` → `{Roles}`
 * - `DescribeObjectClosure {JobId, Objects}` → `{Notes}`
 * - `DescribeMigrationFindings {JobId}` → `{Findings, Skipped, Step}`, `Step` is the group of checks that is looked at now;
 *   `ApplyMigrationFix {JobId, Check, Database, Side}`
 * - `DescribeMigrationProgress {JobId}` → `{Progress}`
 * - `DescribeMigrationTables {JobId, Search, State, Offset, Limit}` → `{TotalCount, Tables}`
 * - `DescribeMigrationObjects {JobId, Search, Outcome, Offset, Limit}` → `{TotalCount, Objects}`
 * - `DescribeMigrationLog {JobId, From, Limit}` → `{TotalCount, First, Lines}`; `From` counts lines from 0, `First` is
 *   the number of the first one that is answered
 * - `DescribeMigrationReport {JobId}` → `{Report}`
 * - `ModifyMigrationSpeed {JobId, CopyJobs?, IndexJobs?, BytesPerSecond?}`: the public action limits rows, not bytes, and sets the sessions
 *   that apply changes (`SinkerThread`), which hold from the next start of the task on: pause it and go on.
 * - `ModifyMigrationTags {JobId, Tags}`
 * - `CompleteMigration {JobId, Completion}`: the cut-over with all that can be chosen; `CompleteMigrateJob` of the public service takes the
 *   defaults. `TakeBackCompletion {JobId}`, `GoBackMigration {JobId, Completion}`, `FinishMigration {JobId}`
 * - `DecideMigrationHalt {JobId, Decision}`
 * - `DescribeMigrationCompare {JobId, CompareTaskId, Search, Result, Offset, Limit}` → `{Compare, TotalCount, Tables}`
 * - `DescribeMigrationDifferences {JobId, CompareTaskId, Database, Schema, Name}` → `{Differences}`
 */

/** A side of a task as it is shown: never with a password. */
export interface EndpointView {
  readonly accessType: string;
  readonly region: string;
  readonly instanceId: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  readonly ssl: ServerDefinition['ssl'];
  readonly ssh: ServerDefinition['ssh'] | null;
  readonly hasPassword: boolean;
  readonly hasSshPassword: boolean;
}

export interface MigrationJobView {
  readonly id: string;
  readonly name: string;
  readonly type: MigrationType;
  readonly status: JobStatus;
  /** Awaits its deletion. */
  readonly isolated: boolean;
  readonly runMode: 'immediate' | 'timed';
  readonly scheduledAt: number | null;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** Null before it is configured. */
  readonly source: EndpointView | null;
  readonly target: EndpointView | null;
  readonly tags: readonly { readonly key: string; readonly value: string }[];
  readonly actions: readonly JobAction[];
  /** What went wrong, or what it waits for; empty otherwise. */
  readonly problem: string;
  readonly hint: string;
  /** Of the whole task, 0 … 1; null while nothing runs. */
  readonly fraction: number | null;
  readonly region: string;
  readonly size: string;
}

export interface MigrationEvent {
  readonly at: number;
  /** e.g. `created`, `check-passed`, `started`, `worker-lost`, `retry`, `paused`, `failed`, `success`. */
  readonly kind: string;
  readonly text: string;
}

export interface MigrationJobDetail extends MigrationJobView {
  readonly options: MigrationOptions | null;
  readonly retryMinutes: number;
  readonly events: readonly MigrationEvent[];
  readonly checkedAt: number | null;
  readonly skipped: readonly string[];
  /** How it is, or was, cut over; null before. */
  readonly completion: Completion | null;
  /** Both sides are instances of the control plane, so that the address can be moved. */
  readonly canMoveAddress: boolean;
  readonly compares: readonly CompareView[];
  /** Process of the worker that is at it; null while none is. */
  readonly workerPid: number | null;
}

export interface EndpointFacts {
  readonly version: string;
  readonly versionNum: number;
  readonly superuser: boolean;
  readonly user: string;
  readonly tls: string;
  readonly databases: readonly { readonly name: string; readonly bytes: number }[];
}

/** A thing of a database that can be chosen. */
export interface EndpointObject {
  readonly name: string;
  readonly kind: 'table' | 'partitioned' | 'foreign' | 'view' | 'materialized' | 'function' | 'sequence';
  /** On disk with indexes; 0 for what has none. */
  readonly bytes: number;
  /** Estimate. */
  readonly rows: number;
}

export interface EndpointObjects {
  readonly database: string;
  readonly schemas: readonly { readonly name: string; readonly objects: readonly EndpointObject[] }[];
  readonly largeObjects: number;
}

/** Something that a selected object needs and that is not selected. */
export interface ClosureNote {
  readonly database: string;
  /** e.g. `view shop.open_orders`. */
  readonly object: string;
  readonly needs: { readonly kind: string; readonly schema: string; readonly name: string };
  /** `add`: can be chosen in the picker; `comes`: travels by itself (types, extensions); `gap`: the statement will fail without it. */
  readonly how: 'add' | 'comes' | 'gap';
}

export interface MigrationReport {
  readonly job: MigrationJobDetail;
  readonly findings: readonly Finding[];
  readonly progress: MigrationProgress | null;
  readonly tables: readonly TableProgress[];
  /** Failed and skipped ones only. */
  readonly objects: readonly ObjectOutcome[];
  /** Of the comparisons that `job` names. */
  readonly compared: readonly ComparedReport[];
  readonly madeAt: number;
}

/** What one comparison found. */
export interface ComparedReport {
  readonly compareId: string;
  readonly tables: readonly TableCompare[];
  /** Of tables that differ: of twenty at most, a hundred rows each. */
  readonly rows: readonly {
    readonly database: string;
    readonly schema: string;
    readonly name: string;
    readonly rows: readonly RowDifference[];
  }[];
}

export interface EndpointTest {
  readonly steps: readonly TestStep[];
  readonly facts: EndpointFacts | null;
  /** SHA-256 fingerprint of a tunnel host that was not known yet, to be confirmed; null or absent otherwise. */
  readonly newHostKey?: string | null;
}

export interface TablesPage {
  readonly total: number;
  readonly tables: readonly TableProgress[];
}
export interface ObjectsPage {
  readonly total: number;
  readonly objects: readonly ObjectOutcome[];
}
export interface LogPage {
  readonly total: number;
  readonly lines: readonly MigrationLogLine[];
}

/** A comparison of source and target, with what it does to the tables of the task. */
export interface CompareView {
  readonly id: string;
  readonly name: string;
  readonly status: CompareStatus;
  readonly mode: CompareMode;
  /** Of the rows of each table, 1 … 100; only with `sample`. */
  readonly samplePercent: number;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** Of all rows, 0 … 1. */
  readonly fraction: number | null;
  readonly tables: number;
  readonly equal: number;
  readonly different: number;
  /** Could not be compared. */
  readonly failed: number;
  readonly rows: number;
  readonly differences: number;
  readonly problem: string;
  readonly hint: string;
}

export interface TableCompare {
  readonly database: string;
  readonly schema: string;
  readonly name: string;
  readonly result: CompareResult;
  readonly mode: CompareMode;
  readonly rows: number;
  readonly estimatedRows: number;
  readonly sourceRows: number | null;
  readonly targetRows: number | null;
  readonly chunks: number;
  readonly chunksDone: number;
  /** How many rows differ; more than are listed are only counted. */
  readonly differences: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly reason: string;
}

/** One row that is not alike on both sides. */
export interface RowDifference {
  /** `missing` on the target, `extra` on the target, or with other values. */
  readonly kind: 'missing' | 'extra' | 'changed';
  /** Columns of the key with their values as text. */
  readonly key: readonly { readonly column: string; readonly value: string | null }[];
  /** Columns whose values differ, cut short; only of `changed`. */
  readonly columns: readonly {
    readonly column: string;
    readonly source: string | null;
    readonly target: string | null;
  }[];
}
