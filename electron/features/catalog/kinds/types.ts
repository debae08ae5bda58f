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
      sql: always(`
SELECT t.typname AS name, t.oid::text AS oid, n.nspname AS schema, pg_catalog.pg_get_userbyid(t.typowner) AS owner,
       CASE t.typtype WHEN 'c' THEN 'composite' WHEN 'e' THEN 'enum' WHEN 'r' THEN 'range' WHEN 'p' THEN 'pseudo-type' ELSE 'base' END AS variant,
       CASE WHEN t.typtype = 'r' THEN pg_catalog.format_type(r.rngsubtype, NULL) END AS subtype,
       CASE WHEN t.typtype = 'b' THEN t.typlen::text END AS length,
       CASE WHEN t.typtype = 'b' THEN t.typinput::text END AS input, CASE WHEN t.typtype = 'b' THEN t.typoutput::text END AS output,
       (SELECT string_agg(a::text, E'\\n') FROM unnest(t.typacl) a) AS privileges,
       pg_catalog.obj_description(t.oid, 'pg_type') AS comment
  FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
  LEFT JOIN pg_catalog.pg_range r ON r.rngtypid = t.oid WHERE t.oid = $1`),
      items: [
        ['name', 'text'],
        ['oid', 'text'],
        ['schema', 'text'],
        ['owner', 'text'],
        ['variant', 'text'],
        ['subtype', 'text'],
        ['length', 'text'],
        ['input', 'text'],
        ['output', 'text'],
        ['privileges', 'code'],
        ['comment', 'text'],
      ],
      grids: [
        {
          key: 'attributes',
          columns: ['number', 'name', 'type', 'comment'],
          sql: always(`
SELECT a.attnum::text AS number, a.attname AS name, pg_catalog.format_type(a.atttypid, a.atttypmod) AS type,
       pg_catalog.col_description(a.attrelid, a.attnum) AS comment
  FROM pg_catalog.pg_type t JOIN pg_catalog.pg_attribute a ON a.attrelid = t.typrelid
 WHERE t.oid = $1 AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`),
        },
        {
          key: 'labels',
          columns: ['number', 'label'],
          sql: always(`
SELECT (row_number() OVER (ORDER BY e.enumsortorder))::text AS number, e.enumlabel AS label
  FROM pg_catalog.pg_enum e WHERE e.enumtypid = $1 ORDER BY e.enumsortorder`),
        },
      ],
    },
  },
};
