import { utc } from './facts';
import { always, type KindDefinition } from './kind';

/** Processes that send WAL to replicas and other receivers; the oid of a ref is the process number. */
export const replicas: KindDefinition = {
  folder: 'replicas',
  kind: 'replica',
  scope: 'server',
  rare: true,
  select: always(
    `r.pid AS oid, coalesce(nullif(r.application_name, ''), host(r.client_addr), r.pid::text) AS name, coalesce(r.state, '') AS note, '' AS mark`,
  ),
  from: always(`FROM pg_catalog.pg_stat_replication r WHERE $1 OR true`),
  order: '2, r.pid',
  properties: {
    replica: {
      sql: { 100000: facts('NULL::text'), 120000: facts(utc('r.reply_time')) },
      items: [
        ['name', 'text'],
        ['process', 'text'],
        ['user', 'text'],
        ['applicationName', 'text'],
        ['clientAddress', 'text'],
        ['clientHost', 'text'],
        ['clientPort', 'text'],
        ['startedAt', 'time'],
        ['state', 'text'],
        ['sentLsn', 'text'],
        ['writeLsn', 'text'],
        ['flushLsn', 'text'],
        ['replayLsn', 'text'],
        ['writeLag', 'text'],
        ['flushLag', 'text'],
        ['replayLag', 'text'],
        ['syncState', 'text'],
        ['syncPriority', 'text'],
        ['repliedAt', 'time'],
        ['slotName', 'text'],
        ['slotType', 'text'],
      ],
      grids: [],
    },
  },
};

function facts(repliedAt: string): string {
  return `
SELECT coalesce(nullif(r.application_name, ''), host(r.client_addr), r.pid::text) AS name, r.pid::text AS process, r.usename AS user,
       nullif(r.application_name, '') AS "applicationName", host(r.client_addr) AS "clientAddress", r.client_hostname AS "clientHost",
       nullif(r.client_port, -1)::text AS "clientPort", ${utc('r.backend_start')} AS "startedAt", r.state, r.sent_lsn::text AS "sentLsn",
       r.write_lsn::text AS "writeLsn", r.flush_lsn::text AS "flushLsn", r.replay_lsn::text AS "replayLsn", r.write_lag::text AS "writeLag",
       r.flush_lag::text AS "flushLag", r.replay_lag::text AS "replayLag", r.sync_state AS "syncState", r.sync_priority::text AS "syncPriority",
       ${repliedAt} AS "repliedAt", s.slot_name AS "slotName", s.slot_type AS "slotType"
  FROM pg_catalog.pg_stat_replication r LEFT JOIN pg_catalog.pg_replication_slots s ON s.active_pid = r.pid WHERE r.pid = $1`;
}
