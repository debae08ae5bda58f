import type { PgSession } from '../../../adapters/postgres/session';
import type { EditColumn } from '../../../../shared/model/edit';
import { quoteIdent, quoteQualified } from '../../../../shared/model/quote';

/** Text columns of the table, which describe its rows; the first few. */
const DESCRIBING = `SELECT a.attname AS name FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = $1 AND c.relname = $2 AND a.attnum > 0 AND NOT a.attisdropped AND a.attname <> $3 AND t.typcategory = 'S'
  AND pg_catalog.has_column_privilege(c.oid, a.attnum, 'SELECT') ORDER BY a.attnum LIMIT 3`;
/** Characters of a describing value. */
const SHOWN = 80;

/** Rows of the table that a foreign key points at, whose key or description holds a text. */
export async function lookUp(
  session: PgSession,
  { schema, table, column }: NonNullable<EditColumn['references']>,
  text: string,
  limit: number,
  signal: AbortSignal,
): Promise<{ value: string; label: string }[]> {
  const described = await session.query<{ name: string }>(DESCRIBING, [schema, table, column], signal);
  const key = `pg_catalog.concat(${quoteIdent(column)})`;
  const parts = described.map(({ name }) => `pg_catalog.left(${quoteIdent(name)}::pg_catalog.text, ${SHOWN})`);
  const label = parts.length === 0 ? "''" : `pg_catalog.concat_ws(' · ', ${parts.join(', ')})`;
  return session.query<{ value: string; label: string }>(
    `SELECT ${key} AS value, ${label} AS label FROM ${quoteQualified(schema, table)} AS t
WHERE ${quoteIdent(column)} IS NOT NULL
  AND ($1 = '' OR pg_catalog.strpos(pg_catalog.lower(${key}), pg_catalog.lower($1)) > 0
    OR pg_catalog.strpos(pg_catalog.lower(${label}), pg_catalog.lower($1)) > 0)
ORDER BY ${quoteIdent(column)} LIMIT $2`,
    [text, limit],
    signal,
  );
}
