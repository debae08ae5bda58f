import { always, type KindDefinition } from './kind';

/** Operators; the note tells those of one name apart. */
export const operators: KindDefinition = {
  folder: 'operators',
  kind: 'operator',
  scope: 'schema',
  rare: true,
  select: always(
    `o.oid, o.oprname AS name, '(' || CASE WHEN o.oprleft = 0 THEN '' ELSE pg_catalog.format_type(o.oprleft, NULL) || ', ' END || CASE WHEN o.oprright = 0 THEN 'NONE' ELSE pg_catalog.format_type(o.oprright, NULL) END || ')' AS note, CASE WHEN o.oprcode = 0 THEN 'shell' ELSE '' END AS mark`,
  ),
  from: always(`FROM pg_catalog.pg_operator o WHERE o.oprnamespace = $1`),
  order: 'o.oprname, 3',
  properties: {},
};
