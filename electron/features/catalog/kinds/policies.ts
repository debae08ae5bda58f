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
  properties: {},
};
