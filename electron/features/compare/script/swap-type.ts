import type { ColumnShape, ShapePiece, TableShape } from '../../../../shared/model/compare-shape';
import { quoteIdent } from '../../../../shared/model/quote';
import type { ChangeStatement } from './outcome';

/** Whether a column's type is the type of that name, or an array of it. */
export const usesType = (type: string, name: string): boolean =>
  type === name || type.startsWith(`${name}[`) || type.startsWith(`${name}(`);

/** What of a table speaks of a type in its expressions goes before the type does; its values are kept as text. */
export function freeTable(table: ShapePiece, type: ShapePiece): ChangeStatement[] {
  const shape = table.table;
  if (!shape) return [];
  const word = shape.kind === 'f' ? 'FOREIGN TABLE' : 'TABLE';
  return [
    ...shape.checks
      .filter((check) => check.definition.includes(type.name))
      .map((check) => ({ sql: `ALTER ${word} ${table.name} DROP CONSTRAINT ${quoteIdent(check.name)};` })),
    ...shape.columns
      .filter((column) => column.default !== null && column.generated === '' && usesType(column.type, type.name))
      .map((column) => ({
        sql: `ALTER ${word} ONLY ${table.name} ALTER COLUMN ${quoteIdent(column.name)} DROP DEFAULT;`,
      })),
    ...columnTypes(table, type, (column) => asText(column)),
  ];
}

/** The table as `freeTable` leaves it. */
export const freedShape = (shape: TableShape, type: ShapePiece): TableShape => ({
  ...shape,
  checks: shape.checks.filter((check) => !check.definition.includes(type.name)),
  columns: shape.columns.map((column) =>
    column.default !== null && column.generated === '' && usesType(column.type, type.name)
      ? { ...column, default: null }
      : column,
  ),
});

const asText = (column: ColumnShape): string => (column.type.endsWith('[]') ? 'text[]' : 'text');

/** Gives the columns of a table, which are text now, the new type. */
export const moveColumns = (table: ShapePiece, type: ShapePiece): ChangeStatement[] =>
  columnTypes(table, type, (column) => column.type);

function columnTypes(table: ShapePiece, type: ShapePiece, typeOf: (column: ColumnShape) => string): ChangeStatement[] {
  const shape = table.table;
  if (!shape) return [];
  const word = shape.kind === 'f' ? 'FOREIGN TABLE' : 'TABLE';
  return shape.columns
    .filter((column) => usesType(column.type, type.name) && column.own && column.generated === '')
    .map((column) => {
      const name = quoteIdent(column.name);
      const next = typeOf(column);
      const using = shape.kind === 'f' ? '' : ` USING ${name}::${next}`;
      return {
        sql: `ALTER ${word} ${table.name} ALTER COLUMN ${name} TYPE ${next}${using};`,
        mark: 'rebuild' as const,
      };
    });
}
