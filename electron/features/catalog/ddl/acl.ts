import { quoteIdent } from '../../../../shared/model/quote';

/** One privilege of an ACL. */
export interface AclEntry {
  /** Empty is PUBLIC. */
  readonly grantee: string;
  readonly grantor: string;
  readonly privilege: string;
  readonly grantable: boolean;
}

/** An ACL and what it would be had nobody granted or revoked anything. Null ACL: nobody did. */
export interface Acl {
  readonly acl: readonly AclEntry[] | null;
  readonly defaults: readonly AclEntry[];
  readonly owner: string;
}

/**
 * SQL expression: an `aclitem[]` as JSON for `AclEntry[]`, null for null. `acl` is a column of the query's own text. An empty array stays an
 * empty array: it means that even the owner's privileges were revoked.
 */
export const aclJson = (acl: string): string =>
  `CASE WHEN ${acl} IS NOT NULL THEN coalesce((SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
     'grantee', CASE WHEN x.grantee = 0 THEN '' ELSE pg_catalog.pg_get_userbyid(x.grantee) END,
     'grantor', pg_catalog.pg_get_userbyid(x.grantor), 'privilege', x.privilege_type, 'grantable', x.is_grantable))
   FROM pg_catalog.aclexplode(${acl}) x), '[]'::json) END`;

const roleName = (name: string): string => (name === '' ? 'PUBLIC' : quoteIdent(name));

const same = (left: AclEntry, right: AclEntry): boolean =>
  left.grantee === right.grantee &&
  left.grantor === right.grantor &&
  left.privilege === right.privilege &&
  left.grantable === right.grantable;

/**
 * Statements that turn the default privileges of a new object into the ACL. A grantee who lost a default privilege is revoked everything and
 * granted anew what is left. Grants by others than the owner run under their grantor's name, after the grant that allows it.
 * @param target what stands after ON, e.g. `TABLE public.orders`
 * @param column for column privileges: the quoted column
 */
export function privilegeStatements(target: string, { acl, defaults, owner }: Acl, column?: string): string[] {
  if (acl === null) return [];
  const revoked = new Set(
    defaults.filter((entry) => !acl.some((actual) => same(actual, entry))).map((entry) => entry.grantee),
  );
  const statements = [...revoked].map((grantee) => `REVOKE ALL ON ${target} FROM ${roleName(grantee)};`);
  const granted = acl.filter((entry) => revoked.has(entry.grantee) || !defaults.some((each) => same(each, entry)));
  const groups = new Map<string, AclEntry[]>();
  for (const entry of granted) {
    const key = JSON.stringify([entry.grantor, entry.grantee, entry.grantable]);
    groups.set(key, [...(groups.get(key) ?? []), entry]);
  }
  for (const group of inGrantOrder([...groups.values()], owner)) {
    const [first] = group;
    if (!first) continue;
    const on = column === undefined ? '' : ` (${column})`;
    const privileges = group.map((entry) => `${entry.privilege}${on}`).join(', ');
    const grant = `GRANT ${privileges} ON ${target} TO ${roleName(first.grantee)}${first.grantable ? ' WITH GRANT OPTION' : ''};`;
    if (first.grantor === owner) statements.push(grant);
    else {
      statements.push(`SET SESSION AUTHORIZATION ${quoteIdent(first.grantor)};`, grant, 'RESET SESSION AUTHORIZATION;');
    }
  }
  return statements;
}

/** Groups so that a grantor's own grant option comes before what it granted. */
function inGrantOrder(groups: readonly AclEntry[][], owner: string): AclEntry[][] {
  const ordered: AclEntry[][] = [];
  const able = new Set([owner]);
  let waiting = [...groups];
  while (waiting.length > 0) {
    const ready = waiting.filter((group) => group[0] !== undefined && able.has(group[0].grantor));
    // A grantor whose option is not in this ACL (a column's, say) can't wait for anything here.
    const next = ready.length > 0 ? ready : waiting;
    ordered.push(...next);
    for (const group of next) if (group[0]?.grantable) able.add(group[0].grantee);
    waiting = waiting.filter((group) => !next.includes(group));
  }
  return ordered;
}
