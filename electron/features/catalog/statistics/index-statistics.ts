import { estimatedRows, utc } from '../kinds/facts';
import { always, type GridDefinition, type PropertiesDefinition, type VersionedSql } from '../kinds/kind';
import { hitRatio } from './figures';

/** `from` gives the index as `i` (pg_class) or nulls; a partitioned one is as big as its partitions. */
const facts = (from: string): VersionedSql => {
  const sql = (lastScan: string): string => `
SELECT CASE WHEN i.relkind = 'I' THEN (
         WITH RECURSIVE tree (oid) AS (
           SELECT h.inhrelid FROM pg_catalog.pg_inherits h WHERE h.inhparent = i.oid
           UNION ALL SELECT h.inhrelid FROM tree t JOIN pg_catalog.pg_inherits h ON h.inhparent = t.oid
         ) SELECT sum(pg_catalog.pg_relation_size(t.oid)) FROM tree t)::text
       ELSE pg_catalog.pg_relation_size(i.oid)::text END AS size,
       CASE WHEN i.relkind = 'i' THEN ${estimatedRows('i')} END::text AS "estimatedRows", s.idx_scan::text AS "indexScans", ${lastScan} AS "lastIndexScan",
       s.idx_tup_read::text AS "entriesRead", s.idx_tup_fetch::text AS "indexRows", o.idx_blks_read::text AS "blocksRead",
       o.idx_blks_hit::text AS "blocksHit", ${hitRatio('o.idx_blks_hit', 'o.idx_blks_read')} AS "hitRatio"
  FROM ${from} LEFT JOIN pg_catalog.pg_stat_all_indexes s ON s.indexrelid = i.oid
  LEFT JOIN pg_catalog.pg_statio_all_indexes o ON o.indexrelid = i.oid`;
  return { 100000: sql('NULL::text'), 160000: sql(utc('s.last_idx_scan')) };
};

const ITEMS: PropertiesDefinition['items'] = [
  ['size', 'bytes'],
  ['estimatedRows', 'count'],
  ['indexScans', 'count'],
  ['lastIndexScan', 'time'],
  ['entriesRead', 'count'],
  ['indexRows', 'count'],
  ['blocksRead', 'count'],
  ['blocksHit', 'count'],
  ['hitRatio', 'text'],
];

/** pg_stat_all_indexes and pg_statio_all_indexes. */
export const indexStatistics: PropertiesDefinition = {
  sql: facts('(SELECT c.oid, c.relkind, c.reltuples FROM pg_catalog.pg_class c WHERE c.oid = $1) i'),
  items: ITEMS,
  grids: [],
};

/** Those of the index that a constraint has; nothing for the others. */
export const constraintStatistics: PropertiesDefinition = {
  sql: facts(
    `(SELECT c.oid, c.relkind, c.reltuples FROM pg_catalog.pg_constraint k LEFT JOIN pg_catalog.pg_class c ON c.oid = k.conindid AND k.contype IN ('p', 'u', 'x')
        WHERE k.oid = $1) i`,
  ),
  items: ITEMS,
  grids: [],
};

/** How much each index of a table is used. */
export const indexUseGrid: GridDefinition = {
  key: 'indexes',
  columns: ['name', 'indexScans', 'entriesRead', 'indexRows', 'size'],
  sql: always(`
SELECT i.relname AS name, s.idx_scan::text AS "indexScans", s.idx_tup_read::text AS "entriesRead", s.idx_tup_fetch::text AS "indexRows",
       pg_catalog.pg_relation_size(i.oid)::text AS size
  FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
  LEFT JOIN pg_catalog.pg_stat_all_indexes s ON s.indexrelid = i.oid WHERE x.indrelid = $1 ORDER BY i.relname`),
};
