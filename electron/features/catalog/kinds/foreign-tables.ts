import { LAST_ITEMS, lastFacts, optionsGrid, privilegesGrid, securityLabelsGrid } from './facts';
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
       s.srvname AS server,
       (SELECT string_agg(i.inhparent::pg_catalog.regclass::text, ', ' ORDER BY i.inhseqno) FROM pg_catalog.pg_inherits i
         WHERE i.inhrelid = c.oid) AS inherits,
       CASE WHEN c.relispartition THEN pg_catalog.pg_get_expr(c.relpartbound, c.oid) END AS "partitionBound",${lastFacts('c.oid', 'pg_class')}
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_foreign_table f ON f.ftrelid = c.oid JOIN pg_catalog.pg_foreign_server s ON s.oid = f.ftserver WHERE c.oid = $1`),
      items: [
        ['name', 'text'],
        ['oid', 'text'],
        ['schema', 'text'],
        ['owner', 'text'],
        ['server', 'text'],
        ['inherits', 'text'],
        ['partitionBound', 'code'],
        ...LAST_ITEMS,
      ],
      grids: [
        columnsGrid,
        constraintsGrid,
        triggersGrid,
        optionsGrid('pg_foreign_table', 'ftoptions', 'ftrelid'),
        privilegesGrid('pg_class', 'relacl'),
        securityLabelsGrid('pg_class'),
      ],
    },
  },
};
