import { LAST_ITEMS, lastFacts, privilegesGrid, securityLabelsGrid } from './facts';
import { always, type KindDefinition } from './kind';

/** Domains. */
export const domains: KindDefinition = {
  folder: 'domains',
  kind: 'domain',
  scope: 'schema',
  select: always("t.oid, t.typname AS name, pg_catalog.format_type(t.typbasetype, t.typtypmod) AS note, '' AS mark"),
  from: always("FROM pg_catalog.pg_type t WHERE t.typnamespace = $1 AND t.typtype = 'd'"),
  order: 't.typname',
  properties: {
    domain: {
      sql: always(`
SELECT t.typname AS name, t.oid::text AS oid, n.nspname AS schema, pg_catalog.pg_get_userbyid(t.typowner) AS owner,
       pg_catalog.format_type(t.typbasetype, t.typtypmod) AS type, t.typnotnull::text AS "notNull", t.typdefault AS "default",
       CASE WHEN t.typcollation <> b.typcollation THEN c.collname END AS collation,${lastFacts('t.oid', 'pg_type')}
  FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype
  LEFT JOIN pg_catalog.pg_collation c ON c.oid = t.typcollation WHERE t.oid = $1`),
      items: [
        ['name', 'text'],
        ['oid', 'text'],
        ['schema', 'text'],
        ['owner', 'text'],
        ['type', 'code'],
        ['notNull', 'boolean'],
        ['default', 'code'],
        ['collation', 'text'],
        ...LAST_ITEMS,
      ],
      grids: [
        {
          key: 'constraints',
          columns: ['name', 'definition', 'validated', 'comment'],
          sql: always(`
SELECT c.conname AS name, pg_catalog.pg_get_constraintdef(c.oid) AS definition, c.convalidated::text AS validated,
       pg_catalog.obj_description(c.oid, 'pg_constraint') AS comment
  FROM pg_catalog.pg_constraint c WHERE c.contypid = $1 AND c.contype = 'c' ORDER BY c.conname`),
        },
        privilegesGrid('pg_type', 'typacl'),
        securityLabelsGrid('pg_type'),
      ],
    },
  },
};
