import { estimatedRows, utc } from '../kinds/facts';
import { always, type GridDefinition, type PropertiesDefinition } from '../kinds/kind';
import { columnsGrid } from './column-statistics';
import { hitRatio, milliseconds } from './figures';
import { indexUseGrid } from './index-statistics';

/** Figures of pg_stat_all_tables by the first version that has them. */
const LATER: readonly (readonly [since: number, sql: string])[] = [
  [130000, 's.n_ins_since_vacuum::text AS "insertsSinceVacuum",'],
  [
    160000,
    `s.n_tup_newpage_upd::text AS "rowsUpdatedElsewhere", ${utc('s.last_seq_scan')} AS "lastSequentialScan",
       ${utc('s.last_idx_scan')} AS "lastIndexScan",`,
  ],
  [
    180000,
    `${milliseconds('s.total_vacuum_time')} AS "vacuumTime", ${milliseconds('s.total_autovacuum_time')} AS "autovacuumTime",
       ${milliseconds('s.total_analyze_time')} AS "analyzeTime", ${milliseconds('s.total_autoanalyze_time')} AS "autoanalyzeTime",`,
  ],
];

/** Sizes of a partitioned table are those of everything below it. */
const SIZES = `
WITH RECURSIVE tree (oid) AS (
  SELECT $1::oid UNION ALL SELECT i.inhrelid FROM tree t JOIN pg_catalog.pg_inherits i ON i.inhparent = t.oid
    JOIN pg_catalog.pg_class p ON p.oid = i.inhrelid WHERE p.relispartition AND p.relkind <> 'f'
), sizes AS (
  SELECT sum(pg_catalog.pg_total_relation_size(t.oid)) AS total, sum(pg_catalog.pg_relation_size(t.oid)) AS main,
         sum(pg_catalog.pg_table_size(t.oid)) AS whole, sum(pg_catalog.pg_indexes_size(t.oid)) AS indexes FROM tree t
)`;

const facts = (version: number): string => `${SIZES}
SELECT CASE WHEN c.relkind <> 'p' THEN (${estimatedRows('c')})::text END AS "estimatedRows", z.total::text AS "totalSize", z.main::text AS "mainSize",
       (z.whole - z.main)::text AS "extraSize", z.indexes::text AS "indexesSize",
       CASE WHEN c.reltoastrelid <> 0 THEN pg_catalog.pg_total_relation_size(c.reltoastrelid)::text END AS "toastSize",
       s.n_live_tup::text AS "liveRows", s.n_dead_tup::text AS "deadRows", s.n_tup_ins::text AS "rowsInserted", s.n_tup_upd::text AS "rowsUpdated",
       s.n_tup_hot_upd::text AS "rowsUpdatedHot", s.n_tup_del::text AS "rowsDeleted", s.n_mod_since_analyze::text AS "changesSinceAnalyze",
       ${LATER.filter(([since]) => since <= version)
         .map(([, sql]) => sql)
         .join('\n       ')}
       s.seq_scan::text AS "sequentialScans", s.seq_tup_read::text AS "sequentialRows", s.idx_scan::text AS "indexScans",
       s.idx_tup_fetch::text AS "indexRows", o.heap_blks_read::text AS "blocksRead", o.heap_blks_hit::text AS "blocksHit",
       ${hitRatio('o.heap_blks_hit', 'o.heap_blks_read')} AS "hitRatio", o.idx_blks_read::text AS "indexBlocksRead", o.idx_blks_hit::text AS "indexBlocksHit",
       o.toast_blks_read::text AS "toastBlocksRead", o.toast_blks_hit::text AS "toastBlocksHit", o.tidx_blks_read::text AS "toastIndexBlocksRead",
       o.tidx_blks_hit::text AS "toastIndexBlocksHit", ${utc('s.last_vacuum')} AS "lastVacuum", ${utc('s.last_autovacuum')} AS "lastAutovacuum",
       ${utc('s.last_analyze')} AS "lastAnalyze", ${utc('s.last_autoanalyze')} AS "lastAutoanalyze", s.vacuum_count::text AS vacuums,
       s.autovacuum_count::text AS autovacuums, s.analyze_count::text AS analyzes, s.autoanalyze_count::text AS autoanalyzes,
       x.n_dead_tup::text AS "toastDeadRows", ${utc('x.last_autovacuum')} AS "toastLastAutovacuum",
       CASE WHEN c.relfrozenxid <> '0'::pg_catalog.xid THEN pg_catalog.age(c.relfrozenxid)::text END AS "frozenAge"
  FROM pg_catalog.pg_class c CROSS JOIN sizes z LEFT JOIN pg_catalog.pg_stat_all_tables s ON s.relid = c.oid
  LEFT JOIN pg_catalog.pg_statio_all_tables o ON o.relid = c.oid LEFT JOIN pg_catalog.pg_stat_all_tables x ON x.relid = c.reltoastrelid
 WHERE c.oid = $1`;

