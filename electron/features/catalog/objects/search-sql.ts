import type { ObjectKind } from '../../../../shared/model/catalog';
import { sqlFor, type VersionedSql } from '../kinds/kind';
import { nodeSql } from './describe-objects';

/**
 * Searches by name: each selects kind, oid, schema, name, sub, note, mark and the parent's kind, oid and name. `$1` is the text in lower case,
 * `$2` whether system objects count. Those that can't give a wanted kind are not asked.
 */
interface Source {
  readonly kinds: readonly ObjectKind[];
  readonly sql: VersionedSql;
}

const hit = (name: string): string => `strpos(lower(${name}::text), $1) > 0`;
const SHOWN = `($2::boolean OR n.nspname !~ '^(pg_|information_schema$)')`;
const NO_PARENT = 'NULL::text, 0::oid, NULL::text';
const RELATION_KIND = `CASE c.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'table' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized-view'
 WHEN 'S' THEN 'sequence' WHEN 'f' THEN 'foreign-table' ELSE 'index' END`;

const plain = (sql: string): VersionedSql => ({ 100000: sql });

/** A kind that has a catalog to itself, with or without a schema. */
const own = (kind: ObjectKind, catalog: string, name: string, namespace?: string): Source => ({
  kinds: [kind],
  sql: plain(
    namespace === undefined
      ? `SELECT '${kind}' AS kind, x.oid, '' AS schema, x.${name}::text AS name, 0 AS sub, '' AS note, '' AS mark, ${NO_PARENT}
  FROM pg_catalog.${catalog} x WHERE ${hit(`x.${name}`)} AND ($2::boolean OR x.oid >= 16384)`
      : `SELECT '${kind}', x.oid, n.nspname::text, x.${name}::text, 0, '', '', ${NO_PARENT}
  FROM pg_catalog.${catalog} x JOIN pg_catalog.pg_namespace n ON n.oid = x.${namespace} WHERE ${hit(`x.${name}`)} AND ${SHOWN}`,
  ),
});

/** A kind that hangs on a relation. */
const hanging = (kind: ObjectKind, catalog: string, name: string, relation: string, more = ''): Source => ({
  kinds: [kind],
  sql: plain(`SELECT '${kind}', x.oid, n.nspname::text, x.${name}::text, 0, '', '', ${RELATION_KIND}, c.oid, c.relname::text
  FROM pg_catalog.${catalog} x JOIN pg_catalog.pg_class c ON c.oid = x.${relation} JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE ${hit(`x.${name}`)} AND ${SHOWN} ${more}`),
});

const routines = (isAggregate: string, isProcedure: string): string => `
SELECT CASE WHEN ${isAggregate} THEN 'aggregate' WHEN ${isProcedure} THEN 'procedure'
   WHEN p.prorettype IN ('pg_catalog.trigger'::pg_catalog.regtype, 'pg_catalog.event_trigger'::pg_catalog.regtype) THEN 'trigger-function'
   ELSE 'function' END, p.oid, n.nspname::text, p.proname::text, 0, '(' || pg_catalog.pg_get_function_identity_arguments(p.oid) || ')', '', ${NO_PARENT}
  FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace WHERE ${hit('p.proname')} AND ${SHOWN}`;

