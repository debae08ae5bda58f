import { always, type KindDefinition } from './kind';

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
      sql: always(`
SELECT c.conname AS name, c.oid::text AS oid, c.conrelid::pg_catalog.regclass::text AS table,
       CASE c.contype WHEN 'p' THEN 'PRIMARY KEY' WHEN 'f' THEN 'FOREIGN KEY' WHEN 'u' THEN 'UNIQUE' WHEN 'x' THEN 'EXCLUDE' ELSE 'CHECK' END AS variant,
       pg_catalog.pg_get_constraintdef(c.oid) AS definition, c.convalidated::text AS validated, c.condeferrable::text AS deferrable,
       c.condeferred::text AS deferred, pg_catalog.obj_description(c.oid, 'pg_constraint') AS comment
  FROM pg_catalog.pg_constraint c WHERE c.oid = $1`),
      items: [
        ['name', 'text'],
        ['oid', 'text'],
        ['table', 'text'],
        ['variant', 'text'],
        ['definition', 'code'],
        ['validated', 'boolean'],
        ['deferrable', 'boolean'],
        ['deferred', 'boolean'],
        ['comment', 'text'],
      ],
      grids: [],
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
