import { AppError } from '../../../shared/errors';
import type { Signal, SignalOutcome } from '../../../shared/model/dashboard';
import type { PgSession } from '../../adapters/postgres/session';

const FUNCTIONS: Readonly<Record<Signal, string>> = {
  cancel: 'pg_catalog.pg_cancel_backend',
  terminate: 'pg_catalog.pg_terminate_backend',
};

const NOT_PERMITTED = '42501';

/**
 * Signals backends one by one, each only if it is still the one that was meant: a pid is given away again. A refusal for one is told and
 * does not keep the others from being signalled. Fails as queries do for every other reason.
 */
export async function signalBackends(
  session: PgSession,
  deed: Signal,
  backends: readonly { readonly pid: number; readonly started: string | null }[],
  signal: AbortSignal,
): Promise<SignalOutcome[]> {
  const outcomes: SignalOutcome[] = [];
  for (const { pid, started } of backends) {
    try {
      const [row] = await session.query<{ sent: boolean }>(
        `SELECT ${FUNCTIONS[deed]}(a.pid) AS sent FROM pg_catalog.pg_stat_activity a
         WHERE a.pid = $1 AND a.pid <> pg_catalog.pg_backend_pid()
           AND pg_catalog.to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') IS NOT DISTINCT FROM $2::pg_catalog.text`,
        [pid, started],
        signal,
      );
      outcomes.push({ pid, outcome: row?.sent === true ? 'sent' : 'gone', reason: '' });
    } catch (error) {
      if (!(error instanceof AppError) || error.info.sqlstate !== NOT_PERMITTED) throw error;
      outcomes.push({ pid, outcome: 'denied', reason: error.info.message });
    }
  }
  return outcomes;
}