const SOURCES: readonly Source[] = [
  {
    kinds: ['table', 'foreign-table', 'view', 'materialized-view', 'sequence'],
    sql: plain(`SELECT ${RELATION_KIND}, c.oid, n.nspname::text, c.relname::text, 0, '',
       CASE WHEN c.relkind = 'p' THEN 'partitioned' WHEN c.relispartition THEN 'partition' ELSE '' END, ${NO_PARENT}
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE ${hit('c.relname')} AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND ${SHOWN}`),
  },
  {
    kinds: ['index'],
    sql: plain(`SELECT 'index', x.oid, n.nspname::text, x.relname::text, 0, '', CASE WHEN i.indisprimary THEN 'pk' WHEN i.indisunique THEN 'unique' ELSE '' END,
       ${RELATION_KIND}, c.oid, c.relname::text
  FROM pg_catalog.pg_class x JOIN pg_catalog.pg_index i ON i.indexrelid = x.oid JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = x.relnamespace WHERE ${hit('x.relname')} AND ${SHOWN} AND c.relkind <> 't'`),
  },
  {
    kinds: ['column'],
    sql: plain(`SELECT 'column', c.oid, n.nspname::text, a.attname::text, a.attnum::int4, pg_catalog.format_type(a.atttypid, a.atttypmod), '',
       ${RELATION_KIND}, c.oid, c.relname::text
  FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE ${hit('a.attname')} AND a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND ${SHOWN}`),
  },
  {
    kinds: ['function', 'procedure', 'aggregate', 'trigger-function'],
    sql: { 100000: routines('p.proisagg', 'false'), 110000: routines("p.prokind = 'a'", "p.prokind = 'p'") },
  },
  {
    kinds: ['type', 'domain'],
    sql: plain(`SELECT CASE t.typtype WHEN 'd' THEN 'domain' ELSE 'type' END, t.oid, n.nspname::text, t.typname::text, 0, '', '', ${NO_PARENT}
  FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
 WHERE ${hit('t.typname')} AND ${SHOWN} AND coalesce(c.relkind, 'c') = 'c' AND t.typtype <> 'm'
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_type e WHERE e.typarray = t.oid)`),
  },
  {
    kinds: ['constraint'],
    sql: plain(`SELECT 'constraint', x.oid, n.nspname::text, x.conname::text, 0, '', CASE x.contype WHEN 'p' THEN 'pk' WHEN 'f' THEN 'fk' WHEN 'u' THEN 'unique'
         WHEN 'c' THEN 'check' WHEN 'x' THEN 'exclude' WHEN 'n' THEN 'not-null' ELSE '' END,
       CASE WHEN x.contypid <> 0 THEN 'domain' ELSE ${RELATION_KIND} END, coalesce(c.oid, x.contypid), coalesce(c.relname, t.typname)::text
  FROM pg_catalog.pg_constraint x JOIN pg_catalog.pg_namespace n ON n.oid = x.connamespace LEFT JOIN pg_catalog.pg_class c ON c.oid = x.conrelid
  LEFT JOIN pg_catalog.pg_type t ON t.oid = x.contypid WHERE ${hit('x.conname')} AND ${SHOWN} AND x.contype <> 't'`),
  },
  hanging('trigger', 'pg_trigger', 'tgname', 'tgrelid', 'AND NOT x.tgisinternal'),
  hanging('rule', 'pg_rewrite', 'rulename', 'ev_class', "AND x.rulename <> '_RETURN'"),
  hanging('policy', 'pg_policy', 'polname', 'polrelid'),
  {
    kinds: ['schema'],
    sql: plain(`SELECT 'schema', n.oid, '', n.nspname::text, 0, '', '', ${NO_PARENT} FROM pg_catalog.pg_namespace n
 WHERE ${hit('n.nspname')} AND n.nspname !~ '^pg_(toast|temp)' AND ${SHOWN}`),
  },
  own('collation', 'pg_collation', 'collname', 'collnamespace'),
  own('conversion', 'pg_conversion', 'conname', 'connamespace'),
  own('operator', 'pg_operator', 'oprname', 'oprnamespace'),
  own('operator-class', 'pg_opclass', 'opcname', 'opcnamespace'),
  own('operator-family', 'pg_opfamily', 'opfname', 'opfnamespace'),
  own('text-search-configuration', 'pg_ts_config', 'cfgname', 'cfgnamespace'),
  own('text-search-dictionary', 'pg_ts_dict', 'dictname', 'dictnamespace'),
  own('text-search-parser', 'pg_ts_parser', 'prsname', 'prsnamespace'),
  own('text-search-template', 'pg_ts_template', 'tmplname', 'tmplnamespace'),
  own('statistics-object', 'pg_statistic_ext', 'stxname', 'stxnamespace'),
  own('extension', 'pg_extension', 'extname'),
  own('access-method', 'pg_am', 'amname'),
  own('event-trigger', 'pg_event_trigger', 'evtname'),
  own('foreign-data-wrapper', 'pg_foreign_data_wrapper', 'fdwname'),
  own('foreign-server', 'pg_foreign_server', 'srvname'),
  own('language', 'pg_language', 'lanname'),
  own('publication', 'pg_publication', 'pubname'),
];

/** The statement that finds names; `$3` is the most rows. Exact names first, then those that begin with the text. Null when no kind has one. */
export function nameSearchSql(kinds: readonly ObjectKind[], version: number): string | null {
  const asked = SOURCES.filter((source) => kinds.length === 0 || source.kinds.some((kind) => kinds.includes(kind)));
  if (asked.length === 0) return null;
  return `
SELECT f.kind, f.oid, f.schema, f.name, f.sub, f.note, f.mark, f.parent_kind AS "parentKind", f.parent_oid AS "parentOid", f.parent_name AS "parentName"
  FROM (${asked.map((source) => sqlFor(source.sql, version)).join('\nUNION ALL\n')}
  ) AS f (kind, oid, schema, name, sub, note, mark, parent_kind, parent_oid, parent_name)
 WHERE cardinality($4::text[]) = 0 OR f.kind = ANY ($4::text[])
 ORDER BY CASE WHEN lower(f.name) = $1 THEN 0 WHEN starts.yes THEN 1 ELSE 2 END, f.name, f.schema, f.oid, f.sub LIMIT $3`.replace(
    'starts.yes',
    'strpos(lower(f.name), $1) = 1',
  );
}

