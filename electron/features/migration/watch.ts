import type { Logger } from '../../log';

/** A task as a look at the list sees it: everything that a page of it may show. */
export interface Seen {
  readonly id: string;
  readonly status: string;
}

/** Follows the tasks at which something is going on. */
export interface MigrationWatch {
  /** Begins to look, unless it does already; `changed` are told at once. */
  start(...changed: readonly string[]): void;
  stop(): void;
}

/** Milliseconds between two looks while a worker is at it, and while a task only waits for its time. */
const BUSY_MS = 500;
const WAITING_MS = 5_000;

/**
 * Looks while anything is busy and tells which tasks may have changed: the busy ones at every look, and those that just ceased to be.
 * @param busy the tasks at which something is going on
 */
export function createMigrationWatch(
  busy: (signal: AbortSignal) => Promise<readonly Seen[]>,
  changed: (ids: string[]) => void,
  log: Logger,
): MigrationWatch {
  const ending = new AbortController();
  let running = false;
  let again = false;
  let wake: () => void = () => undefined;

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const run = async (): Promise<void> => {
    let before = new Map<string, string>();
    while (!ending.signal.aborted) {
      again = false;
      const seen = await busy(ending.signal).catch((error: unknown) => {
        if (before.size === 0) throw error;
        // The daemon may be starting anew: what was busy is still of interest.
        return null;
      });
      if (seen === null) {
        await pause(WAITING_MS);
        continue;
      }
      const now = new Map(seen.map(({ id, status }) => [id, status]));
      const moving = seen.filter(({ id, status }) => status !== 'readyRun' || before.get(id) !== status);
      const ended = [...before.keys()].filter((id) => !now.has(id));
      const ids = [...moving.map(({ id }) => id), ...ended];
      if (ids.length > 0) changed(ids);
      before = now;
      if (now.size === 0 && !again) return;
      await pause(moving.length > 0 ? BUSY_MS : WAITING_MS);
    }
  };

  return {
    start(...ids) {
      if (ids.length > 0) changed([...ids]);
      again = true;
      wake();
      if (running || ending.signal.aborted) return;
      running = true;
      run()
        .catch((error: unknown) => {
          if (!ending.signal.aborted) log.write('warn', 'watching the migrations failed', { reason: String(error) });
        })
        .finally(() => (running = false));
    },
    stop() {
      ending.abort();
      wake();
    },
  };
}
