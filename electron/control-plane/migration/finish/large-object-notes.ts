import { quoteIdent, quoteLiteral } from '../../../../shared/model/quote';
import type { PgSession } from '../../../adapters/postgres/session';
import { readAside } from '../plan/read-aside';

/** A large object without its bytes. */
export interface LargeObject {
  readonly oid: number;
  readonly owner: string;
  readonly comment: string | null;
  /** Null: as a new one has them. An empty grantee is everybody. */
  readonly grants: readonly Grant[] | null;
}
interface Grant {
  readonly grantee: string;
  readonly privilege: string;
  readonly grantable: boolean;
}

type ObjectRow = {
  readonly oid: number;
  readonly owner: string;
  readonly comment: string | null;
  readonly plain: boolean;
};
type GrantRow = Grant & { readonly oid: number };

const OBJECTS = `SELECT m.oid, pg_catalog.pg_get_userbyid(m.lomowner) AS owner, m.lomacl IS NULL AS plain,
    pg_catalog.obj_description(m.oid, 'pg_largeobject') AS comment
  FROM pg_catalog.pg_largeobject_metadata m`;

async function withGrants(session: PgSession, rows: readonly ObjectRow[], signal: AbortSignal): Promise<LargeObject[]> {
  const special = rows.filter(({ plain }) => !plain).map(({ oid }) => oid);
  const grants =
    special.length === 0
      ? []
      : await session.query<GrantRow>(
          `SELECT m.oid, CASE WHEN a.grantee = 0 THEN '' ELSE pg_catalog.pg_get_userbyid(a.grantee) END AS grantee,
             a.privilege_type AS privilege, a.is_grantable AS grantable
           FROM pg_catalog.pg_largeobject_metadata m, pg_catalog.aclexplode(m.lomacl) a
           WHERE m.oid = ANY ($1::pg_catalog.oid[])`,
          [special],
          signal,
        );
  return rows.map(({ oid, owner, comment, plain }) => ({
    oid,
    owner,
    comment,
    grants: plain ? null : grants.filter((grant) => grant.oid === oid),
  }));
}

/** The next ones by number, as the transaction of the session sees them. */
export const nextLargeObjects = (
  session: PgSession,
  after: number,
  count: number,
  signal: AbortSignal,
): Promise<LargeObject[]> =>
  readAside(session, async () => {
    const sql = `${OBJECTS} WHERE m.oid > $1 ORDER BY m.oid LIMIT $2`;
    return withGrants(session, await session.query<ObjectRow>(sql, [after, count], signal), signal);
  });

/** Those of the numbers that are there. */
export const largeObjectsOf = (
  session: PgSession,
  oids: readonly number[],
  signal: AbortSignal,
): Promise<LargeObject[]> =>
  readAside(session, async () => {
    const sql = `${OBJECTS} WHERE m.oid = ANY ($1::pg_catalog.oid[]) ORDER BY m.oid`;
    return withGrants(session, await session.query<ObjectRow>(sql, [oids], signal), signal);
  });

export interface NoteRules {
  readonly keepOwners: boolean;
  readonly keepPrivileges: boolean;
  /** The account of the target. */
  readonly user: string;
  /** Of the target. */
  readonly roles: ReadonlySet<string>;
  /** Hears of a role that the target lacks, once for each statement that is left out for it. */
  readonly onMissing: (role: string) => void;
}

/** What gives a large object that our account has just made its owner, privileges and comment. */
export function noteStatements({ oid, owner, comment, grants }: LargeObject, rules: NoteRules): string[] {
  const known = (role: string): boolean => {
    if (role === '' || rules.roles.has(role)) return true;
    rules.onMissing(role);
    return false;
  };
  const statements: string[] = [];
  const given = rules.keepOwners && owner !== rules.user && known(owner);
  if (given) statements.push(`ALTER LARGE OBJECT ${oid} OWNER TO ${quoteIdent(owner)}`);
  if (rules.keepPrivileges && grants !== null) {
    const holder = given || owner === rules.user ? owner : rules.user;
    if (holder === owner) statements.push(`REVOKE ALL ON LARGE OBJECT ${oid} FROM ${quoteIdent(owner)}`);
    for (const { grantee, privilege, grantable } of grants) {
      // Where another one owns it, the owner's own rights are that one's already.
      if ((grantee === owner && holder !== owner) || !known(grantee)) continue;
      const to = grantee === '' ? 'PUBLIC' : quoteIdent(grantee);
      // The owner may always grant; saying so is refused to it.
      const option = grantable && grantee !== owner ? ' WITH GRANT OPTION' : '';
      statements.push(`GRANT ${privilege} ON LARGE OBJECT ${oid} TO ${to}${option}`);
    }
  }
  if (comment !== null) statements.push(`COMMENT ON LARGE OBJECT ${oid} IS ${quoteLiteral(comment)}`);
  return statements;
}
