import type { HealthState } from '../../../shared/model/dashboard';
import type { PgSession } from '../../adapters/postgres/session';
import { msAt, msSince } from './sql-parts';

/** How many tables and indexes are told. */
const MOST = 20;

const list = (query: string): string => `(SELECT coalesce(pg_catalog.json_agg(found), '[]') FROM (${query}) found)`;

const MEMBER_OF_STATS = `pg_catalog.pg_has_role(current_user, 'pg_read_all_stats', 'USAGE')`;

const DATABASES = `SELECT d.datname::pg_catalog.text AS name,
    CASE WHEN ${MEMBER_OF_STATS} OR pg_catalog.has_database_privilege(d.oid, 'CONNECT')
      THEN pg_catalog.pg_database_size(d.oid)::pg_catalog.float8 END AS bytes,
    coalesce(s.numbackends, 0) AS connections,
    s.blks_hit::pg_catalog.float8 / nullif(s.blks_hit + s.blks_read, 0) AS "hitRatio",
    pg_catalog.age(d.datfrozenxid)::pg_catalog.float8 AS "xidAge",
    pg_catalog.mxid_age(d.datminmxid)::pg_catalog.float8 AS "multixactAge",
    d.datname = pg_catalog.current_database() AS current
  FROM pg_catalog.pg_database d LEFT JOIN pg_catalog.pg_stat_database s ON s.datid = d.oid ORDER BY d.datname`;

const TABLES = `SELECT t.schemaname::pg_catalog.text AS schema, t.relname::pg_catalog.text AS name,
    t.n_live_tup::pg_catalog.float8 AS live, t.n_dead_tup::pg_catalog.float8 AS dead,
    coalesce(pg_catalog.pg_total_relation_size(t.relid), 0)::pg_catalog.float8 AS bytes,
    ${msSince('greatest(t.last_vacuum, t.last_autovacuum)')} AS "vacuumedMs",
    ${msSince('greatest(t.last_analyze, t.last_autoanalyze)')} AS "analyzedMs"
  FROM (SELECT * FROM pg_catalog.pg_stat_user_tables WHERE n_dead_tup > 0
    ORDER BY n_dead_tup DESC, schemaname, relname LIMIT ${MOST}) t`;

/** Indexes of constraints are of use without being read. */
const UNUSED = `SELECT i.schemaname::pg_catalog.text AS schema, i.relname::pg_catalog.text AS "table",
    i.indexrelname::pg_catalog.text AS name, pg_catalog.pg_relation_size(i.indexrelid)::pg_catalog.float8 AS bytes
  FROM pg_catalog.pg_stat_user_indexes i JOIN pg_catalog.pg_index x ON x.indexrelid = i.indexrelid
  WHERE i.idx_scan = 0 AND NOT x.indisunique AND NOT x.indisexclusion
  ORDER BY 4 DESC NULLS LAST, 1, 3 LIMIT ${MOST}`;

/** Sizes, and what vacuum has left to do; tables and indexes of the connected database. */
export async function readHealth(session: PgSession, signal: AbortSignal): Promise<HealthState> {
  const [row] = await session.query<HealthState>(
    `SELECT ${list(DATABASES)} AS databases, ${list(TABLES)} AS tables, ${list(UNUSED)} AS "unusedIndexes",
       pg_catalog.current_setting('autovacuum_freeze_max_age')::pg_catalog.float8 AS "freezeAge",
       (SELECT ${msSince('min(a.xact_start)')} FROM pg_catalog.pg_stat_activity a
         WHERE a.pid <> pg_catalog.pg_backend_pid()) AS "oldestTransactionMs",
       (SELECT ${msAt('s.stats_reset')} FROM pg_catalog.pg_stat_database s
         WHERE s.datname = pg_catalog.current_database()) AS "countedSince"`,
    [],
    signal,
  );
  if (!row) throw new Error('the server told nothing of its databases');
  return row;
}
