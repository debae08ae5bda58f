import { AppError } from '../../../shared/errors';
import type { Statement } from '../../../shared/model/catalog';
import type { ConnectionProfile } from '../../ports';

/**
 * Runs statements in order on a session of their own, those that may in one transaction. Fails with `sql`; `detail` then says which of them
 * and that nothing of the transaction stayed. Returns what the server said (notices).
 */
export async function runStatements(
  _profile: ConnectionProfile,
  statements: readonly Statement[],
  _signal: AbortSignal,
): Promise<string[]> {
  throw new AppError({ code: 'unsupported', message: `${statements.length} statements can't be run` });
}
