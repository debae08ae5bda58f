import type { DiagramColumn, DiagramTable } from '../../../shared/model/diagram';
import { freeName } from '../../../shared/model/diagram-edits';

/** Types that a person most often wants; any other can be typed. */
export const COMMON_TYPES = [
  'bigint',
  'boolean',
  'bytea',
  'date',
  'double precision',
  'inet',
  'integer',
  'interval',
  'jsonb',
  'numeric(12,2)',
  'real',
  'smallint',
  'text',
  'text[]',
  'time without time zone',
  'timestamp with time zone',
  'timestamp without time zone',
  'uuid',
  'varchar(255)',
] as const;

const LONGEST_NAME = 63;
const bytes = (text: string): number => new TextEncoder().encode(text).length;

export type NameProblem = 'empty' | 'long' | 'taken';

/** What is wrong with a name; null when nothing is. */
export function nameProblem(name: string, taken: (name: string) => boolean): NameProblem | null {
  if (name === '') return 'empty';
  if (bytes(name) > LONGEST_NAME) return 'long';
  return taken(name) ? 'taken' : null;
}

export interface TableProblems {
  readonly name: NameProblem | null;
  readonly schema: NameProblem | null;
  /** By column id. */
  readonly columns: ReadonlyMap<string, { readonly name: NameProblem | null; readonly type: boolean }>;
}

export function tableProblems(table: DiagramTable, others: readonly DiagramTable[]): TableProblems {
  const isTaken = (name: string): boolean =>
    others.some((other) => other.id !== table.id && other.schema === table.schema && other.name === name);
  const columns = new Map<string, { name: NameProblem | null; type: boolean }>();
  for (const column of table.columns) {
    const twice = (name: string): boolean => table.columns.filter((each) => each.name === name).length > 1;
    const name = nameProblem(column.name, twice);
    const type = column.type.trim() === '';
    if (name !== null || type) columns.set(column.id, { name, type });
  }
  return {
    name: nameProblem(table.name, isTaken),
    schema: nameProblem(table.schema, () => false),
    columns,
  };
}

export const isSound = ({ name, schema, columns }: TableProblems): boolean =>
  name === null && schema === null && columns.size === 0;

export const newColumn = (table: Pick<DiagramTable, 'columns'>, id: string): DiagramColumn => ({
  id,
  name: freeName('column', new Set(table.columns.map(({ name }) => name))),
  type: 'text',
  notNull: false,
  default: '',
  source: '',
  comment: '',
});

/** A table with a key, as most have one. */
export function newTable(
  tables: readonly DiagramTable[],
  place: { readonly x: number; readonly y: number },
  newId: () => string,
): DiagramTable {
  const schema = tables[0]?.schema ?? 'public';
  const taken = new Set(tables.filter((table) => table.schema === schema).map(({ name }) => name));
  const id = newId();
  return {
    id: newId(),
    schema,
    name: freeName('new_table', taken),
    comment: '',
    columns: [{ id, name: 'id', type: 'bigint', notNull: true, default: '', source: 'identity-always', comment: '' }],
    primaryKey: { id: newId(), name: '', columns: [id] },
    uniques: [],
    partitionBy: '',
    partitions: 0,
    colour: 'none',
    ...place,
  };
}

/** Puts a column into the primary key, or takes it out. A key without columns is none. */
export function toggleKey(table: DiagramTable, column: string, newId: () => string): DiagramTable {
  const now = table.primaryKey?.columns ?? [];
  const columns = now.includes(column) ? now.filter((id) => id !== column) : [...now, column];
  if (columns.length === 0) return { ...table, primaryKey: null };
  return {
    ...table,
    primaryKey: { id: table.primaryKey?.id ?? newId(), name: table.primaryKey?.name ?? '', columns },
    columns: table.columns.map((each) => (columns.includes(each.id) ? { ...each, notNull: true } : each)),
  };
}

/** A column alone in a unique key, or not. */
export function toggleUnique(table: DiagramTable, column: string, newId: () => string): DiagramTable {
  const single = (key: { readonly columns: readonly string[] }): boolean =>
    key.columns.length === 1 && key.columns[0] === column;
  const uniques = table.uniques.some(single)
    ? table.uniques.filter((key) => !single(key))
    : [...table.uniques, { id: newId(), name: '', columns: [column] }];
  return { ...table, uniques };
}

/** Moves a column one line up or down. */
export function moveColumn(table: DiagramTable, column: string, by: 1 | -1): DiagramTable {
  const from = table.columns.findIndex(({ id }) => id === column);
  const to = from + by;
  const moved = table.columns[from];
  if (!moved || to < 0 || to >= table.columns.length) return table;
  return { ...table, columns: table.columns.toSpliced(from, 1).toSpliced(to, 0, moved) };
}
