import { always, type KindDefinition } from './kind';
import { columnsGrid, constraintsGrid, triggersGrid } from './relation-grids';

/** Foreign tables that aren't partitions. */
export const foreignTables: KindDefinition = {
  folder: 'foreign-tables',
  kind: 'foreign-table',
  scope: 'schema',
  select: always("c.oid, c.relname AS name, '' AS note, '' AS mark"),
  from: always("FROM pg_catalog.pg_class c WHERE c.relnamespace = $1 AND c.relkind = 'f' AND NOT c.relispartition"),
  order: 'c.relname',
  properties: {
    'foreign-table': {
      sql: always(`
SELECT c.relname AS name, c.oid::text AS oid, n.nspname AS schema, pg_catalog.pg_get_userbyid(c.relowner) AS owner,
       s.srvname AS server, array_to_string(f.ftoptions, ', ') AS options,
       (SELECT string_agg(a::text, E'\\n') FROM unnest(c.relacl) a) AS privileges,
       pg_catalog.obj_description(c.oid, 'pg_class') AS comment
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_foreign_table f ON f.ftrelid = c.oid JOIN pg_catalog.pg_foreign_server s ON s.oid = f.ftserver WHERE c.oid = $1`),
      items: [
        ['name', 'text'],
        ['oid', 'text'],
        ['schema', 'text'],
        ['owner', 'text'],
        ['server', 'text'],
        ['options', 'text'],
        ['privileges', 'code'],
        ['comment', 'text'],
      ],
      grids: [columnsGrid, constraintsGrid, triggersGrid],
    },
  },
};
