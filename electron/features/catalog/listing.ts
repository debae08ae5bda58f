import type { FolderKind, Listing, ObjectRef } from '../../../shared/model/catalog';
import type { PgSession } from '../../adapters/postgres/session';
import { refOf, scopeValue, type NodeRow } from './catalog-reader';
import { KINDS } from './kinds/all-kinds';
import { listSql } from './kinds/kind';
import { LISTINGS } from './kinds/listing-columns';

/** Row of a listing: that of the folder's list, with a text for each column that isn't the note. */
interface CellRow extends NodeRow {
  readonly [cell: `l${number}`]: string | null;
  readonly comment?: string | null;
}

/** The list of a folder with the columns of its grid. Comments are joined to all rows at once, which costs less than asking for each. */
const listingSql = (folder: FolderKind, parent: ObjectRef | null, version: number): string => {
  const definition = KINDS[folder];
  const { catalog, shared, columns } = LISTINGS[folder];
  const cells = columns.flatMap(([, sql], at) => (sql === null ? [] : [`(${sql})::text AS l${at}`]));
  const list = listSql(definition, parent?.kind ?? null, version, cells);
  if (!catalog) return list;
  const comments = shared ? 'pg_shdescription' : 'pg_description';
  const part = shared ? '' : ` AND d.objsubid = ${folder === 'columns' ? 'z.sub' : '0'}`;
  return `SELECT z.*, d.description AS comment FROM (SELECT y.*, row_number() OVER () AS at FROM (${list}) y) z
    LEFT JOIN pg_catalog.${comments} d ON d.objoid = z.oid AND d.classoid = 'pg_catalog.${catalog}'::pg_catalog.regclass${part} ORDER BY z.at`;
};

/** The things of a folder with the columns of its grid. */
export async function readListing(
  session: PgSession,
  folder: FolderKind,
  parent: ObjectRef | null,
  showSystem: boolean,
  signal: AbortSignal,
): Promise<Listing> {
  const { catalog, columns } = LISTINGS[folder];
  const rows = await session.query<CellRow>(
    listingSql(folder, parent, session.serverVersionNum),
    [scopeValue(folder, parent, showSystem)],
    signal,
  );
  const cellsOf = (row: CellRow): string[] => [
    row.name,
    ...columns.map(([, sql], at) => (sql === null ? row.note : (row[`l${at}`] ?? ''))),
    ...(catalog ? [row.comment ?? ''] : []),
  ];
  return {
    columns: ['name', ...columns.map(([key]) => key), ...(catalog ? ['comment'] : [])],
    rows: rows.map((row) => ({ ref: refOf(folder, parent, row), mark: row.mark, cells: cellsOf(row) })),
  };
}
