import { LAST_ITEMS, lastFacts } from './facts';
import { always, type KindDefinition } from './kind';

/** pg_cast; those that come with the server count as system objects. A cast has no name of its own. */
export const casts: KindDefinition = {
  folder: 'casts',
  kind: 'cast',
  scope: 'database',
  rare: true,
  select: always(
    `k.oid, pg_catalog.format_type(k.castsource, NULL) || ' → ' || pg_catalog.format_type(k.casttarget, NULL) AS name, CASE k.castcontext WHEN 'i' THEN 'AS IMPLICIT' WHEN 'a' THEN 'AS ASSIGNMENT' ELSE '' END AS note, '' AS mark`,
  ),
  from: always(`FROM pg_catalog.pg_cast k WHERE $1 OR k.oid >= 16384`),
  order: '2, k.oid',
  properties: {
    cast: {
      sql: always(`
SELECT pg_catalog.format_type(k.castsource, NULL) || ' → ' || pg_catalog.format_type(k.casttarget, NULL) AS name, k.oid::text AS oid,
       pg_catalog.format_type(k.castsource, NULL) AS source, pg_catalog.format_type(k.casttarget, NULL) AS target,
       CASE k.castmethod WHEN 'i' THEN 'WITH INOUT' WHEN 'b' THEN 'WITHOUT FUNCTION' ELSE k.castfunc::pg_catalog.regprocedure::text END AS function,
       CASE k.castcontext WHEN 'i' THEN 'IMPLICIT' WHEN 'a' THEN 'ASSIGNMENT' ELSE 'EXPLICIT' END AS context,${lastFacts('k.oid', 'pg_cast')}
  FROM pg_catalog.pg_cast k WHERE k.oid = $1`),
      items: [
        ['name', 'text'],
        ['oid', 'text'],
        ['source', 'code'],
        ['target', 'code'],
        ['function', 'code'],
        ['context', 'text'],
        ...LAST_ITEMS,
      ],
      grids: [],
    },
  },
};
