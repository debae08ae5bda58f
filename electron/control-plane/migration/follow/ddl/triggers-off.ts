import { AppError } from '../../../../../shared/errors';
import type { PgSession } from '../../../../adapters/postgres/session';

/** What a server says to somebody who may not set it. */
const NOT_ALLOWED = '42501';

/** Whether triggers and foreign keys of a server can be kept from seeing what sessions of the account write. */
export async function mayHideFromTriggers(session: PgSession, signal: AbortSignal): Promise<boolean> {
  await session.query('BEGIN', [], signal);
  try {
    await session.query("SET LOCAL session_replication_role = 'replica'", [], signal);
    return true;
  } catch (error) {
    if (!(error instanceof AppError) || error.info.sqlstate !== NOT_ALLOWED) throw error;
    return false;
  } finally {
    if (!session.closed) await session.query('ROLLBACK').catch(() => undefined);
  }
}
