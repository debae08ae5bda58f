import { quoteIdent, quoteQualified } from '../../../../shared/model/quote';
import { AppError, throwIfAborted } from '../../../../shared/errors';
import type { Check, CheckedDatabase } from './check';
import {
  count,
  databaseFinding,
  forDatabases,
  itemsCheck,
  passed,
  RELATION_NAME,
  RELATIONS,
  scopeOf,
} from './object-scope';

const invalidIndexes: Check = itemsCheck({
  id: 'invalid-indexes',
  step: 'ObjectCheck',
  title: 'Invalid indexes',
  sql: `SELECT ${RELATION_NAME} AS item FROM ${RELATIONS} JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid
WHERE i.indrelid = ANY ($1::oid[]) AND NOT i.indisvalid AND c.relkind = 'i' ORDER BY 1`,
  level: 'info',
  none: 'All indexes are valid',
  found: (many) => `${count(many, 'index', 'indexes')} that a CREATE INDEX CONCURRENTLY has left unfinished`,
  effect: 'They do not travel; the source does not use them either.',
  remedy: 'Build them anew (REINDEX) on the source when they are wanted, or drop them.',
});

const NOT_VALID = (enforced: string): string => `SELECT n.nspname AS schema, c.relname AS "table", k.conname AS name
FROM ${RELATIONS} JOIN pg_catalog.pg_constraint k ON k.conrelid = c.oid
WHERE c.oid = ANY ($1::oid[]) AND k.contype IN ('f', 'c') AND NOT k.convalidated${enforced} ORDER BY 1, 2, 3`;

const notValid: Check = {
  id: 'constraints-not-valid',
  step: 'ObjectCheck',
  title: 'Constraints that were never validated',
  applies: ({ databases }) => databases.length > 0,
  run: (context) =>
    forDatabases(context, async (database) => {
      const sql = NOT_VALID(context.source.major >= 18 ? ' AND k.conenforced' : '');
      const rows = await database.source.query<{ schema: string; table: string; name: string }>(
        sql,
        [scopeOf(database.plan).tables],
        context.signal,
      );
      if (rows.length === 0) return passed(database, 'source', sql, 'All constraints are validated');
      const items = rows.map(({ schema, table, name }) => `${quoteQualified(schema, table)}: ${quoteIdent(name)}`);
      return databaseFinding(database, 'source', sql, items, {
        level: 'warning',
        found: `${count(rows.length, 'constraint')} never validated (NOT VALID): rows may break what is said there`,
        effect: 'They arrive as NOT VALID as well; nothing is lost, and nothing is proven about the old rows.',
        remedy: 'Validate them on the source: it reads the tables, and reads and writes go on meanwhile.',
        fix: {
          side: 'source',
          database: database.plan.source,
          statements: rows
            .slice(0, 100)
            .map(
              ({ schema, table, name }) =>
                `ALTER TABLE ${quoteQualified(schema, table)} VALIDATE CONSTRAINT ${quoteIdent(name)}`,
            ),
        },
      });
    }),
};

/** Larger tables would be read for minutes: their foreign keys are found broken when they are made. */
const LARGEST_BYTES = 256 * 1024 * 1024;
const SECONDS_A_KEY = 15;
/** Of a database; keys that are left then are not looked at. */
const SECONDS_IN_ALL = 60;

