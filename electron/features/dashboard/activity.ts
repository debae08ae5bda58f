import type { ActivitySample, Counter, SessionCounts, WaitCount } from '../../../shared/model/dashboard';
import type { PgSession } from '../../adapters/postgres/session';
import { msAt, WAL_POSITION } from './sql-parts';

type Row = SessionCounts &
  Record<Counter, number | null> & {
    readonly at: number;
    readonly epoch: string;
    readonly maxConnections: number;
    readonly waits: WaitCount[];
  };

const CHECKPOINTS_17 = 'SELECT num_timed AS timed, num_requested AS req FROM pg_catalog.pg_stat_checkpointer';
const CHECKPOINTS_10 = 'SELECT checkpoints_timed AS timed, checkpoints_req AS req FROM pg_catalog.pg_stat_bgwriter';
const IO_16 = `SELECT sum(reads)::pg_catalog.float8 AS reads, sum(writes)::pg_catalog.float8 AS writes,
  sum(extends)::pg_catalog.float8 AS extends FROM pg_catalog.pg_stat_io WHERE object <> 'wal'`;
const IO_10 =
  'SELECT NULL::pg_catalog.float8 AS reads, NULL::pg_catalog.float8 AS writes, NULL::pg_catalog.float8 AS extends';

/** `$1`: only the connected database. WAL, checkpoints and I/O are of the server always. */
const activitySql = (version: number): string => `
WITH seen AS (
  SELECT a.state, a.wait_event_type AS wait_type, a.wait_event, a.usesysid, a.backend_type,
      coalesce(a.query = '<insufficient privilege>', false) AS hidden
    FROM pg_catalog.pg_stat_activity a
   WHERE a.pid <> pg_catalog.pg_backend_pid() AND (NOT $1 OR a.datname = pg_catalog.current_database())
), clients AS (
  SELECT * FROM seen WHERE backend_type = 'client backend' OR (hidden AND usesysid IS NOT NULL)
), counted AS (
  SELECT count(*) FILTER (WHERE state IN ('active', 'fastpath function call') AND wait_type IS DISTINCT FROM 'Lock')::pg_catalog.int4 AS active,
      count(*) FILTER (WHERE state = 'idle')::pg_catalog.int4 AS idle,
      count(*) FILTER (WHERE state LIKE 'idle in transaction%')::pg_catalog.int4 AS "inTransaction",
      count(*) FILTER (WHERE state IN ('active', 'fastpath function call') AND wait_type = 'Lock')::pg_catalog.int4 AS waiting,
      count(*) FILTER (WHERE hidden)::pg_catalog.int4 AS hidden
    FROM clients
), waits AS (
  SELECT coalesce(wait_type, '') AS type, coalesce(wait_event, '') AS event, count(*)::pg_catalog.int4 AS count
    FROM seen WHERE state = 'active' GROUP BY 1, 2
), work AS (
  SELECT sum(xact_commit)::pg_catalog.float8 AS commits, sum(xact_rollback)::pg_catalog.float8 AS rollbacks,
      sum(tup_inserted)::pg_catalog.float8 AS inserted, sum(tup_updated)::pg_catalog.float8 AS updated,
      sum(tup_deleted)::pg_catalog.float8 AS deleted, sum(tup_fetched)::pg_catalog.float8 AS fetched,
      sum(tup_returned)::pg_catalog.float8 AS returned, sum(blks_read)::pg_catalog.float8 AS "blocksRead",
      sum(blks_hit)::pg_catalog.float8 AS "blocksHit", sum(temp_bytes)::pg_catalog.float8 AS "tempBytes",
      sum(deadlocks)::pg_catalog.float8 AS deadlocks, sum(conflicts)::pg_catalog.float8 AS conflicts,
      max(stats_reset) AS reset
    FROM pg_catalog.pg_stat_database
   WHERE NOT $1 OR datname = pg_catalog.current_database()
)
SELECT ${msAt('pg_catalog.clock_timestamp()')} AS at,
  pg_catalog.pg_postmaster_start_time()::pg_catalog.text || coalesce(' ' || work.reset::pg_catalog.text, '') AS epoch,
  pg_catalog.current_setting('max_connections')::pg_catalog.int4 AS "maxConnections",
  counted.active, counted.idle, counted."inTransaction", counted.waiting, counted.hidden,
  work.commits, work.rollbacks, work.inserted, work.updated, work.deleted, work.fetched, work.returned,
  work."blocksRead", work."blocksHit", work."tempBytes", work.deadlocks, work.conflicts,
  pg_catalog.pg_wal_lsn_diff(${WAL_POSITION}, '0/0')::pg_catalog.float8 AS "walBytes",
  point.timed::pg_catalog.float8 AS "checkpointsTimed", point.req::pg_catalog.float8 AS "checkpointsRequested",
  io.reads AS "ioReads", io.writes AS "ioWrites", io.extends AS "ioExtends",
  (SELECT coalesce(pg_catalog.json_agg(waits), '[]') FROM waits) AS waits
FROM counted, work, (${version >= 170000 ? CHECKPOINTS_17 : CHECKPOINTS_10}) point, (${version >= 160000 ? IO_16 : IO_10}) io`;

/** Counters and sessions of a server, or of the connected database alone. */
export async function readActivity(
  session: PgSession,
  ofDatabase: boolean,
  signal: AbortSignal,
): Promise<ActivitySample> {
  const [row] = await session.query<Row>(activitySql(session.serverVersionNum), [ofDatabase], signal);
  if (!row) throw new Error('the server told nothing of itself');
  const { at, epoch, maxConnections, active, idle, inTransaction, waiting, hidden, waits, ...counters } = row;
  return { at, epoch, maxConnections, sessions: { active, idle, inTransaction, waiting, hidden }, counters, waits };
}
