import type { InstanceView } from '../../../shared/model/instance';
import type { Logger } from '../../log';

/** Looks at the instances from an operation's begin to its end and tells of every change. */
export interface Watch {
  start(): void;
  stop(): void;
}

/** Statuses in which nothing happens by itself. */
const STILL: ReadonlySet<string> = new Set(['running', 'limited run', 'isolated', 'offline', 'readonly', 'waitSwitch']);

export const isStill = (status: string): boolean => STILL.has(status);

/** `periodMs`: between two looks; a cloud counts requests. */
export function createWatch(
  list: (signal: AbortSignal) => Promise<readonly InstanceView[]>,
  changed: () => void,
  log: Logger,
  periodMs: number,
): Watch {
  const ending = new AbortController();
  let running = false;
  let again = false;

  const pause = (): Promise<void> =>
    new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        ending.signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, periodMs);
      ending.signal.addEventListener('abort', done);
    });

  const run = async (): Promise<void> => {
    let before = '';
    while (!ending.signal.aborted) {
      again = false;
      const seen = await list(ending.signal);
      const now = JSON.stringify(seen);
      const same = now === before;
      if (!same) changed();
      before = now;
      // Recycled instances are about to vanish here; a cloud may go on showing them.
      if (!again && seen.every(({ status }) => isStill(status) || (same && status === 'recycled'))) return;
      await pause();
    }
  };

  return {
    start() {
      again = true;
      if (running) return;
      running = true;
      run()
        .catch((error: unknown) => {
          if (!ending.signal.aborted) log.write('warn', 'watching the instances failed', { reason: String(error) });
        })
        .finally(() => (running = false));
    },
    stop: () => ending.abort(),
  };
}
