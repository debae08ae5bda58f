import { quoteIdent, quoteLiteral } from '../../../../shared/model/quote';
import { CopyFailure } from '../../../adapters/postgres/copy-pipe';
import type { PlannedTable } from '../plan-model';
import { importSnapshot } from './snapshot';
import type { TablePart } from './split';

const qualified = (schema: string, name: string): string => `${quoteIdent(schema)}.${quoteIdent(name)}`;

export const sourceName = (table: PlannedTable): string => qualified(table.schema, table.name);
export const targetName = (table: PlannedTable): string => qualified(table.targetSchema, table.targetName);

/** Columns whose values travel, in an order both sides agree on. Generated ones are computed by the target. */
const columnList = (table: PlannedTable): string =>
  table.columns
    .filter(({ generated }) => !generated)
    .map(({ name }) => quoteIdent(name))
    .join(', ');

/**
 * The pair of statements that move a part of a table. `ONLY`: rows of children travel with their own tables. A table without columns has
 * rows all the same: they travel as empty lines.
 */
export function copyStatements(
  table: PlannedTable,
  part: TablePart,
): { readonly read: string; readonly write: string } {
  const columns = columnList(table);
  const conditions = [part.where, table.rowFilter].filter((each) => each !== '').map((each) => `(${each})`);
  const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
  return {
    read: `COPY (SELECT ${columns} FROM ONLY ${sourceName(table)}${where}) TO STDOUT`,
    write: `COPY ${targetName(table)}${columns === '' ? '' : ` (${columns})`} FROM STDIN`,
  };
}

/** The table in the journal: dots within names must not make two tables one. */
export const journalName = (table: PlannedTable): string => sourceName(table);

const MOVED = 'howdah: moved';

/**
 * Reads a part under the snapshot, in a transaction of its own: the lock on the table lasts no longer than its rows flow, because whoever waits
 * for a stronger one keeps everybody else from the table. It fails when the table was emptied or rewritten since the snapshot was taken and
 * its rows of then are gone, or, for a part, stand elsewhere.
 */
export function readUnderSnapshot(table: PlannedTable, part: TablePart, read: string, snapshot: string): string {
  // VACUUM FULL and CLUSTER keep what snapshots see: a whole table may still be as it was.
  const gone = part.of > 1 ? '' : ` AND NOT EXISTS (SELECT FROM ONLY ${sourceName(table)})`;
  const look = `SELECT CASE WHEN relfilenode <> pg_catalog.pg_relation_filenode(oid)${gone}
    THEN (${quoteLiteral(MOVED)} || oid)::pg_catalog.int4 END FROM pg_catalog.pg_class WHERE oid = ${table.oid}`;
  return [importSnapshot(snapshot), read, look, 'COMMIT'].join('; ');
}

/** Whether a copy failed because its table was emptied or rewritten. */
export const wasMoved = (error: unknown): boolean =>
  error instanceof CopyFailure && error.reason.info.sqlstate === '22P02' && error.reason.message.includes(MOVED);
