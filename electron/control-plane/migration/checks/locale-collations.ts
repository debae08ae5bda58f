import type { Check } from './check';
import { count, databaseFinding, forDatabases, passed, RELATION_NAME, RELATIONS, scopeOf } from './object-scope';

/** Collations by name that columns, indexes and domains use; those of schemas of the database travel by themselves. */
const USED = `SELECT l.collname AS name, min(u.item) AS example, count(*)::int AS uses FROM (
SELECT a.attcollation AS coll, pg_catalog.format('%s.%I', ${RELATION_NAME}, a.attname) AS item
FROM ${RELATIONS} JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped WHERE c.oid = ANY ($1::oid[])
UNION ALL SELECT k.coll, ${RELATION_NAME} FROM ${RELATIONS} JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid,
unnest(i.indcollation::oid[]) k (coll) WHERE i.indrelid = ANY ($1::oid[])
UNION ALL SELECT t.typcollation, pg_catalog.format('%I.%I', n.nspname, t.typname) FROM pg_catalog.pg_type t
JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace WHERE t.typtype = 'd' AND n.nspname = ANY ($2::text[])) u
JOIN pg_catalog.pg_collation l ON l.oid = u.coll AND l.collnamespace = 'pg_catalog'::pg_catalog.regnamespace
WHERE l.collname <> 'default' GROUP BY 1 ORDER BY 1`;
const THERE = `SELECT collname AS name FROM pg_catalog.pg_collation
WHERE collnamespace = 'pg_catalog'::pg_catalog.regnamespace AND collencoding IN (-1, $1::integer)`;
const ENCODING = 'SELECT encoding FROM pg_catalog.pg_database WHERE datname = $1';

const missing: Check = {
  id: 'collations-missing',
  step: 'DependencyCheck',
  title: 'Collations that the target does not have',
  applies: ({ databases }) => databases.length > 0,
  run: (context) =>
    forDatabases(context, async (database) => {
      const { relations, schemas } = scopeOf(database.plan);
      const used = await database.source.query<{ name: string; example: string; uses: number }>(
        USED,
        [relations, schemas],
        context.signal,
      );
      const encodings = await (database.target === null ? context.source : context.target).server.query<{
        encoding: number;
      }>(ENCODING, [database.target === null ? database.plan.source : database.plan.target], context.signal);
      const session = database.target ?? context.target.server;
      const there = await session.query<{ name: string }>(THERE, [encodings[0]?.encoding ?? 6], context.signal);
      const known = new Set(there.map(({ name }) => name));
      const lacking = used.filter(({ name }) => !known.has(name));
      if (lacking.length === 0)
        return passed(
          database,
          'both',
          USED,
          `${count(used.length, 'collation')} of the server in use, all on the target`,
        );
      return databaseFinding(
        database,
        'both',
        USED,
        lacking.map(({ name, example, uses }) => `${name}: ${example}${uses > 1 ? ` and ${uses - 1} more` : ''}`),
        {
          level: 'failed',
          found: `${count(lacking.length, 'collation')} in use that the target does not have`,
          effect: 'Columns and indexes with these collations cannot be made, nor their tables.',
          remedy:
            "Install the locales on the machine of the target and run SELECT pg_import_system_collations('pg_catalog') there, or give the columns another collation on the source.",
        },
      );
    }),
};

const versionsSql = (
  major: number,
): string => `SELECT pg_catalog.format('%I.%I', n.nspname, l.collname) AS item, l.collversion AS recorded,
pg_catalog.pg_collation_actual_version(l.oid) AS actual FROM pg_catalog.pg_collation l
JOIN pg_catalog.pg_namespace n ON n.oid = l.collnamespace WHERE l.collversion IS NOT NULL AND l.collversion <> ''
AND l.collversion <> coalesce(pg_catalog.pg_collation_actual_version(l.oid), l.collversion)${
  major >= 15
    ? `
UNION ALL SELECT 'database ' || pg_catalog.quote_ident(datname), datcollversion, pg_catalog.pg_database_collation_actual_version(oid)
FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database() AND datcollversion <> pg_catalog.pg_database_collation_actual_version(oid)`
    : ''
} ORDER BY 1`;

const versions: Check = {
  id: 'collation-versions',
  step: 'ObjectCheck',
  title: 'Versions of collations on the source',
  applies: ({ databases }) => databases.length > 0,
  run: (context) =>
    forDatabases(context, async (database) => {
      const sql = versionsSql(context.source.major);
      const rows = await database.source.query<{ item: string; recorded: string; actual: string }>(
        sql,
        [],
        context.signal,
      );
      if (rows.length === 0)
        return passed(database, 'source', sql, 'Collations are those that the indexes were built with');
      return databaseFinding(
        database,
        'source',
        sql,
        rows.map(({ item, recorded, actual }) => `${item}: ${recorded} → ${actual}`),
        {
          level: 'warning',
          found: `${count(rows.length, 'collation')} that the system has changed since the indexes were built`,
          effect:
            'Indexes of the source may be out of order: its unique keys may hold values twice, which the target refuses. Indexes of the target are built anew.',
          remedy:
            'REINDEX the text indexes on the source, then ALTER COLLATION … REFRESH VERSION (ALTER DATABASE … for its default).',
        },
      );
    }),
};

/** Libraries of the system sort; two machines agree when their versions do. */
const LIBRARIES = `SELECT DISTINCT collprovider::text AS provider, pg_catalog.pg_collation_actual_version(oid) AS version
FROM pg_catalog.pg_collation WHERE (collprovider = 'c' OR collname = 'und-x-icu') AND pg_catalog.pg_collation_actual_version(oid) IS NOT NULL`;
const PROVIDERS: Readonly<Record<string, string>> = { c: 'libc', i: 'ICU' };

const libraries: Check = {
  id: 'collation-libraries',
  step: 'ConflictCheck',
  title: 'Libraries that sort text',
  applies: ({ databases }) => databases.length > 0,
  async run({ source, target, signal }) {
    const [here, there] = await Promise.all(
      [source, target].map((side) => side.server.query<{ provider: string; version: string }>(LIBRARIES, [], signal)),
    );
    const byProvider = (rows: readonly { provider: string; version: string }[] | undefined): Map<string, string> =>
      new Map((rows ?? []).map(({ provider, version }) => [provider, version]));
    const [mine, other] = [byProvider(here), byProvider(there)];
    const items = [...mine].flatMap(([provider, version]) => {
      const theirs = other.get(provider);
      return theirs === undefined || theirs === version
        ? []
        : [`${PROVIDERS[provider] ?? provider}: ${version} → ${theirs}`];
    });
    const place = { side: 'both', database: '', sql: LIBRARIES } as const;
    if (items.length === 0) return [{ ...place, level: 'pass', found: 'No difference between both systems is known' }];
    return [
      {
        ...place,
        level: 'info',
        found: 'The systems of source and target sort text by different versions of their libraries',
        items,
        effect:
          'A few characters may sort in another place; indexes are built anew, so that they are right on the target.',
        remedy: 'Partitions by ranges of text deserve a look: a row may belong to another one.',
      },
    ];
  },
};

export const LOCALE_COLLATION_CHECKS: readonly Check[] = [missing, versions, libraries];