const line = (text: string): string =>
  `(SELECT l FROM unnest(string_to_array(${text}, E'\\n')) l ORDER BY strpos(lower(l), $1) > 0 DESC LIMIT 1)`;

const inside = (classid: string, oid: string, sub: string, text: string, from: string): string => `
SELECT ${classid}::regclass::oid AS classid, s.oid AS objid, s.sub, ${line('s.body')} AS line
  FROM (SELECT ${oid} AS oid, ${sub} AS sub, ${text} AS body ${from}) s WHERE strpos(lower(s.body), $1) > 0`;

const USER = (column: string): string => `WHERE ($2::boolean OR ${column} >= 16384)`;

/** Bodies, definitions and comments with the text: addresses and the line. */
const INSIDE = `
SELECT b.classid, b.objid, b.sub::int4 AS sub, min(b.line) AS line FROM (
${[
  inside("'pg_catalog.pg_proc'", 'p.oid', '0', 'p.prosrc', `FROM pg_catalog.pg_proc p ${USER('p.oid')}`),
  inside(
    "'pg_catalog.pg_class'",
    'c.oid',
    '0',
    'pg_catalog.pg_get_viewdef(c.oid)',
    `FROM pg_catalog.pg_class c ${USER('c.oid')} AND c.relkind IN ('v', 'm')`,
  ),
  inside(
    "'pg_catalog.pg_constraint'",
    'k.oid',
    '0',
    'pg_catalog.pg_get_constraintdef(k.oid)',
    `FROM pg_catalog.pg_constraint k ${USER('k.oid')} AND k.contype IN ('c', 'x')`,
  ),
  inside(
    "'pg_catalog.pg_trigger'",
    'g.oid',
    '0',
    'pg_catalog.pg_get_triggerdef(g.oid)',
    `FROM pg_catalog.pg_trigger g ${USER('g.oid')} AND NOT g.tgisinternal`,
  ),
  inside(
    "'pg_catalog.pg_rewrite'",
    'r.oid',
    '0',
    'pg_catalog.pg_get_ruledef(r.oid)',
    `FROM pg_catalog.pg_rewrite r ${USER('r.oid')} AND r.rulename <> '_RETURN'`,
  ),
  inside(
    "'pg_catalog.pg_policy'",
    'y.oid',
    '0',
    "concat_ws(E'\\n', pg_catalog.pg_get_expr(y.polqual, y.polrelid), pg_catalog.pg_get_expr(y.polwithcheck, y.polrelid))",
    `FROM pg_catalog.pg_policy y ${USER('y.oid')}`,
  ),
  inside(
    "'pg_catalog.pg_class'",
    'd.adrelid',
    'd.adnum',
    'pg_catalog.pg_get_expr(d.adbin, d.adrelid)',
    `FROM pg_catalog.pg_attrdef d ${USER('d.oid')}`,
  ),
  `SELECT d.classoid, d.objoid, d.objsubid, ${line('d.description')} FROM pg_catalog.pg_description d ${USER('d.objoid')} AND strpos(lower(d.description), $1) > 0`,
].join('\nUNION ALL\n')}
) b GROUP BY 1, 2, 3`;

/**
 * The statement that finds a text in bodies, definitions and comments: nodes with the line. `$3` is the most rows, `$4` the kinds; `$5`, `$6` and
 * `$7` are kinds, oids and subs of the nodes that were found before.
 */
export const insideSearchSql = (version: number): string => `
SELECT f.*, pg_catalog.pg_describe_object(f.classid, f.objid, f.place) AS text FROM (
SELECT w.classid, w.objid, w.sub AS place, w.line, r.kind, r.oid, r.schema, r.name, r.sub FROM (${INSIDE}) w JOIN LATERAL (
${nodeSql(version, null)}
) r ON true
 WHERE (cardinality($4::text[]) = 0 OR r.kind = ANY ($4::text[]))
   AND (r.kind, r.oid, r.sub) NOT IN (SELECT * FROM unnest($5::text[], $6::pg_catalog.oid[], $7::int4[]))
 ORDER BY 1, 2, 3 LIMIT $3) f ORDER BY 1, 2, 3`;
