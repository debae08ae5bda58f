import type { PgSession } from '../../../adapters/postgres/session';

/**
 * What became of a transaction of the target, by its number (of `txid_current`); null when the target no longer remembers. One whose number was
 * never given out, as the target knows it, was forgotten in a crash: that is `aborted`. Such a number may be given out again: who must not take
 * another transaction for it makes the log durable before the number is noted.
 */
export async function transactionStatus(
  session: PgSession,
  txid: string,
  signal: AbortSignal,
): Promise<'committed' | 'aborted' | 'in progress' | null> {
  const [row] = await session.query<{ status: 'committed' | 'aborted' | 'in progress' | null }>(
    `SELECT CASE WHEN $1::bigint >= pg_catalog.txid_snapshot_xmax(pg_catalog.txid_current_snapshot()) THEN 'aborted'
            ELSE pg_catalog.txid_status($1::bigint) END AS status`,
    [txid],
    signal,
  );
  return row?.status ?? null;
}
