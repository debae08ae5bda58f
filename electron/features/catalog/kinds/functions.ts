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

/** Functions, procedures (11 and newer), aggregates and trigger functions. */
export const functions: KindDefinition = {
  folder: 'functions',
  kind: 'function',
  scope: 'schema',
  select: {
    100000: `p.oid, p.proname AS name, '(' || pg_catalog.pg_get_function_identity_arguments(p.oid) || ')' AS note, '' AS mark,
      CASE WHEN p.proisagg THEN 'aggregate'
           WHEN p.prorettype IN ('pg_catalog.trigger'::pg_catalog.regtype, 'pg_catalog.event_trigger'::pg_catalog.regtype) THEN 'trigger-function'
           ELSE 'function' END AS kind`,
    110000: `p.oid, p.proname AS name, '(' || pg_catalog.pg_get_function_identity_arguments(p.oid) || ')' AS note, '' AS mark,
      CASE WHEN p.prokind = 'a' THEN 'aggregate' WHEN p.prokind = 'p' THEN 'procedure'
           WHEN p.prorettype IN ('pg_catalog.trigger'::pg_catalog.regtype, 'pg_catalog.event_trigger'::pg_catalog.regtype) THEN 'trigger-function'
           ELSE 'function' END AS kind`,
  },
  from: always('FROM pg_catalog.pg_proc p WHERE p.pronamespace = $1'),
  order: 'p.proname, 3',
  properties: {
    function: functionProperties,
    procedure: functionProperties,
    aggregate: functionProperties,
    'trigger-function': functionProperties,
  },
};
