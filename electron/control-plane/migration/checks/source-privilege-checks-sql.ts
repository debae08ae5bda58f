/** What the account of the source may not do. `$1` are the oids of what travels, unless said otherwise. */

const NAME = `pg_catalog.format('%I.%I', n.nspname, c.relname)`;
const CHOSEN = `FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.oid = ANY ($1::oid[])`;

/** Rows `name`, `schema`: tables and sequences that cannot be read. */
export const UNREADABLE_SQL = `SELECT ${NAME} AS name, n.nspname::text AS schema
  ${CHOSEN} AND NOT (pg_catalog.has_schema_privilege(n.oid, 'USAGE')
    AND CASE c.relkind WHEN 'S' THEN pg_catalog.has_sequence_privilege(c.oid, 'SELECT') ELSE pg_catalog.has_table_privilege(c.oid, 'SELECT') END)
  ORDER BY 1`;

/** Rows `owner`, `superuser`, `objects`: large objects that cannot be read. No parameters. */
export const UNREADABLE_LARGE_SQL = `SELECT r.rolname::text AS owner, r.rolsuper AS superuser, count(*)::int AS objects
  FROM pg_catalog.pg_largeobject_metadata m JOIN pg_catalog.pg_roles r ON r.oid = m.lomowner
  WHERE pg_catalog.current_setting('lo_compat_privileges') = 'off' AND NOT pg_catalog.pg_has_role(m.lomowner, 'USAGE')
    AND NOT EXISTS (SELECT 1 FROM pg_catalog.aclexplode(m.lomacl) a
      WHERE a.privilege_type = 'SELECT' AND (a.grantee = 0 OR pg_catalog.pg_has_role(a.grantee, 'USAGE')))
  GROUP BY 1, 2 ORDER BY 1`;

/** Rows `name`: tables whose policies hide rows from this account. */
export const HIDDEN_ROWS_SQL = `SELECT ${NAME} AS name ${CHOSEN} AND c.relrowsecurity AND pg_catalog.row_security_active(c.oid) ORDER BY 1`;

/** Rows `name`: roles that log in and are chosen; `$1` are their names, null for all. Nothing when their passwords can be read. */
export const HIDDEN_PASSWORDS_SQL = `SELECT rolname::text AS name FROM pg_catalog.pg_roles
  WHERE rolcanlogin AND rolname !~ '^pg_' AND ($1::text[] IS NULL OR rolname = ANY ($1))
    AND NOT pg_catalog.has_table_privilege('pg_catalog.pg_authid', 'SELECT') ORDER BY 1`;

export const REPLICATION_SQL = `SELECT rolsuper OR rolreplication OR coalesce((SELECT pg_catalog.pg_has_role(g.oid, 'MEMBER')
  FROM pg_catalog.pg_roles g WHERE g.rolname = 'rds_replication'), false) AS may FROM pg_catalog.pg_roles WHERE rolname = current_user`;

/** Rows `name`, `owner`, `superuser` (whether that is one): tables that this account cannot add to a publication. */
export const FOREIGN_OWNED_SQL = `SELECT ${NAME} AS name, pg_catalog.pg_get_userbyid(c.relowner)::text AS owner,
  coalesce((SELECT rolsuper FROM pg_catalog.pg_roles WHERE oid = c.relowner), false) AS superuser ${CHOSEN} AND NOT pg_catalog.pg_has_role(c.relowner, 'USAGE') ORDER BY 1`;

export const CREATE_SQL = `SELECT pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE') AS may`;

export const SUPERUSER_SQL = 'SELECT rolsuper AS may FROM pg_catalog.pg_roles WHERE rolname = current_user';
