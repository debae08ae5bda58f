import type { PgSession } from '../../../adapters/postgres/session';

/** What belongs to the tables of a plan, each list by one query for all of them. To be read with an empty search path. */

export type ColumnRow = {
  readonly table: number;
  readonly name: string;
  readonly type: string;
  readonly generated: boolean;
  /** `attidentity`: empty, a or d. */
  readonly identity: string;
};

/** In the order of the table. */
export const readColumns = (
  session: PgSession,
  tables: readonly number[],
  signal: AbortSignal,
): Promise<ColumnRow[]> => {
  const generated = session.serverVersionNum >= 120_000 ? "a.attgenerated <> ''" : 'false';
  return session.query<ColumnRow>(
    `SELECT a.attrelid AS "table", a.attname AS name, pg_catalog.format_type(a.atttypid, a.atttypmod) AS type,
       ${generated} AS generated, a.attidentity AS identity
     FROM pg_catalog.unnest($1::pg_catalog.oid[]) t (oid) JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid
     WHERE a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attrelid, a.attnum`,
    [tables],
    signal,
  );
};

export type IndexRow = {
  readonly schema: string;
  readonly name: string;
  readonly table: number;
  readonly constraint: string | null;
  readonly primary: boolean;
  readonly unique: boolean;
  readonly deferrable: boolean;
  readonly exclusion: boolean;
  readonly valid: boolean;
  readonly definition: string;
  readonly bytes: number;
};

/** Sizes as the last VACUUM or ANALYZE saw them where somebody has locked the table. */
export const readIndexes = (session: PgSession, tables: readonly number[], signal: AbortSignal): Promise<IndexRow[]> =>
  session.query<IndexRow>(
    `WITH locked AS (
       SELECT DISTINCT l.relation FROM pg_catalog.pg_locks l
       WHERE l.locktype = 'relation' AND l.mode = 'AccessExclusiveLock' AND l.pid <> pg_catalog.pg_backend_pid()
         AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
     )
     SELECT n.nspname AS schema, c.relname AS name, i.indrelid AS "table", k.conname AS constraint,
       i.indisprimary AS primary, i.indisunique AS unique, coalesce(k.condeferrable, false) AS deferrable,
       i.indisexclusion AS exclusion, i.indisvalid AS valid, pg_catalog.pg_get_indexdef(i.indexrelid) AS definition,
       CASE WHEN c.relkind = 'I' THEN 0
         WHEN c.oid IN (SELECT relation FROM locked) OR i.indrelid IN (SELECT relation FROM locked)
           THEN c.relpages * pg_catalog.current_setting('block_size')::pg_catalog.int8
         ELSE coalesce(pg_catalog.pg_relation_size(c.oid), 0) END::pg_catalog.float8 AS bytes
     FROM pg_catalog.unnest($1::pg_catalog.oid[]) t (oid)
       JOIN pg_catalog.pg_index i ON i.indrelid = t.oid
       JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
       JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
       LEFT JOIN pg_catalog.pg_constraint k ON k.conindid = i.indexrelid AND k.conrelid = i.indrelid AND k.contype IN ('p', 'u', 'x')
     ORDER BY n.nspname, c.relname`,
    [tables],
    signal,
  );

export type KeyRow = {
  readonly table: number;
  readonly column: string;
};

/**
 * One single-column integer key without nulls for each table that has such: its primary key, else the first by name. A NOT NULL that was never
 * validated (18) does not count: a row without a key would be in no part.
 */
export const readIntegerKeys = (
  session: PgSession,
  tables: readonly number[],
  signal: AbortSignal,
): Promise<KeyRow[]> => {
  const keyColumns = session.serverVersionNum >= 110_000 ? 'i.indnkeyatts' : 'i.indnatts';
  return session.query<KeyRow>(
    `SELECT DISTINCT ON (i.indrelid) i.indrelid AS "table", a.attname AS column
     FROM pg_catalog.unnest($1::pg_catalog.oid[]) t (oid)
       JOIN pg_catalog.pg_index i ON i.indrelid = t.oid
       JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
       JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
     WHERE i.indisunique AND i.indisvalid AND ${keyColumns} = 1 AND i.indpred IS NULL AND i.indexprs IS NULL
       AND a.attnotnull AND a.atttypid IN ('pg_catalog.int2'::pg_catalog.regtype, 'pg_catalog.int4'::pg_catalog.regtype,
         'pg_catalog.int8'::pg_catalog.regtype)
       AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k
         WHERE k.conrelid = i.indrelid AND k.contype = 'n' AND NOT k.convalidated AND a.attnum = ANY (k.conkey))
     ORDER BY i.indrelid, i.indisprimary DESC, c.relname`,
    [tables],
    signal,
  );
};
