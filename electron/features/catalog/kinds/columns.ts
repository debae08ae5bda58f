import { columnPrivilegesGrid } from './facts';
import { always, type KindDefinition } from './kind';

/** `compression` came with 14, `generated` with 12, and 17 keeps an unset statistics target as null. */
const facts = (generated: string, compression: string): string => `
SELECT a.attname AS name, a.attnum::text AS number, a.attrelid::pg_catalog.regclass::text AS table,
       pg_catalog.format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull::text AS "notNull",
       EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conrelid = $1 AND k.contype = 'p' AND a.attnum = ANY (k.conkey))::text AS "primaryKey",
       EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conrelid = $1 AND k.contype = 'f' AND a.attnum = ANY (k.conkey))::text AS "foreignKey",
       pg_catalog.pg_get_expr(d.adbin, d.adrelid) AS "default",
       CASE a.attidentity WHEN 'a' THEN 'ALWAYS' WHEN 'd' THEN 'BY DEFAULT' END AS identity,
       (SELECT 'START ' || s.seqstart || ' INCREMENT ' || s.seqincrement || ' MINVALUE ' || s.seqmin || ' MAXVALUE ' || s.seqmax || ' CACHE ' || s.seqcache
               || CASE WHEN s.seqcycle THEN ' CYCLE' ELSE ' NO CYCLE' END
          FROM pg_catalog.pg_depend p JOIN pg_catalog.pg_sequence s ON s.seqrelid = p.objid
         WHERE a.attidentity <> '' AND p.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND p.deptype = 'i'
           AND p.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND p.refobjid = $1 AND p.refobjsubid = a.attnum) AS sequence,
       CASE ${generated} WHEN 's' THEN 'STORED' WHEN 'v' THEN 'VIRTUAL' END AS generated,
       CASE WHEN a.attcollation <> t.typcollation THEN pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.collname) END AS collation,
       CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END AS storage,
       CASE ${compression} WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END AS compression,
       CASE WHEN a.attstattarget >= 0 THEN a.attstattarget::text END AS "statisticsTarget",
       pg_catalog.array_to_string(a.attoptions, ', ') AS parameters,
       (SELECT string_agg(i.inhparent::pg_catalog.regclass::text, ', ' ORDER BY i.inhseqno) FROM pg_catalog.pg_inherits i
          JOIN pg_catalog.pg_attribute p ON p.attrelid = i.inhparent AND p.attname = a.attname AND NOT p.attisdropped
         WHERE a.attinhcount > 0 AND i.inhrelid = $1) AS inherits,
       pg_catalog.col_description(a.attrelid, a.attnum) AS comment
  FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  LEFT JOIN pg_catalog.pg_collation c ON c.oid = a.attcollation LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.collnamespace
 WHERE a.attrelid = $1 AND a.attnum = $2`;

const inKey = (type: string): string =>
  `EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conrelid = $1 AND k.contype = '${type}' AND a.attnum = ANY (k.conkey))`;

/** A column that can't be written says so before it is told as a foreign key; a primary key says both. `generated` came with 12. */
const list = (generated: string): string => `
a.attrelid AS oid, a.attname AS name, pg_catalog.format_type(a.atttypid, a.atttypmod) AS note, a.attnum::int4 AS sub,
CASE WHEN ${inKey('p')} THEN CASE WHEN ${generated} THEN 'pk-generated' WHEN a.attidentity = 'a' THEN 'pk-identity' ELSE 'pk' END
     WHEN ${generated} THEN 'generated' WHEN a.attidentity = 'a' THEN 'identity'
     WHEN ${inKey('f')} THEN 'fk' WHEN a.attnotnull THEN 'not-null' ELSE '' END AS mark`;

/** Columns of a relation; the oid of a column's ref is the relation's, `sub` the attribute number. */
export const columns: KindDefinition = {
  folder: 'columns',
  kind: 'column',
  scope: 'object',
  select: { 100000: list('false'), 120000: list("a.attgenerated <> ''") },
  from: always('FROM pg_catalog.pg_attribute a WHERE a.attrelid = $1 AND a.attnum > 0 AND NOT a.attisdropped'),
  order: 'a.attnum',
  properties: {
    column: {
      sql: {
        100000: facts("''::text", "''::text"),
        120000: facts('a.attgenerated::text', "''::text"),
        140000: facts('a.attgenerated::text', 'a.attcompression::text'),
      },
      items: [
        ['name', 'text'],
        ['number', 'text'],
        ['table', 'code'],
        ['type', 'code'],
        ['notNull', 'boolean'],
        ['primaryKey', 'boolean'],
        ['foreignKey', 'boolean'],
        ['default', 'code'],
        ['identity', 'text'],
        ['sequence', 'code'],
        ['generated', 'text'],
        ['collation', 'code'],
        ['storage', 'text'],
        ['compression', 'text'],
        ['statisticsTarget', 'count'],
        ['parameters', 'code'],
        ['inherits', 'text'],
        ['comment', 'text'],
      ],
      grids: [
        columnPrivilegesGrid,
        {
          key: 'options',
          columns: ['name', 'value'],
          sql: always(`
SELECT o.option_name AS name, o.option_value AS value
  FROM pg_catalog.pg_attribute a, pg_catalog.pg_options_to_table(a.attfdwoptions) o WHERE a.attrelid = $1 AND a.attnum = $2::int4`),
        },
        {
          key: 'securityLabels',
          columns: ['provider', 'label'],
          sql: always(`
SELECT l.provider, l.label FROM pg_catalog.pg_seclabel l
 WHERE l.objoid = $1 AND l.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass AND l.objsubid = $2::int4 ORDER BY 1`),
        },
      ],
    },
  },
};
