import { always, type PropertiesDefinition } from '../kinds/kind';

/** What a role does and owns. */
export const roleStatistics: PropertiesDefinition = {
  sql: always(`
SELECT (SELECT count(*) FROM pg_catalog.pg_stat_activity a WHERE a.usesysid = r.oid)::text AS backends,
       (SELECT count(*) FROM pg_catalog.pg_database d WHERE d.datdba = r.oid)::text AS "databasesOwned"
  FROM pg_catalog.pg_roles r WHERE r.oid = $1`),
  items: [
    ['backends', 'count'],
    ['databasesOwned', 'count'],
  ],
  grids: [
    {
      key: 'ownedObjects',
      columns: ['database', 'count'],
      sql: always(`
SELECT d.datname AS database, count(*)::text AS count FROM pg_catalog.pg_shdepend s LEFT JOIN pg_catalog.pg_database d ON d.oid = s.dbid
 WHERE s.refclassid = 'pg_catalog.pg_authid'::pg_catalog.regclass AND s.refobjid = $1 AND s.deptype = 'o' GROUP BY d.datname ORDER BY 1 NULLS FIRST`),
    },
  ],
};

/** What lies in a tablespace. */
export const tablespaceStatistics: PropertiesDefinition = {
  sql: always(`
SELECT CASE WHEN pg_catalog.has_tablespace_privilege(t.oid, 'CREATE') THEN pg_catalog.pg_tablespace_size(t.oid)::text END AS size
  FROM pg_catalog.pg_tablespace t WHERE t.oid = $1`),
  items: [['size', 'bytes']],
  grids: [
    {
      key: 'databases',
      columns: ['name'],
      sql: always(`
SELECT d.datname AS name FROM pg_catalog.pg_database d WHERE d.dattablespace = $1 ORDER BY 1`),
    },
  ],
};
