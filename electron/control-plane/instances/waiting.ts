import { AppError } from '../../../shared/errors';
import { changeRecord } from './change-record';
import type { Ground } from './context';
import type { Operations } from './operations';
import type { InstanceRecord } from './record';
import { nextWindow } from './windows';

const TICK_MS = 2_000;

/** Begins operations that wait for their time when it has come; one that could not begin in it waits for the next. */
export function startWaiting({ ground, operations }: { readonly ground: Ground; readonly operations: Operations }): {
  stop(): void;
} {
  const { repository, log } = ground;

  const lookAt = async ({ id, waiting, operation, maintenance }: InstanceRecord, now: number): Promise<void> => {
    if (!waiting || operation || now < waiting.from) return;
    if (now >= waiting.until) {
      await changeRecord(repository, id, { waiting: { ...waiting, ...nextWindow(waiting, maintenance, now) } });
      return;
    }
    try {
      await operations.beginWaiting(id);
    } catch (error) {
      // Not now (no standby that may take over, for one): the window is not over.
      if (!(error instanceof AppError)) throw error;
      log.write('info', 'an operation that waits cannot begin yet', { instance: id, reason: error.message });
    }
  };

  const timer = setInterval(() => {
    const now = Date.now();
    for (const record of repository.all()) {
      lookAt(record, now).catch((error: unknown) => void log.bug(`what waits of ${record.id}`, error));
    }
  }, TICK_MS);
  return { stop: () => clearInterval(timer) };
}
