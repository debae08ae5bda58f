import { labelsJson, privilegesJson, readerOf } from '../state-pieces';
import { defaultPrivileges, parametersJson } from './pieces';

const sql = (locale: string): string => `
SELECT d.datname::text AS name, NULL AS oid, pg_catalog.pg_get_userbyid(d.datdba)::text AS owner,
       coalesce(pg_catalog.shobj_description(d.oid, 'pg_database'), '') AS comment,
       pg_catalog.pg_encoding_to_char(d.encoding)::text AS encoding, '' AS template, t.spcname::text AS tablespace, '' AS strategy,
       coalesce(d.datcollate::text, '') AS collate, coalesce(d.datctype::text, '') AS ctype, ${locale},
       d.datconnlimit AS "connectionLimit", d.datallowconn AS "allowConnections", d.datistemplate AS "isTemplate",
       d.datname = pg_catalog.current_database() AS inside,
       ${privilegesJson('d.datacl', "acldefault('d', d.datdba)")} AS privileges,
       ${parametersJson('s.setdatabase = d.oid', 's.setrole', 'pg_catalog.pg_get_userbyid(s.setrole)')} AS parameters,
       ${labelsJson('pg_database', 'd.oid')} AS labels, ${defaultPrivileges(null)}
  FROM pg_catalog.pg_database d JOIN pg_catalog.pg_tablespace t ON t.oid = d.dattablespace
 WHERE d.oid = $1`;

const provider = (builtin: string): string =>
  `CASE d.datlocprovider WHEN 'i' THEN 'icu' ${builtin}ELSE 'libc' END AS "localeProvider"`;

/** pg_database, with what is set for it. */
export const databaseState = readerOf({
  100_000: sql(`'' AS "localeProvider", '' AS "icuLocale", '' AS "icuRules", '' AS "builtinLocale"`),
  150_000: sql(
    `${provider('')}, coalesce(d.daticulocale::text, '') AS "icuLocale", '' AS "icuRules", '' AS "builtinLocale"`,
  ),
  160_000: sql(
    `${provider('')}, coalesce(d.daticulocale::text, '') AS "icuLocale", coalesce(d.daticurules, '') AS "icuRules", '' AS "builtinLocale"`,
  ),
  170_000: sql(
    `${provider("WHEN 'b' THEN 'builtin' ")}, CASE d.datlocprovider WHEN 'i' THEN coalesce(d.datlocale::text, '') ELSE '' END AS "icuLocale",
       coalesce(d.daticurules, '') AS "icuRules", CASE d.datlocprovider WHEN 'b' THEN coalesce(d.datlocale::text, '') ELSE '' END AS "builtinLocale"`,
  ),
});
