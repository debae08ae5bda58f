import { quoteIdent, quoteQualified } from '../../../../shared/model/quote';
import type { PgSession } from '../../../adapters/postgres/session';
import { functionJson, type NamedRef } from './aggregate-ddl';
import { pieceObject, commentStatement, joinStatements, PHASE, type Piece } from './piece';
import type { Scope } from './scope';

interface OperatorRow {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly owner: string;
  readonly left: string | null;
  readonly right: string | null;
  readonly function: NamedRef;
  readonly commutator: NamedRef;
  readonly negator: NamedRef;
  readonly restrict: NamedRef;
  readonly join: NamedRef;
  readonly hashes: boolean;
  readonly merges: boolean;
  readonly comment: string | null;
}

const operatorJson = (oid: string): string =>
  `(SELECT pg_catalog.json_build_object('schema', x.nspname, 'name', p.oprname) FROM pg_catalog.pg_operator p
     JOIN pg_catalog.pg_namespace x ON x.oid = p.oprnamespace WHERE p.oid = ${oid})`;

const operators = (own: string): string => `
SELECT o.oid, n.nspname AS schema, o.oprname AS name, pg_catalog.pg_get_userbyid(o.oprowner) AS owner,
       CASE WHEN o.oprleft <> 0 THEN pg_catalog.format_type(o.oprleft, NULL) END AS left,
       CASE WHEN o.oprright <> 0 THEN pg_catalog.format_type(o.oprright, NULL) END AS right,
       ${functionJson('o.oprcode')} AS function, ${operatorJson('o.oprcom')} AS commutator, ${operatorJson('o.oprnegate')} AS negator,
       ${functionJson('o.oprrest')} AS restrict, ${functionJson('o.oprjoin')} AS join, o.oprcanhash AS hashes, o.oprcanmerge AS merges,
       pg_catalog.obj_description(o.oid, 'pg_operator') AS comment
  FROM pg_catalog.pg_operator o JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace WHERE o.oprcode <> 0 AND ${own} ORDER BY 2, 3`;

/** An operator's name is made of signs that are never quoted. */
const operatorName = (ref: NonNullable<NamedRef>): string => `OPERATOR(${quoteIdent(ref.schema)}.${ref.name})`;

export async function operatorPieces(session: PgSession, scope: Scope, signal: AbortSignal): Promise<Piece[]> {
  const rows = await session.query<OperatorRow>(operators(scope.where('pg_operator')), scope.params, signal);
  return rows.map((row) => {
    const name = `${quoteIdent(row.schema)}.${row.name}`;
    const parts = [row.function ? `FUNCTION = ${quoteQualified(row.function.schema, row.function.name)}` : ''];
    if (row.left !== null) parts.push(`LEFTARG = ${row.left}`);
    if (row.right !== null) parts.push(`RIGHTARG = ${row.right}`);
    if (row.commutator) parts.push(`COMMUTATOR = ${operatorName(row.commutator)}`);
    if (row.negator) parts.push(`NEGATOR = ${operatorName(row.negator)}`);
    if (row.restrict) parts.push(`RESTRICT = ${quoteQualified(row.restrict.schema, row.restrict.name)}`);
    if (row.join) parts.push(`JOIN = ${quoteQualified(row.join.schema, row.join.name)}`);
    if (row.hashes) parts.push('HASHES');
    if (row.merges) parts.push('MERGES');
    const target = `OPERATOR ${name} (${row.left ?? 'NONE'}, ${row.right ?? 'NONE'})`;
    // FUNCTION = … came with 11; PROCEDURE means the same on all.
    const list = parts.map((part) => part.replace(/^FUNCTION =/, 'PROCEDURE =')).join(',\n    ');
    return {
      id: `pg_operator:${row.oid}`,
      object: pieceObject('operator', row.schema, `${row.name}(${row.left ?? 'NONE'}, ${row.right ?? 'NONE'})`),
      phase: PHASE.operator,
      name: target,
      sql: joinStatements(`CREATE OPERATOR ${name} (\n    ${list}\n);`, [
        `ALTER ${target} OWNER TO ${quoteIdent(row.owner)};`,
        ...commentStatement(target, row.comment),
      ]),
      needs: [],
    };
  });
}
