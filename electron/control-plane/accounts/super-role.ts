import { quoteIdent } from '../../../shared/model/quote';
import type { PgSession } from '../../adapters/postgres/session';

/**
 * The role behind the account type `tencentDBSuper`. In the cloud it is `pg_tencentdb_superuser`, a role of a changed server; a server as it
 * is published reserves names with `pg_`, so it is an ordinary group here:
 * - it may watch everything (`pg_monitor`), end sessions of others (`pg_signal_backend`) and, from 14 on, read and write all data;
 *   before 14 the server has no roles for the latter;
 * - it is a member of every `normal` account that was made through the API, with the right to give it on: what an account owns, a super
 *   account may change, and from 16 on, where CREATEROLE alone reaches only roles one made, it may alter and drop it too;
 * - CREATEDB and CREATEROLE are no privileges that a group could hand down, so every member has them itself.
 * Nobody logs in as it.
 */
export const SUPER_ROLE = 'tencentdb_superuser';

const OPTIONS = 'NOLOGIN NOSUPERUSER CREATEDB CREATEROLE INHERIT NOBYPASSRLS NOREPLICATION';

/** Makes the group of super accounts, or brings it to what it must be, with the instance's own account in it. May be done again. */
export async function ensureSuperRole(session: PgSession, admin: string): Promise<void> {
  const group = quoteIdent(SUPER_ROLE);
  const [known] = await session.query<{ right: boolean }>(
    `SELECT rolcreatedb AND rolcreaterole AND rolinherit AND NOT (rolcanlogin OR rolsuper OR rolbypassrls OR rolreplication)
         AS "right" FROM pg_catalog.pg_roles WHERE rolname = $1`,
    [SUPER_ROLE],
  );
  if (known?.right !== true) await session.query(`${known ? 'ALTER' : 'CREATE'} ROLE ${group} ${OPTIONS}`);
  const data = session.serverVersionNum >= 140_000 ? ', pg_read_all_data, pg_write_all_data' : '';
  await session.query(`GRANT pg_monitor, pg_signal_backend${data} TO ${group}`);
  const [there] = await session.query('SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = $1', [admin]);
  if (there) await session.query(`GRANT ${group} TO ${quoteIdent(admin)}`);
}
