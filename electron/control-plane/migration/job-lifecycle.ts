import { AppError } from '../../../shared/errors';
import { type JobStatus, type MigrationLogLine } from '../../../shared/model/migration';
import type { Logger } from '../../log';
import { mustAllow } from './job-configuration';
import { createHearing } from './job-hearing';
import { checkedStatus, mayRetry, waitDelay } from './job-rules';
import type { MigrationJobs } from './job-service';
import type { Job, JobStore } from './store';
import type { SuperviseDeps, Supervisor } from './supervise';
import type { WorkerEnd } from './worker-protocol';

export interface LifecycleDeps {
  readonly store: JobStore;
  readonly log: Logger;
  readonly supervisor: () => Supervisor;
  /** Sets back what was changed for the load, after it and before a task is forgotten. */
  readonly settle: (job: Job) => Promise<boolean>;
}

/** After a task that could not be destroyed. */
const AGAIN_MS = 300_000;
const AT_WORK: ReadonlySet<JobStatus> = new Set(['checking', 'running', 'pausing']);

type Lifecycle = Pick<MigrationJobs, 'check' | 'start' | 'act'> & {
  /** What workers tell and how they end. */
  readonly heard: Pick<SuperviseDeps, 'onEvent' | 'onWaits' | 'onLost' | 'onEnd' | 'onBroken'>;
  /** To be called before each worker. */
  readonly expect: (job: Job) => void;
  readonly checkingStep: (id: string) => string | null;
  /** Goes on with what an earlier daemon left. */
  readonly resume: () => Promise<void>;
  /** Begins what is due, destroys what was isolated long enough. */
  readonly tick: (now: number, recycleMs: number) => Promise<void>;
};

