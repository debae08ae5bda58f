import { availableParallelism } from 'node:os';
import type { Finding, JobStatus, MigrationOptions, MigrationProgress } from '../../../shared/model/migration';
import { slotName } from './follow/follow-model';
import type { JobRecord } from './record';
import type { Course } from './worker-protocol';

/** Pure rules of migration tasks: what may follow what, how much at once, when again. */

/** Events that a task keeps. */
export const EVENTS_KEPT = 500;
export const DAY_MS = 86_400_000;
/** An isolated task is destroyed by itself after this time. */
export const RECYCLE_MS = 7 * DAY_MS;

const NEXT: Readonly<Record<JobStatus, readonly JobStatus[]>> = {
  created: ['checking'],
  checking: ['created', 'checkPass', 'checkNotPass'],
  checkPass: ['created', 'checking', 'readyRun', 'running'],
  checkNotPass: ['created', 'checking', 'checkPass'],
  // Taken back before its time, nothing has run: it is as it was.
  readyRun: ['running', 'checkPass'],
  running: ['readyComplete', 'completing', 'pausing', 'stopping', 'manualPaused', 'canceled', 'success', 'failed'],
  readyComplete: ['running', 'completing', 'pausing', 'stopping', 'canceled', 'success', 'failed'],
  completing: ['running', 'readyComplete', 'guarding', 'stopping', 'canceled', 'success', 'failed'],
  guarding: ['completing', 'success', 'failed'],
  pausing: ['manualPaused', 'success', 'failed'],
  // It fails when what it needs of its source is given up.
  manualPaused: ['running', 'canceled', 'failed'],
  stopping: ['canceled', 'success'],
  canceled: [],
  failed: ['running', 'completing', 'guarding', 'canceled'],
  success: [],
};

/** Whether clients are (or may be) where the course leads them: on the target, or on the source again. */
export const isLedOver = ({ course, ledBack }: Pick<JobRecord, 'course' | 'ledBack'>): boolean =>
  course.back === null ? course.opened : ledBack;

/** A step of the cut-over has failed and a person is asked for. */
export const hasFailedStep = (progress: MigrationProgress | null): boolean =>
  progress?.follow?.cutOver.some(({ state }) => state === 'failed') ?? false;

/** The status of a task whose worker goes on with this course. */
export function courseStatus({ completion, opened, back, finish }: Course): 'running' | 'completing' | 'guarding' {
  if (back || finish) return 'completing';
  if (opened) return completion?.failBack ? 'guarding' : 'completing';
  return completion ? 'completing' : 'running';
}

/** What an incremental task keeps on its source until it is over; one that can never go on is cleaned by itself while clients are on the source. */
export const keepsWal = ({ options, startedAt, status, end, course }: JobRecord): boolean =>
  options?.type === 'fullAndIncrement' &&
  startedAt !== null &&
  status !== 'success' &&
  !(end?.final === true && !course.opened);

/** Everything that a task makes on its servers has a name that begins so. */
export const namesOf = (id: string): string => slotName(id, 0, 'forward').replace(/0$/, '');

/** Its slots and publications, for LIKE. */
export const slotPattern = (id: string): string => `${namesOf(id).replaceAll('_', String.raw`\_`)}%`;

const CLEAN_FIRST_MS = 5_000;
const CLEAN_MOST_MS = 600_000;

/** Until what a task has left on its source is taken away again, after so many attempts in vain. */
export const cleanDelay = (attempts: number): number =>
  Math.min(CLEAN_MOST_MS, CLEAN_FIRST_MS * 2 ** Math.max(0, attempts - 1));

/** A source that is away so long does not keep a task from being destroyed, if a person wants it. */
export const GIVE_UP_MS = 24 * 3_600_000;

export const mayBecome = (from: JobStatus, to: JobStatus): boolean => from === to || NEXT[from].includes(to);

/** How many at once each instance class allows where no number is asked for. */
const CAPS = { micro: 1, small: 2, medium: 4, large: 8, xlarge: 12, '2xlarge': 16 } as const;
export type JobSize = keyof typeof CAPS;
export const JOB_SIZES = ['micro', 'small', 'medium', 'large', 'xlarge', '2xlarge'] as const satisfies JobSize[];

const capOf = (size: string): number => Object.entries(CAPS).find(([name]) => name === size)?.[1] ?? CAPS.medium;

/** Where the processors of the target are not known. */
const USUAL_JOBS = 4;

/** How many tables and indexes at once: as wished, else by the processors as far as the instance class allows. */
export function resolveJobs(
  wanted: Pick<MigrationOptions, 'copyJobs' | 'indexJobs'>,
  size: string,
  localTarget: boolean,
): { readonly copyJobs: number; readonly indexJobs: number } {
  const usual = Math.min(capOf(size), localTarget ? availableParallelism() : USUAL_JOBS);
  return { copyJobs: wanted.copyJobs || usual, indexJobs: wanted.indexJobs || usual };
}

const WAIT_FIRST_MS = 1_000;
const WAIT_MOST_MS = 60_000;

/** Until the next attempt, after so many that found something away. */
export const waitDelay = (attempts: number): number =>
  Math.min(WAIT_MOST_MS, WAIT_FIRST_MS * 2 ** Math.max(0, attempts - 1));

/** Workers that may break one after the other without having done anything, before the task fails. */
export const LOST_MAX = 6;
const LOST_FIRST_MS = 200;
const LOST_MOST_MS = 20_000;

/** Until the next worker, after so many in a row were lost. */
export const lostDelay = (lost: number): number => Math.min(LOST_MOST_MS, LOST_FIRST_MS * 2 ** Math.max(0, lost - 1));

/** Whether a task that waits may go on waiting. */
export const mayRetry = (
  { retryMinutes, waitingSince }: Pick<JobRecord, 'retryMinutes' | 'waitingSince'>,
  now: number,
): boolean => retryMinutes > 0 && now - (waitingSince ?? now) < retryMinutes * 60_000;

/** What a check that came to its end means. Warnings are for the person to decide on; they forbid nothing. */
export const checkedStatus = (findings: readonly Finding[]): 'checkPass' | 'checkNotPass' =>
  findings.length === 0 || findings.some(({ level }) => level === 'failed') ? 'checkNotPass' : 'checkPass';
