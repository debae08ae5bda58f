import type { Check } from './check';
import { lackingCheck } from './lacking-check';
import {
  count,
  databaseFinding,
  forDatabases,
  itemsCheck,
  passed,
  RELATION_NAME,
  RELATIONS,
  scopeOf,
} from './object-scope';

const TABLESPACES = `SELECT t.spcname AS name, k.item FROM (
SELECT reltablespace AS space, ${RELATION_NAME} AS item FROM ${RELATIONS} LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid
WHERE c.reltablespace <> 0 AND (c.oid = ANY ($1::oid[]) OR i.indrelid = ANY ($1::oid[]))
UNION ALL SELECT dattablespace, 'database ' || pg_catalog.quote_ident(datname) FROM pg_catalog.pg_database
WHERE datname = pg_catalog.current_database()) k JOIN pg_catalog.pg_tablespace t ON t.oid = k.space WHERE t.spcname <> 'pg_default' ORDER BY 1, 2`;
const TARGET_TABLESPACES = 'SELECT spcname AS name FROM pg_catalog.pg_tablespace';

const tablespaces: Check = lackingCheck({
  id: 'tablespaces',
  title: 'Tablespaces',
  side: 'both',
  used: TABLESPACES,
  scope: 'relations',
  known: TARGET_TABLESPACES,
  level: 'warning',
  none: 'Everything lies in tablespaces that the target has',
  found: (many, names) =>
    `${count(many, 'object')} in ${count(names.length, 'tablespace')} that the target does not have`,
  effect: 'They are made in the default tablespace of the target, on its disk.',
  remedy: (names) => `Create the tablespaces on the target first when the place matters: ${names.join(', ')}`,
});

const member = (catalog: string, oid: string): string => `NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d
WHERE d.classid = 'pg_catalog.${catalog}'::pg_catalog.regclass AND d.objid = ${oid} AND d.deptype = 'e')`;

/** `$1` schemas, `$2` functions, `$3` whether the whole database travels. Source of the list: the reference pages of each CREATE. */
const SUPERUSER_OBJECTS = `SELECT 'type ' || pg_catalog.format('%I.%I', n.nspname, t.typname) AS item FROM pg_catalog.pg_type t
JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace WHERE n.nspname = ANY ($1::text[]) AND t.typtype = 'b' AND t.typcategory <> 'A' AND ${member('pg_type', 't.oid')}
UNION ALL SELECT 'operator class ' || pg_catalog.format('%I.%I', n.nspname, o.opcname) FROM pg_catalog.pg_opclass o
JOIN pg_catalog.pg_namespace n ON n.oid = o.opcnamespace WHERE n.nspname = ANY ($1::text[]) AND ${member('pg_opclass', 'o.oid')}
UNION ALL SELECT 'text search parser ' || pg_catalog.format('%I.%I', n.nspname, p.prsname) FROM pg_catalog.pg_ts_parser p
JOIN pg_catalog.pg_namespace n ON n.oid = p.prsnamespace WHERE n.nspname = ANY ($1::text[]) AND ${member('pg_ts_parser', 'p.oid')}
UNION ALL SELECT 'text search template ' || pg_catalog.format('%I.%I', n.nspname, t.tmplname) FROM pg_catalog.pg_ts_template t
JOIN pg_catalog.pg_namespace n ON n.oid = t.tmplnamespace WHERE n.nspname = ANY ($1::text[]) AND ${member('pg_ts_template', 't.oid')}
UNION ALL SELECT 'function ' || pg_catalog.format('%I.%I', n.nspname, p.proname) FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
LEFT JOIN pg_catalog.pg_aggregate g ON g.aggfnoid = p.oid JOIN pg_catalog.pg_language l ON l.oid = p.prolang
WHERE p.oid = ANY ($2::oid[]) AND (p.proleakproof OR g.aggtranstype = 'internal'::pg_catalog.regtype OR (l.lanname <> 'internal' AND NOT l.lanpltrusted))
UNION ALL SELECT 'cast ' || pg_catalog.format_type(castsource, NULL) || ' to ' || pg_catalog.format_type(casttarget, NULL) FROM pg_catalog.pg_cast
WHERE $3 AND oid >= 16384 AND castmethod = 'b' AND ${member('pg_cast', 'pg_cast.oid')}
UNION ALL SELECT 'access method ' || pg_catalog.quote_ident(amname) FROM pg_catalog.pg_am WHERE $3 AND oid >= 16384 AND ${member('pg_am', 'pg_am.oid')}
UNION ALL SELECT 'foreign data wrapper ' || pg_catalog.quote_ident(fdwname) FROM pg_catalog.pg_foreign_data_wrapper
WHERE $3 AND ${member('pg_foreign_data_wrapper', 'pg_foreign_data_wrapper.oid')}
UNION ALL SELECT 'language ' || pg_catalog.quote_ident(lanname) FROM pg_catalog.pg_language WHERE $3 AND oid >= 16384 AND ${member('pg_language', 'pg_language.oid')}
UNION ALL SELECT 'event trigger ' || pg_catalog.quote_ident(evtname) FROM pg_catalog.pg_event_trigger WHERE $3 AND ${member('pg_event_trigger', 'pg_event_trigger.oid')} ORDER BY 1`;

