import { defaultPrivilegesGrid, privilegesGrid, sharedSecurityLabelsGrid } from './facts';
import { always, type KindDefinition } from './kind';

const facts = (provider: string, locale: string, rules: string, version: string, actualVersion: string): string => `
SELECT d.datname AS name, d.oid::text AS oid, pg_catalog.pg_get_userbyid(d.datdba) AS owner,
       pg_catalog.pg_encoding_to_char(d.encoding) AS encoding,
       CASE ${provider} WHEN 'c' THEN 'libc' WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' END AS provider, ${locale} AS locale, ${rules} AS rules,
       d.datcollate AS collation, d.datctype AS ctype, ${version} AS "collationVersion", ${actualVersion} AS "actualVersion",
       t.spcname AS tablespace, d.datconnlimit::text AS "connectionLimit", d.datallowconn::text AS "allowConnections",
       d.datistemplate::text AS template,
       CASE WHEN pg_catalog.has_database_privilege(d.oid, 'CONNECT') THEN pg_catalog.pg_database_size(d.oid)::text END AS size,
       pg_catalog.age(d.datfrozenxid)::text AS "frozenAge", pg_catalog.shobj_description(d.oid, 'pg_database') AS comment
  FROM pg_catalog.pg_database d LEFT JOIN pg_catalog.pg_tablespace t ON t.oid = d.dattablespace
 WHERE d.oid = $1`;

const ACTUAL_VERSION = 'pg_catalog.pg_database_collation_actual_version(d.oid)';

/** pg_database. Template databases count as system objects; one whose DROP was interrupted is invalid. */
export const databases: KindDefinition = {
  folder: 'databases',
  kind: 'database',
  scope: 'server',
  select: always(
    "d.oid, d.datname AS name, '' AS note, CASE WHEN d.datconnlimit = -2 THEN 'invalid' WHEN NOT d.datallowconn THEN 'closed' WHEN d.datistemplate THEN 'template' ELSE '' END AS mark",
  ),
  from: always('FROM pg_catalog.pg_database d WHERE $1 OR NOT d.datistemplate'),
  order: 'd.datname',
  properties: {
    database: {
      sql: {
        100000: facts("'c'", 'NULL::text', 'NULL::text', 'NULL::text', 'NULL::text'),
        150000: facts('d.datlocprovider', 'd.daticulocale', 'NULL::text', 'd.datcollversion', ACTUAL_VERSION),
        160000: facts('d.datlocprovider', 'd.daticulocale', 'd.daticurules', 'd.datcollversion', ACTUAL_VERSION),
        170000: facts('d.datlocprovider', 'd.datlocale', 'd.daticurules', 'd.datcollversion', ACTUAL_VERSION),
      },
      items: [
        ['name', 'text'],
        ['oid', 'text'],
        ['owner', 'text'],
        ['size', 'bytes'],
        ['encoding', 'text'],
        ['provider', 'text'],
        ['locale', 'text'],
        ['rules', 'code'],
        ['collation', 'text'],
        ['ctype', 'text'],
        ['collationVersion', 'text'],
        ['actualVersion', 'text'],
        ['tablespace', 'text'],
        ['connectionLimit', 'text'],
        ['allowConnections', 'boolean'],
        ['template', 'boolean'],
        ['frozenAge', 'count'],
        ['comment', 'text'],
      ],
      grids: [
        {
          key: 'parameters',
          columns: ['role', 'name', 'value'],
          sql: always(`
SELECT CASE WHEN s.setrole <> 0 THEN pg_catalog.pg_get_userbyid(s.setrole) END AS role, split_part(c, '=', 1) AS name,
       substr(c, strpos(c, '=') + 1) AS value
  FROM pg_catalog.pg_db_role_setting s, unnest(s.setconfig) c WHERE s.setdatabase = $1 ORDER BY 1 NULLS FIRST, 2`),
        },
        privilegesGrid('pg_database', 'datacl'),
        // Default privileges are kept in the database itself, and can be read only there.
        defaultPrivilegesGrid(
          'd.defaclnamespace = 0 AND $1 = (SELECT b.oid FROM pg_catalog.pg_database b WHERE b.datname = current_database())',
        ),
        sharedSecurityLabelsGrid('pg_database'),
      ],
    },
  },
};
