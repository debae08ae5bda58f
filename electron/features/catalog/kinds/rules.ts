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
  properties: {},
};
