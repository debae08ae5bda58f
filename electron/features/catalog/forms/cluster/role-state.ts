import { labelsJson, readerOf } from '../state-pieces';
import { parametersJson } from './pieces';

const memberships = (own: string, other: string, options: string): string => `
coalesce((SELECT pg_catalog.json_agg(pg_catalog.json_build_object('id', m.${other}::text || ' ' || m.grantor,
     'role', pg_catalog.pg_get_userbyid(m.${other})::text, 'admin', m.admin_option, ${options},
     'grantor', pg_catalog.pg_get_userbyid(m.grantor)::text) ORDER BY pg_catalog.pg_get_userbyid(m.${other}), m.grantor)
   FROM pg_catalog.pg_auth_members m WHERE m.${own} = r.oid), '[]'::json)`;

const sql = (options: string): string => `
SELECT r.rolname::text AS name, coalesce(pg_catalog.shobj_description(r.oid, 'pg_authid'), '') AS comment, r.rolcanlogin AS login,
       r.rolsuper AS superuser, r.rolcreatedb AS "createDatabases", r.rolcreaterole AS "createRoles", r.rolinherit AS inherit,
       r.rolreplication AS replication, r.rolbypassrls AS "bypassRls", '' AS password, r.rolconnlimit AS "connectionLimit",
       CASE WHEN pg_catalog.isfinite(r.rolvaliduntil)
            THEN pg_catalog.to_char(r.rolvaliduntil AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') ELSE '' END AS "validUntil",
       ${memberships('member', 'roleid', options)} AS "memberOf", ${memberships('roleid', 'member', options)} AS members,
       ${parametersJson('s.setrole = r.oid', 's.setdatabase', '(SELECT d.datname FROM pg_catalog.pg_database d WHERE d.oid = s.setdatabase)')} AS parameters,
       ${labelsJson('pg_authid', 'r.oid')} AS labels
  FROM pg_catalog.pg_roles r WHERE r.oid = $1`;

/** pg_roles. The password can't be read. */
export const roleState = readerOf({
  100_000: sql("'inherit', true, 'set', true"),
  160_000: sql("'inherit', m.inherit_option, 'set', m.set_option"),
});
