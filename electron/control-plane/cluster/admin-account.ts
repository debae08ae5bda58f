import { quoteIdent, quoteLiteral } from '../../../shared/model/quote';
import type { PgSession } from '../../adapters/postgres/session';
import { ensureSuperRole } from '../accounts/super-role';
import { openSuperuser } from './session';
import type { ClusterNode } from './node';

/**
 * Lets the account follow the changes of databases, and write the changes of others as they are: what a migration task needs of an instance on either
 * side. It cannot copy the whole server by that: only standbys of ours may (pg_hba.conf).
 */
export async function letFollow(session: PgSession, role: string): Promise<void> {
  const name = quoteIdent(role);
  await session.query(`ALTER ROLE ${name} REPLICATION`);
  if (session.serverVersionNum >= 150_000)
    await session.query(`GRANT SET ON PARAMETER session_replication_role TO ${name}`);
}

/**
 * Makes the admin account, or brings an existing one to the same state: not superuser, may create databases and roles, belongs to the super
 * accounts, and may create in the database `postgres`. Only the verifier of its password is known here.
 */
export async function ensureAdminAccount(node: ClusterNode, role: string, verifier: string): Promise<void> {
  const session = await openSuperuser(node);
  try {
    const name = quoteIdent(role);
    const known = await session.query('SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = $1', [role]);
    const options = 'LOGIN NOSUPERUSER CREATEDB CREATEROLE INHERIT NOBYPASSRLS';
    const make = known.length > 0 ? 'ALTER' : 'CREATE';
    await session.query(`${make} ROLE ${name} ${options} PASSWORD ${quoteLiteral(verifier)}`);
    await ensureSuperRole(session, role);
    await session.query(`GRANT ALL ON DATABASE postgres TO ${name}`);
    // From 15 on the schema public is closed to all but the database's owner.
    await session.query(`GRANT ALL ON SCHEMA public TO ${name} WITH GRANT OPTION`);
    if (session.serverVersionNum >= 160_000) {
      // From 16 on CREATEROLE gives no membership in the roles it makes: without this the admin could not give them databases.
      await session.query(`ALTER ROLE ${name} SET createrole_self_grant = 'set, inherit'`);
    }
    await letFollow(session, role);
  } finally {
    await session.end();
  }
}
