import type { PgSession } from '../../adapters/postgres/session';
import { AppError } from '../../../shared/errors';
import { quoteQualified } from '../../../shared/model/quote';
import { KIND_SQL, type KindTable } from './row-keys';

/** A table as the comparison of rows needs it. */
export interface RowTable extends KindTable {
  readonly schema: string;
  readonly name: string;
  /** Columns with values of their own: none that are generated. */
  readonly columns: readonly string[];
  /** Primary key, or else the first unique index over columns that are not null; empty for none. */
  readonly key: readonly string[];
  /** Whether rows are in its partitions; children that inherit are tables of their own. */
  readonly partitioned: boolean;
  /** Columns that are GENERATED ALWAYS AS IDENTITY: rows can be inserted with values for them, but not updated. */
  readonly identities: readonly string[];
  /** Unique indexes over plain columns, the key among them, that are checked row by row. */
  readonly unique: readonly { readonly name: string; readonly columns: readonly string[] }[];
  /** Foreign keys of the table: what they point at, by which of its columns, and whether they can be checked at the end. */
  readonly refers: readonly {
    readonly schema: string;
    readonly name: string;
    readonly columns: readonly string[];
    readonly deferrable: boolean;
  }[];
}

/** `keys`: how many columns of an index `x` are its key (others are only included in it); `generated`: a column `a` that is generated. */
const tables = (keys: string, generated: string): string => `
SELECT n.nspname AS schema, c.relname AS name,
       ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
         AND NOT ${generated} ORDER BY a.attnum) AS columns,
       coalesce((SELECT ARRAY(SELECT a.attname::text FROM unnest(x.indkey::int2[]) WITH ORDINALITY k (attnum, place)
           JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum WHERE k.place <= ${keys} ORDER BY k.place)
         FROM pg_catalog.pg_index x WHERE x.indrelid = c.oid AND x.indisunique AND x.indisvalid AND x.indimmediate AND x.indpred IS NULL
          AND x.indexprs IS NULL AND NOT EXISTS (SELECT FROM unnest(x.indkey::int2[]) WITH ORDINALITY k (attnum, place)
            JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
            WHERE k.place <= ${keys} AND (NOT a.attnotnull OR ${generated}))
         ORDER BY NOT x.indisprimary, x.indexrelid LIMIT 1), '{}'::text[]) AS key,
       ARRAY(SELECT ${KIND_SQL} FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
         AND NOT ${generated} ORDER BY a.attnum) AS kinds,
       c.relkind = 'p' AS partitioned,
       ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attidentity = 'a' AND NOT a.attisdropped ORDER BY a.attnum) AS identities,
       coalesce((SELECT pg_catalog.json_agg(pg_catalog.json_build_object('name', xc.relname, 'columns',
           ARRAY(SELECT a.attname::text FROM unnest(x.indkey::int2[]) WITH ORDINALITY k (attnum, place)
             JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum WHERE k.place <= ${keys} ORDER BY k.place)) ORDER BY xc.relname)
         FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class xc ON xc.oid = x.indexrelid
        WHERE x.indrelid = c.oid AND x.indisunique AND x.indimmediate AND x.indexprs IS NULL), '[]'::json) AS unique,
       coalesce((SELECT pg_catalog.json_agg(pg_catalog.json_build_object('schema', rn.nspname, 'name', rc.relname, 'deferrable', f.condeferrable, 'columns',
           ARRAY(SELECT a.attname::text FROM unnest(f.conkey) k (attnum) JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum))
           ORDER BY f.conname)
         FROM pg_catalog.pg_constraint f JOIN pg_catalog.pg_class rc ON rc.oid = f.confrelid JOIN pg_catalog.pg_namespace rn ON rn.oid = rc.relnamespace
        WHERE f.conrelid = c.oid AND f.contype = 'f'), '[]'::json) AS refers
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
  const keys = session.serverVersionNum >= 110000 ? 'x.indnkeyatts' : 'x.indnatts';
  const generated = session.serverVersionNum >= 120000 ? "(a.attgenerated <> '')" : 'false';
  return session.query<RowTable & Record<string, unknown>>(tables(keys, generated), [schema, name], signal);
}

/** A table of both sides that can't be compared by rows. */
export const noKey = (schema: string, name: string): AppError =>
  new AppError({
    code: 'unsupported',
    message: `${quoteQualified(schema, name)} has no key that rows can be matched by`,
  });
