import type { Statement } from '../catalog';
import type { GivenPrivilege, PrivilegeRow } from '../form';
import { quoteIdent } from '../quote';

interface Held {
  readonly privileges: ReadonlySet<string>;
  readonly grantable: ReadonlySet<string>;
}

const NOTHING: Held = { privileges: new Set(), grantable: new Set() };

/** One record for each grantee: a form may hold several. */
function byGrantee(rows: readonly PrivilegeRow[]): Map<string, Held> {
  const held = new Map<string, Held>();
  for (const row of rows) {
    const was = held.get(row.grantee) ?? NOTHING;
    const grantable = row.grantable.filter((privilege) => row.privileges.includes(privilege));
    held.set(row.grantee, {
      privileges: new Set([...was.privileges, ...row.privileges]),
      grantable: new Set([...was.grantable, ...grantable]),
    });
  }
  return held;
}

/** Those that a server knows, by name. */
export const knownPrivileges = (privileges: readonly GivenPrivilege[], version: number): readonly string[] =>
  privileges.flatMap((each) => {
    if (typeof each === 'string') return [each];
    return version >= each.since ? [each.name] : [];
  });

const granteeSql = (grantee: string): string => (grantee === '' ? 'PUBLIC' : quoteIdent(grantee));

export interface PrivilegeScope {
  /** Only these columns of the target. */
  readonly columns?: readonly string[];
  /** What stands before each statement, e.g. `ALTER DEFAULT PRIVILEGES IN SCHEMA sales`. */
  readonly prefix?: string;
}

/**
 * What turns the privileges `before` into `after`: only what differs, first what is taken away. `target` is what stands after ON, e.g.
 * `TABLE sales.orders`.
 */
export function privilegeChanges(
  target: string,
  before: readonly PrivilegeRow[],
  after: readonly PrivilegeRow[],
  scope: PrivilegeScope = {},
): Statement[] {
  const old = byGrantee(before);
  const now = byGrantee(after);
  const columns = scope.columns && scope.columns.length > 0 ? ` (${scope.columns.map(quoteIdent).join(', ')})` : '';
  const prefix = scope.prefix === undefined ? '' : `${scope.prefix} `;
  const list = (privileges: readonly string[]): string => privileges.map((name) => `${name}${columns}`).join(', ');
  const taken: Statement[] = [];
  const given: Statement[] = [];
  for (const grantee of new Set([...old.keys(), ...now.keys()])) {
    const was = old.get(grantee) ?? NOTHING;
    const is = now.get(grantee) ?? NOTHING;
    const whom = granteeSql(grantee);
    const lost = [...was.privileges].filter((name) => !is.privileges.has(name));
    const kept = [...was.grantable].filter((name) => is.privileges.has(name) && !is.grantable.has(name));
    const passing = [...is.grantable].filter((name) => !was.grantable.has(name));
    const plain = [...is.privileges].filter((name) => !is.grantable.has(name) && !was.privileges.has(name));
    if (lost.length > 0) taken.push({ sql: `${prefix}REVOKE ${list(lost)} ON ${target} FROM ${whom}` });
    if (kept.length > 0)
      taken.push({ sql: `${prefix}REVOKE GRANT OPTION FOR ${list(kept)} ON ${target} FROM ${whom}` });
    if (plain.length > 0) given.push({ sql: `${prefix}GRANT ${list(plain)} ON ${target} TO ${whom}` });
    if (passing.length > 0)
      given.push({ sql: `${prefix}GRANT ${list(passing)} ON ${target} TO ${whom} WITH GRANT OPTION` });
  }
  return [...taken, ...given];
}
