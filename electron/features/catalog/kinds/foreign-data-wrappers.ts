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
  properties: {},
};
