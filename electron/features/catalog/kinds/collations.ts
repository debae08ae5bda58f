import { always, type KindDefinition } from './kind';

/** Collations that fit the encoding of the database. */
export const collations: KindDefinition = {
  folder: 'collations',
  kind: 'collation',
  scope: 'schema',
  rare: true,
  select: always(`c.oid, c.collname AS name, '' AS note, '' AS mark`),
  from: always(
    `FROM pg_catalog.pg_collation c WHERE c.collnamespace = $1 AND c.collencoding IN (-1, (SELECT d.encoding FROM pg_catalog.pg_database d WHERE d.datname = current_database()))`,
  ),
  order: 'c.collname, c.oid',
  properties: {},
};
