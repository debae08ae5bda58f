import { LAST_ITEMS, lastFacts, privilegesGrid, securityLabelsGrid } from './facts';
import { always, type KindDefinition } from './kind';

/** Sequences, those of identity columns too. */
export const sequences: KindDefinition = {
  folder: 'sequences',
  kind: 'sequence',
  scope: 'schema',
  select: always("c.oid, c.relname AS name, '' AS note, '' AS mark"),
  from: always("FROM pg_catalog.pg_class c WHERE c.relnamespace = $1 AND c.relkind = 'S'"),
  order: 'c.relname',
  properties: {
    sequence: {
      sql: always(`
SELECT c.relname AS name, c.oid::text AS oid, n.nspname AS schema, pg_catalog.pg_get_userbyid(c.relowner) AS owner,
       CASE WHEN pg_catalog.has_sequence_privilege(c.oid, 'SELECT, USAGE') AND NOT pg_catalog.pg_is_other_temp_schema(c.relnamespace)
             AND NOT (c.relpersistence = 'u' AND pg_catalog.pg_is_in_recovery()) THEN pg_catalog.pg_sequence_last_value(c.oid)::text END AS "lastValue",
       pg_catalog.format_type(s.seqtypid, NULL) AS type, s.seqstart::text AS start, s.seqincrement::text AS increment,
       s.seqmin::text AS minimum, s.seqmax::text AS maximum, s.seqcache::text AS cache, s.seqcycle::text AS cycle, (c.relpersistence = 'u')::text AS unlogged,
       (SELECT d.refobjid::pg_catalog.regclass::text || '.' || pg_catalog.quote_ident(a.attname)
          FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
         WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i')
           AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass LIMIT 1) AS "ownedBy",${lastFacts('c.oid', 'pg_class')}
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_sequence s ON s.seqrelid = c.oid WHERE c.oid = $1`),
      items: [
        ['name', 'text'],
        ['oid', 'text'],
        ['schema', 'text'],
        ['owner', 'text'],
        ['lastValue', 'count'],
        ['type', 'text'],
        ['start', 'count'],
        ['increment', 'count'],
        ['minimum', 'count'],
        ['maximum', 'count'],
        ['cache', 'count'],
        ['cycle', 'boolean'],
        ['unlogged', 'boolean'],
        ['ownedBy', 'text'],
        ...LAST_ITEMS,
      ],
      grids: [privilegesGrid('pg_class', 'relacl'), securityLabelsGrid('pg_class')],
    },
  },
};
