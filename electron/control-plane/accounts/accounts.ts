import { quoteIdent, quoteLiteral } from '../../../shared/model/quote';
import type { PgSession } from '../../adapters/postgres/session';
import { ApiError } from '../api/errors';
import { scramVerifier } from '../../adapters/postgres/scram-verifier';
import { pause } from '../processes';
import { freeOfPrivileges, ownedBy } from './dependents';
import { adminNote, changeNote, noteOf, type AccountNote } from './notes';
import { findRole, lockRoles, mustFindRole, readRoles, setType, type Role } from './roles';
import {
  HOME,
  inDatabase,
  instanceFor,
  inTransaction,
  SERVING,
  unlogged,
  WRITABLE,
  type AccountInstances,
} from './work';

/** An account: a role that logs in, or would if it were not locked. */
export interface Account {
  readonly name: string;
  readonly type: 'normal' | 'super';
  readonly locked: boolean;
  readonly note: AccountNote;
  readonly roles: readonly string[];
}

const NO_NOTE: AccountNote = { remark: '', createdAt: 0, updatedAt: 0, passwordUpdatedAt: 0 };
const SESSIONS_END_MS = 5_000;

/** All accounts. A role without login is a group, unless it has a password or a note of ours: then it is a locked account. */
export async function listAccounts(instances: AccountInstances, id: string): Promise<Account[]> {
  const record = instanceFor(instances, id, SERVING);
  const roles = await inDatabase(instances, id, HOME, (session) => readRoles(session, record.adminUser));
  return roles
    .filter(({ name, login, hasPassword }) => login || hasPassword || noteOf(record, name) !== null)
    .map((role) => ({
      name: role.name,
      type: role.isSuper ? 'super' : 'normal',
      locked: !role.login,
      note: noteOf(record, role.name) ?? (role.name === record.adminUser ? adminNote(record) : NO_NOTE),
      roles: role.roles,
    }));
}

/** Makes an account. From here on nobody knows the password: the server gets its verifier. */
export async function createAccount(
  instances: AccountInstances,
  id: string,
  wanted: {
    readonly name: string;
    readonly password: string;
    readonly remark: string;
    readonly type: 'normal' | 'super';
  },
): Promise<void> {
  const { adminUser } = instanceFor(instances, id, WRITABLE);
  const { name, type, remark } = wanted;
  const verifier = await scramVerifier(wanted.password);
  await inDatabase(instances, id, HOME, async (session) => {
    await inTransaction(session, async () => {
      await lockRoles(session);
      const [taken] = await session.query('SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = $1', [name]);
      if (taken) throw new ApiError('InvalidParameterValue.AccountExist', `The account ${name} exists already`);
      await unlogged(session);
      const options = 'LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE INHERIT NOREPLICATION NOBYPASSRLS';
      await session.query(`CREATE ROLE ${quoteIdent(name)} ${options} PASSWORD ${quoteLiteral(verifier)}`);
      await setType(session, name, type, adminUser);
      // Before the commit: a note without a role is harmless, a role without its note would look as if it were made in SQL.
      const now = Date.now();
      await changeNote(instances, id, name, { remark, createdAt: now, updatedAt: now, passwordUpdatedAt: now });
    });
  });
}

/** Ends the sessions of a role and resolves when they are gone. */
async function endSessions(session: PgSession, oid: string): Promise<void> {
  for (const deadline = Date.now() + SESSIONS_END_MS; ; await pause(50)) {
    const left = await session.query(
      'SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity WHERE usesysid = $1',
      [oid],
    );
    if (left.length === 0) return;
    if (Date.now() > deadline) {
      throw new ApiError('FailedOperation', `${left.length} sessions of the account do not end`);
    }
  }
}

const refuseAdmin = (role: Role, admin: string, deed: string): void => {
  if (role.name !== admin) return;
  throw new ApiError(
    'OperationDenied.AccountOperationDenied',
    `The account ${role.name} was made with the instance and cannot be ${deed}`,
  );
};

/**
 * Drops an account with the privileges it was given. One that owns something is left as it was, and the error says what it owns: whether that
 * is given away or dropped is for people to decide. May be done again, also for an account that is gone.
 */
export async function deleteAccount(instances: AccountInstances, id: string, name: string): Promise<void> {
  const { adminUser } = instanceFor(instances, id, WRITABLE);
  await inDatabase(instances, id, HOME, async (session) => {
    const role = await findRole(session, name, adminUser);
    if (role) {
      refuseAdmin(role, adminUser, 'deleted');
      const refuse = async (): Promise<void> => {
        const owned = await ownedBy(instances, id, session, role.oid);
        if (owned === '') return;
        throw new ApiError(
          'FailedOperation.PreCheckError',
          `The account ${name} still owns ${owned}. Give it to another account (REASSIGN OWNED) or drop it (DROP OWNED) first`,
        );
      };
      await refuse();
      const quoted = quoteIdent(name);
      await session.query(`ALTER ROLE ${quoted} NOLOGIN`);
      try {
        await endSessions(session, role.oid);
        // Its sessions may have made something meanwhile.
        await refuse();
        await freeOfPrivileges(instances, id, session, role);
        await session.query(`DROP ROLE ${quoted}`);
      } catch (error) {
        if (role.login) await session.query(`ALTER ROLE ${quoted} LOGIN`).catch(() => undefined);
        throw error;
      }
    }
    await changeNote(instances, id, name, null);
  });
}

/** A new password; sessions that are open stay. */
export async function resetPassword(
  instances: AccountInstances,
  id: string,
  name: string,
  password: string,
): Promise<void> {
  const { adminUser } = instanceFor(instances, id, SERVING);
  const verifier = await scramVerifier(password);
  await inDatabase(instances, id, HOME, async (session) => {
    await mustFindRole(session, name, adminUser);
    await inTransaction(session, async () => {
      await unlogged(session);
      await session.query(`ALTER ROLE ${quoteIdent(name)} PASSWORD ${quoteLiteral(verifier)}`);
      await changeNote(instances, id, name, { passwordUpdatedAt: Date.now() });
    });
  });
}

export async function setRemark(instances: AccountInstances, id: string, name: string, remark: string): Promise<void> {
  const { adminUser } = instanceFor(instances, id, SERVING);
  await inDatabase(instances, id, HOME, (session) => mustFindRole(session, name, adminUser));
  await changeNote(instances, id, name, { remark });
}

/** Locked: it cannot log in, and its sessions have ended when this resolves. Unlocked: it can again. Both may be done again. */
export async function setLocked(instances: AccountInstances, id: string, name: string, locked: boolean): Promise<void> {
  const { adminUser } = instanceFor(instances, id, SERVING);
  await inDatabase(instances, id, HOME, async (session) => {
    const role = await mustFindRole(session, name, adminUser);
    const known = role.login || role.hasPassword || noteOf(instanceFor(instances, id, SERVING), name) !== null;
    if (!known) {
      throw new ApiError('InvalidParameterValue.AccountNotExistError', `${name} is a group, not an account`);
    }
    await session.query(`ALTER ROLE ${quoteIdent(name)} ${locked ? 'NOLOGIN' : 'LOGIN'}`);
    await changeNote(instances, id, name, {});
    if (locked) await endSessions(session, role.oid);
  });
}