const partitionsGrid: GridDefinition = {
  key: 'partitions',
  columns: ['name', 'estimatedRows', 'totalSize'],
  sql: always(`
SELECT p.oid::pg_catalog.regclass::text AS name, CASE WHEN p.relkind <> 'p' THEN (${estimatedRows('p')})::text END AS "estimatedRows",
       pg_catalog.pg_total_relation_size(p.oid)::text AS "totalSize"
  FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class p ON p.oid = i.inhrelid WHERE i.inhparent = $1 AND p.relispartition ORDER BY 1`),
};

/** Tables, partitioned tables and materialized views. */
export const tableStatistics: PropertiesDefinition = {
  sql: { 100000: facts(100000), 130000: facts(130000), 160000: facts(160000), 180000: facts(180000) },
  items: [
    ['estimatedRows', 'count'],
    ['totalSize', 'bytes'],
    ['mainSize', 'bytes'],
    ['extraSize', 'bytes'],
    ['toastSize', 'bytes'],
    ['indexesSize', 'bytes'],
    ['liveRows', 'count'],
    ['deadRows', 'count'],
    ['rowsInserted', 'count'],
    ['rowsUpdated', 'count'],
    ['rowsUpdatedHot', 'count'],
    ['rowsUpdatedElsewhere', 'count'],
    ['rowsDeleted', 'count'],
    ['changesSinceAnalyze', 'count'],
    ['insertsSinceVacuum', 'count'],
    ['sequentialScans', 'count'],
    ['sequentialRows', 'count'],
    ['lastSequentialScan', 'time'],
    ['indexScans', 'count'],
    ['indexRows', 'count'],
    ['lastIndexScan', 'time'],
    ['blocksRead', 'count'],
    ['blocksHit', 'count'],
    ['hitRatio', 'text'],
    ['indexBlocksRead', 'count'],
    ['indexBlocksHit', 'count'],
    ['toastBlocksRead', 'count'],
    ['toastBlocksHit', 'count'],
    ['toastIndexBlocksRead', 'count'],
    ['toastIndexBlocksHit', 'count'],
    ['toastDeadRows', 'count'],
    ['toastLastAutovacuum', 'time'],
    ['lastVacuum', 'time'],
    ['lastAutovacuum', 'time'],
    ['lastAnalyze', 'time'],
    ['lastAutoanalyze', 'time'],
    ['vacuums', 'count'],
    ['autovacuums', 'count'],
    ['analyzes', 'count'],
    ['autoanalyzes', 'count'],
    ['vacuumTime', 'text'],
    ['autovacuumTime', 'text'],
    ['analyzeTime', 'text'],
    ['autoanalyzeTime', 'text'],
    ['frozenAge', 'count'],
  ],
  grids: [columnsGrid, indexUseGrid, partitionsGrid],
};

/** The server counts nothing of a foreign table; ANALYZE leaves figures of its rows. */
export const foreignTableStatistics: PropertiesDefinition = {
  sql: always(`
SELECT (${estimatedRows('c')})::text AS "estimatedRows" FROM pg_catalog.pg_class c WHERE c.oid = $1`),
  items: [['estimatedRows', 'count']],
  grids: [columnsGrid],
};

/** pg_statio_all_sequences. */
export const sequenceStatistics: PropertiesDefinition = {
  sql: always(`
SELECT pg_catalog.pg_relation_size(c.oid)::text AS size, s.blks_read::text AS "blocksRead", s.blks_hit::text AS "blocksHit",
       ${hitRatio('s.blks_hit', 's.blks_read')} AS "hitRatio"
  FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_statio_all_sequences s ON s.relid = c.oid WHERE c.oid = $1`),
  items: [
    ['size', 'bytes'],
    ['blocksRead', 'count'],
    ['blocksHit', 'count'],
    ['hitRatio', 'text'],
  ],
  grids: [],
};
