import { always, type KindDefinition, type PropertiesDefinition } from './kind';
import { columnsGrid, constraintsGrid, indexesGrid, triggersGrid } from './relation-grids';

const MARK = `CASE WHEN c.relkind = 'p' THEN 'partitioned' WHEN c.relispartition THEN 'partition' WHEN c.relpersistence = 'u' THEN 'unlogged' ELSE '' END AS mark`;

const facts = (accessMethod: string): string => `
SELECT c.relname AS name, c.oid::text AS oid, n.nspname AS schema, pg_catalog.pg_get_userbyid(c.relowner) AS owner,
       CASE WHEN c.relkind = 'p' THEN NULL ELSE greatest(c.reltuples, 0)::int8::text END AS "estimatedRows",
       pg_catalog.pg_total_relation_size(c.oid)::text AS "totalSize", pg_catalog.pg_table_size(c.oid)::text AS "tableSize",
       pg_catalog.pg_indexes_size(c.oid)::text AS "indexesSize",
       coalesce(t.spcname, (SELECT s.spcname FROM pg_catalog.pg_database d JOIN pg_catalog.pg_tablespace s ON s.oid = d.dattablespace
                             WHERE d.datname = current_database())) AS tablespace,
       ${accessMethod} AS "accessMethod",
       CASE WHEN c.relkind = 'p' THEN pg_catalog.pg_get_partkeydef(c.oid) END AS "partitionKey",
       CASE WHEN c.relispartition THEN pg_catalog.pg_get_expr(c.relpartbound, c.oid) END AS "partitionBound",
       (SELECT string_agg(i.inhparent::pg_catalog.regclass::text, ', ' ORDER BY i.inhseqno) FROM pg_catalog.pg_inherits i
         WHERE i.inhrelid = c.oid) AS inherits,
       CASE WHEN c.reloftype <> 0 THEN pg_catalog.format_type(c.reloftype, NULL) END AS "ofType",
       (c.relpersistence = 'u')::text AS unlogged, c.relrowsecurity::text AS "rowSecurity",
       CASE WHEN c.relrowsecurity THEN c.relforcerowsecurity::text END AS "forceRowSecurity",
       array_to_string(c.reloptions, ', ') AS options,
       (SELECT string_agg(a::text, E'\\n') FROM unnest(c.relacl) a) AS privileges,
       pg_catalog.obj_description(c.oid, 'pg_class') AS comment
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_tablespace t ON t.oid = c.reltablespace WHERE c.oid = $1`;

const tableProperties: PropertiesDefinition = {
  sql: {
    100000: facts('NULL::text'),
    120000: facts('(SELECT am.amname FROM pg_catalog.pg_am am WHERE am.oid = c.relam)'),
  },
  items: [
    ['name', 'text'],
    ['oid', 'text'],
    ['schema', 'text'],
    ['owner', 'text'],
    ['estimatedRows', 'count'],
    ['totalSize', 'bytes'],
    ['tableSize', 'bytes'],
    ['indexesSize', 'bytes'],
    ['tablespace', 'text'],
    ['accessMethod', 'text'],
    ['partitionKey', 'code'],
    ['partitionBound', 'code'],
    ['inherits', 'text'],
    ['ofType', 'text'],
    ['unlogged', 'boolean'],
    ['rowSecurity', 'boolean'],
    ['forceRowSecurity', 'boolean'],
    ['options', 'text'],
    ['privileges', 'code'],
    ['comment', 'text'],
  ],
  grids: [
    columnsGrid,
    constraintsGrid,
    indexesGrid,
    triggersGrid,
    {
      key: 'partitions',
      columns: ['name', 'bound', 'size'],
      sql: always(`
SELECT i.inhrelid::pg_catalog.regclass::text AS name, pg_catalog.pg_get_expr(p.relpartbound, p.oid) AS bound,
       pg_catalog.pg_total_relation_size(p.oid)::text AS size
  FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class p ON p.oid = i.inhrelid
 WHERE i.inhparent = $1 AND p.relispartition ORDER BY 1`),
    },
  ],
};

/** Ordinary and partitioned tables; partitions stand under their parent. */
export const tables: KindDefinition = {
  folder: 'tables',
  kind: 'table',
  scope: 'schema',
  select: always(`c.oid, c.relname AS name, '' AS note, ${MARK}`),
  from: always(
    "FROM pg_catalog.pg_class c WHERE c.relnamespace = $1 AND c.relkind IN ('r', 'p') AND NOT c.relispartition",
  ),
  order: 'c.relname',
  properties: { table: tableProperties },
};

/** Partitions of one partitioned table, in whatever schema they are. */
export const partitions: KindDefinition = {
  folder: 'partitions',
  kind: 'table',
  scope: 'object',
  rare: true,
  select: always(
    `c.oid, c.relname AS name, pg_catalog.pg_get_expr(c.relpartbound, c.oid) AS note, ${MARK}, n.nspname AS schema,
     CASE WHEN c.relkind = 'f' THEN 'foreign-table' END AS kind`,
  ),
  from: always(
    `FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE i.inhparent = $1 AND c.relispartition`,
  ),
  order: 'c.relname',
  properties: {},
};
