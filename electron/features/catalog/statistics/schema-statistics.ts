import { estimatedRows } from '../kinds/facts';
import { always, type PropertiesDefinition } from '../kinds/kind';

/** Of a schema with more relations only the biggest by the planner's figures are measured. */
const MEASURED = 500;

/** How big a schema is by the planner's figures, and its relations by their files. */
export const schemaStatistics: PropertiesDefinition = {
  sql: always(`
SELECT count(c.oid)::text AS relations, sum(${estimatedRows('c')}) FILTER (WHERE c.relkind IN ('r', 'm'))::int8::text AS "estimatedRows",
       (sum(c.relpages::int8) * current_setting('block_size')::int8)::text AS "estimatedSize"
  FROM pg_catalog.pg_namespace n LEFT JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relkind IN ('r', 'm', 'i', 't') WHERE n.oid = $1 GROUP BY n.oid`),
  items: [
    ['relations', 'count'],
    ['estimatedRows', 'count'],
    ['estimatedSize', 'bytes'],
  ],
  grids: [
    {
      key: 'tables',
      columns: ['name', 'estimatedRows', 'deadRows', 'tableSize', 'indexesSize', 'totalSize'],
      sql: always(`
SELECT z.* FROM (
  SELECT b.relname AS name, (${estimatedRows('b')})::text AS "estimatedRows", pg_catalog.pg_stat_get_dead_tuples(b.oid)::text AS "deadRows",
         pg_catalog.pg_table_size(b.oid)::text AS "tableSize", pg_catalog.pg_indexes_size(b.oid)::text AS "indexesSize",
         pg_catalog.pg_total_relation_size(b.oid) AS "totalSize"
    FROM (SELECT c.oid, c.relname, c.reltuples FROM pg_catalog.pg_class c
           WHERE c.relnamespace = $1 AND c.relkind IN ('r', 'm') ORDER BY c.relpages DESC, c.relname LIMIT ${MEASURED}) b
) z ORDER BY z."totalSize" DESC, z.name`),
    },
  ],
};
