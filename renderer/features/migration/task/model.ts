import type { MigrationProgress, TableState } from '../../../../shared/model/migration';
import {
  allowedActions,
  type JobAction,
  type JobStatus,
  type StepState,
} from '../../../../shared/model/migration-words';
import type { EndpointView, MigrationJobView } from '../../../../shared/model/migration-api';
import type { Tone } from '../../../ui/status-pill';

/**
 * How a task stands for a person. Beside the statuses of the service: `isolated`; `scheduled` waits for its time; `waiting` runs as soon
 * as something outside is back.
 */
export type JobStanding = JobStatus | 'isolated' | 'scheduled' | 'waiting';

type Standing = Pick<MigrationJobView, 'status' | 'isolated' | 'runMode' | 'problem'>;

/** Statuses in which something outside may be waited for. */
const MAY_WAIT: ReadonlySet<JobStatus> = new Set(['running', 'readyComplete']);

export function standingOf(job: Standing): JobStanding {
  if (job.isolated) return 'isolated';
  if (job.status === 'readyRun' && job.runMode === 'timed') return 'scheduled';
  if (job.problem !== '' && MAY_WAIT.has(job.status)) return 'waiting';
  return job.status;
}

export const TONE_OF_STANDING: Readonly<Record<JobStanding, Tone>> = {
  created: 'neutral',
  checking: 'busy',
  checkPass: 'ok',
  checkNotPass: 'warn',
  readyRun: 'busy',
  scheduled: 'info',
  running: 'busy',
  waiting: 'warn',
  readyComplete: 'ok',
  completing: 'busy',
  guarding: 'ok',
  pausing: 'busy',
  manualPaused: 'info',
  stopping: 'busy',
  canceled: 'neutral',
  failed: 'error',
  success: 'ok',
  isolated: 'neutral',
};

const DRAFTS: ReadonlySet<JobStatus> = new Set(['created', 'checking', 'checkPass', 'checkNotPass']);

/** Whether the task has not been started yet: the wizard shows it, not the task page. */
export const isDraft = (job: Pick<MigrationJobView, 'status' | 'isolated'>): boolean =>
  !job.isolated && DRAFTS.has(job.status);

const MOVING: ReadonlySet<JobStatus> = new Set([
  'checking',
  'readyRun',
  'running',
  'readyComplete',
  'completing',
  'guarding',
  'pausing',
  'stopping',
]);

const AT_WORK: ReadonlySet<JobStatus> = new Set([
  'running',
  'readyComplete',
  'completing',
  'guarding',
  'pausing',
  'stopping',
]);

/** Whether a worker copies, or is about to end doing so. */
export const isAtWork = ({ status }: Pick<MigrationJobView, 'status'>): boolean => AT_WORK.has(status);

const BEGUN: ReadonlySet<JobStatus> = new Set(['running', 'manualPaused', 'failed']);

/** Whether the task has begun and may go on: how its servers are entered can be changed then, and nothing else of it. */
export const mayChangeAccess = ({ status, isolated }: Pick<MigrationJobView, 'status' | 'isolated'>): boolean =>
  !isolated && BEGUN.has(status);

/** Whether its figures change by themselves. */
export const isMoving = (job: Pick<MigrationJobView, 'status' | 'isolated'>): boolean =>
  !job.isolated && MOVING.has(job.status);

/** What is done to a task by its name alone. */
export const DEEDS = [
  'start',
  'pause',
  'continue',
  'resume',
  'takeBack',
  'finish',
  'stop',
  'recover',
  'isolate',
  'destroy',
] as const;
export type Deed = (typeof DEEDS)[number];

/** Deeds that are asked about before they are done. */
export const ASKED_DEEDS: ReadonlySet<Deed> = new Set(['start', 'takeBack', 'finish', 'stop', 'isolate', 'destroy']);

const isDeed = (action: JobAction): action is Deed => DEEDS.some((deed) => deed === action);

/** The deeds that are allowed now, the one that most likely comes next first. */
export const deedsOf = (job: Pick<MigrationJobView, 'actions'>): readonly Deed[] =>
  DEEDS.filter((deed) => job.actions.filter(isDeed).includes(deed));

/** Statuses in which a deed is allowed, to tell why it is not now. */
export const statusesFor = (deed: Deed, statuses: readonly JobStatus[]): JobStatus[] =>
  statuses.filter((status) => allowedActions(status, false).includes(deed));

/** Where a side is: its instance, or host and port. */
export function placeOf(side: EndpointView): string {
  if (side.accessType === 'cdb') return side.instanceId;
  return side.host.includes(':') ? `[${side.host}]:${side.port}` : `${side.host}:${side.port}`;
}

/** One line that says everything of a side that is not secret. */
export const addressOf = (side: EndpointView): string => `${side.user}@${placeOf(side)}/${side.database}`;

export const tagText = (tag: { readonly key: string; readonly value: string }): string =>
  tag.value === '' ? tag.key : `${tag.key}=${tag.value}`;

export const TONE_OF_STEP: Readonly<Record<StepState, Tone>> = {
  notStarted: 'neutral',
  running: 'busy',
  success: 'ok',
  failed: 'error',
  skipped: 'neutral',
};

export const TONE_OF_TABLE: Readonly<Record<TableState, Tone>> = {
  waiting: 'neutral',
  copying: 'busy',
  indexing: 'busy',
  done: 'ok',
  failed: 'error',
};

/** How far it is, as long as there is a way to go. A task whose way back is open is where it wanted to be. */
export const shareOf = ({ fraction, status }: Pick<MigrationJobView, 'fraction' | 'status'>): number | null =>
  fraction === null || fraction >= 1 || status === 'guarding' ? null : fraction;

/** Objects and tables that did not arrive. */
export const missingOf = (progress: MigrationProgress | null): number =>
  progress === null ? 0 : progress.totals.objectsFailed + progress.totals.tablesFailed;

/** Whether the task came to its end, and what failed on the way is still missing on the target. */
export const hasGaps = (job: Pick<MigrationJobView, 'status'>, progress: MigrationProgress | null): boolean =>
  (job.status === 'failed' || job.status === 'success') &&
  missingOf(progress) > 0 &&
  progress?.steps.find(({ step }) => step === 'finish')?.endedAt != null;

/** Milliseconds between two moments, or until now while the second is still to come; null before the first. */
export const tookMs = (startedAt: number | null, endedAt: number | null, now: number): number | null =>
  startedAt === null ? null : Math.max(0, (endedAt ?? now) - startedAt);
