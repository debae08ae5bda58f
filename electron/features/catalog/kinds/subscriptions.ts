import { always, type KindDefinition } from './kind';

/** Subscriptions of the current database. */
export const subscriptions: KindDefinition = {
  folder: 'subscriptions',
  kind: 'subscription',
  scope: 'database',
  rare: true,
  select: always(`s.oid, s.subname AS name, '' AS note, CASE WHEN s.subenabled THEN '' ELSE 'disabled' END AS mark`),
  from: always(
    `FROM pg_catalog.pg_subscription s JOIN pg_catalog.pg_database d ON d.oid = s.subdbid WHERE d.datname = current_database() AND ($1 OR true)`,
  ),
  order: 's.subname',
  properties: {},
};
