import { LAST_ITEMS, lastFacts } from './facts';
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
  properties: {
    collation: {
      sql: {
        100000: facts('NULL::text', 'NULL::text', 'NULL::text'),
        120000: facts('NULL::text', 'c.collisdeterministic::text', 'NULL::text'),
        150000: facts('c.colliculocale', 'c.collisdeterministic::text', 'NULL::text'),
        160000: facts('c.colliculocale', 'c.collisdeterministic::text', 'c.collicurules'),
        170000: facts('c.colllocale', 'c.collisdeterministic::text', 'c.collicurules'),
      },
      items: [
        ['name', 'text'],
        ['oid', 'text'],
        ['schema', 'text'],
        ['owner', 'text'],
        ['provider', 'text'],
        ['locale', 'text'],
        ['collate', 'text'],
        ['ctype', 'text'],
        ['deterministic', 'boolean'],
        ['rules', 'code'],
        ['encoding', 'text'],
        ['version', 'text'],
        ['actualVersion', 'text'],
        ...LAST_ITEMS,
      ],
      grids: [],
    },
  },
};

/** Columns that came later than 10. */
function facts(locale: string, deterministic: string, rules: string): string {
  return `
SELECT c.collname AS name, c.oid::text AS oid, n.nspname AS schema, pg_catalog.pg_get_userbyid(c.collowner) AS owner,
       CASE c.collprovider WHEN 'c' THEN 'libc' WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'default' END AS provider,
       ${locale} AS locale, c.collcollate AS collate, c.collctype AS ctype, ${deterministic} AS deterministic, ${rules} AS rules,
       CASE WHEN c.collencoding >= 0 THEN pg_catalog.pg_encoding_to_char(c.collencoding) END AS encoding, c.collversion AS version,
       CASE WHEN c.collversion IS NOT NULL THEN pg_catalog.pg_collation_actual_version(c.oid) END AS "actualVersion",
       ${lastFacts('c.oid', 'pg_collation')}
  FROM pg_catalog.pg_collation c JOIN pg_catalog.pg_namespace n ON n.oid = c.collnamespace WHERE c.oid = $1`;
}
