import { dependsOnExtensions, functionName, LAST_ITEMS, lastFacts, privilegesGrid, securityLabelsGrid } from './facts';
import { always, type GridDefinition, type KindDefinition, type PropertiesDefinition } from './kind';

/** `window` by version; the support function came with 12, a body in SQL with 14. */
const facts = (window: string, support: string, body: string): string => `
SELECT p.proname AS name, p.oid::text AS oid, n.nspname AS schema, pg_catalog.pg_get_userbyid(p.proowner) AS owner,
       pg_catalog.pg_get_function_arguments(p.oid) AS arguments, pg_catalog.pg_get_function_result(p.oid) AS "returnType",
       l.lanname AS language, CASE p.provolatile WHEN 'i' THEN 'IMMUTABLE' WHEN 's' THEN 'STABLE' ELSE 'VOLATILE' END AS volatility,
       p.proretset::text AS "returnsSet", p.proisstrict::text AS strict, p.prosecdef::text AS "securityDefiner", p.proleakproof::text AS leakproof,
       CASE p.proparallel WHEN 's' THEN 'SAFE' WHEN 'r' THEN 'RESTRICTED' ELSE 'UNSAFE' END AS parallel,
       p.procost::text AS cost, CASE WHEN p.proretset THEN p.prorows::text END AS rows, ${window} AS window, ${support} AS support,
       (SELECT string_agg(pg_catalog.format_type(t, NULL), ', ') FROM unnest(p.protrftypes) t) AS transforms,
       pg_catalog.array_to_string(p.proconfig, E'\\n') AS parameters, p.probin AS library,
       CASE WHEN l.lanname = 'c' THEN p.prosrc END AS symbol, CASE WHEN l.lanname <> 'c' THEN coalesce(${body}, p.prosrc) END AS code,
       ${dependsOnExtensions('p.oid', 'pg_proc')},${lastFacts('p.oid', 'pg_proc')}
  FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace JOIN pg_catalog.pg_language l ON l.oid = p.prolang
 WHERE p.oid = $1`;

const argumentsGrid: GridDefinition = {
  key: 'arguments',
  columns: ['number', 'name', 'mode', 'type', 'default'],
  sql: always(`
SELECT k.at::text AS number, p.proargnames[k.at] AS name,
       CASE coalesce(p.proargmodes[k.at], 'i') WHEN 'i' THEN 'IN' WHEN 'o' THEN 'OUT' WHEN 'b' THEN 'INOUT' WHEN 'v' THEN 'VARIADIC' ELSE 'TABLE' END AS mode,
       pg_catalog.format_type(k.type, NULL) AS type, pg_catalog.pg_get_function_arg_default(p.oid, k.at::int4) AS "default"
  FROM pg_catalog.pg_proc p, unnest(coalesce(p.proallargtypes, p.proargtypes::oid[])) WITH ORDINALITY k (type, at)
 WHERE p.oid = $1 ORDER BY k.at`),
};

const functionProperties: PropertiesDefinition = {
  sql: {
    100000: facts('p.proiswindow::text', 'NULL::text', 'NULL::text'),
    110000: facts("(p.prokind = 'w')::text", 'NULL::text', 'NULL::text'),
    120000: facts("(p.prokind = 'w')::text", functionName('p.prosupport'), 'NULL::text'),
    140000: facts("(p.prokind = 'w')::text", functionName('p.prosupport'), 'pg_catalog.pg_get_function_sqlbody(p.oid)'),
  },
  items: [
    ['name', 'text'],
    ['oid', 'text'],
    ['schema', 'text'],
    ['owner', 'text'],
    ['arguments', 'code'],
    ['returnType', 'code'],
    ['returnsSet', 'boolean'],
    ['language', 'text'],
    ['volatility', 'text'],
    ['strict', 'boolean'],
    ['securityDefiner', 'boolean'],
    ['leakproof', 'boolean'],
    ['parallel', 'text'],
    ['cost', 'text'],
    ['rows', 'text'],
    ['window', 'boolean'],
    ['support', 'code'],
    ['transforms', 'code'],
    ['parameters', 'code'],
    ['library', 'code'],
    ['symbol', 'code'],
    ['code', 'code'],
    ['dependsOnExtensions', 'text'],
    ...LAST_ITEMS,
  ],
  grids: [argumentsGrid, privilegesGrid('pg_proc', 'proacl'), securityLabelsGrid('pg_proc')],
};

/** Columns of the lists of functions of every sort. */
export const FUNCTION_LIST = `p.oid, p.proname AS name, '(' || pg_catalog.pg_get_function_identity_arguments(p.oid) || ')' AS note`;
const TRIGGER =
  "p.prorettype IN ('pg_catalog.trigger'::pg_catalog.regtype, 'pg_catalog.event_trigger'::pg_catalog.regtype)";
/** Functions of a schema that fulfil a condition on pg_proc `p`. */
export const functionsWhere = (condition: string): string =>
  `FROM pg_catalog.pg_proc p WHERE p.pronamespace = $1 AND ${condition}`;

/** Plain functions and window functions. */
export const functions: KindDefinition = {
  folder: 'functions',
  kind: 'function',
  scope: 'schema',
  select: {
    100000: `${FUNCTION_LIST}, CASE WHEN p.proiswindow THEN 'window' ELSE '' END AS mark`,
    110000: `${FUNCTION_LIST}, CASE p.prokind WHEN 'w' THEN 'window' ELSE '' END AS mark`,
  },
  from: {
    100000: functionsWhere(`NOT p.proisagg AND NOT ${TRIGGER}`),
    110000: functionsWhere(`p.prokind IN ('f', 'w') AND NOT ${TRIGGER}`),
  },
  order: 'p.proname, 3',
  properties: { function: functionProperties },
};

/** Procedures; there are none before 11. */
export const procedures: KindDefinition = {
  folder: 'procedures',
  kind: 'procedure',
  scope: 'schema',
  rare: true,
  select: always(`${FUNCTION_LIST}, '' AS mark`),
  from: { 100000: functionsWhere('false'), 110000: functionsWhere("p.prokind = 'p'") },
  order: 'p.proname, 3',
  properties: { procedure: functionProperties },
};

/** Functions that triggers and event triggers call. */
export const triggerFunctions: KindDefinition = {
  folder: 'trigger-functions',
  kind: 'trigger-function',
  scope: 'schema',
  rare: true,
  select: always(`${FUNCTION_LIST}, '' AS mark`),
  from: {
    100000: functionsWhere(`NOT p.proisagg AND ${TRIGGER}`),
    110000: functionsWhere(`p.prokind IN ('f', 'w') AND ${TRIGGER}`),
  },
  order: 'p.proname, 3',
  properties: { 'trigger-function': functionProperties },
};
