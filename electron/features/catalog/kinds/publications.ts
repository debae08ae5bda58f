import { always, type KindDefinition } from './kind';

/** pg_publication. */
export const publications: KindDefinition = {
  folder: 'publications',
  kind: 'publication',
  scope: 'database',
  rare: true,
  select: always(
    `p.oid, p.pubname AS name, '' AS note, CASE WHEN p.puballtables THEN 'all-tables' ELSE '' END AS mark`,
  ),
  from: always(`FROM pg_catalog.pg_publication p WHERE $1 OR true`),
  order: 'p.pubname',
  properties: {},
};
