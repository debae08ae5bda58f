import { quoteIdent } from '../../../shared/model/quote';
import type { PgSession } from '../../adapters/postgres/session';
import type { Role } from './roles';
import { inDatabase, inTransaction, type AccountInstances } from './work';

/** How many objects an error names. */
const NAMED = 10;

/**
 * What refers to a role, from the catalog that all databases share. `belonging`: goes with the role unasked, because it means nothing without
 * it (a privilege, a default privilege, its login to a foreign server). What remains is owned, or named by a row security policy, which
 * dropping the role would change for others.
 */
const REFERENCES = `
  SELECT d.datname::text AS database, s.dbid::text AS dbid, s.classid::text AS classid, s.objid::text AS objid, s.objsubid,
         s.deptype = 'a' OR s.classid IN ('pg_catalog.pg_default_acl'::regclass, 'pg_catalog.pg_user_mapping'::regclass)
           AS belonging,
         CASE WHEN s.dbid = 0 THEN pg_catalog.pg_describe_object(s.classid, s.objid, s.objsubid) END AS shared
    FROM pg_catalog.pg_shdepend s LEFT JOIN pg_catalog.pg_database d ON d.oid = s.dbid
   WHERE s.refclassid = 'pg_catalog.pg_authid'::regclass AND s.refobjid = $1
   ORDER BY d.datname NULLS FIRST, s.objid`;

type Reference = {
  readonly database: string | null;
  readonly classid: string;
  readonly objid: string;
  readonly objsubid: number;
  readonly belonging: boolean;
  readonly shared: string | null;
};

const referencesTo = (session: PgSession, oid: string): Promise<Reference[]> =>
  session.query<Reference>(REFERENCES, [oid]);

/** The objects' names as people write them, at most a few. */
async function describe(session: PgSession, found: readonly Reference[]): Promise<string[]> {
  const names: string[] = [];
  for (const { classid, objid, objsubid } of found) {
    const [row] = await session.query<{ text: string | null }>(
      'SELECT pg_catalog.pg_describe_object($1::oid, $2::oid, $3) AS text',
      [classid, objid, objsubid],
    );
    if (row?.text) names.push(row.text);
  }
  return names;
}

/** What a role owns, as the end of a sentence, e.g. `database shop; table public.orders and 3 more in the database crm`; empty is nothing. */
export async function ownedBy(
  instances: AccountInstances,
  id: string,
  session: PgSession,
  oid: string,
): Promise<string> {
  const owned = (await referencesTo(session, oid)).filter(({ belonging }) => !belonging);
  const parts = owned.flatMap(({ shared }) => shared ?? []);
  const databases = new Set(owned.flatMap(({ database }) => database ?? []));
  for (const database of databases) {
    const inside = owned.filter((each) => each.database === database);
    const names = await inDatabase(instances, id, database, (there) => describe(there, inside.slice(0, NAMED))).catch(
      () => [`${inside.length} objects`],
    );
    const more = inside.length > NAMED ? ` and ${inside.length - NAMED} more` : '';
    parts.push(`${names.join(', ')}${more} in the database ${database}`);
  }
  return parts.join('; ');
}

/** Takes a role that owns nothing out of every privilege list of every database, so that it can be dropped. May be done again. */
export async function freeOfPrivileges(
  instances: AccountInstances,
  id: string,
  session: PgSession,
  role: Pick<Role, 'name' | 'oid'>,
): Promise<void> {
  const found = await referencesTo(session, role.oid);
  const databases = new Set(found.flatMap(({ database }) => database ?? []));
  const clear = (there: PgSession): Promise<void> =>
    inTransaction(there, async () => {
      const here = await there.query<{ owned: boolean }>(
        `SELECT true AS owned FROM (${REFERENCES}) r
          WHERE NOT r.belonging AND r.database IN (pg_catalog.current_database()) LIMIT 1`,
        [role.oid],
      );
      // Invariant: DROP OWNED meets nothing but privileges; what was made in this moment makes DROP ROLE fail instead of vanishing.
      if (here.length === 0) await there.query(`DROP OWNED BY ${quoteIdent(role.name)}`);
    });
  for (const database of databases) await inDatabase(instances, id, database, clear);
  if (found.some(({ database }) => database === null)) await clear(session);
}
