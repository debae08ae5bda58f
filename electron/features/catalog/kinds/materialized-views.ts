import { dependsOnExtensions, estimatedRows, LAST_ITEMS, lastFacts, privilegesGrid, securityLabelsGrid } from './facts';
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
      sql: {
        100000: facts('NULL::text'),
        120000: facts('(SELECT am.amname FROM pg_catalog.pg_am am WHERE am.oid = c.relam)'),
      },
      items: [
        ['name', 'text'],
        ['oid', 'text'],
        ['schema', 'text'],
        ['owner', 'text'],
        ['populated', 'boolean'],
        ['estimatedRows', 'count'],
        ['totalSize', 'bytes'],
        ['tablespace', 'text'],
        ['accessMethod', 'text'],
        ['options', 'text'],
        ['toastOptions', 'text'],
        ['definition', 'code'],
        ['dependsOnExtensions', 'text'],
        ...LAST_ITEMS,
      ],
      grids: [columnsGrid, indexesGrid, privilegesGrid('pg_class', 'relacl'), securityLabelsGrid('pg_class')],
    },
  },
};

function facts(accessMethod: string): string {
  return `
SELECT c.relname AS name, c.oid::text AS oid, n.nspname AS schema, pg_catalog.pg_get_userbyid(c.relowner) AS owner,
       c.relispopulated::text AS populated, (${estimatedRows('c')})::text AS "estimatedRows",
       pg_catalog.pg_total_relation_size(c.oid)::text AS "totalSize", t.spcname AS tablespace, ${accessMethod} AS "accessMethod",
       pg_catalog.array_to_string(c.reloptions, ', ') AS options,
       (SELECT pg_catalog.array_to_string(o.reloptions, ', ') FROM pg_catalog.pg_class o WHERE o.oid = c.reltoastrelid) AS "toastOptions",
       pg_catalog.pg_get_viewdef(c.oid, true) AS definition,${dependsOnExtensions('c.oid', 'pg_class')},${lastFacts('c.oid', 'pg_class')}
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_tablespace t ON t.oid = c.reltablespace WHERE c.oid = $1`;
}
