import { LAST_ITEMS, lastFacts, privilegesGrid, securityLabelsGrid } from './facts';
import { always, type KindDefinition } from './kind';
import { columnsGrid, rulesGrid, triggersGrid } from './relation-grids';

/** Views. */
export const views: KindDefinition = {
  folder: 'views',
  kind: 'view',
  scope: 'schema',
  select: always("c.oid, c.relname AS name, '' AS note, '' AS mark"),
  from: always("FROM pg_catalog.pg_class c WHERE c.relnamespace = $1 AND c.relkind = 'v'"),
  order: 'c.relname',
  properties: {
    view: {
      sql: always(`
SELECT c.relname AS name, c.oid::text AS oid, n.nspname AS schema, pg_catalog.pg_get_userbyid(c.relowner) AS owner,
       (pg_catalog.pg_relation_is_updatable(c.oid, false) & 28 = 28)::text AS updatable,
       array_to_string(c.reloptions, ', ') AS options, pg_catalog.pg_get_viewdef(c.oid, true) AS definition,${lastFacts('c.oid', 'pg_class')}
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = $1`),
      items: [
        ['name', 'text'],
        ['oid', 'text'],
        ['schema', 'text'],
        ['owner', 'text'],
        ['updatable', 'boolean'],
        ['options', 'text'],
        ['definition', 'code'],
        ...LAST_ITEMS,
      ],
      grids: [
        columnsGrid,
        triggersGrid,
        rulesGrid,
        privilegesGrid('pg_class', 'relacl'),
        securityLabelsGrid('pg_class'),
      ],
    },
  },
};
