import { quoteIdent } from '../../../../shared/model/quote';
import type { PlannedTable } from '../plan-model';
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