const superuserObjects: Check = itemsCheck({
  id: 'superuser-objects',
  step: 'ObjectCheck',
  title: 'Objects that only a superuser can create',
  applies: ({ target }) => !target.superuser,
  sql: SUPERUSER_OBJECTS,
  params: ({ wholeSchemas, functions }, { plan }) => [wholeSchemas, functions, plan.whole],
  level: 'warning',
  none: 'The account of the target may create every kind of object that travels',
  found: (many) => `${count(many, 'object')} that only a superuser can create`,
  effect: 'They will not exist on the target, nor what uses them.',
  remedy: 'Use a superuser of the target, or have one create these objects first.',
});

const nativeFunctions: Check = itemsCheck({
  id: 'c-functions',
  step: 'DependencyCheck',
  title: 'Functions in machine code',
  sql: `SELECT pg_catalog.format('%I.%I(%s): %s', n.nspname, p.proname, pg_catalog.pg_get_function_identity_arguments(p.oid), p.probin) AS item
FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace JOIN pg_catalog.pg_language l ON l.oid = p.prolang
WHERE p.oid = ANY ($1::oid[]) AND l.lanname = 'c' ORDER BY 1`,
  params: ({ functions }) => [functions],
  level: 'warning',
  none: 'No function outside of extensions is written in C',
  found: (many) => `${count(many, 'function')} in C that no extension brings`,
  effect: 'Their libraries do not travel: without them on the machine of the target these functions cannot be made.',
  remedy: 'Build the libraries for the version of the target and put them into its library folder.',
});

const LANGUAGES = `SELECT l.lanname AS name, count(*)::int AS uses FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_language l ON l.oid = p.prolang
WHERE p.oid = ANY ($1::oid[]) AND l.oid >= 12000 AND ${member('pg_language', 'l.oid')} GROUP BY 1 ORDER BY 1`;
const TARGET_LANGUAGES = 'SELECT lanname AS name FROM pg_catalog.pg_language';

