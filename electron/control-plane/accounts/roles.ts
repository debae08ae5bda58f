import { quoteIdent } from '../../../shared/model/quote';
import type { PgSession } from '../../adapters/postgres/session';
import { ApiError } from '../api/errors';
import { ensureSuperRole, SUPER_ROLE } from './super-role';

/** Roles by which a server's machine could be reached: never given to anybody. */
const MACHINE_ROLES: readonly string[] = ['pg_read_server_files', 'pg_write_server_files', 'pg_execute_server_program'];

/** A role as the server knows it. */
export interface Role {
  readonly oid: string;
  readonly name: string;
  readonly login: boolean;
  readonly hasPassword: boolean;
  readonly isSuper: boolean;
  readonly roles: readonly string[];
}

interface RoleRow {
  readonly oid: string;
  readonly name: string;
  readonly login: boolean;
  readonly has_password: boolean;
  readonly roles: string[];
}

/** Roles that people may have made: neither superusers nor the server's own nor ours. */
const ROLES = `
  SELECT a.oid::text AS oid, a.rolname::text AS name, a.rolcanlogin AS login, a.rolpassword IS NOT NULL AS has_password,
         ARRAY(SELECT DISTINCT g.rolname::text FROM pg_catalog.pg_auth_members m
                 JOIN pg_catalog.pg_roles g ON g.oid = m.roleid WHERE m.member = a.oid ORDER BY 1) AS roles
    FROM pg_catalog.pg_authid a
   WHERE NOT a.rolsuper AND a.rolname !~ '^pg_' AND a.rolname <> '${SUPER_ROLE}'`;

const roleOf = (row: RoleRow, admin: string): Role => ({
  oid: row.oid,
  name: row.name,
  login: row.login,
  hasPassword: row.has_password,
  isSuper: row.name === admin || row.roles.includes(SUPER_ROLE),
  roles: row.roles,
});

/** Every role that may be an account; groups too. */
export async function readRoles(session: PgSession, admin: string): Promise<Role[]> {
  return (await session.query<RoleRow & Record<string, unknown>>(ROLES)).map((row) => roleOf(row, admin));
}

/** One role; null when it does not exist. Fails with `OperationDenied.AccountOperationDenied` for a role that nobody may touch. */
export async function findRole(session: PgSession, name: string, admin: string): Promise<Role | null> {
  const [row] = await session.query<RoleRow & Record<string, unknown>>(`${ROLES} AND a.rolname = $1`, [name]);
  if (row) return roleOf(row, admin);
  const [other] = await session.query('SELECT 1 FROM pg_catalog.pg_authid WHERE rolname = $1', [name]);
  if (other) {
    throw new ApiError('OperationDenied.AccountOperationDenied', `The account ${name} belongs to the control plane`);
  }
  return null;
}

/** One role that must be there: else `InvalidParameterValue.AccountNotExistError`. */
export async function mustFindRole(session: PgSession, name: string, admin: string): Promise<Role> {
  const role = await findRole(session, name, admin);
  if (!role) throw new ApiError('InvalidParameterValue.AccountNotExistError', `There is no account ${name}`);
  return role;
}

/** Gives a role the rights of its type, inside a transaction that has `lockRoles`. May be done again. */
export async function setType(
  session: PgSession,
  name: string,
  type: 'normal' | 'super',
  admin: string,
): Promise<void> {
  await ensureSuperRole(session, admin);
  const [role, group] = [quoteIdent(name), quoteIdent(SUPER_ROLE)];
  if (type === 'super') {
    // A role cannot be a member of its own member.
    await session.query(`REVOKE ${role} FROM ${group}`);
    await session.query(`ALTER ROLE ${role} CREATEDB CREATEROLE`);
    await session.query(`GRANT ${group} TO ${role}`);
    if (session.serverVersionNum >= 160_000) {
      // From 16 on CREATEROLE gives no membership in the roles it makes: without this it could not give them databases.
      await session.query(`ALTER ROLE ${role} SET createrole_self_grant = 'set, inherit'`);
    }
    return;
  }
  await session.query(`REVOKE ${group} FROM ${role}`);
  await session.query(`ALTER ROLE ${role} NOCREATEDB NOCREATEROLE`);
  if (session.serverVersionNum >= 160_000) await session.query(`ALTER ROLE ${role} RESET createrole_self_grant`);
  await session.query(`GRANT ${role} TO ${group} WITH ADMIN OPTION`);
}

/** Changes of roles follow each other until the end of the transaction: two at once would fail at the same row of the catalog. */
export async function lockRoles(session: PgSession): Promise<void> {
  await session.query('SELECT pg_catalog.pg_advisory_xact_lock(7420171)');
}

/** Puts a role into groups or takes it out. Fails with a coded error for groups that nobody may be put into. */
export async function changeGroups(
  session: PgSession,
  name: string,
  change: { readonly groups: readonly string[]; readonly member: boolean },
): Promise<void> {
  for (const group of change.groups) {
    const [row] = await session.query<{ rolsuper: boolean }>(
      'SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = $1',
      [group],
    );
    if (!row) throw new ApiError('InvalidParameterValue', `There is no role ${group}`);
    if (row.rolsuper || MACHINE_ROLES.includes(group)) {
      throw new ApiError('OperationDenied.AccountOperationDenied', `Nobody may be a member of ${group}`);
    }
    if (group === SUPER_ROLE) {
      throw new ApiError(
        'InvalidParameterValue',
        `The account type is changed with alterRole, not by joining ${group}`,
      );
    }
    const [role, into] = [quoteIdent(name), quoteIdent(group)];
    await session.query(change.member ? `GRANT ${into} TO ${role}` : `REVOKE ${into} FROM ${role}`);
  }
}
