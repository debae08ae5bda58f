import type { ObjectKind } from '../../../../shared/model/catalog';
import { quoteQualified } from '../../../../shared/model/quote';
import type { PgSession } from '../../../adapters/postgres/session';
import { sqlFor, type VersionedSql } from '../kinds/kind';
import { aclJson, privilegeStatements, type AclEntry } from './acl';
import { aggregateStatement, readAggregates } from './aggregate-ddl';
import {
  type PieceObject,
  pieceObject,
  attachmentStatements,
  commentStatement,
  joinStatements,
  labelsJson,
  PHASE,
  terminated,
  type Attachments,
  type Piece,
} from './piece';

interface FunctionRow {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly kind: 'f' | 'p' | 'a' | 'w';
  /** Null for aggregates. */
  readonly definition: string | null;
  readonly isTrigger: boolean;
  readonly identityArguments: string;
  /** Types of the input arguments alone, as GRANT wants them. */
  readonly types: string;
  readonly owner: string;
  readonly acl: readonly AclEntry[] | null;
  readonly defaults: readonly AclEntry[];
  readonly comment: string | null;
  readonly labels: Attachments['labels'];
}

const functions = (kind: string, isAggregate: string): string => `
SELECT p.oid, n.nspname AS schema, p.proname AS name, ${kind} AS kind,
       p.prorettype IN ('pg_catalog.trigger'::pg_catalog.regtype, 'pg_catalog.event_trigger'::pg_catalog.regtype) AS "isTrigger",
       CASE WHEN NOT ${isAggregate} THEN pg_catalog.pg_get_functiondef(p.oid) END AS definition,
       pg_catalog.pg_get_function_identity_arguments(p.oid) AS "identityArguments", pg_catalog.oidvectortypes(p.proargtypes) AS types,
       pg_catalog.pg_get_userbyid(p.proowner) AS owner, ${aclJson('p.proacl')} AS acl,
       ${aclJson("pg_catalog.acldefault('f', p.proowner)")} AS defaults,
       pg_catalog.obj_description(p.oid, 'pg_proc') AS comment, ${labelsJson('pg_proc', 'p.oid')} AS labels
  FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace WHERE p.oid = ANY ($1::oid[]) ORDER BY 2, 3, 6`;

const FUNCTIONS: VersionedSql = {
  100000: functions("CASE WHEN p.proisagg THEN 'a' WHEN p.proiswindow THEN 'w' ELSE 'f' END", 'p.proisagg'),
  110000: functions('p.prokind::text', "(p.prokind = 'a')"),
};

const KINDS: Readonly<Record<FunctionRow['kind'], ObjectKind>> = {
  f: 'function',
  p: 'procedure',
  a: 'aggregate',
  w: 'function',
};

const functionObject = (row: FunctionRow): PieceObject =>
  pieceObject(row.isTrigger ? 'trigger-function' : KINDS[row.kind], row.schema, `${row.name}(${row.types})`);

/** Privileges and comments of functions that the server made along with a range type. */
export async function constructorPieces(
  session: PgSession,
  oids: readonly number[],
  signal: AbortSignal,
): Promise<Piece[]> {
  if (oids.length === 0) return [];
  const rows = await session.query<FunctionRow>(sqlFor(FUNCTIONS, session.serverVersionNum), [oids], signal);
  return rows.flatMap((row): Piece[] => {
    const target = `FUNCTION ${quoteQualified(row.schema, row.name)}(${row.types})`;
    const statements = [...commentStatement(target, row.comment), ...privilegeStatements(target, row)];
    const id = `pg_proc:${row.oid}`;
    return statements.length === 0
      ? []
      : [
          {
            id,
            object: functionObject(row),
            phase: PHASE.privileges - 1,
            name: target,
            sql: statements.join('\n'),
            needs: [],
          },
        ];
  });
}

/** Functions, procedures and aggregates. */
export async function functionPieces(
  session: PgSession,
  oids: readonly number[],
  signal: AbortSignal,
): Promise<Piece[]> {
  if (oids.length === 0) return [];
  const rows = await session.query<FunctionRow>(sqlFor(FUNCTIONS, session.serverVersionNum), [oids], signal);
  const aggregates = await readAggregates(
    session,
    rows.filter((row) => row.kind === 'a').map((row) => row.oid),
    signal,
  );
  return rows.map((row) => {
    const name = quoteQualified(row.schema, row.name);
    const aggregate = aggregates.get(row.oid);
    const noun = row.kind === 'a' ? 'AGGREGATE' : row.kind === 'p' ? 'PROCEDURE' : 'FUNCTION';
    const shownArguments = aggregate && row.identityArguments === '' ? '*' : row.identityArguments;
    const create = aggregate ? aggregateStatement(name, shownArguments, aggregate) : terminated(row.definition ?? '');
    const rest = attachmentStatements(
      `${noun} ${name}(${shownArguments})`,
      { ...row, acl: row },
      `${row.kind === 'p' ? 'PROCEDURE' : 'FUNCTION'} ${name}(${row.types})`,
    );
    return {
      id: `pg_proc:${row.oid}`,
      object: functionObject(row),
      phase: PHASE.function,
      name: `${name}(${row.types})`,
      sql: joinStatements(create, rest),
      needs: [],
    };
  });
}
