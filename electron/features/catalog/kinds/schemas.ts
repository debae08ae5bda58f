import { always, type KindDefinition } from './kind';

/** pg_namespace. The catalogs, temporary and TOAST schemas count as system objects. */
export const schemas: KindDefinition = {
  folder: 'schemas',
  kind: 'schema',
  scope: 'database',
  select: always("n.oid, n.nspname AS name, '' AS note, '' AS mark"),
  from: always(
    String.raw`FROM pg_catalog.pg_namespace n WHERE n.nspname !~ '^pg_(toast|temp_|toast_temp_)' AND ($1 OR n.nspname !~ '^(pg_|information_schema$)')`,
  ),
  order: 'n.nspname',
  properties: {
    schema: {
      sql: always(`
SELECT n.nspname AS name, n.oid::text AS oid, pg_catalog.pg_get_userbyid(n.nspowner) AS owner,
       (SELECT string_agg(a::text, E'\\n') FROM unnest(n.nspacl) a) AS privileges,
       pg_catalog.obj_description(n.oid, 'pg_namespace') AS comment
  FROM pg_catalog.pg_namespace n WHERE n.oid = $1`),
      items: [
        ['name', 'text'],
        ['oid', 'text'],
        ['owner', 'text'],
        ['privileges', 'code'],
        ['comment', 'text'],
      ],
      grids: [],
    },
  },
};
