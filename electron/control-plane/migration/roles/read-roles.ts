import type { PgSession } from '../../../adapters/postgres/session';
import { AppError } from '../../../../shared/errors';

/** A role of the source with everything that makes it. */
export interface SourceRole {
  readonly name: string;
  readonly superuser: boolean;
  readonly inherit: boolean;
  readonly createRole: boolean;
  readonly createDb: boolean;
  readonly login: boolean;
  readonly replication: boolean;
  readonly bypassRls: boolean;
  /** −1 is no limit. */
  readonly connectionLimit: number;
  /** As the server writes it; null: for ever. */
  readonly validUntil: string | null;
  /** As stored; null: none, or it may not be read. */
  readonly password: string | null;
  readonly comment: string | null;
}

/** `member` is a member of `role`. Options of 16 are null before. */
export interface Membership {
  readonly role: string;
  readonly member: string;
  readonly admin: boolean;
  readonly inherit: boolean | null;
  readonly set: boolean | null;
}

/** A setting of a role, of a database, or of a role in a database. */
export interface DefaultSetting {
  /** Null: of every role. */
  readonly role: string | null;
  /** Null: in every database. */
  readonly database: string | null;
  /** `name=value`. */
  readonly setting: string;
}

export interface SourceRoles {
  readonly roles: readonly SourceRole[];
  readonly memberships: readonly Membership[];
  /** Of roles in every database. */
  readonly settings: readonly DefaultSetting[];
  /** Rights on parameters, from 15 on. */
  readonly parameters: readonly {
    readonly parameter: string;
    readonly grantee: string;
    readonly privilege: string;
    readonly grantable: boolean;
  }[];
  /** Whether passwords could be read. */
  readonly passwords: boolean;
}

const ROLES = (catalog: string, password: string): string => `
SELECT rolname AS name, rolsuper AS superuser, rolinherit AS inherit, rolcreaterole AS "createRole", rolcreatedb AS "createDb",
       rolcanlogin AS login, rolreplication AS replication, rolbypassrls AS "bypassRls", rolconnlimit AS "connectionLimit",
       CASE WHEN rolvaliduntil = 'infinity' THEN NULL ELSE rolvaliduntil::text END AS "validUntil", ${password} AS password,
       pg_catalog.shobj_description(oid, 'pg_authid') AS comment
  FROM pg_catalog.${catalog}
 WHERE rolname !~ '^pg_'
 ORDER BY rolname`;

/** Reads what a server's roles are. Passwords need pg_authid, which only superusers may read. */
export async function readRoles(source: PgSession, signal: AbortSignal): Promise<SourceRoles> {
  const version = source.serverVersionNum;
  let passwords = true;
  let roles: SourceRole[];
  try {
    roles = await source.query<SourceRole & Record<string, unknown>>(ROLES('pg_authid', 'rolpassword'), [], signal);
  } catch (error) {
    if (!(error instanceof AppError) || error.info.sqlstate !== '42501') throw error;
    passwords = false;
    roles = await source.query<SourceRole & Record<string, unknown>>(ROLES('pg_roles', 'NULL::text'), [], signal);
  }
  const options =
    version >= 160_000
      ? 'bool_or(inherit_option) AS inherit, bool_or(set_option) AS set'
      : 'NULL::boolean AS inherit, NULL::boolean AS set';
  const memberships = await source.query<Membership & Record<string, unknown>>(
    `SELECT r.rolname AS role, m.rolname AS member, bool_or(a.admin_option) AS admin, ${options}
       FROM pg_catalog.pg_auth_members a JOIN pg_catalog.pg_roles r ON r.oid = a.roleid JOIN pg_catalog.pg_roles m ON m.oid = a.member
      WHERE m.rolname !~ '^pg_'
      GROUP BY 1, 2 ORDER BY 1, 2`,
    [],
    signal,
  );
  const settings = await source.query<DefaultSetting & Record<string, unknown>>(
    `SELECT r.rolname AS role, NULL AS database, unnest(s.setconfig) AS setting
       FROM pg_catalog.pg_db_role_setting s JOIN pg_catalog.pg_roles r ON r.oid = s.setrole
      WHERE s.setdatabase = 0
      ORDER BY 1, 3`,
    [],
    signal,
  );
  const parameters =
    version >= 150_000
      ? await source.query<SourceRoles['parameters'][number] & Record<string, unknown>>(
          `SELECT p.parname AS parameter, r.rolname AS grantee, a.privilege_type AS privilege, a.is_grantable AS grantable
             FROM pg_catalog.pg_parameter_acl p, pg_catalog.aclexplode(p.paracl) a JOIN pg_catalog.pg_roles r ON r.oid = a.grantee
            WHERE r.rolname !~ '^pg_' AND a.grantee <> a.grantor
            ORDER BY 1, 2, 3`,
          [],
          signal,
        )
      : [];
  return { roles, memberships, settings, parameters, passwords };
}
