import type { ChoiceSource } from '../../../../shared/model/form';
import { always, type VersionedSql } from '../kinds/kind';

/** A query with the columns `value` and, where it differs, `text`. `of`: `$1` is what the choices depend on; needed, nothing is offered without it. */
export interface ChoiceQuery {
  readonly sql: VersionedSql;
  readonly of?: 'needed' | 'optional';
}

/** Quoted name, with its schema. */
const qualified = (schema: string, name: string): string =>
  `pg_catalog.quote_ident(${schema}) || '.' || pg_catalog.quote_ident(${name})`;

/** The same, but what is in pg_catalog is found without its schema. */
const found = (schema: string, name: string): string =>
  `CASE WHEN ${schema} = 'pg_catalog' THEN '' ELSE pg_catalog.quote_ident(${schema}) || '.' END || ${name}`;

const OWN = String.raw`n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\_toast%' AND n.nspname NOT LIKE 'pg\_temp\_%'`;
const SYSTEM_LAST = "n.nspname IN ('pg_catalog', 'information_schema')";

const names = (sql: string): ChoiceQuery => ({ sql: always(sql) });

const relations = (condition: string): ChoiceQuery =>
  names(`SELECT ${qualified('n.nspname', 'c.relname')} AS value
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE ${condition} AND ${OWN} ORDER BY n.nspname, c.relname`);

const ROUTINE_NAME = qualified('n.nspname', 'p.proname');

const routines = (condition: string, value = ROUTINE_NAME): ChoiceQuery =>
  names(`SELECT value FROM (
  SELECT DISTINCT ${value} AS value, ${SYSTEM_LAST} AS system
    FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
   WHERE ${condition}) routines ORDER BY system, value`);

const SIGNATURE = 'p.oid::pg_catalog.regprocedure::text';

/** Functions that a C-level interface calls: by their arguments and result. */
const byTypes = (result: string, ...args: readonly string[]): ChoiceQuery =>
  routines(
    `p.prorettype = 'pg_catalog.${result}'::regtype AND p.pronargs = ${args.length}` +
      args.map((type, at) => ` AND p.proargtypes[${at}] = 'pg_catalog.${type}'::regtype`).join(''),
  );

/** Types that most columns have, offered first. */
const USUAL_TYPES = [
  'bigint',
  'integer',
  'smallint',
  'text',
  'character varying',
  'boolean',
  'numeric',
  'double precision',
  'date',
  'timestamp with time zone',
  'timestamp without time zone',
  'uuid',
  'jsonb',
  'bytea',
]
  .map((name) => `'${name}'`)
  .join(', ');

const types = (condition: string): ChoiceQuery =>
  names(`SELECT pg_catalog.format_type(t.oid, NULL) AS value
  FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
  LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
 WHERE t.typisdefined AND t.typtype <> 'p' AND NOT (t.typelem <> 0 AND t.typlen = -1 AND t.typcategory = 'A')
   AND n.nspname NOT IN ('information_schema', 'pg_toast') AND (c.oid IS NULL OR c.relkind = 'c' OR ${OWN}) AND ${condition}
 ORDER BY pg_catalog.array_position(ARRAY[${USUAL_TYPES}], pg_catalog.format_type(t.oid, NULL)), ${SYSTEM_LAST}, 1`);

const textSearch = (catalog: string, prefix: string): ChoiceQuery =>
  names(`SELECT ${qualified('n.nspname', `t.${prefix}name`)} AS value
  FROM pg_catalog.${catalog} t JOIN pg_catalog.pg_namespace n ON n.oid = t.${prefix}namespace
 ORDER BY ${SYSTEM_LAST}, 1`);

