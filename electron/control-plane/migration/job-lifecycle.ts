import { AppError } from '../../../shared/errors';
import { type JobStatus, type MigrationLogLine } from '../../../shared/model/migration';
import type { Logger } from '../../log';
import type { AddressMove } from './address-move';
import { createCleaning } from './job-clean';
import { mustAllow } from './job-configuration';
import { createCourse, type CourseControl } from './job-course';
import { createEndings } from './job-endings';
import { createHearing } from './job-hearing';
import { courseStatus, keepsWal } from './job-rules';
import type { MigrationJobs } from './job-service';
import type { JobRecord } from './record';
import type { Job, JobStore } from './store';
import type { SuperviseDeps, Supervisor, WorkerMode } from './supervise';
import { NO_COURSE } from './worker-protocol';

export interface LifecycleDeps {
  readonly store: JobStore;
  readonly log: Logger;
  readonly supervisor: () => Supervisor;
  /** Sets back what was changed for the load, after it and before a task is forgotten. */
  readonly settle: (job: Job) => Promise<boolean>;
  readonly address: AddressMove;
  /** Ends what is beside the run of a task, before it is removed. */
  readonly dropOthers: (id: string) => Promise<void>;
}

/** After a task that could not be destroyed. */
const AGAIN_MS = 300_000;
const LOST_HINT = 'What was changed since cannot be followed any more: begin anew with another task.';
const RUNNING: ReadonlySet<JobStatus> = new Set(['running', 'readyComplete', 'completing', 'guarding']);

type Lifecycle = Pick<MigrationJobs, 'check' | 'start' | 'act'> & {
  readonly course: CourseControl;
  /** What workers tell and how they end. */
  readonly heard: Pick<SuperviseDeps, 'onEvent' | 'onWaits' | 'onLost' | 'onEnd' | 'onBroken'>;
  /** To be called before each worker. */
  readonly expect: (job: Job, mode: WorkerMode) => Promise<void>;
  readonly checkingStep: (id: string) => string | null;
  /** The changes that the task needs are not to be had any more: it fails for good. */
  readonly lose: (job: Job, problem: string) => Promise<void>;
  /** Goes on with what an earlier daemon left. */
  readonly resume: () => Promise<void>;
  /** Begins what is due, destroys what was isolated long enough. */
  readonly tick: (now: number, recycleMs: number) => Promise<void>;
};

