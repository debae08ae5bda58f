import { setTimeout as pause } from 'node:timers/promises';
import { AppError, throwIfAborted } from '../../../../shared/errors';
import type { Asking } from './follow-model';

const END_MS = 10_000;

/**
 * Ends processes of the receiving side that a lost connection has left, and waits until they are gone: one of them may still commit what it was
 * sent. Others that have taken a number over are left alone by their name. Fails with `lost-connection` when one does not end.
 */
export async function endBackends(asking: Asking, pids: readonly number[], signal: AbortSignal): Promise<void> {
  if (pids.length === 0) return;
  for (const deadline = Date.now() + END_MS; ;) {
    const left = await asking((session) =>
      session.query(
        `SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity
          WHERE pid = ANY ($1::int4[]) AND pid <> pg_catalog.pg_backend_pid()
            AND application_name = pg_catalog.current_setting('application_name')`,
        [pids],
        signal,
      ),
    );
    if (left.length === 0) return;
    if (Date.now() > deadline) break;
    await pause(50);
    throwIfAborted(signal);
  }
  throw new AppError({
    code: 'lost-connection',
    message: 'A session that applied changes does not end',
    hint: `Look into pg_stat_activity for the processes ${pids.join(', ')}.`,
    retry: true,
  });
}
