import { utc } from '../kinds/facts';
import { always, type PropertiesDefinition } from '../kinds/kind';

const HERE =
  'CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_receive_lsn() ELSE pg_catalog.pg_current_wal_lsn() END';
const behind = (lsn: string): string => `pg_catalog.pg_wal_lsn_diff(${HERE}, ${lsn})::int8::text`;

/** How far a receiver is behind, in bytes and in time, and what its slot keeps. */
export const replicaStatistics: PropertiesDefinition = {
  sql: always(`
SELECT r.state, ${behind('r.sent_lsn')} AS "notSent", ${behind('r.write_lsn')} AS "notWritten", ${behind('r.flush_lsn')} AS "notFlushed",
       ${behind('r.replay_lsn')} AS "notReplayed", r.write_lag::text AS "writeLag", r.flush_lag::text AS "flushLag", r.replay_lag::text AS "replayLag",
       s.slot_name AS "slotName", ${behind('s.restart_lsn')} AS "keptForSlot"
  FROM pg_catalog.pg_stat_replication r LEFT JOIN pg_catalog.pg_replication_slots s ON s.active_pid = r.pid WHERE r.pid = $1`),
  items: [
    ['state', 'text'],
    ['notSent', 'bytes'],
    ['notWritten', 'bytes'],
    ['notFlushed', 'bytes'],
    ['notReplayed', 'bytes'],
    ['writeLag', 'text'],
    ['flushLag', 'text'],
    ['replayLag', 'text'],
    ['slotName', 'text'],
    ['keptForSlot', 'bytes'],
  ],
  grids: [],
};

const errors = (conflicts: string): string => `
SELECT s.apply_error_count::text AS "applyErrors", s.sync_error_count::text AS "syncErrors", ${conflicts}${utc('s.stats_reset')} AS "statisticsReset"
  FROM pg_catalog.pg_stat_subscription_stats s WHERE s.subid = $1`;

/** Workers of a subscription, and from 15 on what failed. */
export const subscriptionStatistics: PropertiesDefinition = {
  sql: {
    100000:
      'SELECT count(s.pid)::text AS workers FROM pg_catalog.pg_stat_subscription s WHERE s.subid = $1 GROUP BY s.subid',
    150000: errors(''),
    180000:
      errors(`s.confl_insert_exists::text AS "insertExists", s.confl_update_origin_differs::text AS "updateOriginDiffers",
       s.confl_update_exists::text AS "updateExists", s.confl_update_missing::text AS "updateMissing",
       s.confl_delete_origin_differs::text AS "deleteOriginDiffers", s.confl_delete_missing::text AS "deleteMissing",
       s.confl_multiple_unique_conflicts::text AS "multipleUniqueConflicts", `),
  },
  items: [
    ['workers', 'count'],
    ['applyErrors', 'count'],
    ['syncErrors', 'count'],
    ['insertExists', 'count'],
    ['updateOriginDiffers', 'count'],
    ['updateExists', 'count'],
    ['updateMissing', 'count'],
    ['deleteOriginDiffers', 'count'],
    ['deleteMissing', 'count'],
    ['multipleUniqueConflicts', 'count'],
    ['statisticsReset', 'time'],
  ],
  grids: [
    {
      key: 'workers',
      columns: ['process', 'table', 'receivedLsn', 'lastMessageSent', 'lastMessageReceived', 'reportedLsn'],
      sql: always(`
SELECT s.pid::text AS process, nullif(s.relid, 0)::pg_catalog.regclass::text AS table, s.received_lsn::text AS "receivedLsn",
       ${utc('s.last_msg_send_time')} AS "lastMessageSent", ${utc('s.last_msg_receipt_time')} AS "lastMessageReceived", s.latest_end_lsn::text AS "reportedLsn"
  FROM pg_catalog.pg_stat_subscription s WHERE s.subid = $1 AND s.pid IS NOT NULL ORDER BY s.pid`),
    },
  ],
};
