import { functionName, LAST_ITEMS, lastFacts, privilegesGrid, securityLabelsGrid } from './facts';
import { FUNCTION_LIST, functionsWhere } from './functions';
import { always, type KindDefinition } from './kind';

/** How a final function may change the state; 11 and newer say so. */
const modify = (column: string): string =>
  `CASE ${column} WHEN 'r' THEN 'READ_ONLY' WHEN 's' THEN 'SHAREABLE' WHEN 'w' THEN 'READ_WRITE' END`;

const facts = (finalModify: string, movingFinalModify: string): string => `
SELECT p.proname AS name, p.oid::text AS oid, n.nspname AS schema, pg_catalog.pg_get_userbyid(p.proowner) AS owner,
       CASE g.aggkind WHEN 'o' THEN 'ORDERED SET' WHEN 'h' THEN 'HYPOTHETICAL SET' ELSE 'NORMAL' END AS variant,
       pg_catalog.pg_get_function_arguments(p.oid) AS arguments, pg_catalog.pg_get_function_result(p.oid) AS "returnType",
       g.aggtransfn::text AS "stateFunction", pg_catalog.format_type(g.aggtranstype, NULL) AS "stateType", nullif(g.aggtransspace, 0)::text AS "stateSize",
       g.agginitval AS "initialValue", ${functionName('g.aggfinalfn')} AS "finalFunction",
       CASE WHEN g.aggfinalextra THEN 'true' END AS "finalExtra", CASE WHEN g.aggfinalfn <> 0 THEN ${finalModify} END AS "finalModify",
       ${functionName('g.aggcombinefn')} AS "combineFunction", ${functionName('g.aggserialfn')} AS "serialFunction",
       ${functionName('g.aggdeserialfn')} AS "deserialFunction", ${functionName('g.aggmtransfn')} AS "movingStateFunction",
       ${functionName('g.aggminvtransfn')} AS "movingInverseFunction",
       CASE WHEN g.aggmtranstype <> 0 THEN pg_catalog.format_type(g.aggmtranstype, NULL) END AS "movingStateType",
       nullif(g.aggmtransspace, 0)::text AS "movingStateSize", g.aggminitval AS "movingInitialValue",
       ${functionName('g.aggmfinalfn')} AS "movingFinalFunction", CASE WHEN g.aggmfinalextra THEN 'true' END AS "movingFinalExtra",
       CASE WHEN g.aggmfinalfn <> 0 THEN ${movingFinalModify} END AS "movingFinalModify",
       CASE WHEN g.aggsortop <> 0 THEN g.aggsortop::pg_catalog.regoperator::text END AS "sortOperator",
       CASE p.proparallel WHEN 's' THEN 'SAFE' WHEN 'r' THEN 'RESTRICTED' ELSE 'UNSAFE' END AS parallel,${lastFacts('p.oid', 'pg_proc')}
  FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_aggregate g ON g.aggfnoid = p.oid JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
 WHERE p.oid = $1`;

/** Aggregate functions. */
export const aggregates: KindDefinition = {
  folder: 'aggregates',
  kind: 'aggregate',
  scope: 'schema',
  rare: true,
  select: always(`${FUNCTION_LIST}, '' AS mark`),
  from: { 100000: functionsWhere('p.proisagg'), 110000: functionsWhere("p.prokind = 'a'") },
  order: 'p.proname, 3',
  properties: {
    aggregate: {
      sql: {
        100000: facts('NULL::text', 'NULL::text'),
        110000: facts(modify('g.aggfinalmodify'), modify('g.aggmfinalmodify')),
      },
      items: [
        ['name', 'text'],
        ['oid', 'text'],
        ['schema', 'text'],
        ['owner', 'text'],
        ['variant', 'text'],
        ['arguments', 'code'],
        ['returnType', 'code'],
        ['stateFunction', 'code'],
        ['stateType', 'code'],
        ['stateSize', 'text'],
        ['initialValue', 'code'],
        ['finalFunction', 'code'],
        ['finalExtra', 'boolean'],
        ['finalModify', 'text'],
        ['combineFunction', 'code'],
        ['serialFunction', 'code'],
        ['deserialFunction', 'code'],
        ['movingStateFunction', 'code'],
        ['movingInverseFunction', 'code'],
        ['movingStateType', 'code'],
        ['movingStateSize', 'text'],
        ['movingInitialValue', 'code'],
        ['movingFinalFunction', 'code'],
        ['movingFinalExtra', 'boolean'],
        ['movingFinalModify', 'text'],
        ['sortOperator', 'code'],
        ['parallel', 'text'],
        ...LAST_ITEMS,
      ],
      grids: [privilegesGrid('pg_proc', 'proacl'), securityLabelsGrid('pg_proc')],
    },
  },
};
