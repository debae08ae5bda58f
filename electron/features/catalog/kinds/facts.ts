import { always, type GridDefinition, type PropertiesDefinition } from './kind';

/** Catalogs whose objects belong to the whole server. */
type SharedCatalog = 'pg_database' | 'pg_tablespace' | 'pg_authid' | 'pg_subscription';

/** Whether an object came with the server, the extension that it belongs to, and its comment; the items are `LAST_ITEMS`. */
export const lastFacts = (oid: string, catalog: string): string => `
       CASE WHEN ${oid} < 16384 THEN 'true' END AS system,
       (SELECT ext.extname FROM pg_catalog.pg_depend dep JOIN pg_catalog.pg_extension ext ON ext.oid = dep.refobjid
         WHERE dep.classid = 'pg_catalog.${catalog}'::pg_catalog.regclass AND dep.objid = ${oid} AND dep.objsubid = 0 AND dep.deptype = 'e'
           AND dep.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass) AS "extensionOf",
       pg_catalog.obj_description(${oid}, '${catalog}') AS comment`;

export const LAST_ITEMS: PropertiesDefinition['items'] = [
  ['extensionOf', 'text'],
  ['system', 'boolean'],
  ['comment', 'text'],
];

/** Extensions with which an object falls (ALTER … DEPENDS ON EXTENSION). */
export const dependsOnExtensions = (oid: string, catalog: string): string => `
       (SELECT string_agg(ext.extname, ', ' ORDER BY ext.extname) FROM pg_catalog.pg_depend dep JOIN pg_catalog.pg_extension ext ON ext.oid = dep.refobjid
         WHERE dep.classid = 'pg_catalog.${catalog}'::pg_catalog.regclass AND dep.objid = ${oid} AND dep.deptype = 'x'
           AND dep.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass) AS "dependsOnExtensions"`;

/** Rows by the planner's figures, of a row of pg_class; null where nothing has counted them yet (14 and newer say so). */
export const estimatedRows = (relation: string): string =>
  `CASE WHEN ${relation}.reltuples >= 0 THEN ${relation}.reltuples::int8 END`;

/** A moment as the window reads times. */
export const utc = (time: string): string =>
  `pg_catalog.to_char(${time} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;

/** The words of ALTER … ENABLE and DISABLE for a trigger, rule or event trigger. */
export const enabledWords = (state: string): string =>
  `CASE ${state} WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' WHEN 'A' THEN 'ENABLE ALWAYS' ELSE 'ENABLE' END`;

/** A function's name; null for none. */
export const functionName = (column: string): string => `nullif(${column}::pg_catalog.regproc::text, '-')`;

/** Names of columns by their numbers, in that order. */
export const columnNames = (relation: string, numbers: string): string => `
       (SELECT string_agg(pg_catalog.quote_ident(a.attname), ', ' ORDER BY k.at)
          FROM unnest(${numbers}) WITH ORDINALITY k (number, at)
          JOIN pg_catalog.pg_attribute a ON a.attrelid = ${relation} AND a.attnum = k.number)`;

/** Who may do what, by the rows of `acl` among the FROM items; PUBLIC is everybody. */
const grants = (acl: string, from: string, where: string): string => `
SELECT CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.pg_get_userbyid(x.grantee) END AS grantee,
       string_agg(x.privilege_type || CASE WHEN x.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END, ', ' ORDER BY x.privilege_type) AS privileges,
       pg_catalog.pg_get_userbyid(x.grantor) AS grantor
  FROM ${from}, pg_catalog.aclexplode(${acl}) x WHERE ${where} GROUP BY x.grantee, x.grantor ORDER BY 1, 3`;

/** Privileges that differ from the default; empty when nothing was ever granted or revoked. */
export const privilegesGrid = (catalog: string, acl: string): GridDefinition => ({
  key: 'privileges',
  columns: ['grantee', 'privileges', 'grantor'],
  sql: always(grants(`c.${acl}`, `pg_catalog.${catalog} c`, 'c.oid = $1')),
});

/** Privileges of one column; `$2` is its number. */
export const columnPrivilegesGrid: GridDefinition = {
  key: 'privileges',
  columns: ['grantee', 'privileges', 'grantor'],
  sql: always(grants('a.attacl', 'pg_catalog.pg_attribute a', 'a.attrelid = $1 AND a.attnum = $2::int4')),
};

/** Privileges that things made later will have; `where` chooses rows of pg_default_acl `d`. */
export const defaultPrivilegesGrid = (where: string): GridDefinition => ({
  key: 'defaultPrivileges',
  columns: ['owner', 'objects', 'grantee', 'privileges'],
  sql: always(`
SELECT pg_catalog.pg_get_userbyid(d.defaclrole) AS owner,
       CASE d.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS' WHEN 'T' THEN 'TYPES'
            WHEN 'n' THEN 'SCHEMAS' WHEN 'L' THEN 'LARGE OBJECTS' END AS objects,
       CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.pg_get_userbyid(x.grantee) END AS grantee,
       string_agg(x.privilege_type || CASE WHEN x.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END, ', ' ORDER BY x.privilege_type) AS privileges
  FROM pg_catalog.pg_default_acl d, pg_catalog.aclexplode(d.defaclacl) x WHERE ${where}
 GROUP BY d.defaclrole, d.defaclobjtype, x.grantee ORDER BY 1, 2, 3`),
});

/** Security labels of an object. */
export const securityLabelsGrid = (catalog: string): GridDefinition => ({
  key: 'securityLabels',
  columns: ['provider', 'label'],
  sql: always(`
SELECT l.provider, l.label FROM pg_catalog.pg_seclabel l
 WHERE l.objoid = $1 AND l.classoid = 'pg_catalog.${catalog}'::pg_catalog.regclass AND l.objsubid = 0 ORDER BY 1`),
});

/** Security labels of an object of the whole server. */
export const sharedSecurityLabelsGrid = (catalog: SharedCatalog): GridDefinition => ({
  key: 'securityLabels',
  columns: ['provider', 'label'],
  sql: always(`
SELECT l.provider, l.label FROM pg_catalog.pg_shseclabel l
 WHERE l.objoid = $1 AND l.classoid = 'pg_catalog.${catalog}'::pg_catalog.regclass ORDER BY 1`),
});

/** Options of foreign things, without the passwords and other secrets among them. */
export const optionsGrid = (catalog: string, column: string, key: string): GridDefinition => ({
  key: 'options',
  columns: ['name', 'value'],
  sql: always(`
SELECT o.option_name AS name, CASE WHEN o.option_name ~* 'pass(word|wd)|secret|token|(api|access)_?key' THEN '********' ELSE o.option_value END AS value
  FROM pg_catalog.${catalog} c, pg_catalog.pg_options_to_table(c.${column}) o WHERE c.${key} = $1`),
});
