import { databaseStatements } from '../../../../shared/model/compare-database';
import type { Shape, ShapePiece } from '../../../../shared/model/compare-shape';
import { renameSchema } from '../../../../shared/model/compare-words';
import { quoteIdent } from '../../../../shared/model/quote';
import { splitSql } from '../../../../shared/model/sql-split';
import type { PgSession } from '../../../adapters/postgres/session';
import { readColumns } from '../ddl/column-rows';
import { databasePieces } from '../ddl/database-ddl';
import type { Piece } from '../ddl/piece';
import { readTableShapes } from './table-shape';
import { readTypeShapes } from './type-shape';

/** What of a database is read. */
export interface ShapeScope {
  /** Only this schema; null: the whole database. */
  readonly schema: string | null;
  /** Name that the schema has in the shape; null: its own. */
  readonly as: string | null;
}

const oidsOf = (pieces: readonly Piece[], catalog: string, phases: (piece: Piece) => boolean): number[] =>
  pieces.filter((piece) => piece.id.startsWith(`${catalog}:`) && phases(piece)).map(oidOf);

const oidOf = (piece: Piece): number => Number(piece.id.slice(piece.id.indexOf(':') + 1));

const isTable = ({ object }: Piece): boolean =>
  object.table === null && (object.kind === 'table' || object.kind === 'foreign-table');
const isView = ({ object }: Piece): boolean => object.table === null && object.kind === 'view';

const inSchema = ({ object }: Piece, schema: string): boolean => object.kind !== 'schema' && object.schema === schema;

/** Splits what stands together in a piece; each with its semicolon. */
export function statementsOf(sql: string): string[] {
  const { statements, refused } = splitSql(sql);
  if (refused) return [sql];
  return statements.map(({ start, end }) => `${sql.slice(start, end)};`);
}

/** Reads a database, or one schema of it, for a comparison. The session is one of the catalog's (empty search path). */
export async function readShape(session: PgSession, scope: ShapeScope, signal: AbortSignal): Promise<Shape> {
  const { schema } = scope;
  const all = await databasePieces(session, signal);
  const pieces = schema === null ? all : all.filter((piece) => inSchema(piece, schema));
  const tables = await readTableShapes(session, oidsOf(pieces, 'pg_class', isTable), signal);
  const views = await readColumns(session, oidsOf(pieces, 'pg_class', isView), signal);
  const types = await readTypeShapes(
    session,
    oidsOf(pieces, 'pg_type', () => true),
    signal,
  );
  const { as } = scope;
  const isRenamed = schema !== null && as !== null && as !== schema;
  const map = (text: string): string => (isRenamed ? renameSchema(text, schema, quoteIdent, as) : text);
  const mapAll = <T>(value: T): T =>
    isRenamed
      ? (JSON.parse(JSON.stringify(value), (_key, each: unknown) => (typeof each === 'string' ? map(each) : each)) as T)
      : value;
  const keys = new Map<string, string>();
  const drafts = pieces.map((piece) => {
    const sort = piece.id.slice(0, piece.id.indexOf(':'));
    const object = isRenamed ? { ...piece.object, schema: as, name: map(piece.object.name) } : { ...piece.object };
    const item = JSON.stringify([object.kind, object.schema, object.name, object.table]);
    const name = map(piece.name);
    const key = `${sort} ${name} ${item}`;
    keys.set(piece.id, key);
    return { piece, sort, object, item, name, key };
  });
  return {
    version: session.serverVersionNum,
    pieces: drafts.map(({ piece, sort, object, item, name, key }): ShapePiece => {
      const oid = oidOf(piece);
      const isClass = sort === 'pg_class' && object.table === null;
      return {
        key,
        sort,
        item,
        object,
        phase: piece.phase,
        name,
        statements: (sort === 'pg_database' ? databaseStatements(piece.sql) : statementsOf(piece.sql)).map(map),
        needs: piece.needs.flatMap((id) => keys.get(id) ?? []),
        table: isClass ? mapAll(tables.get(oid) ?? null) : null,
        columns: isClass
          ? (views.get(oid)?.map((column) => ({
              name: column.name,
              type: `${map(column.type)}${column.collation ? ` ${column.collation.schema}.${column.collation.name}` : ''}`,
            })) ?? null)
          : null,
        type: sort === 'pg_type' ? mapAll(types.get(oid) ?? null) : null,
      };
    }),
  };
}
