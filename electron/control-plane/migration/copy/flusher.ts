import { setTimeout as pause } from 'node:timers/promises';

/**
 * Makes everything that was committed on the target with `synchronous_commit = off` durable. Whoever asks while a flush is under way shares
 * the next one: a commit that waits for the disk flushes all commits before it. `flush` runs one; what it fails with is told to all who wait.
 * `gatherMs`: so long others are waited for before each, because it costs the disk of the target a turn.
 */
export function createFlusher(flush: () => Promise<void>, gatherMs = 0): () => Promise<void> {
  let running: Promise<void> | null = null;
  let next: Promise<void> | null = null;
  let gathers = false;
  const run = async (): Promise<void> => {
    if (gatherMs > 0) {
      gathers = true;
      await pause(gatherMs);
      gathers = false;
    }
    await flush();
  };
  const begin = (): Promise<void> => {
    running = run().finally(() => (running = null));
    return running;
  };
  return () => {
    if (!running) return begin();
    if (gathers) return running;
    // What was committed after the running one began may not be covered by it.
    next ??= running
      .catch(() => undefined)
      .then(() => {
        next = null;
        return begin();
      });
    return next;
  };
}

/**
 * A commit that waits for the disk. It must have written something: the server commits a transaction that has not, in the same way as one with
 * `synchronous_commit = off`, whatever the setting says.
 */
export const FLUSH =
  "BEGIN; SET LOCAL synchronous_commit = on; SELECT pg_catalog.pg_logical_emit_message(true, 'howdah', ''); COMMIT";
