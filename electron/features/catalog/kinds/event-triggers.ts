import { always, type KindDefinition } from './kind';

/** pg_event_trigger. */
export const eventTriggers: KindDefinition = {
  folder: 'event-triggers',
  kind: 'event-trigger',
  scope: 'database',
  rare: true,
  select: always(
    `e.oid, e.evtname AS name, e.evtevent AS note, CASE e.evtenabled WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'replica' WHEN 'A' THEN 'always' ELSE '' END AS mark`,
  ),
  from: always(`FROM pg_catalog.pg_event_trigger e WHERE $1 OR true`),
  order: 'e.evtname',
  properties: {},
};
