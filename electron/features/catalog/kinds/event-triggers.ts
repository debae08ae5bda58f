import { LAST_ITEMS, enabledWords, lastFacts, securityLabelsGrid } from './facts';
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
  properties: {
    'event-trigger': {
      sql: always(`
SELECT e.evtname AS name, e.oid::text AS oid, pg_catalog.pg_get_userbyid(e.evtowner) AS owner, e.evtevent AS event,
       pg_catalog.array_to_string(e.evttags, ', ') AS tags, e.evtfoid::pg_catalog.regproc::text AS function, ${enabledWords('e.evtenabled')} AS enabled,
       ${lastFacts('e.oid', 'pg_event_trigger')}
  FROM pg_catalog.pg_event_trigger e WHERE e.oid = $1`),
      items: [
        ['name', 'text'],
        ['oid', 'text'],
        ['owner', 'text'],
        ['event', 'text'],
        ['tags', 'text'],
        ['function', 'code'],
        ['enabled', 'text'],
        ...LAST_ITEMS,
      ],
      grids: [securityLabelsGrid('pg_event_trigger')],
    },
  },
};
