import { AppError } from '../../../../shared/errors';
import type { PgSession } from '../../../adapters/postgres/session';

const NO_TRANSACTION = '25P01';
const SAVEPOINT = 'howdah_aside';

/** The last one of each session: while one has failed and is not undone, another would fail with it. */
const turns = new WeakMap<PgSession, Promise<unknown>>();

async function inSavepoint<T>(session: PgSession, work: () => Promise<T>): Promise<T> {
  try {
    await session.query(`SAVEPOINT ${SAVEPOINT}`);
  } catch (error) {
    if (!(error instanceof AppError) || error.info.sqlstate !== NO_TRANSACTION) throw error;
    return work();
  }
  try {
    return await work();
  } finally {
    // A session that is gone cannot go back, and has told why already.
    if (!session.closed) await session.query(`ROLLBACK TO SAVEPOINT ${SAVEPOINT}; RELEASE SAVEPOINT ${SAVEPOINT}`);
  }
}

/**
 * Reads something within a savepoint that is undone afterwards: a failure does not break the transaction with its snapshot, and the locks of what was
 * read are given back. Those of one session come one after the other, so the work should be short. Without a transaction it runs as it is.
 */
export function readAside<T>(session: PgSession, work: () => Promise<T>): Promise<T> {
  const before = turns.get(session) ?? Promise.resolve();
  const turn = before.then(() => inSavepoint(session, work));
  turns.set(
    session,
    turn.catch((_told: unknown) => undefined),
  );
  return turn;
}
