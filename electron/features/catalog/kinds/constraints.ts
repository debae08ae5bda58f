import { columnNames, LAST_ITEMS, lastFacts } from './facts';
import { always, type KindDefinition } from './kind';

const ACTION = (column: string): string =>
  `CASE WHEN c.contype = 'f' THEN CASE ${column} WHEN 'r' THEN 'RESTRICT' WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' WHEN 'd' THEN 'SET DEFAULT'
             ELSE 'NO ACTION' END END`;

/** Columns that the index of a constraint only carries (INCLUDE). */
const INCLUDED = `
       (SELECT string_agg(pg_catalog.quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM pg_catalog.pg_attribute a
         WHERE a.attrelid = i.indexrelid AND a.attnum > i.indnkeyatts)`;

/** Columns that came later than 10. Only constraints with an index of their own tell of it. */
const facts = (enforced: string, included: string, temporal: string): string => `
SELECT c.conname AS name, c.oid::text AS oid, CASE WHEN c.conrelid <> 0 THEN c.conrelid::pg_catalog.regclass::text END AS table,
       CASE WHEN c.contypid <> 0 THEN pg_catalog.format_type(c.contypid, NULL) END AS domain,
       CASE c.contype WHEN 'p' THEN 'PRIMARY KEY' WHEN 'f' THEN 'FOREIGN KEY' WHEN 'u' THEN 'UNIQUE' WHEN 'x' THEN 'EXCLUDE'
            WHEN 'n' THEN 'NOT NULL' WHEN 't' THEN 'TRIGGER' ELSE 'CHECK' END AS variant,${columnNames('c.conrelid', 'c.conkey')} AS columns,
       ${included} AS included,
       CASE WHEN c.contype = 'f' THEN c.confrelid::pg_catalog.regclass::text END AS "references",
       ${ACTION('c.confupdtype')} AS "onUpdate",
       ${ACTION('c.confdeltype')} AS "onDelete",
       CASE WHEN c.contype = 'f' THEN CASE c.confmatchtype WHEN 'f' THEN 'FULL' WHEN 'p' THEN 'PARTIAL' ELSE 'SIMPLE' END END AS match,
       pg_catalog.pg_get_constraintdef(c.oid) AS definition, am.amname AS "accessMethod", s.spcname AS tablespace,
       pg_catalog.array_to_string(x.reloptions, ', ') AS options, i.indisvalid::text AS valid,
       c.convalidated::text AS validated, ${enforced} AS enforced, CASE ${temporal} WHEN 'true' THEN 'true' END AS temporal,
       c.condeferrable::text AS deferrable, c.condeferred::text AS deferred,
       CASE WHEN c.contype IN ('c', 'n') THEN c.connoinherit::text END AS "noInherit",
       CASE WHEN c.coninhcount > 0 THEN 'true' END AS inherited,${lastFacts('c.oid', 'pg_constraint')}
  FROM pg_catalog.pg_constraint c
  LEFT JOIN pg_catalog.pg_index i ON c.contype IN ('p', 'u', 'x') AND i.indexrelid = c.conindid
  LEFT JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid LEFT JOIN pg_catalog.pg_am am ON am.oid = x.relam
  LEFT JOIN pg_catalog.pg_tablespace s ON s.oid = x.reltablespace WHERE c.oid = $1`;

/** Constraints of a table: primary and foreign keys, unique, check, exclusion. */
export const constraints: KindDefinition = {
  folder: 'constraints',
  kind: 'constraint',
  scope: 'object',
  select: always(
    `c.oid, c.conname AS name, pg_catalog.pg_get_constraintdef(c.oid) AS note,
     CASE c.contype WHEN 'p' THEN 'pk' WHEN 'f' THEN 'fk' WHEN 'u' THEN 'unique' WHEN 'x' THEN 'exclude' ELSE 'check' END AS mark`,
  ),
  from: always("FROM pg_catalog.pg_constraint c WHERE c.conrelid = $1 AND c.contype IN ('p', 'f', 'u', 'x', 'c')"),
  order: "position(c.contype::text in 'pufcx'), c.conname",
  properties: {
    constraint: {
      sql: {
        100000: facts('NULL::text', 'NULL::text', 'NULL::text'),
        110000: facts('NULL::text', INCLUDED, 'NULL::text'),
        180000: facts('c.conenforced::text', INCLUDED, 'c.conperiod::text'),
      },
      items: [
        ['name', 'text'],
        ['oid', 'text'],
        ['table', 'code'],
        ['domain', 'code'],
        ['variant', 'text'],
        ['columns', 'code'],
        ['included', 'code'],
        ['references', 'code'],
        ['onUpdate', 'text'],
        ['onDelete', 'text'],
        ['match', 'text'],
        ['definition', 'code'],
        ['accessMethod', 'text'],
        ['tablespace', 'text'],
        ['options', 'text'],
        ['valid', 'boolean'],
        ['validated', 'boolean'],
        ['enforced', 'boolean'],
        ['temporal', 'boolean'],
        ['deferrable', 'boolean'],
        ['deferred', 'boolean'],
        ['noInherit', 'boolean'],
        ['inherited', 'boolean'],
        ...LAST_ITEMS,
      ],
      grids: [
        {
          key: 'references',
          columns: ['name', 'referenced'],
          sql: always(`
SELECT a.attname AS name, f.attname AS referenced
  FROM pg_catalog.pg_constraint c, unnest(c.conkey, c.confkey) WITH ORDINALITY k (own, other, at), pg_catalog.pg_attribute a, pg_catalog.pg_attribute f
 WHERE c.oid = $1 AND c.contype = 'f' AND a.attrelid = c.conrelid AND a.attnum = k.own AND f.attrelid = c.confrelid AND f.attnum = k.other
 ORDER BY k.at`),
        },
      ],
    },
  },
};

/** Checks of a domain, and its NOT NULL where that has a name (17 and newer). */
export const domainConstraints: KindDefinition = {
  folder: 'domain-constraints',
  kind: 'constraint',
  scope: 'object',
  select: always(
    "c.oid, c.conname AS name, pg_catalog.pg_get_constraintdef(c.oid) AS note, CASE c.contype WHEN 'n' THEN 'not-null' ELSE 'check' END AS mark",
  ),
  from: always("FROM pg_catalog.pg_constraint c WHERE c.contypid = $1 AND c.contype IN ('c', 'n')"),
  order: 'c.contype, c.conname',
  properties: {},
};
