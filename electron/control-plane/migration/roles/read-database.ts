import type { PgSession } from '../../../adapters/postgres/session';
import { AppError } from '../../../../shared/errors';
import type { DefaultSetting } from './read-roles';

/** What a database is beside what is in it. */
export interface SourceDatabase {
  readonly owner: string;
  readonly encoding: string;
  readonly collate: string;
  readonly ctype: string;
  /** `c` libc, `i` ICU, `b` builtin. */
  readonly provider: string;
  /** Of ICU or builtin. */
  readonly locale: string | null;
  readonly rules: string | null;
  /** −1 is no limit. */
  readonly connectionLimit: number;
  readonly comment: string | null;
  /** Null: nobody has changed them. `grantee` is null for everybody. */
  readonly privileges:
    | readonly { readonly grantee: string | null; readonly privilege: string; readonly grantable: boolean }[]
    | null;
  readonly settings: readonly DefaultSetting[];
}

/** Reads it by any session of its server; null when there is no such database. */
export async function readDatabase(
  session: PgSession,
  name: string,
  signal: AbortSignal,
): Promise<SourceDatabase | null> {
  const version = session.serverVersionNum;
  const provider = version >= 150_000 ? 'd.datlocprovider::text' : "'c'";
  const locale = version >= 170_000 ? 'd.datlocale' : version >= 150_000 ? 'd.daticulocale' : 'NULL::text';
  const rules = version >= 160_000 ? 'd.daticurules' : 'NULL::text';
  const [row] = await session.query<Omit<SourceDatabase, 'privileges' | 'settings'> & { changed: boolean }>(
    `SELECT pg_catalog.pg_get_userbyid(d.datdba) AS owner, pg_catalog.pg_encoding_to_char(d.encoding) AS encoding,
            d.datcollate AS collate, d.datctype AS ctype, ${provider} AS provider, ${locale} AS locale, ${rules} AS rules,
            d.datconnlimit AS "connectionLimit", d.datacl IS NOT NULL AS changed,
            pg_catalog.shobj_description(d.oid, 'pg_database') AS comment
       FROM pg_catalog.pg_database d WHERE d.datname = $1`,
    [name],
    signal,
  );
  if (!row) return null;
  const privileges = row.changed
    ? await session.query<{ grantee: string | null; privilege: string; grantable: boolean }>(
        `SELECT r.rolname AS grantee, a.privilege_type AS privilege, bool_or(a.is_grantable) AS grantable
           FROM pg_catalog.pg_database d, pg_catalog.aclexplode(d.datacl) a LEFT JOIN pg_catalog.pg_roles r ON r.oid = a.grantee
          WHERE d.datname = $1 AND (a.grantee = 0 OR r.oid IS NOT NULL)
          GROUP BY 1, 2 ORDER BY 1 NULLS FIRST, 2`,
        [name],
        signal,
      )
    : null;
  const settings = await session.query<DefaultSetting & Record<string, unknown>>(
    `SELECT r.rolname AS role, d.datname AS database, unnest(s.setconfig) AS setting
       FROM pg_catalog.pg_db_role_setting s JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase
       LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.setrole
      WHERE d.datname = $1 ORDER BY 1 NULLS FIRST, 3`,
    [name],
    signal,
  );
  return { ...row, privileges, settings };
}

/** As `readDatabase`; fails with `not-found`. */
export async function mustReadDatabase(session: PgSession, name: string, signal: AbortSignal): Promise<SourceDatabase> {
  const database = await readDatabase(session, name, signal);
  if (database) return database;
  throw new AppError({
    code: 'not-found',
    message: `The source has no database ${name}`,
    hint: 'Choose the databases of the task again.',
  });
}
