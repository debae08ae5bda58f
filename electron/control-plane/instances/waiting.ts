import { AppError } from '../../../shared/errors';
import { changeRecord, noteEvent } from './change-record';
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
  /** Why the operation of an instance could not begin, as it was told last. */
  const told = new Map<string, string>();

  const lookAt = async ({ id, waiting, operation, maintenance }: InstanceRecord, now: number): Promise<void> => {
    if (!waiting || operation || now < waiting.from) return;
    if (now >= waiting.until) {
      await changeRecord(repository, id, { waiting: { ...waiting, ...nextWindow(waiting, maintenance, now) } });
      return;
    }
    try {
      await operations.beginWaiting(id);
      told.delete(id);
    } catch (error) {
      // Not now (no standby that may take over, no memory left for it): the window is not over.
      if (!(error instanceof AppError)) throw error;
      if (told.get(id) === error.message) return;
      told.set(id, error.message);
      const text = `What waits for its time cannot begin yet: ${error.message}`;
      await noteEvent(repository, id, { level: 'warn', kind: 'postponed', text });
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
