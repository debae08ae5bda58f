import type { ObjectKind } from '../../../shared/model/catalog';
import { always, type VersionedSql } from './kinds/kind';

/** Columns of every list: oid, sub, schema, "of", name, types; `sub` and `types` are null where the kind has none. */
const list = (row: {
  name: string;
  from: string;
  where?: string;
  oid?: string;
  sub?: string;
  schema?: string;
  of?: string;
  types?: string;
}): string => `
SELECT ${row.oid ?? 'o.oid'} AS oid, ${row.sub ?? '0'} AS sub, ${row.schema ?? "''"} AS schema, ${row.of ?? 'NULL'} AS "of", ${row.name} AS name,
       ${row.types ?? 'NULL'} AS types FROM ${row.from} WHERE ${row.where ?? 'true'}`;

const inSchema = (catalog: string, prefix: string, types?: string, more = ''): string =>
  list({
    name: `o.${prefix}name`,
    schema: 'n.nspname',
    ...(types === undefined ? {} : { types }),
    from: `pg_catalog.${catalog} o JOIN pg_catalog.pg_namespace n ON n.oid = o.${prefix}namespace ${more}`,
  });

const plain = (catalog: string, name: string): string => list({ name: `o.${name}`, from: `pg_catalog.${catalog} o` });

const relation = (kinds: string): string =>
  list({
    name: 'o.relname',
    schema: 'n.nspname',
    from: 'pg_catalog.pg_class o JOIN pg_catalog.pg_namespace n ON n.oid = o.relnamespace',
    where: `o.relkind IN (${kinds})`,
  });

/** A part of a relation; `owner` is the column that holds the relation. */
const part = (catalog: string, name: string, owner: string, where = 'true'): string =>
  list({
    name: `o.${name}`,
    schema: 'n.nspname',
    of: 'c.relname',
    from: `pg_catalog.${catalog} o JOIN pg_catalog.pg_class c ON c.oid = o.${owner} JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace`,
    where,
  });

const routine = (where: string): string =>
  list({
    name: 'o.proname',
    schema: 'n.nspname',
    types: 'pg_catalog.oidvectortypes(o.proargtypes)',
    from: 'pg_catalog.pg_proc o JOIN pg_catalog.pg_namespace n ON n.oid = o.pronamespace',
    where,
  });

const RETURNS_TRIGGER =
  "o.prorettype IN ('pg_catalog.trigger'::pg_catalog.regtype, 'pg_catalog.event_trigger'::pg_catalog.regtype)";

const type = (where: string): string =>
  list({
    name: 'o.typname',
    schema: 'n.nspname',
    from: `pg_catalog.pg_type o JOIN pg_catalog.pg_namespace n ON n.oid = o.typnamespace
      LEFT JOIN pg_catalog.pg_class c ON c.oid = o.typrelid`,
    where,
  });

const operand = (column: string): string =>
  `CASE WHEN o.${column} = 0 THEN 'NONE' ELSE pg_catalog.format_type(o.${column}, NULL) END`;

const CONSTRAINTS = `${part('pg_constraint', 'conname', 'conrelid')}
UNION ALL ${list({
  name: 'o.conname',
  schema: 'n.nspname',
  of: 't.typname',
  from: `pg_catalog.pg_constraint o JOIN pg_catalog.pg_type t ON t.oid = o.contypid
    JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace`,
})}`;

const method = (column: string): string => `JOIN pg_catalog.pg_am a ON a.oid = o.${column}`;

