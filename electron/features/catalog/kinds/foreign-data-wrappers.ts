import { LAST_ITEMS, functionName, lastFacts, optionsGrid, privilegesGrid } from './facts';
import { always, type KindDefinition } from './kind';

/** pg_foreign_data_wrapper. */
export const foreignDataWrappers: KindDefinition = {
  folder: 'foreign-data-wrappers',
  kind: 'foreign-data-wrapper',
  scope: 'database',
  rare: true,
  select: always(`w.oid, w.fdwname AS name, '' AS note, '' AS mark`),
  from: always(`FROM pg_catalog.pg_foreign_data_wrapper w WHERE $1 OR true`),
  order: 'w.fdwname',
  properties: {
    'foreign-data-wrapper': {
      sql: always(`
SELECT w.fdwname AS name, w.oid::text AS oid, pg_catalog.pg_get_userbyid(w.fdwowner) AS owner,
       ${functionName('w.fdwhandler')} AS handler, ${functionName('w.fdwvalidator')} AS validator,
       ${lastFacts('w.oid', 'pg_foreign_data_wrapper')}
  FROM pg_catalog.pg_foreign_data_wrapper w WHERE w.oid = $1`),
      items: [
        ['name', 'text'],
        ['oid', 'text'],
        ['owner', 'text'],
        ['handler', 'code'],
        ['validator', 'code'],
        ...LAST_ITEMS,
      ],
      grids: [
        optionsGrid('pg_foreign_data_wrapper', 'fdwoptions', 'oid'),
        privilegesGrid('pg_foreign_data_wrapper', 'fdwacl'),
      ],
    },
  },
};
