import { AppError } from '../../../shared/errors';
import type { Logger } from '../../log';
import { cleaningSql } from './job-left';
import { cleanDelay, GIVE_UP_MS, keepsWal, namesOf } from './job-rules';
import type { JobRecord } from './record';
import type { Job } from './store';
import type { Supervisor } from './supervise';
import type { WorkerEnd } from './worker-protocol';

/** How long a person who destroys a task waits for its source to be cleaned. */
const WAIT_MS = 20_000;

export interface CleanDeps {
  readonly log: Logger;
  readonly supervisor: () => Supervisor;
}

/** Takes away what incremental tasks that were given up have left on their sources, until nothing is left. */
export interface Cleaning {
  /** What a record becomes whose task is given up; what is being taken away already stays to be. */
  leave(record: JobRecord, now: number): Pick<JobRecord, 'toClean' | 'restingSince'>;
  /** Begins at once when something is left. */
  begin(job: Job): void;
  onEnd(job: Job, end: WorkerEnd): Promise<void>;
  /**
   * Fails with `conflict` when something is left. A person has it tried at once, and goes on without it when the source has been away for a day.
   */
  mustBeClean(job: Job, by: 'person' | 'clock'): Promise<void>;
  tick(job: Job, now: number): void;
}

export function createCleaning({ log, supervisor }: CleanDeps): Cleaning {
  const working = new Set<string>();
  const waiting = new Map<string, (() => void)[]>();

  const begin = (job: Job): void => {
    if (working.has(job.id) || job.record().toClean === null) return;
    working.add(job.id);
    supervisor().begin(job, 'clean');
  };

  const over = (job: Job): void => {
    working.delete(job.id);
    for (const told of waiting.get(job.id) ?? []) told();
    waiting.delete(job.id);
  };

  /** Resolves after the attempt at hand, however it ended, or when it takes too long. */
  const attempt = (job: Job): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, WAIT_MS);
      const told = (): void => {
        clearTimeout(timer);
        resolve();
      };
      waiting.set(job.id, [...(waiting.get(job.id) ?? []), told]);
      begin(job);
    });

  return {
    leave: (record, now) => ({
      restingSince: null,
      toClean: record.toClean ?? (keepsWal(record) ? { since: now, attempts: 0, nextAt: now, problem: '' } : null),
    }),
    begin,
    async onEnd(job, end) {
      working.delete(job.id);
      const { toClean } = job.record();
      if (toClean) {
        if (end.outcome === 'done')
          await job.change({ toClean: null }, { kind: 'cleaned', text: 'Nothing of the task is left on its source' });
        else {
          const attempts = toClean.attempts + 1;
          const problem = job.scrub(end.problem);
          job.log.append({ at: Date.now(), level: 'warning', text: `The source is not clean yet: ${problem}` });
          const change = { toClean: { ...toClean, attempts, problem, nextAt: Date.now() + cleanDelay(attempts) } };
          const event = { kind: 'not-cleaned', text: `What is left on the source is not taken away yet: ${problem}` };
          await (problem === toClean.problem ? job.change(change) : job.change(change, event));
        }
      }
      over(job);
    },
    async mustBeClean(job, by) {
      if (job.record().toClean && by === 'person') await attempt(job);
      const { toClean } = job.record();
      if (!toClean) return;
      if (by === 'person' && Date.now() - toClean.since >= GIVE_UP_MS) {
        log.write('warn', 'a task is destroyed though its source could not be cleaned', {
          job: job.id,
          sql: cleaningSql(job.id),
        });
        return;
      }
      const why = toClean.problem === '' ? '' : ` (${toClean.problem})`;
      throw new AppError({
        code: 'conflict',
        message: `The task ${job.id} cannot be destroyed yet: its replication slots and publications ${namesOf(job.id)}… are still on the source and keep its WAL${why}`,
        hint: `They are taken away as soon as the source can be reached. If it never can be, run there, and on the target, in each database of the task: ${cleaningSql(job.id)} A day after it was stopped, the task can be destroyed all the same.`,
      });
    },
    tick(job, now) {
      const { toClean } = job.record();
      if (toClean && toClean.nextAt <= now) begin(job);
    },
  };
}
