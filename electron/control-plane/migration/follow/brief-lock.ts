import { setTimeout as pause } from 'node:timers/promises';
import { errorInfo, throwIfAborted } from '../../../../shared/errors';
import type { PgSession } from '../../../adapters/postgres/session';

/** Whoever uses the table must not queue behind us for longer. */
const LOCK = '2s';
const PAUSE_MS = 500;
/** How long it is tried. */
const PATIENCE_MS = 300_000;
const LOCK_NOT_AVAILABLE = '55P03';

/** Runs a statement that locks a table which is in use, again and again until the lock is to be had at once. Fails with `sql` after five minutes. */
export async function underBriefLock(session: PgSession, statement: string, signal: AbortSignal): Promise<void> {
  for (const deadline = Date.now() + PATIENCE_MS; ;) {
    try {
      // In one message: it is one transaction, and the setting ends with it.
      await session.query(`SET LOCAL lock_timeout = '${LOCK}'; ${statement}`, [], signal);
      return;
    } catch (error) {
      if (errorInfo(error).sqlstate !== LOCK_NOT_AVAILABLE || Date.now() > deadline) throw error;
      await pause(PAUSE_MS, undefined, { signal }).catch(() => undefined);
      throwIfAborted(signal);
    }
  }
}