/** What each choice offers; `$1` where there is one is the value that it depends on. */
export const CHOICE_QUERIES: Readonly<Record<ChoiceSource, ChoiceQuery>> = {
  roles: names(
    String.raw`SELECT rolname::text AS value FROM pg_catalog.pg_roles ORDER BY rolname LIKE 'pg\_%', rolname`,
  ),
  schemas: names(`SELECT n.nspname::text AS value FROM pg_catalog.pg_namespace n WHERE ${OWN} ORDER BY 1`),
  tablespaces: names(
    "SELECT spcname::text AS value FROM pg_catalog.pg_tablespace WHERE spcname <> 'pg_global' ORDER BY 1",
  ),
  encodings: names(`SELECT value FROM (
  SELECT DISTINCT pg_catalog.pg_encoding_to_char(e) AS value FROM pg_catalog.generate_series(0, 34) e) encodings
 WHERE value <> '' ORDER BY value <> 'UTF8', value`),
  templates: names('SELECT datname::text AS value FROM pg_catalog.pg_database ORDER BY NOT datistemplate, datname'),
  locales: names(`SELECT value FROM (
  SELECT collcollate::text AS value FROM pg_catalog.pg_collation WHERE collprovider = 'c' AND collcollate <> ''
  UNION SELECT datcollate::text FROM pg_catalog.pg_database UNION VALUES ('C'), ('POSIX')) locales
 WHERE value IS NOT NULL ORDER BY 1`),
  'icu-locales': {
    sql: {
      100_000:
        "SELECT DISTINCT collcollate::text AS value FROM pg_catalog.pg_collation WHERE collprovider = 'i' AND collcollate <> '' ORDER BY 1",
      150_000:
        "SELECT DISTINCT colliculocale::text AS value FROM pg_catalog.pg_collation WHERE collprovider = 'i' ORDER BY 1",
      170_000:
        "SELECT DISTINCT colllocale::text AS value FROM pg_catalog.pg_collation WHERE collprovider = 'i' ORDER BY 1",
    },
  },
  types: types('true'),
  'range-subtypes': types(`EXISTS (SELECT FROM pg_catalog.pg_opclass o JOIN pg_catalog.pg_am a ON a.oid = o.opcmethod
   WHERE a.amname = 'btree' AND o.opcdefault AND (o.opcintype = t.oid OR t.typtype IN ('e', 'd', 'c')))`),
  'composite-types': names(`SELECT ${qualified('n.nspname', 't.typname')} AS value
  FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
  JOIN pg_catalog.pg_class c ON c.oid = t.typrelid AND c.relkind = 'c' WHERE ${OWN} ORDER BY 1`),
  collations: names(`SELECT ${qualified('n.nspname', 'c.collname')} AS value
  FROM pg_catalog.pg_collation c JOIN pg_catalog.pg_namespace n ON n.oid = c.collnamespace
 WHERE c.collencoding IN (-1, (SELECT d.encoding FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()))
 ORDER BY ${SYSTEM_LAST}, 1`),
  tables: relations("c.relkind IN ('r', 'p')"),
  'inheritable-tables': relations("c.relkind IN ('r', 'f') AND NOT c.relispartition"),
  'partitioned-tables': relations("c.relkind = 'p'"),
  views: relations("c.relkind IN ('v', 'm')"),
  sequences: relations("c.relkind = 'S'"),
  columns: {
    of: 'needed',
    sql: always(`SELECT attname::text AS value FROM pg_catalog.pg_attribute
 WHERE attrelid = pg_catalog.to_regclass($1) AND attnum > 0 AND NOT attisdropped ORDER BY attnum`),
  },
  'unique-keys': {
    of: 'needed',
    sql: always(`SELECT conname::text AS value, conname || ' ' || pg_catalog.pg_get_constraintdef(oid) AS text FROM pg_catalog.pg_constraint
 WHERE conrelid = pg_catalog.to_regclass($1) AND contype IN ('p', 'u') ORDER BY contype, conname`),
  },
  indexes: {
    of: 'needed',
    sql: always(`SELECT c.relname::text AS value FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
 WHERE i.indrelid = pg_catalog.to_regclass($1) ORDER BY 1`),
  },
  'table-access-methods': names("SELECT amname::text AS value FROM pg_catalog.pg_am WHERE amtype = 't' ORDER BY 1"),
  'index-access-methods': names("SELECT amname::text AS value FROM pg_catalog.pg_am WHERE amtype = 'i' ORDER BY 1"),
  'operator-classes': {
    of: 'optional',
    sql: always(`SELECT value FROM (
  SELECT DISTINCT ${found('n.nspname', 'pg_catalog.quote_ident(o.opcname)')} AS value, ${SYSTEM_LAST} AS system
    FROM pg_catalog.pg_opclass o JOIN pg_catalog.pg_namespace n ON n.oid = o.opcnamespace JOIN pg_catalog.pg_am a ON a.oid = o.opcmethod
   WHERE $1 IN ('', a.amname::text)) classes ORDER BY system, value`),
  },
  operators: names(`SELECT value FROM (
  SELECT DISTINCT ${found('n.nspname', 'o.oprname')} AS value, ${SYSTEM_LAST} AS system
    FROM pg_catalog.pg_operator o JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace) operators ORDER BY system, value`),
  functions: {
    sql: {
      100_000: routines('NOT p.proisagg AND NOT p.proiswindow', SIGNATURE).sql[100_000] ?? '',
      110_000: routines("p.prokind = 'f'", SIGNATURE).sql[100_000] ?? '',
    },
  },
  'trigger-functions': byTypes('trigger'),
  'event-trigger-functions': byTypes('event_trigger'),
  'support-functions': byTypes('internal', 'internal'),
  'cast-functions': routines('p.pronargs BETWEEN 1 AND 3 AND NOT p.proretset', SIGNATURE),
  'language-handlers': byTypes('language_handler'),
  'language-inline-handlers': byTypes('void', 'internal'),
  'language-validators': byTypes('void', 'oid'),
  'wrapper-handlers': byTypes('fdw_handler'),
  'wrapper-validators': byTypes('void', 'text[]', 'oid'),
  languages: names('SELECT lanname::text AS value FROM pg_catalog.pg_language ORDER BY NOT lanispl, 1'),
  'foreign-data-wrappers': names('SELECT fdwname::text AS value FROM pg_catalog.pg_foreign_data_wrapper ORDER BY 1'),
  'foreign-servers': names('SELECT srvname::text AS value FROM pg_catalog.pg_foreign_server ORDER BY 1'),
  'available-extensions': names('SELECT name::text AS value FROM pg_catalog.pg_available_extensions ORDER BY 1'),
  'extension-versions': {
    of: 'needed',
    sql: always(
      'SELECT version AS value FROM pg_catalog.pg_available_extension_versions WHERE name::text = $1 ORDER BY 1',
    ),
  },
  'installed-extensions': names('SELECT extname::text AS value FROM pg_catalog.pg_extension ORDER BY 1'),
  publications: names('SELECT pubname::text AS value FROM pg_catalog.pg_publication ORDER BY 1'),
  databases: names('SELECT datname::text AS value FROM pg_catalog.pg_database ORDER BY 1'),
  parameters: names(`SELECT name AS value FROM pg_catalog.pg_settings
 WHERE context IN ('user', 'superuser', 'backend', 'superuser-backend') ORDER BY 1`),
  // Providers are known to the modules that the server loaded, not to a catalog: those that labelled something are offered.
  'label-providers': names('SELECT DISTINCT provider AS value FROM pg_catalog.pg_seclabels ORDER BY 1'),
  'text-search-configurations': textSearch('pg_ts_config', 'cfg'),
  'text-search-parsers': textSearch('pg_ts_parser', 'prs'),
  'text-search-templates': textSearch('pg_ts_template', 'tmpl'),
  'text-search-dictionaries': textSearch('pg_ts_dict', 'dict'),
  'text-search-token-types': {
    of: 'needed',
    sql: always(`SELECT t.alias AS value, t.alias || ' - ' || t.description AS text
  FROM pg_catalog.pg_ts_parser p JOIN pg_catalog.pg_namespace n ON n.oid = p.prsnamespace, pg_catalog.ts_token_type(p.oid) t
 WHERE ${qualified('n.nspname', 'p.prsname')} = $1 ORDER BY t.tokid`),
  },
  'text-search-start-functions': byTypes('internal', 'internal', 'int4'),
  'text-search-parser-functions': routines(
    "p.prorettype IN ('pg_catalog.internal'::regtype, 'pg_catalog.void'::regtype) AND p.pronargs BETWEEN 1 AND 3 AND p.proargtypes[0] = 'pg_catalog.internal'::regtype",
  ),
};
