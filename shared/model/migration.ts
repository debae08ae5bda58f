import { z } from 'zod';

/**
 * Migration tasks as the daemon, its worker, the window and the command line know them. Statuses and step names are those of the public
 * `dts` service (2021-12-06) where it has one.
 */

/** Version of the public `dts` service. */
export const DTS_API = '2021-12-06';

export const MIGRATION_TYPES = ['structure', 'full', 'fullAndIncrement'] as const;
export type MigrationType = (typeof MIGRATION_TYPES)[number];

/** Types that can be run; the checks know `fullAndIncrement` as well. */
export const RUNNABLE_TYPES = ['structure', 'full'] as const satisfies readonly MigrationType[];

export const JOB_STATUSES = [
  'created',
  'checking',
  'checkPass',
  'checkNotPass',
  'readyRun',
  'running',
  'pausing',
  'manualPaused',
  'stopping',
  'canceled',
  'failed',
  'success',
] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

/** Statuses in which a worker is at it. */
export const BUSY_STATUSES: ReadonlySet<JobStatus> = new Set(['checking', 'running', 'pausing', 'stopping']);

export const JOB_ACTIONS = [
  'modify',
  'check',
  'start',
  'pause',
  'continue',
  'stop',
  'resume',
  'limit',
  'isolate',
  'recover',
  'destroy',
] as const;
export type JobAction = (typeof JOB_ACTIONS)[number];

const ACTIONS: Readonly<Record<JobStatus, readonly JobAction[]>> = {
  created: ['modify', 'check', 'isolate'],
  checking: ['stop'],
  checkPass: ['modify', 'check', 'start', 'isolate'],
  checkNotPass: ['modify', 'check', 'isolate'],
  readyRun: ['start', 'stop'],
  running: ['pause', 'stop', 'limit'],
  pausing: [],
  manualPaused: ['continue', 'stop', 'limit'],
  stopping: [],
  canceled: ['isolate'],
  failed: ['resume', 'stop', 'isolate'],
  success: ['isolate'],
};

/** What a person may do with a task; an isolated one can only be recovered or destroyed. */
export const allowedActions = (status: JobStatus, isolated: boolean): readonly JobAction[] =>
  isolated ? ['recover', 'destroy'] : ACTIONS[status];

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

/** What to do with a table of the target that is there already and holds rows. */
export const EXISTING_ROWS = ['refuse', 'truncate', 'append'] as const;

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
});
export type MigrationOptions = z.output<typeof migrationOptions>;

export const STEPS = ['prepare', 'roles', 'structure', 'copy', 'indexes', 'constraints', 'finish'] as const;
export type MigrationStep = (typeof STEPS)[number];
export type StepState = 'notStarted' | 'running' | 'success' | 'failed' | 'skipped';

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

/** Groups of checks, in the order they are shown; the `StepId`s of the public service. */
export const CHECK_STEPS = [
  'ConnectDBCheck',
  'VersionCheck',
  'SrcPrivilegeCheck',
  'DstPrivilegeCheck',
  'SrcParameterCheck',
  'DstParameterCheck',
  'ObjectCheck',
  'ConflictCheck',
  'DependencyCheck',
  'CapacityCheck',
  'IncrementCheck',
] as const;
export type CheckStepId = (typeof CHECK_STEPS)[number];

export const FINDING_LEVELS = ['pass', 'info', 'warning', 'failed'] as const;
export type FindingLevel = (typeof FINDING_LEVELS)[number];

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