/** What follows what in the life of a task. */
export function createLifecycle({ store, log, supervisor, settle }: LifecycleDeps): Lifecycle {
  const hearing = createHearing(log, supervisor);

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
    const { startedAt } = job.record();
    await job.change(
      {
        status: 'running',
        startedAt: startedAt ?? Date.now(),
        endedAt: null,
        end: null,
        attempts: 0,
        waitingSince: null,
      },
      { kind, text },
    );
    tell(job, 'info', text);
    job.results.clearFailures();
    supervisor().begin(job, 'run');
  };

  const paused = (job: Job): Promise<void> =>
    job.change({ status: 'manualPaused', waitingSince: null }, { kind: 'paused', text: 'The task is paused' });
  const uncheck = (job: Job): Promise<void> =>
    job.change({ status: 'created', end: null }, { kind: 'check-stopped', text: 'The checks were stopped' });

  const cancel = (job: Job): Promise<void> =>
    job.change(
      { status: 'canceled', endedAt: Date.now(), waitingSince: null },
      { kind: 'stopped', text: 'The task was stopped' },
    );

  const destroy = async (job: Job): Promise<void> => {
    await supervisor().drop(job);
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
    resume: (job) => beginRun(job, 'resumed', 'The task is resumed'),
    async stop(job) {
      const { status } = job.record();
      if (status === 'checking') {
        if (!supervisor().ask(job.id, 'stop')) await uncheck(job);
      } else if (status === 'readyRun') {
        await job.change({ status: 'checkPass' }, { kind: 'unscheduled', text: 'The start was taken back' });
      } else if (status === 'running') {
        await job.change({ status: 'stopping' }, { kind: 'stopping', text: 'The task is asked to stop' });
        if (!supervisor().ask(job.id, 'stop')) await cancel(job);
      } else {
        await cancel(job);
      }
    },
    isolate: (job) =>
      job.change(
        { isolatedAt: Date.now() },
        { kind: 'isolated', text: 'The task is isolated, to be destroyed in 7 days' },
      ),
    recover: (job) => job.change({ isolatedAt: null }, { kind: 'recovered', text: 'The task was recovered' }),
    destroy,
  };

  const withoutSecretsIn = (job: Job, { outcome, problem, hint }: WorkerEnd): WorkerEnd => ({
    outcome,
    problem: job.scrub(problem),
    hint: job.scrub(hint),
  });

  const checked = async (job: Job, told: WorkerEnd): Promise<void> => {
    const end = withoutSecretsIn(job, told);
    hearing.endCheck(job.id);
    if (end.outcome === 'stopped' || end.outcome === 'paused') {
      await uncheck(job);
      return;
    }
    const { findings } = job.results;
    const whole = end.outcome === 'done' || end.outcome === 'incomplete';
    const status = whole ? checkedStatus(findings) : 'checkNotPass';
    const failed = findings.filter(({ level }) => level === 'failed').length;
    const problem = whole
      ? findings.length === 0
        ? 'The checks found nothing'
        : `${failed} checks failed`
      : end.problem;
    await job.change(
      {
        status,
        checkedAt: Date.now(),
        end: status === 'checkPass' ? end : { outcome: 'failed', problem, hint: end.hint },
      },
      status === 'checkPass'
        ? { kind: 'check-passed', text: 'The checks passed' }
        : { kind: 'check-not-passed', text: `The checks did not pass: ${problem}` },
    );
  };

  const ran = async (job: Job, told: WorkerEnd): Promise<void> => {
    const end = withoutSecretsIn(job, told);
    const endedAt = Date.now();
    const settled = { end, attempts: 0, waitingSince: null };
    if (end.outcome === 'done') {
      tell(job, 'info', 'The task is complete');
      await job.change({ ...settled, status: 'success', endedAt }, { kind: 'success', text: 'The task is complete' });
    } else if (end.outcome === 'paused') {
      await job.change({ ...settled, status: 'manualPaused' }, { kind: 'paused', text: 'The task is paused' });
    } else if (end.outcome === 'stopped' || job.record().status === 'stopping') {
      await job.change({ ...settled, status: 'canceled', endedAt }, { kind: 'stopped', text: 'The task was stopped' });
    } else {
      tell(job, 'error', end.problem);
      await job.change({ ...settled, status: 'failed', endedAt }, { kind: 'failed', text: end.problem });
    }
  };

  const heard: Lifecycle['heard'] = {
    onEvent: hearing.onEvent,
    async onWaits(job, told) {
      const now = Date.now();
      const end = withoutSecretsIn(job, told);
      const { attempts, waitingSince, events } = job.record();
      const since = waitingSince ?? now;
      if (!mayRetry({ ...job.record(), waitingSince: since }, now)) return null;
      const delay = waitDelay(attempts + 1);
      tell(job, 'warning', `${end.problem}; next attempt in ${Math.round(delay / 1000)} s`);
      const known = events[0]?.kind === 'waits' && events[0].text === end.problem;
      const change = { end, attempts: attempts + 1, waitingSince: since };
      await (known ? job.change(change) : job.change(change, { kind: 'waits', text: end.problem }));
      return delay;
    },
    async onLost(job, text, delayMs) {
      tell(job, 'warning', `${text}; another one begins in ${delayMs} ms`);
      await job.change({}, { kind: 'worker-lost', text });
    },
    async onEnd(job, mode, end) {
      if (mode === 'run') await settle(job);
      await (mode === 'check' ? checked(job, end) : ran(job, end));
      await job.results.flush();
    },
    async onBroken(job, mode, end) {
      hearing.endCheck(job.id);
      const { status } = job.record();
      if (status === 'stopping') await cancel(job);
      else if (AT_WORK.has(status))
        await job.change(
          mode === 'check'
            ? { status: 'checkNotPass', end }
            : { status: 'failed', end, endedAt: Date.now(), waitingSince: null },
          { kind: 'failed', text: end.problem },
        );
    },
  };

  return {
    heard,
    expect: hearing.expect,
    checkingStep: hearing.checkingStep,
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
        if (status === 'running') {
          const text = 'The control plane was started again: the task goes on';
          await job.change({}, { kind: 'restarted', text });
          tell(job, 'info', text);
          supervisor().begin(job, 'run');
        }
        if (status === 'pausing') await paused(job);
        if (status === 'stopping') await cancel(job);
      }
    },
    async tick(now, recycleMs) {
      const step = async (job: Job): Promise<void> => {
        const { status, at, isolatedAt } = job.record();
        if (isolatedAt !== null) {
          if (now - isolatedAt >= recycleMs && (again.get(job.id) ?? 0) <= now) await destroy(job);
        } else if (status === 'readyRun' && (at ?? 0) <= now) {
          await beginRun(job, 'started', 'The time of the task has come');
        }
      };
      // Side by side: none waits for another one, or fails with it.
      await Promise.all(
        store.all().map((job) =>
          step(job).catch((error: unknown) => {
            again.set(job.id, now + AGAIN_MS);
            if (error instanceof AppError)
              log.write('warn', 'the time of a task has come in vain', { job: job.id, reason: error.message });
            else log.bug(`the time of ${job.id}`, error);
          }),
        ),
      );
    },
  };
}
