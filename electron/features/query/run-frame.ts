import type { RawSession } from '../../adapters/postgres/raw-session';
import type { ExplainOptions, QueryMessage } from '../../../shared/model/query';
import { risksOf } from '../../../shared/model/statement-guard';
import { ask, sqlFailure, transactionOf } from './own-query';
import { ownMessage, readOnlyMessage, serverMessage } from './run-messages';

/** What stands around a whole run: the guard of a server that is only read, and the transaction of EXPLAIN ANALYZE. */

/** Why nothing of a text runs on a server that is registered as read-only; null when it may. */
export function refusedByReadOnly(
  sql: string,
  explain: ExplainOptions | null,
  standardConformingStrings: boolean,
): QueryMessage | null {
  const risk = risksOf(sql, standardConformingStrings).find(
    ({ reason }) => explain === null || explain.analyze || reason === 'read-write',
  );
  return risk ? readOnlyMessage(risk, risk.start, true) : null;
}

/**
 * A function may have turned it off in the statement before, without a word of it in the text. In an open transaction it can't be turned off any
 * more. Fails with what the server says: nothing may run then.
 */
export async function stayReadOnly(raw: RawSession): Promise<void> {
  if (raw.transaction !== 'idle') return;
  const sql = 'SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY';
  // A cancel that comes late may hit the first.
  const first = await ask(raw, sql);
  const { error } = first.error ? await ask(raw, sql) : first;
  if (error) throw sqlFailure(error);
}

/** Runs a script that is explained: what ANALYZE changed is rolled back, unless the person's own transaction is open. */
export async function explained(
  raw: RawSession,
  { analyze }: ExplainOptions,
  say: (message: QueryMessage) => void,
  script: () => Promise<void>,
): Promise<void> {
  if (!analyze) return script();
  if (raw.transaction !== 'idle') {
    say(ownMessage('WARNING', 'ANALYZE runs the statements: what they change belongs to the open transaction'));
    return script();
  }
  const begun = await ask(raw, 'BEGIN');
  if (begun.error) return say(serverMessage(begun.error, '', 0));
  try {
    await script();
  } finally {
    const state = transactionOf(raw);
    if (state === 'transaction' || state === 'failed') {
      // A cancel that comes late may hit the first.
      if ((await ask(raw, 'ROLLBACK')).error) await ask(raw, 'ROLLBACK');
      say(ownMessage('INFO', 'ANALYZE ran the statements; what they changed was rolled back'));
    }
  }
}
