/**
 * The words of migration tasks: statuses, actions, steps, levels. Apart from the schemas, so that the window can have them without what
 * parses.
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

/** What to do with a table of the target that is there already and holds rows. */
export const EXISTING_ROWS = ['refuse', 'truncate', 'append'] as const;

export const STEPS = ['prepare', 'roles', 'structure', 'copy', 'indexes', 'constraints', 'finish'] as const;
export type MigrationStep = (typeof STEPS)[number];
export type StepState = 'notStarted' | 'running' | 'success' | 'failed' | 'skipped';

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
