import { always, type KindDefinition } from './kind';
import { columnsGrid, indexesGrid } from './relation-grids';

/** Materialized views. */
export const materializedViews: KindDefinition = {
  folder: 'materialized-views',
  kind: 'materialized-view',
  scope: 'schema',
  select: always(
    "c.oid, c.relname AS name, '' AS note, CASE WHEN c.relispopulated THEN '' ELSE 'unpopulated' END AS mark",
  ),
  from: always("FROM pg_catalog.pg_class c WHERE c.relnamespace = $1 AND c.relkind = 'm'"),
  order: 'c.relname',
  properties: {
    'materialized-view': {
      sql: always(`
SELECT c.relname AS name, c.oid::text AS oid, n.nspname AS schema, pg_catalog.pg_get_userbyid(c.relowner) AS owner,
       c.relispopulated::text AS populated, greatest(c.reltuples, 0)::int8::text AS "estimatedRows",
       pg_catalog.pg_total_relation_size(c.oid)::text AS "totalSize", array_to_string(c.reloptions, ', ') AS options,
       pg_catalog.pg_get_viewdef(c.oid, true) AS definition,
       (SELECT string_agg(a::text, E'\\n') FROM unnest(c.relacl) a) AS privileges,
       pg_catalog.obj_description(c.oid, 'pg_class') AS comment
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = $1`),
      items: [
        ['name', 'text'],
        ['oid', 'text'],
        ['schema', 'text'],
        ['owner', 'text'],
        ['populated', 'boolean'],
        ['estimatedRows', 'count'],
        ['totalSize', 'bytes'],
        ['options', 'text'],
        ['definition', 'code'],
        ['privileges', 'code'],
        ['comment', 'text'],
      ],
      grids: [columnsGrid, indexesGrid],
    },
  },
};
