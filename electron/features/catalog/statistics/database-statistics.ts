import { utc } from '../kinds/facts';
import type { PropertiesDefinition } from '../kinds/kind';
import { hitRatio, milliseconds } from './figures';

/** Figures by the first version that has them. */
const LATER: readonly (readonly [since: number, sql: string])[] = [
  [
    120000,
    `s.checksum_failures::text AS "checksumFailures", ${utc('s.checksum_last_failure')} AS "lastChecksumFailure",`,
  ],
  [
    140000,
    `${milliseconds('s.session_time')} AS "sessionTime", ${milliseconds('s.active_time')} AS "activeTime",
       ${milliseconds('s.idle_in_transaction_time')} AS "idleInTransactionTime", s.sessions::text AS sessions,
       s.sessions_abandoned::text AS "sessionsAbandoned", s.sessions_fatal::text AS "sessionsFatal", s.sessions_killed::text AS "sessionsKilled",`,
  ],
  [
    180000,
    's.parallel_workers_to_launch::text AS "workersPlanned", s.parallel_workers_launched::text AS "workersLaunched",',
  ],
];

const facts = (version: number): string => `
SELECT CASE WHEN pg_catalog.has_database_privilege(d.oid, 'CONNECT') THEN pg_catalog.pg_database_size(d.oid)::text END AS size,
       s.numbackends::text AS backends, s.xact_commit::text AS commits, s.xact_rollback::text AS rollbacks, s.blks_read::text AS "blocksRead",
       s.blks_hit::text AS "blocksHit", ${hitRatio('s.blks_hit', 's.blks_read')} AS "hitRatio", s.tup_returned::text AS "rowsReturned",
       s.tup_fetched::text AS "rowsFetched", s.tup_inserted::text AS "rowsInserted", s.tup_updated::text AS "rowsUpdated",
       s.tup_deleted::text AS "rowsDeleted", s.conflicts::text AS conflicts, s.temp_files::text AS "temporaryFiles", s.temp_bytes::text AS "temporarySize",
       s.deadlocks::text AS deadlocks,
       ${LATER.filter(([since]) => since <= version)
         .map(([, sql]) => sql)
         .join('\n       ')}
       ${milliseconds('s.blk_read_time')} AS "readTime", ${milliseconds('s.blk_write_time')} AS "writeTime", ${utc('s.stats_reset')} AS "statisticsReset"
  FROM pg_catalog.pg_database d LEFT JOIN pg_catalog.pg_stat_database s ON s.datid = d.oid WHERE d.oid = $1`;

/** pg_stat_database and the size on disk. */
export const databaseStatistics: PropertiesDefinition = {
  sql: { 100000: facts(100000), 120000: facts(120000), 140000: facts(140000), 180000: facts(180000) },
  items: [
    ['size', 'bytes'],
    ['backends', 'count'],
    ['commits', 'count'],
    ['rollbacks', 'count'],
    ['blocksRead', 'count'],
    ['blocksHit', 'count'],
    ['hitRatio', 'text'],
    ['rowsReturned', 'count'],
    ['rowsFetched', 'count'],
    ['rowsInserted', 'count'],
    ['rowsUpdated', 'count'],
    ['rowsDeleted', 'count'],
    ['conflicts', 'count'],
    ['temporaryFiles', 'count'],
    ['temporarySize', 'bytes'],
    ['deadlocks', 'count'],
    ['checksumFailures', 'count'],
    ['lastChecksumFailure', 'time'],
    ['readTime', 'text'],
    ['writeTime', 'text'],
    ['sessionTime', 'text'],
    ['activeTime', 'text'],
    ['idleInTransactionTime', 'text'],
    ['sessions', 'count'],
    ['sessionsAbandoned', 'count'],
    ['sessionsFatal', 'count'],
    ['sessionsKilled', 'count'],
    ['workersPlanned', 'count'],
    ['workersLaunched', 'count'],
    ['statisticsReset', 'time'],
  ],
  grids: [],
};
