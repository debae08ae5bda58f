import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { errorInfo } from '../../../shared/errors';
import type { JobStatus } from '../../../shared/model/migration';
import type { PgSession } from '../../adapters/postgres/session';
import type { Logger } from '../../log';
import type { Instances } from '../instances/instance-service';
import { localInstance, mayTune, type AddressDeps } from './endpoint-address';
import { isTuned, tuneTarget, untuneTarget } from './finish/tune';
import type { Job, JobStore } from './store';

/**
 * An instance of this control plane that is loaded and that nobody uses yet is tuned for the load, and set back. Its accounts may not do that:
 * the daemon does, beside the worker. What was there before is remembered on disk before it is changed, so that it is set back also when
 * daemon or worker were killed.
 */
export interface Tuning {
  /** Before a worker begins. Never fails: a target can be loaded without. */
  tune(job: Job): Promise<void>;
  /** Whether nothing is left. Never fails: what cannot be set back now is tried again by `tick`. */
  settle(job: Job): Promise<boolean>;
  /** Looks at tasks that nobody works on. */
  tick(now: number): Promise<void>;
}

const EVERY_MS = 30_000;
/** After an instance that could not be asked. */
const AGAIN_MS = 300_000;
const TRY_MS = 10_000;
const AT_REST: ReadonlySet<JobStatus> = new Set(['manualPaused', 'failed', 'canceled', 'success']);
/** GB. Of a smaller disk the WAL of a load would take too much. */
const DISK_LEAST = 20;

/** A folder for each instance that was tuned: how the target is named may lead to no instance any more when it is set back. */
const folderOf = (job: Job): string => join(job.folder, 'instance');

export interface TuningDeps {
  readonly store: JobStore;
  readonly address: AddressDeps;
  readonly instances: Pick<Instances, 'get' | 'withSuperuser'>;
  readonly log: Logger;
  /** Ends what is tried when the daemon ends. */
  readonly signal: AbortSignal;
}

export function createTuning({ store, address, instances, log, signal: ending }: TuningDeps): Tuning {
  /** When each task is looked at next. */
  const next = new Map<string, number>();

  const onInstance = async (job: Job, id: string, work: typeof tuneTarget): Promise<void> => {
    const folder = join(folderOf(job), id);
    const signal = AbortSignal.any([ending, AbortSignal.timeout(TRY_MS)]);
    const telling = {
      log: (level: 'info' | 'warning' | 'error', text: string) => job.log.append({ at: Date.now(), level, text }),
      step: () => undefined,
      table: () => undefined,
      object: () => undefined,
      findings: () => undefined,
    };
    const inSession = (session: PgSession): Promise<void> => work({ session, folder, telling, signal });
    await instances.withSuperuser(id, 'postgres', inSession, signal);
  };

  /** Tasks whose target is loaded as it is, and whose log says why. */
  const told = new Set<string>();
  const leave = (job: Job, why: string): void => {
    if (told.has(job.id)) return;
    told.add(job.id);
    job.log.append({ at: Date.now(), level: 'info', text: `The target is loaded with its own settings: ${why}` });
  };

  const settle = async (job: Job): Promise<boolean> => {
    try {
      const ids = existsSync(folderOf(job)) ? await readdir(folderOf(job)) : [];
      for (const id of ids)
        if (instances.get(id) && (await isTuned(join(folderOf(job), id)))) await onInstance(job, id, untuneTarget);
      return true;
    } catch (error) {
      const reason = errorInfo(error).message;
      log.write('warn', 'the settings of an instance are still those of a load', { job: job.id, reason });
      return false;
    }
  };
  return {
    settle,
    async tune(job) {
      const { target, options } = job.record();
      if (!target || !options || options.type === 'structure' || !options.tuneTarget) return;
      try {
        const instance = localInstance(address, target);
        if (!instance) return;
        if (instance.storageGb < DISK_LEAST) {
          leave(
            job,
            `its disk of ${instance.storageGb} GB is below the ${DISK_LEAST} GB that the WAL of a load may need`,
          );
          return;
        }
        if (!(await mayTune(address, target, job.id))) {
          leave(job, 'others are connected to it');
          return;
        }
        await onInstance(job, instance.id, tuneTarget);
      } catch (error) {
        const reason = errorInfo(error).message;
        log.write('warn', 'an instance is loaded with its own settings', { job: job.id, reason });
      }
    },
    async tick(now) {
      for (const job of store.all()) {
        const { status, phase } = job.record();
        // What is copied and only follows is at rest, too.
        if (!AT_REST.has(status) && phase === null) next.delete(job.id);
        else if ((next.get(job.id) ?? 0) <= now) {
          next.set(job.id, now + EVERY_MS);
          if (!(await settle(job))) next.set(job.id, now + AGAIN_MS);
        }
      }
    },
  };
}
