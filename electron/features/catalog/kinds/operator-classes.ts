import { always, type KindDefinition } from './kind';

/** Operator classes; the note is the access method. */
export const operatorClasses: KindDefinition = {
  folder: 'operator-classes',
  kind: 'operator-class',
  scope: 'schema',
  rare: true,
  select: always(
    `o.oid, o.opcname AS name, m.amname AS note, CASE WHEN o.opcdefault THEN 'default' ELSE '' END AS mark`,
  ),
  from: always(`FROM pg_catalog.pg_opclass o JOIN pg_catalog.pg_am m ON m.oid = o.opcmethod WHERE o.opcnamespace = $1`),
  order: 'o.opcname, 3',
  properties: {},
};
