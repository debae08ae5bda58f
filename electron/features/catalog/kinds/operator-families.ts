import { always, type KindDefinition } from './kind';

/** Operator families; the note is the access method. */
export const operatorFamilies: KindDefinition = {
  folder: 'operator-families',
  kind: 'operator-family',
  scope: 'schema',
  rare: true,
  select: always(`o.oid, o.opfname AS name, m.amname AS note, '' AS mark`),
  from: always(
    `FROM pg_catalog.pg_opfamily o JOIN pg_catalog.pg_am m ON m.oid = o.opfmethod WHERE o.opfnamespace = $1`,
  ),
  order: 'o.opfname, 3',
  properties: {},
};
