import { dependsOnExtensions, LAST_ITEMS, lastFacts } from './facts';
import { always, type KindDefinition } from './kind';

/** Indexes of a table or materialized view. */
export const indexes: KindDefinition = {
  folder: 'indexes',
  kind: 'index',
  scope: 'object',
  select: always(
    `i.oid, i.relname AS name, am.amname AS note, CASE WHEN NOT x.indisvalid THEN 'invalid' WHEN x.indisprimary THEN 'pk'
     WHEN x.indisunique THEN 'unique' ELSE '' END AS mark`,
  ),
  from: always(
    `FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid JOIN pg_catalog.pg_am am ON am.oid = i.relam
     WHERE x.indrelid = $1`,
  ),
  order: 'i.relname',
  properties: {
    index: {
      sql: { 100000: facts('NULL::text'), 150000: facts('x.indnullsnotdistinct::text') },
      items: [
        ['name', 'text'],
        ['oid', 'text'],
        ['table', 'code'],
        ['accessMethod', 'text'],
        ['size', 'bytes'],
        ['unique', 'boolean'],
        ['nullsNotDistinct', 'boolean'],
        ['primaryKey', 'boolean'],
        ['constraint', 'text'],
        ['clustered', 'boolean'],
        ['valid', 'boolean'],
        ['ready', 'boolean'],
        ['replicaIdentity', 'boolean'],
        ['partitionOf', 'code'],
        ['tablespace', 'text'],
        ['options', 'text'],
        ['predicate', 'code'],
        ['definition', 'code'],
        ['dependsOnExtensions', 'text'],
        ...LAST_ITEMS,
      ],
      grids: [
        {
          key: 'columns',
          columns: ['number', 'name', 'operatorClass', 'collation', 'direction', 'nulls', 'statisticsTarget'],
          sql: { 100000: parts('x.indnatts'), 110000: parts('x.indnkeyatts') },
        },
        {
          key: 'included',
          columns: ['number', 'name'],
          sql: {
            100000: 'SELECT NULL::text AS number, NULL::text AS name WHERE $1::oid IS NULL',
            110000: `
SELECT a.attnum::text AS number, a.attname AS name FROM pg_catalog.pg_index x JOIN pg_catalog.pg_attribute a ON a.attrelid = x.indexrelid
 WHERE x.indexrelid = $1 AND a.attnum > x.indnkeyatts ORDER BY a.attnum`,
          },
        },
      ],
    },
  },
};

function facts(nullsNotDistinct: string): string {
  return `
SELECT i.relname AS name, i.oid::text AS oid, x.indrelid::pg_catalog.regclass::text AS table, am.amname AS "accessMethod",
       pg_catalog.pg_relation_size(i.oid)::text AS size, x.indisunique::text AS unique, x.indisprimary::text AS "primaryKey",
       CASE WHEN x.indisunique THEN ${nullsNotDistinct} END AS "nullsNotDistinct",
       (SELECT c.conname FROM pg_catalog.pg_constraint c WHERE c.conindid = i.oid AND c.conrelid = x.indrelid AND c.contype IN ('p', 'u', 'x')) AS "constraint",
       x.indisclustered::text AS clustered, x.indisvalid::text AS valid, x.indisready::text AS ready, x.indisreplident::text AS "replicaIdentity",
       (SELECT h.inhparent::pg_catalog.regclass::text FROM pg_catalog.pg_inherits h WHERE h.inhrelid = i.oid) AS "partitionOf",
       t.spcname AS tablespace, pg_catalog.array_to_string(i.reloptions, ', ') AS options,
       pg_catalog.pg_get_expr(x.indpred, x.indrelid, true) AS predicate, pg_catalog.pg_get_indexdef(i.oid) AS definition,
       ${dependsOnExtensions('i.oid', 'pg_class')},${lastFacts('i.oid', 'pg_class')}
  FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid JOIN pg_catalog.pg_am am ON am.oid = i.relam
  LEFT JOIN pg_catalog.pg_tablespace t ON t.oid = i.reltablespace WHERE i.oid = $1`;
}

/** The keys of an index in their order; `keys` says how many it has. */
function parts(keys: string): string {
  return `
SELECT n::text AS number, pg_catalog.pg_get_indexdef(x.indexrelid, n, true) AS name, o.opcname AS "operatorClass", c.collname AS collation,
       CASE WHEN pg_catalog.pg_index_column_has_property(x.indexrelid, n, 'desc') THEN 'DESC'
            WHEN pg_catalog.pg_index_column_has_property(x.indexrelid, n, 'asc') THEN 'ASC' END AS direction,
       CASE WHEN pg_catalog.pg_index_column_has_property(x.indexrelid, n, 'nulls_first') THEN 'FIRST'
            WHEN pg_catalog.pg_index_column_has_property(x.indexrelid, n, 'nulls_last') THEN 'LAST' END AS nulls,
       CASE WHEN a.attstattarget >= 0 THEN a.attstattarget::text END AS "statisticsTarget"
  FROM pg_catalog.pg_index x CROSS JOIN LATERAL generate_series(1, ${keys}::int4) n
  JOIN pg_catalog.pg_attribute a ON a.attrelid = x.indexrelid AND a.attnum = n
  LEFT JOIN pg_catalog.pg_opclass o ON o.oid = x.indclass[n - 1] LEFT JOIN pg_catalog.pg_collation c ON c.oid = x.indcollation[n - 1]
 WHERE x.indexrelid = $1 ORDER BY n`;
}
