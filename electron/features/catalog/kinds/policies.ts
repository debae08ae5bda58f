import { LAST_ITEMS, lastFacts } from './facts';
import { always, type KindDefinition } from './kind';

/** Policies of row security. */
export const policies: KindDefinition = {
  folder: 'policies',
  kind: 'policy',
  scope: 'object',
  rare: true,
  select: always(
    `p.oid, p.polname AS name, CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END AS note, CASE WHEN p.polpermissive THEN '' ELSE 'restrictive' END AS mark`,
  ),
  from: always(`FROM pg_catalog.pg_policy p WHERE p.polrelid = $1`),
  order: 'p.polname',
  properties: {
    policy: {
      sql: always(`
SELECT p.polname AS name, p.oid::text AS oid, p.polrelid::pg_catalog.regclass::text AS table, pg_catalog.pg_get_userbyid(c.relowner) AS owner,
       CASE WHEN p.polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END AS variant,
       CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END AS event,
       (SELECT string_agg(CASE r WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.pg_get_userbyid(r)::text END, ', ' ORDER BY pg_catalog.pg_get_userbyid(r)) FROM unnest(p.polroles) r) AS roles,
       pg_catalog.pg_get_expr(p.polqual, p.polrelid) AS using, pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid) AS "withCheck",
       ${lastFacts('p.oid', 'pg_policy')}
  FROM pg_catalog.pg_policy p JOIN pg_catalog.pg_class c ON c.oid = p.polrelid WHERE p.oid = $1`),
      items: [
        ['name', 'text'],
        ['oid', 'text'],
        ['table', 'code'],
        ['owner', 'text'],
        ['variant', 'text'],
        ['event', 'text'],
        ['roles', 'text'],
        ['using', 'code'],
        ['withCheck', 'code'],
        ...LAST_ITEMS,
      ],
      grids: [],
    },
  },
};
