import type { PrivilegeObject } from '../../../shared/model/account';
import { privilegesOf } from '../../../shared/model/account-rules';
import { quoteIdent } from '../../../shared/model/quote';
import type { PgSession } from '../../adapters/postgres/session';
import { ApiError } from '../api/errors';
import { changeNote } from './notes';
import { findObject, type CatalogKind } from './objects';
import { changeGroups, lockRoles, mustFindRole, setType, type Role } from './roles';
import { HOME, inDatabase, instanceFor, inTransactions, SERVING, WRITABLE, type AccountInstances } from './work';

/** One line of a request to change privileges. */
export type PrivilegeChange =
  | {
      readonly kind: 'grant' | 'revoke';
      readonly object: PrivilegeObject;
      readonly privileges: readonly string[];
      readonly cascade: boolean;
    }
  | { readonly kind: 'type'; readonly type: 'normal' | 'super' }
  | { readonly kind: 'join' | 'leave'; readonly groups: readonly string[] };

/** Databases and accounts are known everywhere; everything else is seen from its own database only. */
const databaseOf = (object: PrivilegeObject): string =>
  object.type === 'database' || object.type === 'account' ? HOME : object.database;

const ORDER: readonly string[] = [
  'SELECT',
  'INSERT',
  'UPDATE',
  'DELETE',
  'TRUNCATE',
  'REFERENCES',
  'TRIGGER',
  'MAINTAIN',
  'CREATE',
  'CONNECT',
  'TEMPORARY',
  'EXECUTE',
  'USAGE',
];

/** What an account was given on each object itself, its own rights as owner included; not what it has through PUBLIC or a group. */
export async function describePrivileges(
  instances: AccountInstances,
  id: string,
  name: string,
  objects: readonly PrivilegeObject[],
): Promise<string[][]> {
  const { adminUser } = instanceFor(instances, id, SERVING);
  const role = await inDatabase(instances, id, HOME, (session) => mustFindRole(session, name, adminUser));
  const found = new Map<PrivilegeObject, string[]>();
  for (const database of new Set(objects.map(databaseOf))) {
    await inDatabase(instances, id, database, async (session) => {
      for (const object of objects.filter((each) => databaseOf(each) === database)) {
        if (object.type === 'account') {
          found.set(object, [role.isSuper ? 'tencentDBSuper' : 'normal']);
          continue;
        }
        const { grants } = await findObject(session, object, role.oid);
        const given = new Set(grants.map(({ privilege }) => privilege));
        found.set(
          object,
          ORDER.filter((privilege) => given.has(privilege)),
        );
      }
    });
  }
  return objects.map((object) => found.get(object) ?? []);
}

/** `TEMP` is another word for `TEMPORARY`; anything the server does not know on this kind of object is refused before it is asked. */
function checkedPrivileges(session: PgSession, type: CatalogKind, wanted: readonly string[]): string[] {
  const known = privilegesOf(type, Math.floor(session.serverVersionNum / 10_000));
  return wanted.map((each) => {
    const name = each.toUpperCase() === 'TEMP' ? 'TEMPORARY' : each.toUpperCase();
    if (known.includes(name)) return name;
    throw new ApiError('InvalidParameterValue', `${each} is no privilege on a ${type}: ${known.join(', ')}`);
  });
}

async function changeOne(
  session: PgSession,
  role: Role,
  change: Extract<PrivilegeChange, { kind: 'grant' | 'revoke' }>,
): Promise<void> {
  const { object, cascade } = change;
  if (object.type === 'account') throw new ApiError('InvalidParameterValue', 'An account is changed with alterRole');
  const privileges = checkedPrivileges(session, object.type, change.privileges);
  const { target, column, grants } = await findObject(session, object, role.oid);
  const listOf = (names: readonly string[]): string =>
    names.map((name) => (column === '' ? name : `${name} (${quoteIdent(column)})`)).join(', ');
  const account = quoteIdent(role.name);
  if (change.kind === 'grant') {
    await session.query(`GRANT ${listOf(privileges)} ON ${target} TO ${account}`);
    return;
  }
  // A superuser revokes what the owner gave; what others gave is taken back in their name, or it would stay.
  const behind = cascade ? 'CASCADE' : 'RESTRICT';
  await session.query(`REVOKE ${listOf(privileges)} ON ${target} FROM ${account} ${behind}`);
  const others = grants.filter(({ byOwner, privilege }) => !byOwner && privileges.includes(privilege));
  for (const grantor of new Set(others.map((each) => each.grantor))) {
    const given = others.filter((each) => each.grantor === grantor).map(({ privilege }) => privilege);
    await session.query(`SET LOCAL ROLE ${quoteIdent(grantor)}`);
    await session.query(`REVOKE ${listOf(given)} ON ${target} FROM ${account} ${behind}`);
    await session.query('RESET ROLE');
  }
}

/** Does all changes or none, in their order within each database. Fails with a coded error and leaves everything as it was. */
export async function changePrivileges(
  instances: AccountInstances,
  id: string,
  name: string,
  changes: readonly PrivilegeChange[],
): Promise<void> {
  const { adminUser } = instanceFor(instances, id, WRITABLE);
  const databases = new Set([HOME]);
  for (const change of changes) if ('object' in change) databases.add(databaseOf(change.object));
  await inTransactions(instances, id, [...databases], async (sessionOf) => {
    const role = await mustFindRole(sessionOf(HOME), name, adminUser);
    for (const change of changes) {
      switch (change.kind) {
        case 'grant':
        case 'revoke':
          await changeOne(sessionOf(databaseOf(change.object)), role, change);
          break;
        case 'type':
          if (change.type === 'normal' && name === adminUser) {
            throw new ApiError(
              'OperationDenied.AccountOperationDenied',
              `The account ${name} was made with the instance and stays tencentDBSuper`,
            );
          }
          await lockRoles(sessionOf(HOME));
          await setType(sessionOf(HOME), name, change.type, adminUser);
          break;
        case 'join':
        case 'leave':
          await changeGroups(sessionOf(HOME), name, { groups: change.groups, member: change.kind === 'join' });
          break;
      }
    }
    await changeNote(instances, id, name, {});
  });
}
