import type { PgSession } from '../../../adapters/postgres/session';
import { AppError, errorInfo, throwIfAborted, type ErrorInfo } from '../../../../shared/errors';

/** Runs a statement; what the server refuses is the answer, null when nothing. A lost connection and the signal throw. */
export async function refusal(session: PgSession, sql: string, signal: AbortSignal): Promise<ErrorInfo | null> {
  try {
    await session.query(sql, [], signal);
    return null;
  } catch (error) {
    throwIfAborted(signal);
    if (!(error instanceof AppError) || error.code !== 'sql' || session.closed) throw error;
    return errorInfo(error);
  }
}
