import { always, type KindDefinition } from './kind';

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
       to_char(r.rolvaliduntil AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS "validUntil",
       array_to_string(r.rolconfig, E'\\n') AS parameters, pg_catalog.shobj_description(r.oid, 'pg_authid') AS comment
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
        ['parameters', 'code'],
        ['comment', 'text'],
      ],
      grids: [
        {
          key: 'memberOf',
          columns: ['name', 'admin'],
          sql: always(`
SELECT pg_catalog.pg_get_userbyid(m.roleid) AS name, m.admin_option::text AS admin
  FROM pg_catalog.pg_auth_members m WHERE m.member = $1 ORDER BY 1`),
        },
        {
          key: 'members',
          columns: ['name', 'admin'],
          sql: always(`
SELECT pg_catalog.pg_get_userbyid(m.member) AS name, m.admin_option::text AS admin
  FROM pg_catalog.pg_auth_members m WHERE m.roleid = $1 ORDER BY 1`),
        },
      ],
    },
  },
};
