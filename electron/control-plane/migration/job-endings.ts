import type { JobStatus, MigrationLogLine } from '../../../shared/model/migration';
import type { Cleaning } from './job-clean';
import type { CourseControl } from './job-course';
import type { Hearing } from './job-hearing';
import { checkedStatus, mayRetry, waitDelay } from './job-rules';
import type { JobRecord } from './record';
import type { Job } from './store';
import type { SuperviseDeps } from './supervise';
import type { WorkerEnd } from './worker-protocol';

/** What a task may become when its worker ends or is lost. */
export interface EndingDeps {
  readonly hearing: Hearing;
  readonly course: CourseControl;
  readonly cleaning: Cleaning;
  readonly settle: (job: Job) => Promise<boolean>;
  readonly tell: (job: Job, level: MigrationLogLine['level'], text: string) => void;
  readonly paused: (job: Job, more?: Partial<JobRecord>) => Promise<void>;
  readonly uncheck: (job: Job) => Promise<void>;
  readonly cancel: (job: Job, more?: Partial<JobRecord>) => Promise<void>;
  readonly resting: (job: Job) => Partial<JobRecord>;
  /** What a record becomes whose task can never go on. */
  readonly over: (job: Job) => Partial<JobRecord>;
}

/** Statuses in which a task that ends for a fault of the program would look as if it was at work. */
const AT_WORK: ReadonlySet<JobStatus> = new Set([
  'checking',
  'running',
  'readyComplete',
  'completing',
  'guarding',
  'pausing',
]);

/** Whether it has caught up is for the next worker to say. */
const notReady = (job: Job): Partial<JobRecord> =>
  job.record().status === 'readyComplete' ? { status: 'running' } : {};

/** What becomes of tasks when their workers end, wait or are lost. */
export function createEndings(deps: EndingDeps): Omit<SuperviseDeps, 'program' | 'log' | 'orderOf' | 'onEvent'> {
  const { hearing, course, cleaning, settle, tell, paused, uncheck, cancel, resting, over } = deps;

  const withoutSecretsIn = (job: Job, end: WorkerEnd): WorkerEnd => ({
    ...end,
    problem: job.scrub(end.problem),
    hint: job.scrub(end.hint),
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
    const { status, course: far } = job.record();
    await course.rest(job);
    if (end.outcome === 'done') {
      const text = far.back ? 'The cut-over is undone' : 'The task is complete';
      tell(job, 'info', text);
      await job.change({ ...settled, status: 'success', endedAt }, { kind: 'success', text });
    } else if (end.outcome === 'paused') {
      await paused(job, settled);
    } else if (end.outcome === 'stopped' || status === 'stopping') {
      await cancel(job, settled);
    } else {
      tell(job, 'error', end.problem);
      // What was begun of a cut-over goes on when the task is resumed: only a worker can undo it.
      const left = end.final === true ? over(job) : resting(job);
      await job.change({ ...settled, status: 'failed', endedAt, ...left }, { kind: 'failed', text: end.problem });
      cleaning.begin(job);
    }
  };

  return {
    async onWaits(job, told) {
      const now = Date.now();
      const end = withoutSecretsIn(job, told);
      const { attempts, waitingSince, events } = job.record();
      const since = waitingSince ?? now;
      if (!mayRetry({ ...job.record(), waitingSince: since }, now)) return null;
      const delay = waitDelay(attempts + 1);
      tell(job, 'warning', `${end.problem}; next attempt in ${Math.round(delay / 1000)} s`);
      const known = events[0]?.kind === 'waits' && events[0].text === end.problem;
      const change = { end, attempts: attempts + 1, waitingSince: since, ...notReady(job) };
      await (known ? job.change(change) : job.change(change, { kind: 'waits', text: end.problem }));
      return delay;
    },
    async onLost(job, text, delayMs) {
      tell(job, 'warning', `${text}; another one begins in ${delayMs} ms`);
      await job.change(notReady(job), { kind: 'worker-lost', text });
    },
    async onEnd(job, mode, end) {
      if (mode === 'run') await settle(job);
      await (mode === 'check' ? checked(job, end) : mode === 'clean' ? cleaning.onEnd(job, end) : ran(job, end));
      await job.results.flush();
    },
    async onBroken(job, mode, end) {
      hearing.endCheck(job.id);
      const { status } = job.record();
      if (mode === 'clean') await cleaning.onEnd(job, end);
      else if (status === 'stopping') await cancel(job);
      else if (AT_WORK.has(status))
        await job.change(
          mode === 'check'
            ? { status: 'checkNotPass', end }
            : { status: 'failed', end, endedAt: Date.now(), waitingSince: null, ...resting(job) },
          { kind: 'failed', text: end.problem },
        );
    },
  };
}
