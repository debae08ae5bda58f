import { always, type KindDefinition } from './kind';

/** Foreign servers of a foreign-data wrapper. */
export const foreignServers: KindDefinition = {
  folder: 'foreign-servers',
  kind: 'foreign-server',
  scope: 'object',

  select: always(`s.oid, s.srvname AS name, coalesce(s.srvversion, '') AS note, '' AS mark`),
  from: always(`FROM pg_catalog.pg_foreign_server s WHERE s.srvfdw = $1`),
  order: 's.srvname',
  properties: {},
};

/** User mappings of a foreign server, named by the role; `public` is everybody else. Read from the view, which every account may. */
export const userMappings: KindDefinition = {
  folder: 'user-mappings',
  kind: 'user-mapping',
  scope: 'object',

  select: always(`u.umid AS oid, u.usename AS name, '' AS note, '' AS mark`),
  from: always(`FROM pg_catalog.pg_user_mappings u WHERE u.srvid = $1`),
  order: 'u.usename',
  properties: {},
};
