import { always, type KindDefinition } from './kind';

/** pg_transform, named by the type. */
export const transforms: KindDefinition = {
  folder: 'transforms',
  kind: 'transform',
  scope: 'database',
  rare: true,
  select: always(`x.oid, pg_catalog.format_type(x.trftype, NULL) AS name, l.lanname AS note, '' AS mark`),
  from: always(
    `FROM pg_catalog.pg_transform x JOIN pg_catalog.pg_language l ON l.oid = x.trflang WHERE $1 OR x.oid >= 16384`,
  ),
  order: '2, 3',
  properties: {},
};
