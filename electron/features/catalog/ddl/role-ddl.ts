import { quoteIdent, quoteLiteral } from '../../../../shared/model/quote';
import type { PgSession } from '../../../adapters/postgres/session';
import { sqlFor, type VersionedSql } from '../kinds/kind';
import {
  commentStatement,
  labelStatements,
  PHASE,
  pieceObject,
  sharedLabelsJson,
  type Attachments,
  type Piece,
} from './piece';
import { settingClause } from './setting-text';

interface RoleRow {
  readonly oid: number;
  readonly name: string;
  readonly attributes: readonly string[];
  readonly limit: number;
  readonly validUntil: string | null;
  readonly comment: string | null;
  readonly labels: Attachments['labels'];
  readonly settings: readonly { readonly database: string | null; readonly settings: readonly string[] }[];
  readonly memberships: readonly {
    readonly role: string;
    readonly member: string;
    /** Null: the first superuser, who grants where nobody is named. */
    readonly grantor: string | null;
    readonly options: readonly string[];
  }[];
}

const roles = (options: string): string => `
SELECT o.oid, o.rolname AS name, ARRAY[CASE WHEN o.rolsuper THEN 'SUPERUSER' ELSE 'NOSUPERUSER' END,
         CASE WHEN o.rolinherit THEN 'INHERIT' ELSE 'NOINHERIT' END, CASE WHEN o.rolcreaterole THEN 'CREATEROLE' ELSE 'NOCREATEROLE' END,
         CASE WHEN o.rolcreatedb THEN 'CREATEDB' ELSE 'NOCREATEDB' END, CASE WHEN o.rolcanlogin THEN 'LOGIN' ELSE 'NOLOGIN' END,
         CASE WHEN o.rolreplication THEN 'REPLICATION' ELSE 'NOREPLICATION' END,
         CASE WHEN o.rolbypassrls THEN 'BYPASSRLS' ELSE 'NOBYPASSRLS' END] AS attributes,
       o.rolconnlimit AS "limit", o.rolvaliduntil::text AS "validUntil", pg_catalog.shobj_description(o.oid, 'pg_authid') AS comment,
       ${sharedLabelsJson('pg_authid', 'o.oid')} AS labels,
       coalesce((SELECT pg_catalog.json_agg(pg_catalog.json_build_object('database', d.datname, 'settings', s.setconfig) ORDER BY d.datname NULLS FIRST)
          FROM pg_catalog.pg_db_role_setting s LEFT JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase WHERE s.setrole = o.oid), '[]'::json)
         AS settings,
       coalesce((SELECT pg_catalog.json_agg(pg_catalog.json_build_object('role', r.rolname, 'member', b.rolname,
            'grantor', CASE WHEN g.oid <> 10 THEN g.rolname END, 'options', ${options}) ORDER BY r.oid = o.oid, r.rolname, b.rolname, m.grantor)
          FROM pg_catalog.pg_auth_members m JOIN pg_catalog.pg_roles r ON r.oid = m.roleid JOIN pg_catalog.pg_roles b ON b.oid = m.member
          LEFT JOIN pg_catalog.pg_roles g ON g.oid = m.grantor WHERE o.oid IN (m.roleid, m.member)), '[]'::json) AS memberships
  FROM pg_catalog.pg_roles o WHERE o.oid = $1`;

const ADMIN = "CASE WHEN m.admin_option THEN 'ADMIN OPTION' END";

const ROLES: VersionedSql = {
  100000: roles(`pg_catalog.array_remove(ARRAY[${ADMIN}], NULL)`),
  160000: roles(`pg_catalog.array_remove(ARRAY[CASE WHEN m.admin_option THEN 'ADMIN TRUE' END,
              CASE WHEN m.inherit_option THEN 'INHERIT TRUE' ELSE 'INHERIT FALSE' END,
              CASE WHEN NOT m.set_option THEN 'SET FALSE' END], NULL)`),
};

/** Grants so that a grantor's own, which allows it, comes before what it granted. */
function inGrantOrder(memberships: RoleRow['memberships']): RoleRow['memberships'] {
  const ordered: RoleRow['memberships'][number][] = [];
  let waiting = [...memberships];
  while (waiting.length > 0) {
    const waits = (grant: RoleRow['memberships'][number]): boolean =>
      waiting.some((other) => other !== grant && other.role === grant.role && other.member === grant.grantor);
    const ready = waiting.filter((grant) => !waits(grant));
    const next = ready.length > 0 ? ready : waiting;
    ordered.push(...next);
    waiting = waiting.filter((grant) => !next.includes(grant));
  }
  return ordered;
}

/** The stored password of a role: a verifier, never the password itself. */
async function readVerifier(
  session: PgSession,
  oid: number,
  signal: AbortSignal,
): Promise<{ readonly hidden: boolean; readonly verifier: string | null }> {
  const [right] = await session.query<{ readable: boolean }>(
    "SELECT pg_catalog.has_table_privilege('pg_catalog.pg_authid', 'SELECT') AS readable",
    [],
    signal,
  );
  if (right?.readable !== true) return { hidden: true, verifier: null };
  const [row] = await session.query<{ password: string | null }>(
    'SELECT a.rolpassword AS password FROM pg_catalog.pg_authid a WHERE a.oid = $1',
    [oid],
    signal,
  );
  return { hidden: false, verifier: row?.password ?? null };
}

/** A role with its settings in every database, and its memberships in both directions. */
export async function rolePieces(session: PgSession, oid: number, signal: AbortSignal): Promise<Piece[]> {
  const [row] = await session.query<RoleRow>(sqlFor(ROLES, session.serverVersionNum), [oid], signal);
  if (!row) return [];
  const name = quoteIdent(row.name);
  const { hidden, verifier } = await readVerifier(session, oid, signal);
  const options = [...row.attributes];
  if (row.limit !== -1) options.push(`CONNECTION LIMIT ${row.limit}`);
  if (verifier !== null) options.push(`PASSWORD ${quoteLiteral(verifier)}`);
  if (row.validUntil !== null) options.push(`VALID UNTIL ${quoteLiteral(row.validUntil)}`);
  const statements = [
    ...(hidden ? ['-- A password, if there is one, is hidden from this user.'] : []),
    `CREATE ROLE ${name} WITH\n    ${options.join('\n    ')};`,
    ...inGrantOrder(row.memberships).map(({ role, member, grantor, options: allowed }) => {
      const by = grantor === null ? '' : ` GRANTED BY ${quoteIdent(grantor)}`;
      return `GRANT ${quoteIdent(role)} TO ${quoteIdent(member)}${allowed.length === 0 ? '' : ` WITH ${allowed.join(', ')}`}${by};`;
    }),
    ...row.settings.flatMap(({ database, settings }) => {
      const where = database === null ? '' : ` IN DATABASE ${quoteIdent(database)}`;
      return settings.map((setting) => `ALTER ROLE ${name}${where} ${settingClause(setting)};`);
    }),
    ...commentStatement(`ROLE ${name}`, row.comment),
    ...labelStatements(`ROLE ${name}`, row.labels),
  ];
  return [
    {
      id: `pg_authid:${row.oid}`,
      object: pieceObject('role', '', row.name),
      phase: PHASE.schema,
      name,
      sql: statements.join('\n'),
      needs: [],
    },
  ];
}
