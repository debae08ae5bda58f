import type { FormState } from '../../../../../shared/model/form';
import { sqlFor, type VersionedSql } from '../../kinds/kind';
import { labelsJson, privilegesJson } from '../state-pieces';
import type { StateReader } from '../state-reader';
import { functionName, identity, operatorName, typeName } from './names';

type InputOfAggregate = { readonly id: string; readonly mode: string; readonly name: string; readonly type: string };

type AggregateRow = FormState & { readonly all: readonly InputOfAggregate[]; readonly direct: number };

const INPUTS = `
coalesce((SELECT pg_catalog.json_agg(pg_catalog.json_build_object('id', 'a' || a.n,
     'mode', CASE p.proargmodes[a.n] WHEN 'v' THEN 'VARIADIC' ELSE '' END,
     'name', coalesce(p.proargnames[a.n], ''), 'type', pg_catalog.format_type(a.type, NULL)) ORDER BY a.n)
   FROM pg_catalog.unnest(p.proargtypes::oid[]) WITH ORDINALITY AS a(type, n)), '[]'::json)`;

const modify = (column: string): string =>
  `CASE ${column} WHEN 's' THEN 'SHAREABLE' WHEN 'w' THEN 'READ_WRITE' ELSE 'READ_ONLY' END`;

const aggregates = (finalModify: string, movingModify: string): string => `
SELECT ${identity('p', 'pro', 'pg_proc')}, ${INPUTS} AS "all", a.aggnumdirectargs::int4 AS direct, a.aggkind <> 'n' AS ordered,
       a.aggkind = 'h' AS hypothetical, ${typeName('a.aggtranstype')} AS "stateType", ${functionName('a.aggtransfn')} AS "stateFunction",
       a.aggtransspace AS "stateSize", ${functionName('a.aggfinalfn')} AS "finalFunction", a.aggfinalextra AS "finalExtra",
       ${modify(finalModify)} AS "finalModify", coalesce(a.agginitval, '') AS initial, a.agginitval IS NOT NULL AS "hasInitial",
       ${functionName('a.aggcombinefn')} AS "combineFunction", ${functionName('a.aggserialfn')} AS "serialFunction",
       ${functionName('a.aggdeserialfn')} AS "deserialFunction", ${typeName('a.aggmtranstype')} AS "movingType",
       ${functionName('a.aggmtransfn')} AS "movingFunction", ${functionName('a.aggminvtransfn')} AS "movingInverse",
       a.aggmtransspace AS "movingSize", ${functionName('a.aggmfinalfn')} AS "movingFinal", a.aggmfinalextra AS "movingFinalExtra",
       ${modify(movingModify)} AS "movingFinalModify", coalesce(a.aggminitval, '') AS "movingInitial",
       a.aggminitval IS NOT NULL AS "hasMovingInitial", ${operatorName('a.aggsortop')} AS "sortOperator",
       CASE p.proparallel WHEN 's' THEN 'SAFE' WHEN 'r' THEN 'RESTRICTED' ELSE 'UNSAFE' END AS parallel,
       ${privilegesJson('p.proacl', "acldefault('f', p.proowner)")} AS privileges, ${labelsJson('pg_proc', 'p.oid')} AS labels
  FROM pg_catalog.pg_aggregate a JOIN pg_catalog.pg_proc p ON p.oid = a.aggfnoid WHERE p.oid = $1`;

const AGGREGATES: VersionedSql = {
  100000: aggregates(
    "CASE WHEN a.aggkind = 'n' THEN 'r' ELSE 'w' END",
    "CASE WHEN a.aggkind = 'n' THEN 'r' ELSE 'w' END",
  ),
  110000: aggregates('a.aggfinalmodify', 'a.aggmfinalmodify'),
};

export const aggregateState: StateReader = async (session, object, signal) => {
  const [row] = await session.query<AggregateRow>(sqlFor(AGGREGATES, session.serverVersionNum), [object.oid], signal);
  if (!row) return null;
  const { all, direct, ...rest } = row;
  if (rest['ordered'] !== true) return { variant: '', state: { ...rest, arguments: all, orderBy: [] } };
  const last = all.at(-1);
  // A variadic argument may be the last of both lists, and is written down once.
  const orderBy = direct < all.length ? all.slice(direct) : last ? [last] : [];
  return { variant: '', state: { ...rest, arguments: all.slice(0, direct), orderBy } };
};
