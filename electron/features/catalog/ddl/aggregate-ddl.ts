import { quoteIdent, quoteLiteral, quoteQualified } from '../../../../shared/model/quote';
import type { PgSession } from '../../../adapters/postgres/session';
import { sqlFor, type VersionedSql } from '../kinds/kind';

/** A function or operator by name; null when there is none. */
export type NamedRef = { readonly schema: string; readonly name: string } | null;

interface AggregateRow {
  readonly oid: number;
  readonly kind: string;
  readonly parallel: string;
  readonly sfunc: NamedRef;
  readonly stype: string;
  readonly sspace: number;
  readonly finalfunc: NamedRef;
  readonly finalExtra: boolean;
  readonly finalModify: string;
  readonly combinefunc: NamedRef;
  readonly serialfunc: NamedRef;
  readonly deserialfunc: NamedRef;
  readonly initcond: string | null;
  readonly msfunc: NamedRef;
  readonly minvfunc: NamedRef;
  readonly mstype: string | null;
  readonly msspace: number;
  readonly mfinalfunc: NamedRef;
  readonly mfinalExtra: boolean;
  readonly mfinalModify: string;
  readonly minitcond: string | null;
  readonly sortop: NamedRef;
}

/** SQL expression: schema and name of a function as JSON, null for none. */
export const functionJson = (oid: string): string =>
  `(SELECT pg_catalog.json_build_object('schema', fn.nspname, 'name', f.proname) FROM pg_catalog.pg_proc f
     JOIN pg_catalog.pg_namespace fn ON fn.oid = f.pronamespace WHERE f.oid = ${oid})`;

const aggregates = (finalModify: string, mfinalModify: string): string => `
SELECT p.oid, a.aggkind::text AS kind, p.proparallel::text AS parallel, ${functionJson('a.aggtransfn')} AS sfunc,
       pg_catalog.format_type(a.aggtranstype, NULL) AS stype, a.aggtransspace AS sspace, ${functionJson('a.aggfinalfn')} AS finalfunc,
       a.aggfinalextra AS "finalExtra", ${finalModify} AS "finalModify", ${functionJson('a.aggcombinefn')} AS combinefunc,
       ${functionJson('a.aggserialfn')} AS serialfunc, ${functionJson('a.aggdeserialfn')} AS deserialfunc, a.agginitval AS initcond,
       ${functionJson('a.aggmtransfn')} AS msfunc, ${functionJson('a.aggminvtransfn')} AS minvfunc,
       CASE WHEN a.aggmtranstype <> 0 THEN pg_catalog.format_type(a.aggmtranstype, NULL) END AS mstype, a.aggmtransspace AS msspace,
       ${functionJson('a.aggmfinalfn')} AS mfinalfunc, a.aggmfinalextra AS "mfinalExtra", ${mfinalModify} AS "mfinalModify",
       a.aggminitval AS minitcond,
       (SELECT pg_catalog.json_build_object('schema', n.nspname, 'name', o.oprname) FROM pg_catalog.pg_operator o
          JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace WHERE o.oid = a.aggsortop) AS sortop
  FROM pg_catalog.pg_aggregate a JOIN pg_catalog.pg_proc p ON p.oid = a.aggfnoid WHERE p.oid = ANY ($1::oid[])`;

const AGGREGATES: VersionedSql = {
  100000: aggregates("CASE WHEN a.aggkind = 'n' THEN 'r' ELSE 'w' END", "'r'"),
  110000: aggregates('a.aggfinalmodify::text', 'a.aggmfinalmodify::text'),
};

export async function readAggregates(
  session: PgSession,
  oids: readonly number[],
  signal: AbortSignal,
): Promise<Map<number, AggregateRow>> {
  if (oids.length === 0) return new Map();
  const rows = await session.query<AggregateRow>(sqlFor(AGGREGATES, session.serverVersionNum), [oids], signal);
  return new Map(rows.map((row) => [row.oid, row]));
}

const MODIFY: Readonly<Record<string, string>> = { r: 'READ_ONLY', s: 'SHAREABLE', w: 'READ_WRITE' };
const PARALLEL: Readonly<Record<string, string>> = { s: 'SAFE', r: 'RESTRICTED' };

/** `CREATE AGGREGATE`; the final function's default is READ_ONLY, for ordered-set aggregates READ_WRITE. */
export function aggregateStatement(name: string, shownArguments: string, row: AggregateRow): string {
  const parts: string[] = [];
  const ref = (key: string, value: NamedRef): void => {
    if (value) parts.push(`${key} = ${quoteQualified(value.schema, value.name)}`);
  };
  const usual = row.kind === 'n' ? 'r' : 'w';
  ref('SFUNC', row.sfunc);
  parts.push(`STYPE = ${row.stype}`);
  if (row.sspace > 0) parts.push(`SSPACE = ${row.sspace}`);
  ref('FINALFUNC', row.finalfunc);
  if (row.finalExtra) parts.push('FINALFUNC_EXTRA');
  if (row.finalfunc && row.finalModify !== usual)
    parts.push(`FINALFUNC_MODIFY = ${MODIFY[row.finalModify] ?? 'READ_ONLY'}`);
  ref('COMBINEFUNC', row.combinefunc);
  ref('SERIALFUNC', row.serialfunc);
  ref('DESERIALFUNC', row.deserialfunc);
  if (row.initcond !== null) parts.push(`INITCOND = ${quoteLiteral(row.initcond)}`);
  ref('MSFUNC', row.msfunc);
  ref('MINVFUNC', row.minvfunc);
  if (row.mstype !== null) parts.push(`MSTYPE = ${row.mstype}`);
  if (row.msspace > 0) parts.push(`MSSPACE = ${row.msspace}`);
  ref('MFINALFUNC', row.mfinalfunc);
  if (row.mfinalExtra) parts.push('MFINALFUNC_EXTRA');
  if (row.mfinalfunc && row.mfinalModify !== usual) {
    parts.push(`MFINALFUNC_MODIFY = ${MODIFY[row.mfinalModify] ?? 'READ_ONLY'}`);
  }
  if (row.minitcond !== null) parts.push(`MINITCOND = ${quoteLiteral(row.minitcond)}`);
  if (row.sortop) parts.push(`SORTOP = OPERATOR(${quoteIdent(row.sortop.schema)}.${row.sortop.name})`);
  const parallel = PARALLEL[row.parallel];
  if (parallel !== undefined) parts.push(`PARALLEL = ${parallel}`);
  if (row.kind === 'h') parts.push('HYPOTHETICAL');
  return `CREATE AGGREGATE ${name}(${shownArguments}) (\n    ${parts.join(',\n    ')}\n);`;
}
