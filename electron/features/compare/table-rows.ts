import { openSession, type PgSession } from '../../adapters/postgres/session';
import { AppError } from '../../../shared/errors';
import { quoteIdent, quoteQualified } from '../../../shared/model/quote';
import type { ConnectionProfile } from '../../ports';

/** A table as the comparison of rows needs it. */
export interface RowTable {
  readonly schema: string;
  readonly name: string;
  /** Columns with values of their own: none that are generated. */
  readonly columns: readonly string[];
  /** Primary key, or else the first unique index over columns that are not null; empty for none. */
  readonly key: readonly string[];
  /** Columns that are GENERATED ALWAYS AS IDENTITY. */
  readonly always: boolean;
}

const tables = (generated: string): string => `
SELECT n.nspname AS schema, c.relname AS name,
       ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
         ${generated} ORDER BY a.attnum) AS columns,
       coalesce((SELECT ARRAY(SELECT a.attname::text FROM unnest(x.indkey::int2[]) WITH ORDINALITY k (attnum, place)
           JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum ORDER BY k.place)
         FROM pg_catalog.pg_index x WHERE x.indrelid = c.oid AND x.indisunique AND x.indisvalid AND x.indimmediate AND x.indpred IS NULL
          AND x.indexprs IS NULL AND NOT EXISTS (SELECT FROM unnest(x.indkey::int2[]) k (attnum) JOIN pg_catalog.pg_attribute a
            ON a.attrelid = c.oid AND a.attnum = k.attnum WHERE NOT a.attnotnull)
         ORDER BY NOT x.indisprimary, x.indexrelid LIMIT 1), '{}'::text[]) AS key,
       EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attidentity = 'a') AS always
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname !~ '^(pg_|information_schema$)'
   AND ($1::text IS NULL OR n.nspname = $1) AND ($2::text IS NULL OR c.relname = $2) ORDER BY 1, 2`;

/** The tables of a database or schema; partitions are part of their table. */
export function readRowTables(
  session: PgSession,
  schema: string | null,
  name: string | null,
  signal: AbortSignal,
): Promise<RowTable[]> {
  const generated = session.serverVersionNum >= 120000 ? "AND a.attgenerated = ''" : '';
  return session.query<RowTable & Record<string, unknown>>(tables(generated), [schema, name], signal);
}

/** Values print the same on every server, and names are whole. */
const PREPARE = `SELECT set_config('search_path', '', false), set_config('datestyle', 'ISO', false), set_config('timezone', 'UTC', false),
  set_config('intervalstyle', 'postgres', false), set_config('extra_float_digits', '3', false), set_config('bytea_output', 'hex', false),
  set_config('client_encoding', 'UTF8', false)`;

/** A session that reads one state of a database and changes nothing. */
export async function openRowSession(profile: ConnectionProfile, signal: AbortSignal): Promise<PgSession> {
  const session = await openSession(profile, signal);
  try {
    await session.query(PREPARE, [], signal);
    await session.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', [], signal);
    return session;
  } catch (error) {
    await session.end();
    throw error;
  }
}

/** Texts of one row in the order of `columns`. */
export type RowValues = readonly (string | null)[];

const FETCH = 2000;

/** The rows of a table in the order of the key's text, byte by byte; so many at a time are held. */
export async function* readRows(
  session: PgSession,
  table: { readonly schema: string; readonly name: string },
  columns: readonly string[],
  key: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<RowValues> {
  const text = (column: string): string => `${quoteIdent(column)}::pg_catalog.text`;
  const order = key.map((column) => `${text(column)} COLLATE pg_catalog."C"`).join(', ');
  await session.query(
    `DECLARE howdah_rows NO SCROLL CURSOR FOR SELECT ARRAY[${columns.map(text).join(', ')}] AS row
       FROM ${quoteQualified(table.schema, table.name)} ORDER BY ${order}`,
    [],
    signal,
  );
  for (;;) {
    const rows = await session.query<{ row: (string | null)[] }>(`FETCH ${FETCH} FROM howdah_rows`, [], signal);
    for (const { row } of rows) yield row;
    if (rows.length < FETCH) break;
  }
  await session.query('CLOSE howdah_rows', [], signal);
}

/** A table of both sides that can't be compared by rows. */
export const noKey = (schema: string, name: string): AppError =>
  new AppError({
    code: 'unsupported',
    message: `${quoteQualified(schema, name)} has no key that rows can be matched by`,
  });
