import { always, type KindDefinition } from './kind';

/** pg_am; those that come with the server count as system objects. */
export const accessMethods: KindDefinition = {
  folder: 'access-methods',
  kind: 'access-method',
  scope: 'database',
  rare: true,
  select: always(`m.oid, m.amname AS name, CASE m.amtype WHEN 't' THEN 'TABLE' ELSE 'INDEX' END AS note, '' AS mark`),
  from: always(`FROM pg_catalog.pg_am m WHERE $1 OR m.oid >= 16384`),
  order: 'm.amname',
  properties: {},
};
