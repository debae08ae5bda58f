import { always, type KindDefinition } from './kind';

/** Columns of a relation; the oid of a column's ref is the relation's, `sub` the attribute number. */
export const columns: KindDefinition = {
  folder: 'columns',
  kind: 'column',
  scope: 'object',
  select: always(
    `a.attrelid AS oid, a.attname AS name, pg_catalog.format_type(a.atttypid, a.atttypmod) AS note, a.attnum::int4 AS sub,
     CASE WHEN EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conrelid = $1 AND k.contype = 'p' AND a.attnum = ANY (k.conkey)) THEN 'pk'
          WHEN EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conrelid = $1 AND k.contype = 'f' AND a.attnum = ANY (k.conkey)) THEN 'fk'
          WHEN a.attnotnull THEN 'not-null' ELSE '' END AS mark`,
  ),
  from: always('FROM pg_catalog.pg_attribute a WHERE a.attrelid = $1 AND a.attnum > 0 AND NOT a.attisdropped'),
  order: 'a.attnum',
  properties: {
    column: {
      sql: {
        100000: columnFacts("''::text"),
        120000: columnFacts('a.attgenerated::text'),
      },
      items: [
        ['name', 'text'],
        ['number', 'text'],
        ['type', 'code'],
        ['notNull', 'boolean'],
        ['default', 'code'],
        ['identity', 'text'],
        ['generated', 'text'],
        ['collation', 'text'],
        ['storage', 'text'],
        ['privileges', 'code'],
        ['comment', 'text'],
      ],
      grids: [],
    },
  },
};

function columnFacts(generated: string): string {
  return `
SELECT a.attname AS name, a.attnum::text AS number, pg_catalog.format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull::text AS "notNull",
       pg_catalog.pg_get_expr(d.adbin, d.adrelid) AS "default",
       CASE a.attidentity WHEN 'a' THEN 'ALWAYS' WHEN 'd' THEN 'BY DEFAULT' END AS identity,
       CASE ${generated} WHEN 's' THEN 'STORED' WHEN 'v' THEN 'VIRTUAL' END AS generated,
       CASE WHEN a.attcollation <> t.typcollation THEN c.collname END AS collation,
       CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END AS storage,
       (SELECT string_agg(x::text, E'\\n') FROM unnest(a.attacl) x) AS privileges,
       pg_catalog.col_description(a.attrelid, a.attnum) AS comment
  FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  LEFT JOIN pg_catalog.pg_collation c ON c.oid = a.attcollation WHERE a.attrelid = $1 AND a.attnum = $2`;
}
