/** Parts of the dashboard's queries. They are made of our own words only. */

/** Milliseconds from a moment until now. */
export const msSince = (moment: string): string =>
  `(extract(epoch FROM pg_catalog.clock_timestamp() - ${moment}) * 1000)::pg_catalog.float8`;

/** An interval in milliseconds. */
export const msOf = (interval: string): string => `(extract(epoch FROM ${interval}) * 1000)::pg_catalog.float8`;

/** A moment as milliseconds since the epoch. */
export const msAt = (moment: string): string => `(extract(epoch FROM ${moment}) * 1000)::pg_catalog.float8`;

/** Where the WAL of this server is now: written on a primary, replayed on a standby. */
export const WAL_POSITION = `CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_replay_lsn()
  ELSE pg_catalog.pg_current_wal_lsn() END`;

/** What the server writes in place of a query that we may not see. */
const NOT_SHOWN = `'<insufficient privilege>'`;

/** Columns of a `SessionRow` out of `pg_stat_activity a`. `hidden` can't be told by `state`: background processes have none. */
export function sessionColumns(version: number): string {
  return `a.pid,
  pg_catalog.to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') AS started,
  ${version >= 130000 ? 'a.leader_pid' : 'NULL::pg_catalog.int4'} AS leader,
  a.backend_type AS kind,
  a.datname::pg_catalog.text AS database,
  a.usename::pg_catalog.text AS "user",
  coalesce(a.application_name, '') AS application,
  coalesce(a.client_hostname || ' ', '') || coalesce(pg_catalog.host(a.client_addr), '')
    || CASE WHEN a.client_port > 0 THEN ':' || a.client_port ELSE '' END AS client,
  a.state, a.wait_event_type AS "waitType", a.wait_event AS "waitEvent",
  ${msSince('a.backend_start')} AS "backendMs",
  ${msSince('a.xact_start')} AS "transactionMs",
  ${msSince('a.state_change')} AS "stateMs",
  ${msSince('a.query_start')} AS "queryMs",
  CASE WHEN a.query = ${NOT_SHOWN} THEN '' ELSE pg_catalog.left(coalesce(a.query, ''), 100000) END AS query,
  ${version >= 140000 ? 'a.query_id::pg_catalog.text' : 'NULL::pg_catalog.text'} AS "queryId",
  a.pid = pg_catalog.pg_backend_pid() AS own,
  coalesce(a.query = ${NOT_SHOWN}, false) AS hidden`;
}

/** Columns of a `LockTarget` out of `pg_locks l`; relations by name where the catalog at hand has them. */
export const LOCK_TARGET = `l.locktype AS type,
  (SELECT d.datname::pg_catalog.text FROM pg_catalog.pg_database d WHERE d.oid = l.database) AS database,
  (SELECT pg_catalog.format('%I.%I', n.nspname, c.relname)
     FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.oid = l.relation AND l.database IN (0,
      (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()))) AS relation,
  l.relation::pg_catalog.int8::pg_catalog.float8 AS "relationOid",
  l.page, l.tuple::pg_catalog.int4 AS tuple,
  l.virtualxid AS "virtualXid", l.transactionid::pg_catalog.text AS "transactionId",
  l.classid::pg_catalog.int8::pg_catalog.float8 AS "classId",
  l.objid::pg_catalog.int8::pg_catalog.float8 AS "objectId", l.objsubid::pg_catalog.int4 AS "objectSubId"`;
