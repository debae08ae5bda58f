import { LAST_ITEMS, lastFacts } from './facts';
import { always, type KindDefinition } from './kind';

/** Conversions between encodings. */
export const conversions: KindDefinition = {
  folder: 'conversions',
  kind: 'conversion',
  scope: 'schema',
  rare: true,
  select: always(
    `c.oid, c.conname AS name, pg_catalog.pg_encoding_to_char(c.conforencoding) || ' → ' || pg_catalog.pg_encoding_to_char(c.contoencoding) AS note, CASE WHEN c.condefault THEN 'default' ELSE '' END AS mark`,
  ),
  from: always(`FROM pg_catalog.pg_conversion c WHERE c.connamespace = $1`),
  order: 'c.conname',
  properties: {
    conversion: {
      sql: always(`
SELECT c.conname AS name, c.oid::text AS oid, n.nspname AS schema, pg_catalog.pg_get_userbyid(c.conowner) AS owner,
       pg_catalog.pg_encoding_to_char(c.conforencoding) AS source, pg_catalog.pg_encoding_to_char(c.contoencoding) AS target,
       c.conproc::text AS function, c.condefault::text AS "isDefault",${lastFacts('c.oid', 'pg_conversion')}
  FROM pg_catalog.pg_conversion c JOIN pg_catalog.pg_namespace n ON n.oid = c.connamespace WHERE c.oid = $1`),
      items: [
        ['name', 'text'],
        ['oid', 'text'],
        ['schema', 'text'],
        ['owner', 'text'],
        ['source', 'text'],
        ['target', 'text'],
        ['function', 'code'],
        ['isDefault', 'boolean'],
        ...LAST_ITEMS,
      ],
      grids: [],
    },
  },
};
