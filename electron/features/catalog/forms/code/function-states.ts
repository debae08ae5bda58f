import type { FormState } from '../../../../../shared/model/form';
import { sqlFor, type VersionedSql } from '../../kinds/kind';
import { labelsJson, optionsJson, privilegesJson } from '../state-pieces';
import type { StateReader } from '../state-reader';
import { functionName, identity } from './names';

type ArgumentOfFunction = {
  readonly id: string;
  readonly mode: string;
  readonly name: string;
  readonly type: string;
  readonly default: string;
};

type FunctionRow = FormState & { readonly all: readonly ArgumentOfFunction[] };

/** Arguments in order, those of RETURNS TABLE too, whose mode is TABLE. */
const ARGUMENTS = `
coalesce((SELECT pg_catalog.json_agg(pg_catalog.json_build_object('id', 'a' || a.n,
     'mode', CASE p.proargmodes[a.n] WHEN 'o' THEN 'OUT' WHEN 'b' THEN 'INOUT' WHEN 'v' THEN 'VARIADIC' WHEN 't' THEN 'TABLE' ELSE '' END,
     'name', coalesce(p.proargnames[a.n], ''), 'type', pg_catalog.format_type(a.type, NULL),
     'default', coalesce(pg_catalog.pg_get_function_arg_default(p.oid, a.n::int4), '')) ORDER BY a.n)
   FROM pg_catalog.unnest(coalesce(p.proallargtypes, p.proargtypes::oid[])) WITH ORDINALITY AS a(type, n)), '[]'::json)`;

const functions = (procedure: string, window: string, support: string, atomic: string): string => `
SELECT ${identity('p', 'pro', 'pg_proc')}, ${ARGUMENTS} AS "all",
       CASE WHEN p.proretset THEN 'SETOF' ELSE '' END AS returns,
       CASE WHEN ${procedure} THEN '' ELSE pg_catalog.format_type(p.prorettype, NULL) END AS "returnType",
       l.lanname::text AS language, ${atomic} IS NOT NULL AS atomic,
       CASE WHEN l.lanname = 'c' THEN '' ELSE coalesce(${atomic}, p.prosrc) END AS body,
       coalesce(p.probin, '') AS "objectFile", CASE WHEN l.lanname = 'c' THEN p.prosrc ELSE '' END AS symbol,
       CASE p.provolatile WHEN 'i' THEN 'IMMUTABLE' WHEN 's' THEN 'STABLE' ELSE 'VOLATILE' END AS volatility,
       p.proisstrict AS strict, p.prosecdef AS "securityDefiner", ${window} AS window,
       CASE p.proparallel WHEN 's' THEN 'SAFE' WHEN 'r' THEN 'RESTRICTED' ELSE 'UNSAFE' END AS parallel,
       p.proleakproof AS leakproof, p.procost::float8 AS cost, p.prorows::float8 AS rows, ${support} AS support,
       ${optionsJson('p.proconfig')} AS parameters,
       ARRAY(SELECT x.extname::text FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_extension x ON x.oid = d.refobjid
              WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid = p.oid AND d.deptype = 'x'
                AND d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass ORDER BY 1) AS extensions,
       ${privilegesJson('p.proacl', "acldefault('f', p.proowner)")} AS privileges, ${labelsJson('pg_proc', 'p.oid')} AS labels
  FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_language l ON l.oid = p.prolang WHERE p.oid = $1`;

const supportName = functionName('p.prosupport');

const FUNCTIONS: VersionedSql = {
  100000: functions('false', 'p.proiswindow', "''", 'NULL::text'),
  110000: functions("p.prokind = 'p'", "(p.prokind = 'w')", "''", 'NULL::text'),
  120000: functions("p.prokind = 'p'", "(p.prokind = 'w')", supportName, 'NULL::text'),
  140000: functions("p.prokind = 'p'", "(p.prokind = 'w')", supportName, 'pg_catalog.pg_get_function_sqlbody(p.oid)'),
};

/** Functions, procedures and trigger functions. */
export const functionState: StateReader = async (session, object, signal) => {
  const [row] = await session.query<FunctionRow>(sqlFor(FUNCTIONS, session.serverVersionNum), [object.oid], signal);
  if (!row) return null;
  const { all, ...rest } = row;
  const given = all.filter(({ mode }) => mode !== 'TABLE');
  const columns = all.filter(({ mode }) => mode === 'TABLE').map(({ id, name, type }) => ({ id, name, type }));
  const result = columns.length > 0 ? { returns: 'TABLE', returnType: '' } : {};
  const state = { ...rest, ...result, arguments: given, knownArguments: given, returnColumns: columns };
  return { variant: '', state };
};
