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
  properties: {},
};
