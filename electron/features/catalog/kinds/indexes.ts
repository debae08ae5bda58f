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
      sql: always(`
SELECT i.relname AS name, i.oid::text AS oid, x.indrelid::pg_catalog.regclass::text AS table, am.amname AS "accessMethod",
       pg_catalog.pg_relation_size(i.oid)::text AS size, x.indisunique::text AS unique, x.indisprimary::text AS "primaryKey",
       x.indisclustered::text AS clustered, x.indisvalid::text AS valid, x.indisreplident::text AS "replicaIdentity",
       t.spcname AS tablespace, pg_catalog.pg_get_indexdef(i.oid) AS definition, pg_catalog.obj_description(i.oid, 'pg_class') AS comment
  FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid JOIN pg_catalog.pg_am am ON am.oid = i.relam
  LEFT JOIN pg_catalog.pg_tablespace t ON t.oid = i.reltablespace WHERE i.oid = $1`),
      items: [
        ['name', 'text'],
        ['oid', 'text'],
        ['table', 'text'],
        ['accessMethod', 'text'],
        ['size', 'bytes'],
        ['unique', 'boolean'],
        ['primaryKey', 'boolean'],
        ['clustered', 'boolean'],
        ['valid', 'boolean'],
        ['replicaIdentity', 'boolean'],
        ['tablespace', 'text'],
        ['definition', 'code'],
        ['comment', 'text'],
      ],
      grids: [],
    },
  },
};
