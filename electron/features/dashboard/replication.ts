import type { ReplicationState } from '../../../shared/model/dashboard';
import type { PgSession } from '../../adapters/postgres/session';
import { msOf, msSince, WAL_POSITION } from './sql-parts';

const list = (query: string): string => `(SELECT coalesce(pg_catalog.json_agg(found), '[]') FROM (${query}) found)`;

/** Bytes from a position of the WAL to where the server is. */
const behind = (position: string): string =>
  `pg_catalog.pg_wal_lsn_diff(${WAL_POSITION}, ${position})::pg_catalog.float8`;

const SENDERS = `SELECT s.pid, s.usename::pg_catalog.text AS "user", coalesce(s.application_name, '') AS application,
    coalesce(pg_catalog.host(s.client_addr), '') AS client, s.state, s.sync_state AS "syncState",
    ${behind('s.sent_lsn')} AS "sentBytes", ${behind('s.flush_lsn')} AS "flushBytes", ${behind('s.replay_lsn')} AS "replayBytes",
    ${msOf('s.write_lag')} AS "writeMs", ${msOf('s.flush_lag')} AS "flushMs", ${msOf('s.replay_lag')} AS "replayMs"
  FROM pg_catalog.pg_stat_replication s ORDER BY s.application_name, s.pid`;

const slots = (
  version: number,
): string => `SELECT s.slot_name::pg_catalog.text AS name, s.plugin::pg_catalog.text AS plugin,
    s.slot_type AS type, s.database::pg_catalog.text AS database, s.temporary, s.active, s.active_pid AS pid,
    ${behind('s.restart_lsn')} AS "retainedBytes",
    ${version >= 130000 ? 's.wal_status' : 'NULL::pg_catalog.text'} AS "walStatus",
    ${version >= 130000 ? 's.safe_wal_size::pg_catalog.float8' : 'NULL::pg_catalog.float8'} AS "safeBytes",
    ${version >= 170000 ? 's.invalidation_reason' : 'NULL::pg_catalog.text'} AS invalidation,
    ${version >= 170000 ? msSince('s.inactive_since') : 'NULL::pg_catalog.float8'} AS "inactiveMs"
  FROM pg_catalog.pg_replication_slots s ORDER BY s.slot_name`;

const SUBSCRIPTIONS = `SELECT s.subname::pg_catalog.text AS name, s.pid, s.received_lsn::pg_catalog.text AS received,
    ${msSince('s.last_msg_receipt_time')} AS "lastMessageMs"
  FROM pg_catalog.pg_stat_subscription s WHERE s.relid IS NULL ORDER BY s.subname`;

const receiver = (version: number): string => `SELECT pg_catalog.row_to_json(found) FROM (
  SELECT r.status, ${version >= 110000 ? 'r.sender_host' : 'NULL::pg_catalog.text'} AS host, r.slot_name AS slot,
    r.${version >= 130000 ? 'flushed_lsn' : 'received_lsn'}::pg_catalog.text AS received,
    ${msSince('r.last_msg_receipt_time')} AS "lastMessageMs"
  FROM pg_catalog.pg_stat_wal_receiver r) found`;

/** Who is fed by this server, and who feeds it. */
export async function readReplication(session: PgSession, signal: AbortSignal): Promise<ReplicationState> {
  const version = session.serverVersionNum;
  const [row] = await session.query<ReplicationState>(
    `SELECT standby.is AS standby, (${WAL_POSITION})::pg_catalog.text AS position,
       ${list(SENDERS)} AS senders, ${list(slots(version))} AS slots, ${list(SUBSCRIPTIONS)} AS subscriptions,
       CASE WHEN standby.is THEN (${receiver(version)}) END AS receiver,
       CASE WHEN standby.is THEN ${msSince('pg_catalog.pg_last_xact_replay_timestamp()')} END AS "replayMs",
       CASE WHEN standby.is THEN pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_last_wal_receive_lsn(),
         pg_catalog.pg_last_wal_replay_lsn())::pg_catalog.float8 END AS "replayBytes",
       CASE WHEN standby.is THEN pg_catalog.pg_is_wal_replay_paused() END AS "replayPaused"
     FROM (SELECT pg_catalog.pg_is_in_recovery() AS is) standby`,
    [],
    signal,
  );
  if (!row) throw new Error('the server told nothing of its replication');
  return row;
}