/** Everything of a kind. Replicas have no name. */
export const FIND_LISTS: Readonly<Record<Exclude<ObjectKind, 'replica'>, VersionedSql>> = {
  database: always(plain('pg_database', 'datname')),
  role: always(plain('pg_roles', 'rolname')),
  tablespace: always(plain('pg_tablespace', 'spcname')),
  schema: always(plain('pg_namespace', 'nspname')),
  table: always(relation("'r', 'p'")),
  'foreign-table': always(relation("'f'")),
  view: always(relation("'v'")),
  'materialized-view': always(relation("'m'")),
  sequence: always(relation("'S'")),
  function: { 100000: routine('NOT o.proisagg'), 110000: routine("o.prokind IN ('f', 'w')") },
  procedure: { 100000: routine('false'), 110000: routine("o.prokind = 'p'") },
  aggregate: { 100000: routine('o.proisagg'), 110000: routine("o.prokind = 'a'") },
  'trigger-function': always(routine(RETURNS_TRIGGER)),
  type: always(type("o.typtype IN ('e', 'r', 'b') OR o.typtype = 'c' AND c.relkind = 'c' OR o.typtype = 'p'")),
  domain: always(type("o.typtype = 'd'")),
  collation: always(inSchema('pg_collation', 'coll')),
  conversion: always(inSchema('pg_conversion', 'con')),
  operator: always(inSchema('pg_operator', 'opr', `${operand('oprleft')} || ', ' || ${operand('oprright')}`)),
  'operator-class': always(inSchema('pg_opclass', 'opc', 'a.amname', method('opcmethod'))),
  'operator-family': always(inSchema('pg_opfamily', 'opf', 'a.amname', method('opfmethod'))),
  'text-search-configuration': always(inSchema('pg_ts_config', 'cfg')),
  'text-search-dictionary': always(inSchema('pg_ts_dict', 'dict')),
  'text-search-parser': always(inSchema('pg_ts_parser', 'prs')),
  'text-search-template': always(inSchema('pg_ts_template', 'tmpl')),
  'statistics-object': always(inSchema('pg_statistic_ext', 'stx')),
  extension: always(plain('pg_extension', 'extname')),
  cast: always(
    list({
      name: "pg_catalog.format_type(o.castsource, NULL) || ' AS ' || pg_catalog.format_type(o.casttarget, NULL)",
      from: 'pg_catalog.pg_cast o',
    }),
  ),
  transform: always(
    list({
      name: "pg_catalog.format_type(o.trftype, NULL) || ' LANGUAGE ' || l.lanname",
      from: 'pg_catalog.pg_transform o JOIN pg_catalog.pg_language l ON l.oid = o.trflang',
    }),
  ),
  'access-method': always(plain('pg_am', 'amname')),
  'event-trigger': always(plain('pg_event_trigger', 'evtname')),
  'foreign-data-wrapper': always(plain('pg_foreign_data_wrapper', 'fdwname')),
  'foreign-server': always(plain('pg_foreign_server', 'srvname')),
  'user-mapping': always(
    list({
      oid: 'o.umid',
      name: "CASE WHEN o.umuser = 0 THEN 'public' ELSE o.usename END",
      of: 'o.srvname',
      from: 'pg_catalog.pg_user_mappings o',
    }),
  ),
  language: always(plain('pg_language', 'lanname')),
  publication: always(plain('pg_publication', 'pubname')),
  subscription: always(
    list({
      name: 'o.subname',
      from: `(SELECT s.oid, s.subname FROM pg_catalog.pg_subscription s JOIN pg_catalog.pg_database d ON d.oid = s.subdbid
        WHERE d.datname = pg_catalog.current_database()) o`,
    }),
  ),
  column: always(
    list({
      oid: 'o.attrelid',
      sub: 'o.attnum::int4',
      name: 'o.attname',
      schema: 'n.nspname',
      of: 'c.relname',
      from: `pg_catalog.pg_attribute o JOIN pg_catalog.pg_class c ON c.oid = o.attrelid
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace`,
      where: "o.attnum > 0 AND NOT o.attisdropped AND c.relkind IN ('r', 'p', 'f', 'v', 'm')",
    }),
  ),
  constraint: always(CONSTRAINTS),
  index: always(
    list({
      oid: 'o.indexrelid',
      name: 'i.relname',
      schema: 'n.nspname',
      of: 'c.relname',
      from: `pg_catalog.pg_index o JOIN pg_catalog.pg_class i ON i.oid = o.indexrelid JOIN pg_catalog.pg_class c ON c.oid = o.indrelid
        JOIN pg_catalog.pg_namespace n ON n.oid = i.relnamespace`,
    }),
  ),
  trigger: always(part('pg_trigger', 'tgname', 'tgrelid', 'NOT o.tgisinternal')),
  rule: always(part('pg_rewrite', 'rulename', 'ev_class', "o.rulename <> '_RETURN'")),
  policy: always(part('pg_policy', 'polname', 'polrelid')),
};
