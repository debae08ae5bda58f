import { always, type KindDefinition } from './kind';

/** Triggers that a person made; those of foreign keys are internal. */
export const triggers: KindDefinition = {
  folder: 'triggers',
  kind: 'trigger',
  scope: 'object',
  select: always(
    "t.oid, t.tgname AS name, '' AS note, CASE t.tgenabled WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'replica' WHEN 'A' THEN 'always' ELSE '' END AS mark",
  ),
  from: always('FROM pg_catalog.pg_trigger t WHERE t.tgrelid = $1 AND NOT t.tgisinternal'),
  order: 't.tgname',
  properties: {
    trigger: {
      sql: always(`
SELECT t.tgname AS name, t.oid::text AS oid, t.tgrelid::pg_catalog.regclass::text AS table,
       t.tgfoid::pg_catalog.regproc::text AS function,
       CASE t.tgenabled WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'replica' WHEN 'A' THEN 'always' ELSE 'enabled' END AS enabled,
       pg_catalog.pg_get_triggerdef(t.oid) AS definition, pg_catalog.obj_description(t.oid, 'pg_trigger') AS comment
  FROM pg_catalog.pg_trigger t WHERE t.oid = $1`),
      items: [
        ['name', 'text'],
        ['oid', 'text'],
        ['table', 'text'],
        ['function', 'text'],
        ['enabled', 'text'],
        ['definition', 'code'],
        ['comment', 'text'],
      ],
      grids: [],
    },
  },
};
