import { LAST_ITEMS, lastFacts, optionsGrid, privilegesGrid } from './facts';
import { always, type KindDefinition } from './kind';

/** Foreign servers of a foreign-data wrapper. */
export const foreignServers: KindDefinition = {
  folder: 'foreign-servers',
  kind: 'foreign-server',
  scope: 'object',

  select: always(`s.oid, s.srvname AS name, coalesce(s.srvversion, '') AS note, '' AS mark`),
  from: always(`FROM pg_catalog.pg_foreign_server s WHERE s.srvfdw = $1`),
  order: 's.srvname',
  properties: {
    'foreign-server': {
      sql: always(`
SELECT s.srvname AS name, s.oid::text AS oid, pg_catalog.pg_get_userbyid(s.srvowner) AS owner, w.fdwname AS "foreignDataWrapper",
       s.srvtype AS type, s.srvversion AS version,${lastFacts('s.oid', 'pg_foreign_server')}
  FROM pg_catalog.pg_foreign_server s JOIN pg_catalog.pg_foreign_data_wrapper w ON w.oid = s.srvfdw WHERE s.oid = $1`),
      items: [
        ['name', 'text'],
        ['oid', 'text'],
        ['owner', 'text'],
        ['foreignDataWrapper', 'text'],
        ['type', 'text'],
        ['version', 'text'],
        ...LAST_ITEMS,
      ],
      grids: [optionsGrid('pg_foreign_server', 'srvoptions', 'oid'), privilegesGrid('pg_foreign_server', 'srvacl')],
    },
  },
};

/** User mappings of a foreign server, named by the role; `public` is everybody else. Read from the view, which every account may. */
export const userMappings: KindDefinition = {
  folder: 'user-mappings',
  kind: 'user-mapping',
  scope: 'object',

  select: always(`u.umid AS oid, u.usename AS name, '' AS note, '' AS mark`),
  from: always(`FROM pg_catalog.pg_user_mappings u WHERE u.srvid = $1`),
  order: 'u.usename',
  properties: {
    'user-mapping': {
      sql: always(`
SELECT u.usename AS name, u.umid::text AS oid, u.srvname AS server FROM pg_catalog.pg_user_mappings u WHERE u.umid = $1`),
      items: [
        ['name', 'text'],
        ['oid', 'text'],
        ['server', 'text'],
      ],
      grids: [optionsGrid('pg_user_mappings', 'umoptions', 'umid')],
    },
  },
};
