import { setTimeout as pause } from 'node:timers/promises';
import { throwIfAborted } from '../../../../shared/errors';
import type { PgSession } from '../../../adapters/postgres/session';
import { parseLsn, type Lsn } from '../follow/change-stream';
import { MESSAGE_PREFIX } from '../follow/follow-model';
import type { Followed } from '../follow/follow-set';
import { withSession, type Side } from '../worker/sides';
import { otherSessions, preparedTransactions, tellSessions } from './other-sessions';

/** `pg_current_wal_…` had another name before. */
const WAL_FROM = 100_000;
const MESSAGES_FROM = 90_600;

/**
 * Where the writing of the server ends now, in all databases; then something is committed behind it, so that the stream has what to come past.
 */
async function markEnd(session: PgSession, signal: AbortSignal): Promise<Lsn> {
  const [state] = await session.query<{ standby: boolean }>(
    'SELECT pg_catalog.pg_is_in_recovery() AS standby',
    [],
    signal,
  );
  const asked = state?.standby
    ? session.serverVersionNum >= WAL_FROM
      ? 'pg_last_wal_replay_lsn'
      : 'pg_last_xlog_replay_location'
    : session.serverVersionNum >= WAL_FROM
      ? 'pg_current_wal_insert_lsn'
      : 'pg_current_xlog_insert_location';
  const [row] = await session.query<{ lsn: string }>(`SELECT pg_catalog.${asked}()::text AS lsn`, [], signal);
  if (!state?.standby) {
    const mark =
      session.serverVersionNum >= MESSAGES_FROM
        ? 'pg_catalog.pg_logical_emit_message(true, $1, $2)'
        : 'pg_catalog.txid_current(), $1::text, $2::text';
    await session.query(`SELECT ${mark}`, [MESSAGE_PREFIX, 'cut-over'], signal);
  }
  return parseLsn(row?.lsn ?? '');
}

export interface DrainWork {
  readonly from: Side;
  readonly databases: readonly Followed[];
  readonly jobId: string;
  /** So long nothing may be written before the source counts as still, in milliseconds. */
  readonly quietMs: number;
  readonly signal: AbortSignal;
  /** What is waited for, in words. */
  onWait(text: string): void;
}

const changesOf = (databases: readonly Followed[]): number =>
  databases.reduce((sum, database) => {
    const { inserted, updated, deleted, truncated } = database.now();
    return sum + inserted + updated + deleted + truncated;
  }, 0);

/** Everything that is committed by now is on the receiving side when it resolves. */
export async function drainOnce({ from, databases, signal }: DrainWork): Promise<void> {
  await Promise.all(
    databases.map(async (database) => {
      const lsn = await withSession(
        () => from.open(database.identity.database, signal),
        signal,
        (session) => markEnd(session, signal),
      );
      await database.drainTo(lsn, signal);
    }),
  );
}

/** Who may still commit something, in words; empty when there is nobody. */
async function writers({ from, databases, jobId, signal }: DrainWork): Promise<string> {
  const names = databases.map(({ identity }) => identity.database);
  return withSession(
    () => from.open(from.maintenance, signal),
    signal,
    async (session) => {
      const writing = (await otherSessions(session, names, jobId, signal)).filter(({ writes }) => writes);
      if (writing.length > 0) return `sessions have written and not committed yet: ${tellSessions(writing)}`;
      const prepared = await preparedTransactions(session, names, signal);
      return prepared.length > 0 ? `transactions are prepared: ${prepared.slice(0, 5).join(', ')}` : '';
    },
  );
}

/**
 * Brings everything that was ever written to the receiving side, and makes sure that nothing is written any more: between two marks, with nobody
 * in the middle of a transaction, no change has come. As long as somebody writes it says so and waits. Answers how many changes have come since the
 * streams began. Fails as the signal says, and when a stream is lost.
 */
export async function drain(work: DrainWork): Promise<number> {
  const { databases, quietMs, signal, onWait } = work;
  onWait('brings what is left to the other side');
  for (;;) {
    await drainOnce(work);
    const before = changesOf(databases);
    await pause(quietMs, undefined, { signal }).catch(() => undefined);
    throwIfAborted(signal);
    const open = await writers(work);
    if (open === '') {
      await drainOnce(work);
      if (changesOf(databases) === before) return before;
      onWait('rows are still being written; waits until that ends');
    } else onWait(`${open}; waits until that ends`);
  }
}

/** How many changes have come since there were so many, with everything that is committed by now. */
export async function changesSince(work: DrainWork, before: number): Promise<number> {
  await drainOnce(work);
  return changesOf(work.databases) - before;
}
