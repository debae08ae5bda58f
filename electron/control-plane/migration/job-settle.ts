import { errorInfo } from '../../../shared/errors';
import type { JobStatus } from '../../../shared/model/migration';
import { openSession } from '../../adapters/postgres/session';
import type { Logger } from '../../log';
import { profileOf } from './endpoint';
import { reach, type AddressDeps } from './endpoint-address';
import { isTuned, untuneTarget } from './finish/tune';
import type { Job, JobStore } from './store';

/** Sets back what a worker that was lost has left changed on a target. */
export interface Settler {
  /** Whether nothing is left. Never fails: what cannot be set back now is tried again by `tick`. */
  settle(job: Job): Promise<boolean>;
  /** Looks at tasks that nobody works on. */
  tick(now: number): Promise<void>;
}

const EVERY_MS = 30_000;
/** After a target that could not be reached. */
const AGAIN_MS = 300_000;
const TRY_MS = 10_000;
const AT_REST: ReadonlySet<JobStatus> = new Set(['failed', 'canceled', 'success']);

export function createSettler(deps: {
  readonly store: JobStore;
  readonly address: AddressDeps;
  readonly log: Logger;
  /** Ends what is tried when the daemon ends. */
  readonly signal: AbortSignal;
}): Settler {
  const { store, address, log } = deps;
  /** When each task is looked at next. */
  const next = new Map<string, number>();

  const untune = async (job: Job): Promise<void> => {
    const { target } = job.record();
    if (!target || !(await isTuned(job.folder))) return;
    const signal = AbortSignal.any([deps.signal, AbortSignal.timeout(TRY_MS)]);
    const side = await reach(address, target, job.secrets().target);
    const session = await openSession(profileOf(side, target.database, job.id), signal);
    try {
      await untuneTarget({
        session,
        folder: job.folder,
        signal,
        telling: {
          log: (level, text) => job.log.append({ at: Date.now(), level, text }),
          step: () => undefined,
          table: () => undefined,
          object: () => undefined,
          findings: () => undefined,
        },
      });
    } finally {
      await session.end();
    }
  };
  const settle = async (job: Job): Promise<boolean> => {
    try {
      await untune(job);
      return true;
    } catch (error) {
      const reason = errorInfo(error).message;
      log.write('warn', 'the settings of a target are still those of the load', { job: job.id, reason });
      return false;
    }
  };
  return {
    settle,
    async tick(now) {
      for (const job of store.all()) {
        if (!AT_REST.has(job.record().status)) next.delete(job.id);
        else if ((next.get(job.id) ?? 0) <= now) {
          next.set(job.id, now + ((await settle(job)) ? EVERY_MS : AGAIN_MS));
        }
      }
    },
  };
}
