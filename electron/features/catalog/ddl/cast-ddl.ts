import { quoteIdent, quoteQualified } from '../../../../shared/model/quote';
import type { PgSession } from '../../../adapters/postgres/session';
import { commentStatement, PHASE, pieceObject, type Piece } from './piece';
import type { Scope } from './scope';

interface CastRow {
  readonly oid: number;
  readonly source: string;
  readonly target: string;
  readonly function: { readonly schema: string; readonly name: string; readonly types: string } | null;
  readonly method: string;
  readonly context: string;
  readonly comment: string | null;
}

const signatureJson = (oid: string): string =>
  `(SELECT pg_catalog.json_build_object('schema', n.nspname, 'name', p.proname, 'types', pg_catalog.oidvectortypes(p.proargtypes))
     FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace WHERE p.oid = ${oid})`;

/** A function as CREATE CAST and the like name it. */
const signature = (ref: NonNullable<CastRow['function']>): string =>
  `${quoteQualified(ref.schema, ref.name)}(${ref.types})`;

const CASTS = `
SELECT o.oid, pg_catalog.format_type(o.castsource, NULL) AS source, pg_catalog.format_type(o.casttarget, NULL) AS target,
       ${signatureJson('o.castfunc')} AS function,
       o.castmethod::text AS method, o.castcontext::text AS context, pg_catalog.obj_description(o.oid, 'pg_cast') AS comment
  FROM pg_catalog.pg_cast o`;

const CONTEXTS: Readonly<Record<string, string>> = { a: ' AS ASSIGNMENT', i: ' AS IMPLICIT' };

export async function castPieces(session: PgSession, scope: Scope, signal: AbortSignal): Promise<Piece[]> {
  const rows = await session.query<CastRow>(
    `${CASTS} WHERE ${scope.where('pg_cast')} ORDER BY 2, 3`,
    scope.params,
    signal,
  );
  return rows.map((row) => {
    const target = `CAST (${row.source} AS ${row.target})`;
    const how = row.function
      ? `WITH FUNCTION ${signature(row.function)}`
      : row.method === 'i'
        ? 'WITH INOUT'
        : 'WITHOUT FUNCTION';
    return {
      id: `pg_cast:${row.oid}`,
      object: pieceObject('cast', '', `${row.source} AS ${row.target}`),
      phase: PHASE.operator,
      name: target,
      sql: [`CREATE ${target} ${how}${CONTEXTS[row.context] ?? ''};`, ...commentStatement(target, row.comment)].join(
        '\n',
      ),
      needs: [],
    };
  });
}

interface TransformRow {
  readonly oid: number;
  readonly type: string;
  readonly language: string;
  readonly from: CastRow['function'];
  readonly to: CastRow['function'];
  readonly comment: string | null;
}

const TRANSFORMS = `
SELECT o.oid, pg_catalog.format_type(o.trftype, NULL) AS type, l.lanname AS language, ${signatureJson('o.trffromsql::oid')} AS "from",
       ${signatureJson('o.trftosql::oid')} AS "to", pg_catalog.obj_description(o.oid, 'pg_transform') AS comment
  FROM pg_catalog.pg_transform o JOIN pg_catalog.pg_language l ON l.oid = o.trflang`;

export async function transformPieces(session: PgSession, scope: Scope, signal: AbortSignal): Promise<Piece[]> {
  const sql = `${TRANSFORMS} WHERE ${scope.where('pg_transform')} ORDER BY 2, 3`;
  const rows = await session.query<TransformRow>(sql, scope.params, signal);
  return rows.map((row) => {
    const target = `TRANSFORM FOR ${row.type} LANGUAGE ${quoteIdent(row.language)}`;
    const parts = [
      ...(row.from ? [`FROM SQL WITH FUNCTION ${signature(row.from)}`] : []),
      ...(row.to ? [`TO SQL WITH FUNCTION ${signature(row.to)}`] : []),
    ];
    return {
      id: `pg_transform:${row.oid}`,
      object: pieceObject('transform', '', `${row.type} LANGUAGE ${row.language}`),
      phase: PHASE.operator,
      name: target,
      sql: [`CREATE ${target} (${parts.join(', ')});`, ...commentStatement(target, row.comment)].join('\n'),
      needs: [],
    };
  });
}
