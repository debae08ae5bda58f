import { quoteIdent, quoteQualified } from '../../../../shared/model/quote';
import type { PgSession } from '../../../adapters/postgres/session';
import { sqlFor, type VersionedSql } from '../kinds/kind';
import { PHASE, type Piece } from './piece';

interface MarkRow {
  /** Of the piece that makes the object. */
  readonly id: string;
  readonly kind: keyof typeof NOUNS;
  readonly schema: string;
  readonly name: string;
  /** Argument types of a function, empty otherwise. */
  readonly types: string;
  /** Table of a trigger. */
  readonly table: string | null;
  readonly extension: string;
}

const marked = (catalog: string): string =>
  `d.deptype = 'x' AND d.classid = 'pg_catalog.${catalog}'::pg_catalog.regclass`;

const marks = (kind: string): string => `
SELECT 'pg_proc:' || p.oid AS id, ${kind} AS kind, n.nspname AS schema, p.proname AS name, pg_catalog.oidvectortypes(p.proargtypes) AS types,
       NULL AS "table", e.extname AS extension
  FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_proc p ON p.oid = d.objid JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
  JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid WHERE ${marked('pg_proc')}
UNION ALL SELECT 'pg_class:' || c.oid, CASE c.relkind WHEN 'm' THEN 'm' ELSE 'i' END, n.nspname, c.relname, '', NULL, e.extname
  FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_class c ON c.oid = d.objid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid WHERE ${marked('pg_class')}
UNION ALL SELECT 'pg_trigger:' || t.oid, 't', n.nspname, t.tgname, '', c.relname, e.extname
  FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_trigger t ON t.oid = d.objid JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid WHERE ${marked('pg_trigger')}
 ORDER BY 3, 4, 5, 7`;

const MARKS: VersionedSql = {
  100000: marks("'f'"),
  110000: marks("CASE p.prokind WHEN 'p' THEN 'p' ELSE 'f' END"),
};

const NOUNS = { f: 'FUNCTION', p: 'PROCEDURE', m: 'MATERIALIZED VIEW', i: 'INDEX', t: 'TRIGGER' } as const;

/** `ALTER … DEPENDS ON EXTENSION` for what the pieces make: it falls with the extension. */
export async function extensionMarkPieces(
  session: PgSession,
  pieces: readonly Piece[],
  signal: AbortSignal,
): Promise<Piece[]> {
  const made = new Map(pieces.map((piece) => [piece.id, piece.object]));
  const rows = await session.query<MarkRow>(sqlFor(MARKS, session.serverVersionNum), [], signal);
  return rows.flatMap((row): Piece[] => {
    const object = made.get(row.id);
    if (!object) return [];
    const signature = row.kind === 'f' || row.kind === 'p' ? `(${row.types})` : '';
    const name =
      row.table === null
        ? `${quoteQualified(row.schema, row.name)}${signature}`
        : `${quoteIdent(row.name)} ON ${quoteQualified(row.schema, row.table)}`;
    return [
      {
        id: `mark:${row.id}:${row.extension}`,
        object,
        phase: PHASE.extensionMark,
        name,
        sql: `ALTER ${NOUNS[row.kind]} ${name} DEPENDS ON EXTENSION ${quoteIdent(row.extension)};`,
        needs: [row.id],
      },
    ];
  });
}
