import type { BlockedSession, LockRow, LockTarget, PreparedRow, SessionRow } from '../../../shared/model/dashboard';
import type { PgSession } from '../../adapters/postgres/session';
import { LOCK_TARGET, msSince, sessionColumns } from './sql-parts';

/** More locks than this nobody reads. */
const MOST_LOCKS = 5000;

/** Every process that the server tells of, oldest first. */
export const readSessions = (session: PgSession, signal: AbortSignal): Promise<SessionRow[]> =>
  session.query<SessionRow>(
    `SELECT ${sessionColumns(session.serverVersionNum)} FROM pg_catalog.pg_stat_activity a ORDER BY a.backend_start, a.pid`,
    [],
    signal,
  );

interface BlockedRow extends SessionRow {
  readonly blockers: number[] | null;
  readonly wanted: (LockTarget & { readonly mode: string; readonly waitMs: number | null }) | null;
}

/** Sessions that wait for a lock, and all that stand in their way. */
export async function readBlocking(session: PgSession, signal: AbortSignal): Promise<BlockedSession[]> {
  const version = session.serverVersionNum;
  const rows = await session.query<BlockedRow>(
    `WITH waiting AS (
       SELECT DISTINCT ON (l.pid) l.pid, ${LOCK_TARGET}, l.mode,
           ${version >= 140000 ? msSince('l.waitstart') : 'NULL::pg_catalog.float8'} AS "waitMs"
         FROM pg_catalog.pg_locks l WHERE NOT l.granted AND l.pid IS NOT NULL ORDER BY l.pid
     ), edges AS (
       SELECT w.pid, pg_catalog.pg_blocking_pids(w.pid) AS blockers FROM waiting w
     )
     SELECT ${sessionColumns(version)}, e.blockers,
         CASE WHEN w.pid IS NULL THEN NULL ELSE pg_catalog.row_to_json(w) END AS wanted
       FROM pg_catalog.pg_stat_activity a
       LEFT JOIN edges e ON e.pid = a.pid LEFT JOIN waiting w ON w.pid = a.pid
      WHERE e.pid IS NOT NULL OR a.pid IN (SELECT pg_catalog.unnest(edges.blockers) FROM edges)
      ORDER BY a.backend_start, a.pid`,
    [],
    signal,
  );
  return rows.map(({ blockers, wanted, ...row }) => ({
    ...row,
    blockers: [...new Set(blockers ?? [])],
    wanted,
    // Before 14 the server does not note when a wait began; the query can't have begun later.
    waitMs: wanted === null ? null : (wanted.waitMs ?? row.queryMs),
  }));
}

/** Locks held and wanted, but those of the session that asks. */
export const readLocks = (session: PgSession, signal: AbortSignal): Promise<LockRow[]> =>
  session.query<LockRow>(
    `SELECT ${LOCK_TARGET}, l.pid, a.usename::pg_catalog.text AS "user", a.application_name AS application,
       l.virtualtransaction AS holder, l.mode, l.granted, l.fastpath AS "fastPath",
       ${session.serverVersionNum >= 140000 ? msSince('l.waitstart') : 'NULL::pg_catalog.float8'} AS "waitMs"
     FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
     WHERE l.pid IS DISTINCT FROM pg_catalog.pg_backend_pid()
     ORDER BY l.granted, l.pid, l.locktype LIMIT ${MOST_LOCKS}`,
    [],
    signal,
  );

/** Transactions that were prepared and wait for their end, oldest first. */
export const readPrepared = (session: PgSession, signal: AbortSignal): Promise<PreparedRow[]> =>
  session.query<PreparedRow>(
    `SELECT p.gid, p.transaction::pg_catalog.text AS transaction, p.owner::pg_catalog.text AS owner,
       p.database::pg_catalog.text AS database, ${msSince('p.prepared')} AS "ageMs"
     FROM pg_catalog.pg_prepared_xacts p ORDER BY p.prepared`,
    [],
    signal,
  );
