import { sharedSecurityLabelsGrid, utc } from './facts';
import { always, type GridDefinition, type KindDefinition } from './kind';

/** Memberships of a role (`own` is its column of pg_auth_members) with what each allows; INHERIT and SET are of 16 and newer. */
const memberships = (key: string, own: 'member' | 'roleid', other: 'member' | 'roleid'): GridDefinition => {
  const rows = (inherit: string, set: string): string => `
SELECT pg_catalog.pg_get_userbyid(m.${other}) AS name, m.admin_option::text AS admin, ${inherit} AS inherit, ${set} AS set,
       pg_catalog.pg_get_userbyid(m.grantor) AS grantor
  FROM pg_catalog.pg_auth_members m WHERE m.${own} = $1 ORDER BY 1, 5`;
  return {
    key,
    columns: ['name', 'admin', 'inherit', 'set', 'grantor'],
    sql: { 100000: rows('NULL', 'NULL'), 160000: rows('m.inherit_option::text', 'm.set_option::text') },
  };
};

/** pg_roles: login roles and group roles. Predefined roles (pg_…) count as system objects. */
export const roles: KindDefinition = {
  folder: 'roles',
  kind: 'role',
  scope: 'server',
  select: always(
    "r.oid, r.rolname AS name, '' AS note, CASE WHEN r.rolsuper THEN 'superuser' WHEN r.rolcanlogin THEN 'login' ELSE 'group' END AS mark",
  ),
  from: always(String.raw`FROM pg_catalog.pg_roles r WHERE $1 OR r.rolname NOT LIKE 'pg\_%'`),
  order: 'r.rolname',
  properties: {
    role: {
      sql: always(`
SELECT r.rolname AS name, r.oid::text AS oid, r.rolcanlogin::text AS "canLogin", r.rolsuper::text AS superuser,
       r.rolcreatedb::text AS "createDatabases", r.rolcreaterole::text AS "createRoles", r.rolinherit::text AS inherit,
       r.rolreplication::text AS replication, r.rolbypassrls::text AS "bypassRls", r.rolconnlimit::text AS "connectionLimit",
       ${utc('r.rolvaliduntil')} AS "validUntil", pg_catalog.shobj_description(r.oid, 'pg_authid') AS comment
  FROM pg_catalog.pg_roles r WHERE r.oid = $1`),
      items: [
        ['name', 'text'],
        ['oid', 'text'],
        ['canLogin', 'boolean'],
        ['superuser', 'boolean'],
        ['createDatabases', 'boolean'],
        ['createRoles', 'boolean'],
        ['inherit', 'boolean'],
        ['replication', 'boolean'],
        ['bypassRls', 'boolean'],
        ['connectionLimit', 'text'],
        ['validUntil', 'time'],
        ['comment', 'text'],
      ],
      grids: [
        memberships('memberOf', 'member', 'roleid'),
        memberships('members', 'roleid', 'member'),
        {
          key: 'parameters',
          columns: ['database', 'name', 'value'],
          sql: always(`
SELECT d.datname AS database, split_part(c, '=', 1) AS name, substr(c, strpos(c, '=') + 1) AS value
  FROM pg_catalog.pg_db_role_setting s LEFT JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase, unnest(s.setconfig) c
 WHERE s.setrole = $1 ORDER BY 1 NULLS FIRST, 2`),
        },
        sharedSecurityLabelsGrid('pg_authid'),
      ],
    },
  },
};
