import { z } from 'zod';
import {
  CHECK_STEPS,
  COMPARE_MODES,
  EXISTING_ROWS,
  FINDING_LEVELS,
  HALT_CHOICES,
  MIGRATION_TYPES,
  ON_DRIFT,
  STOP_WRITES,
  type Blocker,
  type CutOverStepId,
  type FollowState,
  type HaltChoice,
  type MigrationStep,
  type StepState,
} from './migration-words';

export {
  allowedActions,
  BUSY_STATUSES,
  CHECK_STEPS,
  DTS_API,
  EXISTING_ROWS,
  FINDING_LEVELS,
  JOB_ACTIONS,
  JOB_STATUSES,
  MIGRATION_TYPES,
  BLOCKERS,
  COMPARE_MODES,
  COMPARE_RESULTS,
  COMPARE_STATUSES,
  CUT_OVER_STEPS,
  FOLLOW_STATES,
  HALT_CHOICES,
  ON_DRIFT,
  STEPS,
} from './migration-words';
export type {
  Blocker,
  CheckStepId,
  CompareMode,
  CompareResult,
  CompareStatus,
  CutOverStepId,
  FollowState,
  HaltChoice,
  FindingLevel,
  JobAction,
  JobStatus,
  MigrationStep,
  MigrationType,
  StepState,
} from './migration-words';

/**
 * Migration tasks as the daemon, its worker, the window and the command line know them. Statuses and step names are those of the public
 * `dts` service (2021-12-06) where it has one.
 */

const name = z.string().min(1).max(63);
/** Empty: as on the source. */
const newName = z.string().max(63).default('');

export const tableChoice = z.object({
  name,
  newName,
  /** SQL condition over the columns of the table; empty is all rows. */
  rowFilter: z.string().max(10_000).default(''),
});

/** A schema of the source. Everything in it, or what is named; tables are named in either mode when they get another name or a filter. */
export const schemaChoice = z.object({
  name,
  newName,
  mode: z.enum(['all', 'partial']),
  /** Tables, partitioned and foreign ones included. */
  tables: z.array(tableChoice).max(100_000).default([]),
  /** Views and materialized views. */
  views: z.array(name).max(100_000).default([]),
  /** Functions, procedures and aggregates as `name(identity arguments)`. */
  functions: z.array(z.string().min(1).max(4000)).max(100_000).default([]),
  sequences: z.array(name).max(100_000).default([]),
});

export const databaseChoice = z.object({
  name,
  newName,
  mode: z.enum(['all', 'partial']),
  /** With `all`: only schemas that get another name, or hold tables that do. */
  schemas: z.array(schemaChoice).max(10_000).default([]),
});

/** What travels. `all`: every database but templates; databases are named only to give them another name. */
export const objectSelection = z.object({
  mode: z.enum(['all', 'partial']),
  roleMode: z.enum(['all', 'partial', 'none']),
  roles: z.array(name).max(10_000).default([]),
  databases: z.array(databaseChoice).max(1000).default([]),
});
export type TableChoice = z.output<typeof tableChoice>;
export type SchemaChoice = z.output<typeof schemaChoice>;
export type DatabaseChoice = z.output<typeof databaseChoice>;
export type ObjectSelection = z.output<typeof objectSelection>;

export const migrationOptions = z.object({
  type: z.enum(MIGRATION_TYPES),
  objects: objectSelection,
  /** Tables that are copied side by side; 0 follows the processors of the target's machine where that is known, else 4. */
  copyJobs: z.number().int().min(0).max(16).default(0),
  /** Indexes that are built side by side; 0 as `copyJobs`. */
  indexJobs: z.number().int().min(0).max(16).default(0),
  /** Bytes a second; 0 is no limit. */
  bytesPerSecond: z.number().int().min(0).default(0),
  /** Tables larger than this are copied in parts; 0 never. Bytes. */
  splitAbove: z.number().int().min(0).default(1_073_741_824),
  existingRows: z.enum(EXISTING_ROWS).default('refuse'),
  /** Owners and privileges as on the source; without: everything belongs to the account of the target. */
  keepOwners: z.boolean().default(true),
  keepPrivileges: z.boolean().default(true),
  /** ANALYZE at the end. */
  analyze: z.boolean().default(true),
  /** An instance of the local control plane that nobody depends on yet is tuned for the load, and set back. */
  tuneTarget: z.boolean().default(true),
  /** The rest is of `fullAndIncrement` only. Structure of the source that changes while its changes are followed is carried over. */
  followDdl: z.boolean().default(true),
  onDrift: z.enum(ON_DRIFT).default('halt'),
  /** Sessions that apply side by side; 1 keeps every transaction of the source whole on the target. */
  applyJobs: z.number().int().min(1).max(16).default(1),
  /** WAL that the source may keep for the task: a warning from this on, in bytes; 0 never. */
  walAlarm: z.number().int().min(0).default(10_737_418_240),
  /** From this on the task gives its place in the WAL up, so that the disk of the source does not fill; 0 never. */
  walCeiling: z.number().int().min(0).default(107_374_182_400),
});
export type MigrationOptions = z.output<typeof migrationOptions>;

