import { always, type KindDefinition, type PropertiesDefinition } from './kind';

const facts = (kind: string): string => `
SELECT p.proname AS name, p.oid::text AS oid, n.nspname AS schema, pg_catalog.pg_get_userbyid(p.proowner) AS owner,
       pg_catalog.pg_get_function_arguments(p.oid) AS arguments, pg_catalog.pg_get_function_result(p.oid) AS "returnType",
       l.lanname AS language, CASE p.provolatile WHEN 'i' THEN 'IMMUTABLE' WHEN 's' THEN 'STABLE' ELSE 'VOLATILE' END AS volatility,
       p.proisstrict::text AS strict, p.prosecdef::text AS "securityDefiner", p.proleakproof::text AS leakproof,
       CASE p.proparallel WHEN 's' THEN 'SAFE' WHEN 'r' THEN 'RESTRICTED' ELSE 'UNSAFE' END AS parallel,
       p.procost::text AS cost, CASE WHEN p.proretset THEN p.prorows::text END AS rows, ${kind} AS window,
       array_to_string(p.proconfig, E'\\n') AS parameters,
       (SELECT string_agg(a::text, E'\\n') FROM unnest(p.proacl) a) AS privileges,
       pg_catalog.obj_description(p.oid, 'pg_proc') AS comment
  FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace JOIN pg_catalog.pg_language l ON l.oid = p.prolang
 WHERE p.oid = $1`;

const functionProperties: PropertiesDefinition = {
  sql: { 100000: facts('p.proiswindow::text'), 110000: facts("(p.prokind = 'w')::text") },
  items: [
    ['name', 'text'],
    ['oid', 'text'],
    ['schema', 'text'],
    ['owner', 'text'],
    ['arguments', 'code'],
    ['returnType', 'code'],
    ['language', 'text'],
    ['volatility', 'text'],
    ['strict', 'boolean'],
    ['securityDefiner', 'boolean'],
    ['leakproof', 'boolean'],
    ['parallel', 'text'],
    ['cost', 'text'],
    ['rows', 'text'],
    ['window', 'boolean'],
    ['parameters', 'code'],
    ['privileges', 'code'],
    ['comment', 'text'],
  ],
  grids: [],
};

const SELECT = `p.oid, p.proname AS name, '(' || pg_catalog.pg_get_function_identity_arguments(p.oid) || ')' AS note`;
const TRIGGER =
  "p.prorettype IN ('pg_catalog.trigger'::pg_catalog.regtype, 'pg_catalog.event_trigger'::pg_catalog.regtype)";
const from = (condition: string): string => `FROM pg_catalog.pg_proc p WHERE p.pronamespace = $1 AND ${condition}`;

/** Plain functions and window functions. */
export const functions: KindDefinition = {
  folder: 'functions',
  kind: 'function',
  scope: 'schema',
  select: {
    100000: `${SELECT}, CASE WHEN p.proiswindow THEN 'window' ELSE '' END AS mark`,
    110000: `${SELECT}, CASE p.prokind WHEN 'w' THEN 'window' ELSE '' END AS mark`,
  },
  from: {
    100000: from(`NOT p.proisagg AND NOT ${TRIGGER}`),
    110000: from(`p.prokind IN ('f', 'w') AND NOT ${TRIGGER}`),
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
  select: always(`${SELECT}, '' AS mark`),
  from: { 100000: from('false'), 110000: from("p.prokind = 'p'") },
  order: 'p.proname, 3',
  properties: { procedure: functionProperties },
};

/** Functions that triggers and event triggers call. */
export const triggerFunctions: KindDefinition = {
  folder: 'trigger-functions',
  kind: 'trigger-function',
  scope: 'schema',
  rare: true,
  select: always(`${SELECT}, '' AS mark`),
  from: { 100000: from(`NOT p.proisagg AND ${TRIGGER}`), 110000: from(`p.prokind IN ('f', 'w') AND ${TRIGGER}`) },
  order: 'p.proname, 3',
  properties: { 'trigger-function': functionProperties },
};

/** Aggregate functions. */
export const aggregates: KindDefinition = {
  folder: 'aggregates',
  kind: 'aggregate',
  scope: 'schema',
  rare: true,
  select: always(`${SELECT}, '' AS mark`),
  from: { 100000: from('p.proisagg'), 110000: from("p.prokind = 'a'") },
  order: 'p.proname, 3',
  properties: { aggregate: functionProperties },
};