/** What follows what in the life of a task. */
export function createLifecycle(deps: LifecycleDeps): Lifecycle {
  const { store, log, supervisor, settle } = deps;
  const course = createCourse({ store, log, supervisor, address: deps.address });
  const cleaning = createCleaning({ log, supervisor });
  const hearing = createHearing(log, supervisor, {
    onPhase(job, phase) {
      // The load is over: what follows is the usual work.
      if (job.record().phase === null)
        settle(job).catch((error: unknown) => void log.bug(`the settings of the target of ${job.id}`, error));
      course.onPhase(job, phase);
    },
    onProgress: course.onProgress,
  });

  /** When what could not be destroyed is tried again. */
  const again = new Map<string, number>();

  const tell = (job: Job, level: MigrationLogLine['level'], text: string): void =>
    job.log.append({ at: Date.now(), level, text });

  const beginCheck = async (job: Job): Promise<void> => {
    await job.change({ status: 'checking', end: null, skipped: [] }, { kind: 'check', text: 'The checks begin' });
    job.results.clearFindings();
    supervisor().begin(job, 'check');
  };

  const beginRun = async (job: Job, kind: string, text: string): Promise<void> => {
    const { startedAt, course: far } = job.record();
    await job.change(
      {
        status: courseStatus(far),
        startedAt: startedAt ?? Date.now(),
        endedAt: null,
        end: null,
        attempts: 0,
        waitingSince: null,
        restingSince: null,
      },
      { kind, text },
    );
    tell(job, 'info', text);
    job.results.clearFailures();
    supervisor().begin(job, 'run');
  };

  /** From here on nobody takes what the source keeps. */
  const resting = (job: Job) => ({ restingSince: keepsWal(job.record()) ? Date.now() : null });

  const paused = (job: Job, more: Partial<JobRecord> = {}): Promise<void> =>
    job.change(
      { status: 'manualPaused', waitingSince: null, ...resting(job), ...more },
      { kind: 'paused', text: 'The task is paused' },
    );
  const uncheck = (job: Job): Promise<void> =>
    job.change({ status: 'created', end: null }, { kind: 'check-stopped', text: 'The checks were stopped' });

  const cancel = async (job: Job, more: Partial<JobRecord> = {}): Promise<void> => {
    await course.rest(job);
    const now = Date.now();
    const left = cleaning.leave(job.record(), now);
    const over = {
      status: 'canceled' as const,
      endedAt: now,
      waitingSince: null,
      course: NO_COURSE,
      takingBack: false,
      ...left,
    };
    await job.change({ ...over, ...more }, { kind: 'stopped', text: 'The task was stopped' });
    cleaning.begin(job);
  };

  /** While clients are on the source everything is taken away at once; later a person says when the way back is given up. */
  const over = (job: Job): Partial<JobRecord> =>
    job.record().course.opened ? { restingSince: null } : cleaning.leave(job.record(), Date.now());

  const lose = async (job: Job, problem: string): Promise<void> => {
    await supervisor().drop(job);
    await course.rest(job);
    tell(job, 'error', problem);
    const end = { outcome: 'failed' as const, problem, hint: LOST_HINT, final: true };
    const failed = { status: 'failed' as const, endedAt: Date.now(), attempts: 0, waitingSince: null };
    await job.change({ ...failed, end, ...over(job) }, { kind: 'failed', text: problem });
    cleaning.begin(job);
  };

  const destroy = async (job: Job, by: 'person' | 'clock'): Promise<void> => {
    await cleaning.mustBeClean(job, by);
    await supervisor().drop(job);
    await deps.dropOthers(job.id);
    // What was there before is remembered in the folder of the task only.
    if (!(await settle(job)))
      throw new AppError({
        code: 'conflict',
        message: `The task ${job.id} cannot be destroyed yet: its target instance still has the settings of the load, and they cannot be set back now`,
        hint: 'Start or recover the instance and try again, or destroy the instance first.',
      });
    await store.remove(job.id);
    again.delete(job.id);
    log.write('info', 'migration task destroyed', { job: job.id });
  };

  const actions: Readonly<Record<Parameters<MigrationJobs['act']>[1], (job: Job) => Promise<void>>> = {
    async pause(job) {
      await job.change({ status: 'pausing' }, { kind: 'pausing', text: 'The task is asked to pause' });
      if (!supervisor().ask(job.id, 'pause')) await paused(job);
    },
    continue: (job) => beginRun(job, 'continued', 'The task goes on'),
    async resume(job) {
      const { end } = job.record();
      if (end?.final === true)
        throw new AppError({
          code: 'conflict',
          message: `The task ${job.id} cannot be resumed: ${end.problem}`,
          hint: end.hint,
        });
      await beginRun(job, 'resumed', 'The task is resumed');
    },
    takeBack: (job) => course.takeBack(job),
    finish: (job) => course.finish(job),
    async stop(job) {
      course.mustBeStoppable(job);
      const { status } = job.record();
      if (status === 'checking') {
        if (!supervisor().ask(job.id, 'stop')) await uncheck(job);
      } else if (status === 'readyRun') {
        await job.change({ status: 'checkPass' }, { kind: 'unscheduled', text: 'The start was taken back' });
      } else if (RUNNING.has(status)) {
        await job.change({ status: 'stopping' }, { kind: 'stopping', text: 'The task is asked to stop' });
        if (!supervisor().ask(job.id, 'stop')) await cancel(job);
      } else {
        await cancel(job);
      }
    },
    async isolate(job) {
      // What nobody watches must not keep the WAL of a source for days.
      if (job.record().status === 'failed' && keepsWal(job.record())) await cancel(job);
      const event = { kind: 'isolated', text: 'The task is isolated, to be destroyed in 7 days' };
      await job.change({ isolatedAt: Date.now() }, event);
    },
    recover: (job) => job.change({ isolatedAt: null }, { kind: 'recovered', text: 'The task was recovered' }),
    destroy: (job) => destroy(job, 'person'),
  };

  const endings = createEndings({ hearing, course, cleaning, settle, tell, paused, uncheck, cancel, resting, over });

  return {
    heard: { onEvent: hearing.onEvent, ...endings },
    course,
    async expect(job, mode) {
      // A comparison is beside the work of the task.
      if (mode !== 'compare') hearing.expect(job);
      if (mode === 'run') await course.expect(job);
    },
    checkingStep: hearing.checkingStep,
    lose,
    async check(id) {
      const job = store.must(id);
      const record = job.record();
      mustAllow(record, 'check', 'a check');
      if (!record.source || !record.target || !record.options) {
        throw new AppError({
          code: 'conflict',
          message: `The task ${id} is not configured yet`,
          hint: 'Set its source, target and objects first.',
        });
      }
      await beginCheck(job);
    },
    async start(id) {
      const job = store.must(id);
      const record = job.record();
      mustAllow(record, 'start', 'a start');
      const waits = record.status === 'checkPass' && record.runMode === 'timed' && (record.at ?? 0) > Date.now();
      if (!waits) await beginRun(job, 'started', 'The task begins');
      else await job.change({ status: 'readyRun' }, { kind: 'scheduled', text: 'The task waits for its time' });
    },
    async act(id, action) {
      const job = store.must(id);
      mustAllow(job.record(), action);
      await actions[action](job);
    },
    async resume() {
      for (const job of store.all()) {
        const { status } = job.record();
        if (status === 'checking') await beginCheck(job);
        if (RUNNING.has(status)) {
          const text = 'The control plane was started again: the task goes on';
          const now = status === 'readyComplete' ? { status: 'running' as const } : {};
          await job.change(now, { kind: 'restarted', text });
          tell(job, 'info', text);
          supervisor().begin(job, 'run');
        }
        if (status === 'pausing') await paused(job);
        if (status === 'stopping') await cancel(job);
        cleaning.begin(job);
      }
    },
    async tick(now, recycleMs) {
      const step = async (job: Job): Promise<void> => {
        const { status, at, isolatedAt } = job.record();
        cleaning.tick(job, now);
        if (isolatedAt !== null) {
          if (now - isolatedAt >= recycleMs && (again.get(job.id) ?? 0) <= now) await destroy(job, 'clock');
        } else if (status === 'readyRun' && (at ?? 0) <= now) {
          await beginRun(job, 'started', 'The time of the task has come');
        }
      };
      // Side by side: none waits for another one, or fails with it.
      await Promise.all([
        course.tick(now),
        ...store.all().map((job) =>
          step(job).catch((error: unknown) => {
            again.set(job.id, now + AGAIN_MS);
            if (error instanceof AppError)
              log.write('warn', 'the time of a task has come in vain', { job: job.id, reason: error.message });
            else log.bug(`the time of ${job.id}`, error);
          }),
        ),
      ]);
    },
  };
}