/** Times are milliseconds since the epoch. */
export interface StepProgress {
  readonly step: MigrationStep;
  readonly state: StepState;
  /** 0 … 1; null when it cannot be known. */
  readonly fraction: number | null;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly note: string;
}

export interface MigrationTotals {
  readonly tables: number;
  readonly tablesDone: number;
  readonly tablesFailed: number;
  readonly rows: number;
  /** Bytes as they went between the servers. */
  readonly bytes: number;
  /** Estimate of the bytes of all tables; sizes on the source's disk. */
  readonly totalBytes: number;
  readonly objects: number;
  readonly objectsDone: number;
  readonly objectsFailed: number;
  readonly indexes: number;
  readonly indexesDone: number;
}

export interface MigrationProgress {
  readonly steps: readonly StepProgress[];
  readonly totals: MigrationTotals;
  /** Of the last seconds. */
  readonly bytesPerSecond: number;
  readonly rowsPerSecond: number;
  /** Until the end of the copy; null when nothing flows. */
  readonly estimateSeconds: number | null;
  /** Since when the source holds a snapshot for us; null when it holds none. */
  readonly snapshotSince: number | null;
  readonly copyJobs: number;
  readonly indexJobs: number;
  /** Null before the changes are followed, and for other types. */
  readonly follow: FollowProgress | null;
}

export type TableState = 'waiting' | 'copying' | 'indexing' | 'done' | 'failed';

export interface TableProgress {
  readonly database: string;
  readonly schema: string;
  readonly name: string;
  readonly state: TableState;
  readonly rows: number;
  readonly estimatedRows: number;
  readonly bytes: number;
  readonly totalBytes: number;
  readonly parts: number;
  readonly partsDone: number;
  readonly indexes: number;
  readonly indexesDone: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** Why it failed: the server's words. */
  readonly reason: string;
}

/** What became of one statement of the structure, of a role, or of what is done at the end. */
export interface ObjectOutcome {
  readonly database: string;
  /** Unique in its database. */
  readonly key: string;
  /** As pg_dump names it: `TABLE`, `INDEX`, `FK CONSTRAINT`, …; `ROLE`, `LARGE OBJECT`, `SEQUENCE SET`, … */
  readonly kind: string;
  readonly schema: string;
  readonly name: string;
  readonly outcome: 'done' | 'failed' | 'skipped';
  readonly reason: string;
  /** What was run; empty for what was done. */
  readonly statement: string;
  readonly at: number;
}

export interface MigrationLogLine {
  readonly at: number;
  readonly level: 'info' | 'warning' | 'error';
  readonly text: string;
}

/** How a task is cut over. */
export const completion = z.object({
  stopWrites: z.enum(STOP_WRITES).default('byHand'),
  /** Both sides are instances of the local control plane: clients of the source's address are led to the target. */
  moveAddress: z.boolean().default(false),
  /** Changes of the target flow back to the source afterwards, until the way back is given up or taken. */
  failBack: z.boolean().default(false),
  /** What is compared before the target is opened; null is nothing. */
  compare: z.enum(COMPARE_MODES).nullable().default('rowCount'),
});
export type Completion = z.output<typeof completion>;

