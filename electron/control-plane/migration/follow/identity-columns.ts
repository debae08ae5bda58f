import { z } from 'zod';
import { quoteIdent, quoteQualified } from '../../../../shared/model/quote';
import type { PgSession } from '../../../adapters/postgres/session';

/** A column of the receiving side whose values only the server may give. */
export const identityColumn = z.object({ schema: z.string(), table: z.string(), column: z.string() });
export type IdentityColumn = z.output<typeof identityColumn>;

/** Partitions have theirs from the table above them. */
const FIND = `SELECT n.nspname::text AS schema, c.relname::text AS "table", a.attname::text AS "column"
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

/** Who gives the values of the columns: `BY DEFAULT` lets changes of the source be written as they are. */
export async function setIdentity(
  session: PgSession,
  columns: readonly IdentityColumn[],
  kind: 'ALWAYS' | 'BY DEFAULT',
  signal: AbortSignal,
): Promise<void> {
  for (const { schema, table, column } of columns)
    await session.query(
      `ALTER TABLE ${quoteQualified(schema, table)} ALTER COLUMN ${quoteIdent(column)} SET GENERATED ${kind}`,
      [],
      signal,
    );
}
