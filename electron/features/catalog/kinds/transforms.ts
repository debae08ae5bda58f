import { LAST_ITEMS, functionName, lastFacts } from './facts';
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
  properties: {
    transform: {
      sql: always(`
SELECT pg_catalog.format_type(x.trftype, NULL) AS name, x.oid::text AS oid, pg_catalog.format_type(x.trftype, NULL) AS type, l.lanname AS language,
       ${functionName('x.trffromsql')} AS "fromSql", ${functionName('x.trftosql')} AS "toSql",${lastFacts('x.oid', 'pg_transform')}
  FROM pg_catalog.pg_transform x JOIN pg_catalog.pg_language l ON l.oid = x.trflang WHERE x.oid = $1`),
      items: [
        ['name', 'text'],
        ['oid', 'text'],
        ['type', 'code'],
        ['language', 'text'],
        ['fromSql', 'code'],
        ['toSql', 'code'],
        ...LAST_ITEMS,
      ],
      grids: [],
    },
  },
};
