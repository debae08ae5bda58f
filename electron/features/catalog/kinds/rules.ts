import { LAST_ITEMS, enabledWords, lastFacts } from './facts';
import { always, type KindDefinition } from './kind';

/** Rewrite rules; the one that makes a view is the view itself. */
export const rules: KindDefinition = {
  folder: 'rules',
  kind: 'rule',
  scope: 'object',
  rare: true,
  select: always(
    `r.oid, r.rulename AS name, CASE r.ev_type WHEN '1' THEN 'SELECT' WHEN '2' THEN 'UPDATE' WHEN '3' THEN 'INSERT' ELSE 'DELETE' END AS note, CASE r.ev_enabled WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'replica' WHEN 'A' THEN 'always' ELSE '' END AS mark`,
  ),
  from: always(`FROM pg_catalog.pg_rewrite r WHERE r.ev_class = $1 AND r.rulename <> '_RETURN'`),
  order: 'r.rulename',
  properties: {
    rule: {
      sql: always(`
SELECT r.rulename AS name, r.oid::text AS oid, r.ev_class::pg_catalog.regclass::text AS table,
       CASE r.ev_type WHEN '1' THEN 'SELECT' WHEN '2' THEN 'UPDATE' WHEN '3' THEN 'INSERT' ELSE 'DELETE' END AS event,
       r.is_instead::text AS instead, ${enabledWords('r.ev_enabled')} AS enabled, pg_catalog.pg_get_ruledef(r.oid, true) AS definition,
       ${lastFacts('r.oid', 'pg_rewrite')}
  FROM pg_catalog.pg_rewrite r WHERE r.oid = $1`),
      items: [
        ['name', 'text'],
        ['oid', 'text'],
        ['table', 'code'],
        ['event', 'text'],
        ['instead', 'boolean'],
        ['enabled', 'text'],
        ['definition', 'code'],
        ...LAST_ITEMS,
      ],
      grids: [],
    },
  },
};
