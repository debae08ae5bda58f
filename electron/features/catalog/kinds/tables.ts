import { estimatedRows, LAST_ITEMS, lastFacts, privilegesGrid, securityLabelsGrid } from './facts';
import { always, type KindDefinition, type PropertiesDefinition } from './kind';
import { columnsGrid, constraintsGrid, indexesGrid, policiesGrid, rulesGrid, triggersGrid } from './relation-grids';

const MARK = `CASE WHEN c.relkind = 'p' THEN 'partitioned' WHEN c.relispartition THEN 'partition' WHEN c.relpersistence = 'u' THEN 'unlogged' ELSE '' END AS mark`;

const facts = (accessMethod: string, hasOids: string): string => `
SELECT c.relname AS name, c.oid::text AS oid, n.nspname AS schema, pg_catalog.pg_get_userbyid(c.relowner) AS owner,
       CASE WHEN c.relkind <> 'p' THEN (${estimatedRows('c')})::text END AS "estimatedRows",
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
       CASE c.relreplident WHEN 'n' THEN 'NOTHING' WHEN 'f' THEN 'FULL' WHEN 'i' THEN 'USING INDEX ' || (
            SELECT pg_catalog.quote_ident(x.relname) FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
             WHERE i.indrelid = c.oid AND i.indisreplident) ELSE 'DEFAULT' END AS "replicaIdentity",
       (SELECT k.conname FROM pg_catalog.pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'p') AS "primaryKeyName",
       CASE WHEN c.relkind = 'r' THEN (SELECT nullif(count(*), 0)::text FROM pg_catalog.pg_inherits h WHERE h.inhparent = c.oid) END AS heirs,
       CASE WHEN ${hasOids} THEN 'true' END AS "hasOids", pg_catalog.array_to_string(c.reloptions, ', ') AS options,
       (SELECT pg_catalog.array_to_string(o.reloptions, ', ') FROM pg_catalog.pg_class o WHERE o.oid = c.reltoastrelid) AS "toastOptions",
       ${lastFacts('c.oid', 'pg_class')}
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_tablespace t ON t.oid = c.reltablespace WHERE c.oid = $1`;

const tableProperties: PropertiesDefinition = {
  sql: {
    100000: facts('NULL::text', 'c.relhasoids'),
    120000: facts('(SELECT am.amname FROM pg_catalog.pg_am am WHERE am.oid = c.relam)', 'false'),
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
    ['replicaIdentity', 'text'],
    ['primaryKeyName', 'text'],
    ['heirs', 'count'],
    ['hasOids', 'boolean'],
    ['options', 'text'],
    ['toastOptions', 'text'],
    ...LAST_ITEMS,
  ],
  grids: [
    columnsGrid,
    constraintsGrid,
    indexesGrid,
    triggersGrid,
    rulesGrid,
    policiesGrid,
    {
      key: 'partitions',
      columns: ['name', 'bound', 'size'],
      sql: always(`
SELECT i.inhrelid::pg_catalog.regclass::text AS name, pg_catalog.pg_get_expr(p.relpartbound, p.oid) AS bound,
       pg_catalog.pg_total_relation_size(p.oid)::text AS size
  FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class p ON p.oid = i.inhrelid
 WHERE i.inhparent = $1 AND p.relispartition ORDER BY 1`),
    },
    privilegesGrid('pg_class', 'relacl'),
    securityLabelsGrid('pg_class'),
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
