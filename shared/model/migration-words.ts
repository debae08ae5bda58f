/**
 * The words of migration tasks: statuses, actions, steps, levels. Apart from the schemas, so that the window can have them without what
 * parses.
 */

/** Version of the public `dts` service. */
export const DTS_API = '2021-12-06';

export const MIGRATION_TYPES = ['structure', 'full', 'fullAndIncrement'] as const;
export type MigrationType = (typeof MIGRATION_TYPES)[number];

export const JOB_STATUSES = [
  'created',
  'checking',
  'checkPass',
  'checkNotPass',
  'readyRun',
  'running',
  /** Follows its source without a gap worth naming: it can be completed. */
  'readyComplete',
  /** Is being cut over. */
  'completing',
  /** Was cut over; changes of the target flow back, so that the cut-over can be undone. A status of ours. */
  'guarding',
  'pausing',
  'manualPaused',
  'stopping',
  'canceled',
  'failed',
  'success',
] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

/** Statuses in which a worker is at it. */
export const BUSY_STATUSES: ReadonlySet<JobStatus> = new Set([
  'checking',
  'running',
  'readyComplete',
  'completing',
  'guarding',
  'pausing',
  'stopping',
]);

export const JOB_ACTIONS = [
  'modify',
  'check',
  'start',
  'pause',
  'continue',
  'stop',
  'resume',
  'limit',
  /** The cut-over. */
  'complete',
  /** Takes the cut-over back before the target is opened: the task follows on. */
  'takeBack',
  /** Undoes a cut-over whose way back is kept open. */
  'goBack',
  /** Gives the way back up. */
  'finish',
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
  readyComplete: ['complete', 'pause', 'stop', 'limit'],
  /** `complete` and `goBack` again only after a step of it has failed. */
  completing: ['complete', 'goBack', 'takeBack', 'stop'],
  guarding: ['goBack', 'finish'],
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

export const STEPS = [
  'prepare',
  'roles',
  'structure',
  'copy',
  'indexes',
  'constraints',
  'finish',
  /** Only of `fullAndIncrement`, as is the next one. */
  'follow',
  'complete',
] as const;
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

/** What to do when a change of the source finds another number of rows on the target than one. */
export const ON_DRIFT = ['halt', 'log'] as const;

/** How a stream of changes is doing. `halted` waits for a decision, `lost` can follow no more. */
export const FOLLOW_STATES = ['waiting', 'catchingUp', 'following', 'halted', 'away', 'lost', 'done'] as const;
export type FollowState = (typeof FOLLOW_STATES)[number];

/** Why a task cannot be completed now; the window translates them. */
export const BLOCKERS = ['copying', 'gap', 'halted', 'away', 'lost', 'tables-failed', 'objects-failed'] as const;
export type Blocker = (typeof BLOCKERS)[number];

/** What is done at the cut-over, in this order. */
export const CUT_OVER_STEPS = [
  'stopWrites',
  'drain',
  'sequences',
  'materialized',
  'constraints',
  'analyze',
  'compare',
  'armFailBack',
  'open',
  'cleanUp',
] as const;
export type CutOverStepId = (typeof CUT_OVER_STEPS)[number];

/** What a person can decide when a stream has halted. */
export const HALT_CHOICES = ['apply', 'skip', 'copyAgain', 'retry'] as const;
export type HaltChoice = (typeof HALT_CHOICES)[number];

/** How the source is kept from being written to at the cut-over: somebody sees to it, or the databases are made read-only from here. */
export const STOP_WRITES = ['byHand', 'readOnly'] as const;

export const COMPARE_MODES = ['full', 'sample', 'rowCount'] as const;
export type CompareMode = (typeof COMPARE_MODES)[number];

/** Those of the public service. */
export const COMPARE_STATUSES = [
  'created',
  'readyRun',
  'running',
  'success',
  'stopping',
  'failed',
  'canceled',
] as const;
export type CompareStatus = (typeof COMPARE_STATUSES)[number];

/** What a comparison says of a table. `unfit`: it cannot be compared in this way, the reason says why. */
export const COMPARE_RESULTS = ['waiting', 'comparing', 'equal', 'different', 'unfit', 'failed'] as const;
export type CompareResult = (typeof COMPARE_RESULTS)[number];
