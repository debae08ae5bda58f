import { columnNames, dependsOnExtensions, enabledWords, LAST_ITEMS, lastFacts } from './facts';
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
       t.tgfoid::pg_catalog.regproc::text AS function, ${enabledWords('t.tgenabled')} AS enabled,
       CASE WHEN t.tgtype & 2 <> 0 THEN 'BEFORE' WHEN t.tgtype & 64 <> 0 THEN 'INSTEAD OF' ELSE 'AFTER' END AS timing,
       concat_ws(' OR ', CASE WHEN t.tgtype & 4 <> 0 THEN 'INSERT' END, CASE WHEN t.tgtype & 8 <> 0 THEN 'DELETE' END,
         CASE WHEN t.tgtype & 16 <> 0 THEN 'UPDATE' END, CASE WHEN t.tgtype & 32 <> 0 THEN 'TRUNCATE' END) AS event,
       CASE WHEN t.tgtype & 1 <> 0 THEN 'ROW' ELSE 'STATEMENT' END AS level,${columnNames('t.tgrelid', 't.tgattr')} AS columns,
       CASE WHEN t.tgconstraint <> 0 THEN 'true' END AS "constraintTrigger",
       CASE WHEN t.tgconstraint <> 0 THEN t.tgdeferrable::text END AS deferrable, CASE WHEN t.tgconstraint <> 0 THEN t.tginitdeferred::text END AS deferred,
       t.tgoldtable AS "oldTable", t.tgnewtable AS "newTable",
       pg_catalog.pg_get_triggerdef(t.oid) AS definition,${dependsOnExtensions('t.oid', 'pg_trigger')},${lastFacts('t.oid', 'pg_trigger')}
  FROM pg_catalog.pg_trigger t WHERE t.oid = $1`),
      items: [
        ['name', 'text'],
        ['oid', 'text'],
        ['table', 'code'],
        ['function', 'code'],
        ['enabled', 'text'],
        ['timing', 'text'],
        ['event', 'text'],
        ['level', 'text'],
        ['columns', 'code'],
        ['constraintTrigger', 'boolean'],
        ['deferrable', 'boolean'],
        ['deferred', 'boolean'],
        ['oldTable', 'text'],
        ['newTable', 'text'],
        ['definition', 'code'],
        ['dependsOnExtensions', 'text'],
        ...LAST_ITEMS,
      ],
      grids: [],
    },
  },
};
