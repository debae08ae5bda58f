import { privilegesGrid, sharedSecurityLabelsGrid } from './facts';
import { always, type KindDefinition } from './kind';

/** pg_tablespace. */
export const tablespaces: KindDefinition = {
  folder: 'tablespaces',
  kind: 'tablespace',
  scope: 'server',
  select: always("t.oid, t.spcname AS name, '' AS note, '' AS mark"),
  from: always(String.raw`FROM pg_catalog.pg_tablespace t WHERE $1 OR t.spcname <> 'pg_global'`),
  order: 't.spcname',
  properties: {
    tablespace: {
      sql: always(`
SELECT t.spcname AS name, t.oid::text AS oid, pg_catalog.pg_get_userbyid(t.spcowner) AS owner,
       nullif(pg_catalog.pg_tablespace_location(t.oid), '') AS location, array_to_string(t.spcoptions, ', ') AS options,
       CASE WHEN pg_catalog.has_tablespace_privilege(t.oid, 'CREATE') THEN pg_catalog.pg_tablespace_size(t.oid)::text END AS size,
       pg_catalog.shobj_description(t.oid, 'pg_tablespace') AS comment
  FROM pg_catalog.pg_tablespace t WHERE t.oid = $1`),
      items: [
        ['name', 'text'],
        ['oid', 'text'],
        ['owner', 'text'],
        ['size', 'bytes'],
        ['location', 'text'],
        ['options', 'text'],
        ['comment', 'text'],
      ],
      grids: [privilegesGrid('pg_tablespace', 'spcacl'), sharedSecurityLabelsGrid('pg_tablespace')],
    },
  },
};
