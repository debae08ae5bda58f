import { AppError } from '../../../shared/errors';
import { quoteIdent, quoteLiteral } from '../../../shared/model/quote';
import type { PgSession } from '../../adapters/postgres/session';

export interface DatabaseEntry {
  name: string;
  encoding: string;
  /** Bytes on disk; null when the person may not connect to it and so may not ask. */
  sizeBytes: number | null;
}

/** Databases that accept connections, by name; `restriction` empty is all. */
export async function listDatabases(
  session: PgSession,
  restriction: readonly string[],
  signal: AbortSignal,
): Promise<DatabaseEntry[]> {
  const rows = await session.query<{ name: string; encoding: string; size: string | null }>(
    `SELECT datname AS name, pg_catalog.pg_encoding_to_char(encoding) AS encoding,
            CASE WHEN pg_catalog.has_database_privilege(oid, 'CONNECT') THEN pg_catalog.pg_database_size(oid) END AS size
       FROM pg_catalog.pg_database
      WHERE datallowconn AND (cardinality($1::text[]) = 0 OR datname = ANY ($1::text[]))
      ORDER BY datname`,
    [restriction],
    signal,
  );
  return rows.map(({ name, encoding, size }) => ({ name, encoding, sizeBytes: size === null ? null : Number(size) }));
}

/** Creates an empty database from template0. Fails with `conflict` and field `name` when there is one of this name. */
export async function createDatabase(
  session: PgSession,
  name: string,
  encoding: string,
  signal: AbortSignal,
): Promise<void> {
  const options = encoding === '' ? '' : ` ENCODING ${quoteLiteral(encoding)}`;
  try {
    await session.query(`CREATE DATABASE ${quoteIdent(name)} TEMPLATE template0${options}`, [], signal);
  } catch (error) {
    if (error instanceof AppError && error.info.sqlstate === '42P04')
      throw new AppError(
        { ...error.info, code: 'conflict', field: 'name', hint: 'Choose another name.' },
        { cause: error },
      );
    throw error;
  }
}
