import { always, type KindDefinition } from './kind';

/** Processes that send WAL to replicas and other receivers; the oid of a ref is the process number. */
export const replicas: KindDefinition = {
  folder: 'replicas',
  kind: 'replica',
  scope: 'server',
  rare: true,
  select: always(
    `r.pid AS oid, coalesce(nullif(r.application_name, ''), host(r.client_addr), r.pid::text) AS name, coalesce(r.state, '') AS note, '' AS mark`,
  ),
  from: always(`FROM pg_catalog.pg_stat_replication r WHERE $1 OR true`),
  order: '2, r.pid',
  properties: {},
};
