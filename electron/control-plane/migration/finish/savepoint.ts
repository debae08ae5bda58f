import { AppError } from '../../../../shared/errors';
import type { PgSession } from '../../../adapters/postgres/session';

const NO_TRANSACTION = '25P01';

/**
 * Reads something within a savepoint that is undone afterwards: a failure does not break the transaction with its snapshot, and the locks of what was
 * read are given back. Without a transaction the work runs as it is.
 */
export async function readAside<T>(session: PgSession, work: () => Promise<T>): Promise<T> {
  try {
    await session.query('SAVEPOINT howdah_aside');
  } catch (error) {
    if (!(error instanceof AppError) || error.info.sqlstate !== NO_TRANSACTION) throw error;
    return work();
  }
  try {
    return await work();
  } finally {
    // A session that is gone cannot go back, and has told why already.
    if (!session.closed) {
      await session.query('ROLLBACK TO SAVEPOINT howdah_aside');
      await session.query('RELEASE SAVEPOINT howdah_aside');
    }
  }
}
