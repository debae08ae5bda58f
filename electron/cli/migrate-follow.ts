import { AppError } from '../../shared/errors';
import { BUSY_STATUSES, type MigrationProgress } from '../../shared/model/migration';
import type { MigrationJobDetail } from '../../shared/model/migration-api';
import { decideCommand } from './migrate-decide';
import { followLine, progressLine } from './migrate-print';
import { nextLook, say, type Task } from './migrate-task';

/** What a program reads of a task that follows, one JSON text a line. */
export interface FollowEvent {
  readonly event: 'state' | 'lag' | 'worker' | 'halt' | 'end';
  readonly id: string;
  /** Status of the task. */
  readonly state: string;
  /** Null while nothing is followed yet. */
  readonly lag: { readonly bytes: number; readonly seconds: number | null } | null;
  /** Null while no worker is at it. */
  readonly workerPid: number | null;
}

/** How often progress and gap are told when they change all the time. */
const TELL_MS = 1_000;
/** Nothing has come from the source for so long: nobody writes to it any more. */
const QUIET_SECONDS = 2;

/** What every event tells. */
export const eventOf = (
  event: FollowEvent['event'],
  { id, status, workerPid }: MigrationJobDetail,
  progress: MigrationProgress | null,
): FollowEvent => {
  const follow = progress?.follow;
  const lag = follow ? { bytes: follow.lagBytes, seconds: follow.lagSeconds } : null;
  return { event, id, state: status, lag, workerPid };
};

/** Tells what has changed since the last look: events for a program, lines for people. */
function createTeller(task: Task): (job: MigrationJobDetail, progress: MigrationProgress | null) => void {
  const { words, io } = task;
  const emit = (event: FollowEvent, more: object = {}): void => {
    if (words.json) io.out(JSON.stringify({ ...event, ...more }));
  };
  const halted = new Set<string>();
  let state = '';
  let worker: number | null = null;
  let line = '';
  let toldAt = 0;
  return (job, progress) => {
    const follow = progress?.follow;
    if (job.status !== state) {
      state = job.status;
      emit(eventOf('state', job, progress), { problem: job.problem });
      say(task, `${job.id}: ${state}`);
    }
    if (job.workerPid !== null && job.workerPid !== worker) {
      if (worker !== null) say(task, 'the worker was lost and another one goes on');
      worker = job.workerPid;
      emit(eventOf('worker', job, progress));
    }
    for (const halt of follow?.databases.flatMap(({ halts }) => halts) ?? []) {
      const key = `${halt.database} ${halt.id}`;
      if (halted.has(key)) continue;
      halted.add(key);
      emit(eventOf('halt', job, progress), { halt, decide: decideCommand(job.id, halt) });
      say(task, `${halt.database}: waits for a decision: ${halt.text}`);
      say(task, halt.statement);
      say(task, `  decide by: ${decideCommand(job.id, halt)}`);
    }
    if (Date.now() - toldAt < TELL_MS) return;
    toldAt = Date.now();
    if (follow) emit(eventOf('lag', job, progress));
    const next = job.problem !== '' ? `waiting: ${job.problem}` : follow ? followLine(follow) : '';
    const now = next === '' && progress ? progressLine(progress) : next;
    if (now !== line) say(task, (line = now));
  };
}

/** Nothing is left to come from a source that nobody writes to. */
function isQuiet(progress: MigrationProgress | null): boolean {
  const follow = progress?.follow;
  return (
    follow !== undefined &&
    follow !== null &&
    follow.blockers.length === 0 &&
    (follow.lagBytes === 0 || follow.lagSeconds === 0) &&
    follow.databases.every(({ quietSeconds }) => quietSeconds >= QUIET_SECONDS)
  );
}

/** The task is not so far, or is further already. */
const isRefusal = (error: unknown): boolean =>
  error instanceof AppError && error.info.apiCode === 'OperationDenied.JobOperationDeniedError';

/** What the words ask of a task in its state, if anything. What comes too early is asked for again. */
async function act({ feature: { handlers }, id, words, io }: Task, job: MigrationJobDetail, quiet: boolean) {
  const { completion } = words;
  const context = { signal: io.signal };
  const asked = job.actions.includes('complete') && words.complete && job.status === 'readyComplete';
  try {
    if (asked && (quiet || completion.stopWrites === 'readOnly')) await handlers.complete({ id, completion }, context);
    if (job.status === 'guarding' && words.way === 'finish') await handlers.finish({ id }, context);
    if (job.status === 'guarding' && words.way === 'goBack') await handlers.goBack({ id, completion }, context);
  } catch (error) {
    if (!isRefusal(error)) throw error;
  }
}

/** The step of the cut-over that has failed and waits for a person; undefined: none. */
const failedStep = (progress: MigrationProgress | null) =>
  progress?.follow?.cutOver.find(({ state }) => state === 'failed');

/** How the look at a task ended. */
export interface Followed {
  readonly job: MigrationJobDetail;
  readonly progress: MigrationProgress | null;
  /** Why it was taken back by the command; empty otherwise. */
  readonly takenBack: string;
}

/**
 * Follows a task until it is over, its way back stands open, or its cut-over failed, which is taken back then. Acts as the words ask. Fails with
 * `cancelled`.
 */
export async function followTask(task: Task): Promise<Followed> {
  const { feature, id, words, io } = task;
  const context = { signal: io.signal };
  const tell = createTeller(task);
  let takenBack = '';
  for (;;) {
    const job = await feature.handlers.detail({ id }, context);
    const progress = await feature.handlers.progress({ id }, context);
    tell(job, progress);
    const over = !BUSY_STATUSES.has(job.status) && job.status !== 'readyRun';
    const stands = job.status === 'guarding' && words.way === null;
    const isBack = takenBack !== '' && (job.status === 'running' || job.status === 'readyComplete');
    if (over || stands || isBack) return { job, progress, takenBack };
    const failed = failedStep(progress);
    if (job.status === 'completing' && takenBack === '' && failed && job.actions.includes('takeBack')) {
      takenBack = `The cut-over was taken back: ${failed.note === '' ? `${failed.step} failed` : failed.note}`;
      await feature.handlers.takeBack({ id }, context);
    } else if (takenBack === '') await act(task, job, isQuiet(progress));
    await nextLook(io.signal);
  }
}