/** Keys from and to partitions are the server's own copies of a key of the whole table. */
const FOREIGN_KEYS = `SELECT pg_catalog.format('%s: %I', ${RELATION_NAME}, k.conname) AS item,
pg_catalog.format('SELECT count(*)::int AS many FROM (SELECT 1 FROM %s%I.%I c WHERE %s AND NOT EXISTS (SELECT 1 FROM %s%I.%I p WHERE %s) LIMIT 1000) o',
CASE c.relkind WHEN 'r' THEN 'ONLY ' ELSE '' END, n.nspname, c.relname, string_agg(pg_catalog.format('c.%I IS NOT NULL', a.attname), ' AND '),
CASE p.relkind WHEN 'r' THEN 'ONLY ' ELSE '' END, s.nspname, p.relname,
string_agg(pg_catalog.format('p.%I OPERATOR(%I.%s) c.%I', f.attname, e.nspname, o.oprname, a.attname), ' AND ')) AS statement
FROM ${RELATIONS} JOIN pg_catalog.pg_constraint k ON k.conrelid = c.oid AND k.contype = 'f' AND k.convalidated
JOIN pg_catalog.pg_class p ON p.oid = k.confrelid JOIN pg_catalog.pg_namespace s ON s.oid = p.relnamespace,
ROWS FROM (unnest(k.conkey), unnest(k.confkey), unnest(k.conpfeqop)) u (mine, other, equal)
JOIN pg_catalog.pg_operator o ON o.oid = u.equal JOIN pg_catalog.pg_namespace e ON e.oid = o.oprnamespace
JOIN pg_catalog.pg_attribute a ON a.attnum = u.mine JOIN pg_catalog.pg_attribute f ON f.attnum = u.other
WHERE a.attrelid = k.conrelid AND f.attrelid = k.confrelid AND c.oid = ANY ($1::oid[]) AND p.oid = ANY ($1::oid[]) AND NOT c.relispartition AND NOT p.relispartition
AND pg_catalog.has_table_privilege(c.oid, 'SELECT') AND pg_catalog.has_table_privilege(p.oid, 'SELECT')
AND (c.relkind = 'p' OR pg_catalog.pg_relation_size(c.oid) > 0) AND pg_catalog.pg_table_size(c.oid) < $2 AND pg_catalog.pg_table_size(p.oid) < $2
GROUP BY k.oid, k.conname, n.nspname, c.relname, c.relkind, s.nspname, p.relname, p.relkind ORDER BY 1`;

/** Null: it took too long, or is not allowed. */
async function orphans(database: CheckedDatabase, statement: string, signal: AbortSignal): Promise<number | null> {
  const { source } = database;
  await source.query('BEGIN READ ONLY', [], signal);
  try {
    await source.query(`SET LOCAL statement_timeout = '${SECONDS_A_KEY}s'`, [], signal);
    await source.query('SET LOCAL row_security = off', [], signal);
    const [row] = await source.query<{ many: number }>(statement, [], signal);
    return row?.many ?? 0;
  } catch (error) {
    throwIfAborted(signal);
    if (error instanceof AppError && error.code === 'sql') return null;
    throw error;
  } finally {
    if (!source.closed) await source.query('ROLLBACK');
  }
}

const orphanRows: Check = {
  id: 'foreign-key-orphans',
  step: 'ObjectCheck',
  title: 'Rows that refer to nothing',
  applies: ({ databases, options }) => options.type !== 'structure' && databases.length > 0,
  run: (context) =>
    forDatabases(context, async (database) => {
      const keys = await database.source.query<{ item: string; statement: string }>(
        FOREIGN_KEYS,
        [scopeOf(database.plan).tables, LARGEST_BYTES],
        context.signal,
      );
      const items: string[] = [];
      let looked = 0;
      const until = Date.now() + SECONDS_IN_ALL * 1000;
      for (const { item, statement } of keys) {
        if (Date.now() > until) break;
        const many = await orphans(database, statement, context.signal);
        if (many !== null) looked += 1;
        if (many) items.push(`${item}: ${many >= 1000 ? 'more than 1,000 rows' : count(many, 'row')}`);
      }
      const sql = keys[0]?.statement ?? FOREIGN_KEYS;
      if (items.length === 0)
        return passed(
          database,
          'source',
          sql,
          `${looked} of ${count(keys.length, 'foreign key')} of smaller tables looked at`,
        );
      return databaseFinding(database, 'source', sql, items, {
        level: 'warning',
        found: `${count(items.length, 'foreign key')} with rows that refer to nothing; ${looked} of ${keys.length} were looked at`,
        effect:
          'These foreign keys stay unvalidated (NOT VALID) on the target: they hold for new rows, and the task reports them as failed.',
        remedy: 'Repair or delete the rows on the source.',
      });
    }),
};

export const INTEGRITY_CHECKS: readonly Check[] = [invalidIndexes, notValid, orphanRows];