/** A person's answer to a halt. `statement`: run instead of the one that was shown. */
export const decision = z.object({
  database: z.string(),
  /** Of the halt. */
  id: z.string(),
  choice: z.enum(HALT_CHOICES),
  statement: z.string().max(1_000_000).optional(),
});
export type Decision = z.output<typeof decision>;

/** Why a stream stands still until a person decides. */
export interface Halt {
  readonly database: string;
  /** Stable across restarts: the same change halts under the same name. */
  readonly id: string;
  /** `ddl`: a statement that is not carried over by itself; `structure`: a table does not fit its changes; `drift`: a row was not as expected. */
  readonly kind: 'ddl' | 'structure' | 'drift';
  /** One sentence. */
  readonly text: string;
  /** The statement of the source, or the change that could not be applied; empty when there is none. */
  readonly statement: string;
  readonly schema: string;
  readonly table: string;
  readonly choices: readonly HaltChoice[];
  readonly at: number;
}

/** One database whose changes are followed. Positions as `X/Y`; empty while they are not known. */
export interface DatabaseFollow {
  readonly database: string;
  readonly state: FollowState;
  readonly slot: string;
  /** End of the last transaction that the target has durably. */
  readonly applied: string;
  /** End of what the source has written. */
  readonly written: string;
  /** Between the two. */
  readonly lagBytes: number;
  /** Since the source committed what is applied next; 0 when nothing is left. Null: not known. */
  readonly lagSeconds: number | null;
  /** WAL that the source keeps for the slot. */
  readonly retainedBytes: number | null;
  /** `reserved`, `extended`, `unreserved`, `lost` (from 13 on), else empty. */
  readonly walStatus: string;
  /** Since the task began. */
  readonly transactions: number;
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
  readonly truncated: number;
  /** Changes that found no row, or several, under `onDrift: log`. */
  readonly drifted: number;
  /** Seconds since the last change came from the source. */
  readonly quietSeconds: number;
  readonly halts: readonly Halt[];
  /** Why it is `away` or `lost`. */
  readonly problem: string;
}

export interface FollowProgress {
  /** Against the source's course: after the cut-over changes flow from the target back to the source. */
  readonly direction: 'forward' | 'back';
  readonly databases: readonly DatabaseFollow[];
  /** Sums and the worst of the databases. */
  readonly lagBytes: number;
  readonly lagSeconds: number | null;
  readonly retainedBytes: number | null;
  /** Of the last seconds: rows that came and rows that are applied. */
  readonly rowsInPerSecond: number;
  readonly rowsOutPerSecond: number;
  readonly bytesInPerSecond: number;
  /** Until the gap is closed; null while it grows or nothing is known. */
  readonly estimateSeconds: number | null;
  /** The gap has grown for a while. */
  readonly fallingBehind: boolean;
  readonly walAlarm: boolean;
  /** Empty: it can be completed. */
  readonly blockers: readonly Blocker[];
  /** What is done at the cut-over, in order, with what became of it; empty before. */
  readonly cutOver: readonly CutOverStep[];
}

export interface CutOverStep {
  readonly step: CutOverStepId;
  readonly state: StepState;
  readonly note: string;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
}

/** A statement that repairs what a check found. */
export const checkFix = z.object({
  side: z.enum(['source', 'target']),
  database: z.string(),
  /** Shown before they run, and exactly what runs, one by one. */
  statements: z.array(z.string()).min(1),
});
export type CheckFix = z.output<typeof checkFix>;

/** What one check says of one database, or of the servers. */
export const finding = z.object({
  /** e.g. `wal-level`; the window translates title, effect and remedy by it. */
  check: z.string(),
  step: z.enum(CHECK_STEPS),
  level: z.enum(FINDING_LEVELS),
  side: z.enum(['source', 'target', 'both']),
  /** Of the source; empty: the server. */
  database: z.string(),
  title: z.string(),
  /** What was found, in one sentence with its figures; for `pass` what was looked at. */
  found: z.string(),
  /** Names or values, a hundred at most. */
  items: z.array(z.string()).max(100),
  /** How many there are. */
  count: z.number().int(),
  /** What happens to the business when one goes on; empty for `pass`. */
  effect: z.string(),
  remedy: z.string(),
  /** The statement that found it. */
  sql: z.string(),
  fix: checkFix.nullable(),
});
export type Finding = z.output<typeof finding>;
