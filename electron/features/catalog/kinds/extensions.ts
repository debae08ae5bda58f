import { LAST_ITEMS, lastFacts } from './facts';
import { always, type KindDefinition } from './kind';

/** pg_extension. */
export const extensions: KindDefinition = {
  folder: 'extensions',
  kind: 'extension',
  scope: 'database',
  select: always("e.oid, e.extname AS name, e.extversion AS note, '' AS mark"),
  from: always("FROM pg_catalog.pg_extension e WHERE $1 OR e.extname <> 'plpgsql'"),
  order: 'e.extname',
  properties: {
    extension: {
      sql: always(`
SELECT e.extname AS name, e.oid::text AS oid, e.extversion AS version, a.default_version AS "availableVersion", n.nspname AS schema,
       pg_catalog.pg_get_userbyid(e.extowner) AS owner, e.extrelocatable::text AS relocatable,${lastFacts('e.oid', 'pg_extension')}
  FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
  LEFT JOIN pg_catalog.pg_available_extensions a ON a.name = e.extname WHERE e.oid = $1`),
      items: [
        ['name', 'text'],
        ['oid', 'text'],
        ['version', 'text'],
        ['availableVersion', 'text'],
        ['schema', 'text'],
        ['owner', 'text'],
        ['relocatable', 'boolean'],
        ...LAST_ITEMS,
      ],
      grids: [
        {
          key: 'updates',
          columns: ['version'],
          sql: always(
            `SELECT v.version FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_available_extension_versions v ON v.name = e.extname WHERE e.oid = $1 AND NOT v.installed ORDER BY 1`,
          ),
        },
      ],
    },
  },
};
