import { LAST_ITEMS, defaultPrivilegesGrid, lastFacts, privilegesGrid, securityLabelsGrid } from './facts';
import { always, type KindDefinition } from './kind';

/** Schemas that people make; those of the server itself are in `catalogs`. */
export const schemas: KindDefinition = {
  folder: 'schemas',
  kind: 'schema',
  scope: 'database',
  select: always("n.oid, n.nspname AS name, '' AS note, '' AS mark"),
  from: always("FROM pg_catalog.pg_namespace n WHERE n.nspname !~ '^(pg_|information_schema$)' AND ($1 OR true)"),
  order: 'n.nspname',
  properties: {
    schema: {
      sql: always(`
SELECT n.nspname AS name, n.oid::text AS oid, pg_catalog.pg_get_userbyid(n.nspowner) AS owner,${lastFacts('n.oid', 'pg_namespace')}
  FROM pg_catalog.pg_namespace n WHERE n.oid = $1`),
      items: [['name', 'text'], ['oid', 'text'], ['owner', 'text'], ...LAST_ITEMS],
      grids: [
        privilegesGrid('pg_namespace', 'nspacl'),
        defaultPrivilegesGrid('d.defaclnamespace = $1'),
        securityLabelsGrid('pg_namespace'),
      ],
    },
  },
};

/** The system catalogs and the information schema; TOAST and temporary schemas count as system objects even here. */
export const catalogs: KindDefinition = {
  folder: 'catalogs',
  kind: 'schema',
  scope: 'database',
  select: always("n.oid, n.nspname AS name, '' AS note, 'system' AS mark"),
  from: always(
    "FROM pg_catalog.pg_namespace n WHERE n.nspname IN ('pg_catalog', 'information_schema') OR $1 AND n.nspname ~ '^pg_'",
  ),
  order: 'n.nspname',
  properties: {},
};