const languages: Check = {
  id: 'languages',
  step: 'DependencyCheck',
  title: 'Languages of functions',
  applies: ({ databases }) => databases.length > 0,
  run: (context) =>
    forDatabases(context, async (database) => {
      const used = await database.source.query<{ name: string; uses: number }>(
        LANGUAGES,
        [scopeOf(database.plan).functions],
        context.signal,
      );
      const session = database.target ?? context.target.server;
      const rows = await session.query<{ name: string }>(TARGET_LANGUAGES, [], context.signal);
      const there = new Set(rows.map(({ name }) => name));
      // The dump of a whole database makes them, in the hands of a superuser.
      const made = database.plan.whole && context.target.superuser;
      const missing = made ? [] : used.filter(({ name }) => !there.has(name));
      if (missing.length === 0)
        return passed(database, 'both', LANGUAGES, 'The target has the languages of all functions');
      return databaseFinding(
        database,
        'both',
        LANGUAGES,
        missing.map(({ name, uses }) => `${name}: ${count(uses, 'function')}`),
        {
          level: 'failed',
          found: `${count(missing.length, 'language')} that the target does not have`,
          effect: 'Functions in these languages cannot be made, nor what uses them: triggers, defaults, views.',
          remedy:
            'Have a superuser create the languages in the database of the target (CREATE EXTENSION or CREATE LANGUAGE).',
        },
      );
    }),
};

const listCheck = (o: {
  readonly id: string;
  readonly title: string;
  readonly sql: string;
  readonly one: string;
  readonly effect: string;
  readonly remedy: string;
}): Check =>
  itemsCheck({
    id: o.id,
    step: 'DependencyCheck',
    title: o.title,
    sql: o.sql,
    params: () => [],
    level: 'warning',
    none: `There are no ${o.one}s`,
    found: (many) => `${count(many, o.one)} on the source`,
    effect: o.effect,
    remedy: o.remedy,
  });

const publications = listCheck({
  id: 'publications',
  title: 'Publications',
  sql: 'SELECT pg_catalog.quote_ident(pubname) AS item FROM pg_catalog.pg_publication ORDER BY 1',
  one: 'publication',
  effect: 'They are not made on the target: who follows the source follows the source until somebody moves it over.',
  remedy: 'Create the publications on the target and point their subscribers to it when you switch over.',
});

const subscriptions = listCheck({
  id: 'subscriptions',
  title: 'Subscriptions',
  sql: `SELECT pg_catalog.quote_ident(subname) || CASE WHEN subenabled THEN '' ELSE ' (disabled)' END AS item FROM pg_catalog.pg_subscription
WHERE subdbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()) ORDER BY 1`,
  one: 'subscription',
  effect:
    'They are not made on the target: two servers would take from one slot. What another server sends goes on arriving at the source only.',
  remedy: 'Create the subscriptions on the target (create_slot = false, copy_data = false) when you switch over.',
});

const eventTriggers: Check = {
  id: 'event-triggers',
  step: 'DependencyCheck',
  title: 'Event triggers',
  applies: ({ databases }) => databases.length > 0,
  run: (context) => {
    const sql = `SELECT pg_catalog.quote_ident(evtname) || ': ' || evtevent AS item FROM pg_catalog.pg_event_trigger e WHERE ${member('pg_event_trigger', 'e.oid')} ORDER BY 1`;
    return forDatabases(context, async (database) => {
      const rows = await database.source.query<{ item: string }>(sql, [], context.signal);
      if (rows.length === 0) return passed(database, 'source', sql, 'There are no event triggers');
      const carried = database.plan.whole && context.target.superuser;
      return databaseFinding(
        database,
        'source',
        sql,
        rows.map(({ item }) => item),
        {
          level: 'warning',
          found: `${count(rows.length, 'event trigger')} on the source`,
          effect: carried
            ? 'They are made at the end and act on every later change of definitions on the target.'
            : 'They are not made on the target: a part of a database does not carry them, and only a superuser may create them.',
          remedy: carried
            ? 'See that what they call (other servers, tables of a log) is there for the target too.'
            : 'Have a superuser create them on the target after the copy.',
        },
      );
    });
  },
};

export const SERVER_OBJECT_CHECKS: readonly Check[] = [tablespaces, superuserObjects];
export const SERVER_DEPENDENCY_CHECKS: readonly Check[] = [
  nativeFunctions,
  languages,
  publications,
  subscriptions,
  eventTriggers,
];
