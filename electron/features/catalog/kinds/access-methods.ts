import { LAST_ITEMS, lastFacts } from './facts';
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
  properties: {
    'access-method': {
      sql: always(`
SELECT m.amname AS name, m.oid::text AS oid, CASE m.amtype WHEN 't' THEN 'TABLE' ELSE 'INDEX' END AS variant, m.amhandler::text AS handler,
       ${lastFacts('m.oid', 'pg_am')}
  FROM pg_catalog.pg_am m WHERE m.oid = $1`),
      items: [['name', 'text'], ['oid', 'text'], ['variant', 'text'], ['handler', 'code'], ...LAST_ITEMS],
      grids: [],
    },
  },
};
