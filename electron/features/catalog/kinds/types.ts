import { functionName, LAST_ITEMS, lastFacts, privilegesGrid, securityLabelsGrid } from './facts';
import { always, type KindDefinition } from './kind';

/** Composite, enum, range and base types; not row types of relations, not array and multirange types, which come with another type. */
export const types: KindDefinition = {
  folder: 'types',
  kind: 'type',
  scope: 'schema',
  select: always(
    `t.oid, t.typname AS name, '' AS note, CASE WHEN NOT t.typisdefined THEN 'shell' WHEN t.typtype = 'c' THEN 'composite'
     WHEN t.typtype = 'e' THEN 'enum' WHEN t.typtype = 'r' THEN 'range' ELSE 'base' END AS mark`,
  ),
  from: always(
    `FROM pg_catalog.pg_type t LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
     WHERE t.typnamespace = $1 AND (t.typtype IN ('e', 'r') OR t.typtype = 'c' AND c.relkind = 'c' OR t.typtype IN ('b', 'p')
       AND NOT EXISTS (SELECT FROM pg_catalog.pg_type e WHERE e.oid = t.typelem AND e.typarray = t.oid))`,
  ),
  order: 't.typname',
  properties: {
    type: {
      sql: {
        100000: facts('NULL::text', 'NULL::text'),
        140000: facts(functionName('t.typsubscript'), 'r.rngmultitypid'),
      },
      items: [
        ['name', 'text'],
        ['oid', 'text'],
        ['schema', 'text'],
        ['owner', 'text'],
        ['variant', 'text'],
        ['arrayType', 'code'],
        ['subtype', 'code'],
        ['operatorClass', 'code'],
        ['collation', 'code'],
        ['canonicalFunction', 'code'],
        ['differenceFunction', 'code'],
        ['multirange', 'code'],
        ['length', 'text'],
        ['input', 'code'],
        ['output', 'code'],
        ['receive', 'code'],
        ['send', 'code'],
        ['modifierInput', 'code'],
        ['modifierOutput', 'code'],
        ['analyze', 'code'],
        ['subscript', 'code'],
        ['element', 'code'],
        ['delimiter', 'text'],
        ['default', 'code'],
        ['category', 'text'],
        ['preferred', 'boolean'],
        ['byValue', 'boolean'],
        ['alignment', 'text'],
        ['storage', 'text'],
        ['collatable', 'boolean'],
        ...LAST_ITEMS,
      ],
      grids: [
        {
          key: 'attributes',
          columns: ['number', 'name', 'type', 'collation', 'comment'],
          sql: always(`
SELECT a.attnum::text AS number, a.attname AS name, pg_catalog.format_type(a.atttypid, a.atttypmod) AS type,
       CASE WHEN a.attcollation <> b.typcollation THEN c.collname END AS collation,
       pg_catalog.col_description(a.attrelid, a.attnum) AS comment
  FROM pg_catalog.pg_type t JOIN pg_catalog.pg_attribute a ON a.attrelid = t.typrelid
  LEFT JOIN pg_catalog.pg_type b ON b.oid = a.atttypid LEFT JOIN pg_catalog.pg_collation c ON c.oid = a.attcollation
 WHERE t.oid = $1 AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`),
        },
        {
          key: 'labels',
          columns: ['number', 'label'],
          sql: always(`
SELECT (row_number() OVER (ORDER BY e.enumsortorder))::text AS number, e.enumlabel AS label
  FROM pg_catalog.pg_enum e WHERE e.enumtypid = $1 ORDER BY e.enumsortorder`),
        },
        privilegesGrid('pg_type', 'typacl'),
        securityLabelsGrid('pg_type'),
      ],
    },
  },
};

/** A fact that only base types have. */
function base(value: string): string {
  return `CASE WHEN t.typtype = 'b' THEN ${value} END`;
}

function facts(subscript: string, multirange: string): string {
  return `
SELECT t.typname AS name, t.oid::text AS oid, n.nspname AS schema, pg_catalog.pg_get_userbyid(t.typowner) AS owner,
       CASE WHEN NOT t.typisdefined THEN 'SHELL' WHEN t.typtype = 'c' THEN 'COMPOSITE' WHEN t.typtype = 'e' THEN 'ENUM' WHEN t.typtype = 'r' THEN 'RANGE'
            WHEN t.typtype = 'p' THEN 'PSEUDO' ELSE 'BASE' END AS variant,
       CASE WHEN t.typarray <> 0 THEN pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(a.typname) END AS "arrayType",
       pg_catalog.format_type(r.rngsubtype, NULL) AS subtype, o.opcname AS "operatorClass", c.collname AS collation,
       ${functionName('r.rngcanonical')} AS "canonicalFunction", ${functionName('r.rngsubdiff')} AS "differenceFunction",
       CASE WHEN r.rngtypid IS NOT NULL THEN pg_catalog.format_type(nullif(${multirange}::text, '0')::oid, NULL) END AS multirange,
       ${base("CASE t.typlen WHEN -1 THEN 'variable' WHEN -2 THEN 'cstring' ELSE t.typlen::text END")} AS length,
       ${base(functionName('t.typinput'))} AS input, ${base(functionName('t.typoutput'))} AS output,
       ${base(functionName('t.typreceive'))} AS receive, ${base(functionName('t.typsend'))} AS send,
       ${base(functionName('t.typmodin'))} AS "modifierInput", ${base(functionName('t.typmodout'))} AS "modifierOutput",
       ${base(functionName('t.typanalyze'))} AS "analyze", ${base(subscript)} AS subscript,
       ${base('CASE WHEN t.typelem <> 0 THEN pg_catalog.format_type(t.typelem, NULL) END')} AS element, ${base('t.typdelim::text')} AS delimiter,
       t.typdefault AS "default", ${base('t.typcategory::text')} AS category, ${base('t.typispreferred::text')} AS preferred,
       ${base('t.typbyval::text')} AS "byValue",
       ${base("CASE t.typalign WHEN 'c' THEN 'char' WHEN 's' THEN 'int2' WHEN 'd' THEN 'double' ELSE 'int4' END")} AS alignment,
       ${base("CASE t.typstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END")} AS storage,
       ${base('(t.typcollation <> 0)::text')} AS collatable,${lastFacts('t.oid', 'pg_type')}
  FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_catalog.pg_type a ON a.oid = t.typarray
  LEFT JOIN pg_catalog.pg_range r ON r.rngtypid = t.oid LEFT JOIN pg_catalog.pg_opclass o ON o.oid = r.rngsubopc
  LEFT JOIN pg_catalog.pg_collation c ON c.oid = r.rngcollation WHERE t.oid = $1`;
}
