import { z } from 'zod';
import { quoteIdent, quoteQualified } from '../../../../shared/model/quote';
import type { PgSession } from '../../../adapters/postgres/session';
import { underBriefLock } from './brief-lock';

/** A column of the receiving side whose values only the server may give: by its names, and by what outlives them where that is known. */
export const identityColumn = z.object({
  schema: z.string(),
  table: z.string(),
  column: z.string(),
  oid: z.number().optional(),
  attnum: z.number().optional(),
});
export type IdentityColumn = z.output<typeof identityColumn>;

/** Partitions have theirs from the table above them. */
const FIND = `SELECT n.nspname::text AS schema, c.relname::text AS "table", a.attname::text AS "column", c.oid, a.attnum
  FROM unnest($1::text[], $2::text[]) w (schema, name)
  JOIN pg_catalog.pg_namespace n ON n.nspname = w.schema JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = w.name
  JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attidentity = $3
  WHERE NOT c.relispartition`;

export async function findIdentityColumns(
  session: PgSession,
  tables: readonly { readonly schema: string; readonly name: string }[],
  kind: 'always' | 'default',
  signal: AbortSignal,
): Promise<IdentityColumn[]> {
  const rows = await session.query(
    FIND,
    [tables.map(({ schema }) => schema), tables.map(({ name }) => name), kind === 'always' ? 'a' : 'd'],
    signal,
  );
  return rows.map((row) => identityColumn.parse(row));
}

const FIND_AGAIN = `WITH wanted AS (
    SELECT coalesce((SELECT k.oid FROM pg_catalog.pg_class k WHERE k.oid = w.oid),
      (SELECT k.oid FROM pg_catalog.pg_class k JOIN pg_catalog.pg_namespace s ON s.oid = k.relnamespace
        WHERE s.nspname = w.schema AND k.relname = w.table_name)) AS oid, w.oid AS known, w.attnum, w.name
    FROM unnest($1::oid[], $2::int2[], $3::text[], $4::text[], $5::text[]) w (oid, attnum, schema, table_name, name))
  SELECT n.nspname::text AS schema, c.relname::text AS "table", a.attname::text AS "column", c.oid, a.attnum
  FROM wanted w JOIN pg_catalog.pg_class c ON c.oid = w.oid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND NOT a.attisdropped AND a.attidentity = $6
    AND CASE WHEN w.known = c.oid THEN a.attnum = w.attnum ELSE a.attname = w.name END`;

/** Those of the columns that are there and of the kind, by the names that they have now. */
export async function findColumnsAgain(
  session: PgSession,
  columns: readonly IdentityColumn[],
  kind: 'always' | 'default',
  signal: AbortSignal,
): Promise<IdentityColumn[]> {
  const rows = await session.query(
    FIND_AGAIN,
    [
      columns.map(({ oid }) => oid ?? 0),
      columns.map(({ attnum }) => attnum ?? 0),
      columns.map(({ schema }) => schema),
      columns.map(({ table }) => table),
      columns.map(({ column }) => column),
      kind === 'always' ? 'a' : 'd',
    ],
    signal,
  );
  return rows.map((row) => identityColumn.parse(row));
}

/** Who gives the values of the columns: `BY DEFAULT` lets changes of the source be written as they are. The tables may be in use. */
export async function setIdentity(
  session: PgSession,
  columns: readonly IdentityColumn[],
  kind: 'ALWAYS' | 'BY DEFAULT',
  signal: AbortSignal,
): Promise<void> {
  for (const { schema, table, column } of columns)
    await underBriefLock(
      session,
      `ALTER TABLE ${quoteQualified(schema, table)} ALTER COLUMN ${quoteIdent(column)} SET GENERATED ${kind}`,
      signal,
    );
}
