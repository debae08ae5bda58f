/** A drawing of tables: what they hold, what ties them together, and where they stand. Plain data, changed by making a new one. */

/** Colours of a table's head and of a note, by name; the window knows how they look in each theme. */
export const DIAGRAM_COLOURS = ['none', 'teal', 'blue', 'green', 'amber', 'red', 'violet'] as const;
export type DiagramColour = (typeof DIAGRAM_COLOURS)[number];

/** Where the value of a column comes from when it isn't a default: an identity, an expression, a sequence of its own. */
export const COLUMN_SOURCES = ['', 'identity-always', 'identity-default', 'stored', 'virtual', 'serial'] as const;
export type ColumnSource = (typeof COLUMN_SOURCES)[number];

export const REFERENCE_ACTIONS = ['no-action', 'restrict', 'cascade', 'set-null', 'set-default'] as const;
export type ReferenceAction = (typeof REFERENCE_ACTIONS)[number];

export interface DiagramColumn {
  readonly id: string;
  readonly name: string;
  /** SQL, e.g. `numeric(12,2)`. */
  readonly type: string;
  readonly notNull: boolean;
  /** SQL of the default, or of the expression of a generated column; empty is none. */
  readonly default: string;
  readonly source: ColumnSource;
  readonly comment: string;
}

export interface DiagramKey {
  readonly id: string;
  /** Empty lets the server choose. */
  readonly name: string;
  /** Ids of columns, in the key's order. */
  readonly columns: readonly string[];
}

export interface DiagramTable {
  readonly id: string;
  readonly schema: string;
  readonly name: string;
  readonly comment: string;
  readonly columns: readonly DiagramColumn[];
  readonly primaryKey: DiagramKey | null;
  readonly uniques: readonly DiagramKey[];
  /** SQL after PARTITION BY, e.g. `RANGE (at)`; empty for a plain table. */
  readonly partitionBy: string;
  /** Partitions at every level, which aren't drawn. */
  readonly partitions: number;
  readonly colour: DiagramColour;
  readonly x: number;
  readonly y: number;
}

/** A foreign key: `from` is the table that refers, `to` the one referred to. */
export interface DiagramRelation {
  readonly id: string;
  readonly name: string;
  readonly from: string;
  readonly to: string;
  /** Pairs of column ids, in the key's order. */
  readonly pairs: readonly { readonly from: string; readonly to: string }[];
  readonly onUpdate: ReferenceAction;
  readonly onDelete: ReferenceAction;
  readonly full: boolean;
  readonly defer: 'no' | 'deferrable' | 'deferred';
}

export interface DiagramNote {
  readonly id: string;
  readonly text: string;
  readonly colour: DiagramColour;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What was read from a database, by the same ids: what the change script compares with. */
export interface DiagramBaseline {
  readonly tables: readonly DiagramTable[];
  readonly relations: readonly DiagramRelation[];
}

export interface Diagram {
  readonly tables: readonly DiagramTable[];
  readonly relations: readonly DiagramRelation[];
  readonly notes: readonly DiagramNote[];
  /** Null when the diagram was drawn from nothing. */
  readonly baseline: DiagramBaseline | null;
}

export const EMPTY_DIAGRAM: Diagram = { tables: [], relations: [], notes: [], baseline: null };

/** More tables than this in one diagram are not read: a person chooses schemas first. */
export const MOST_DIAGRAM_TABLES = 1500;

/** How many rows of one end can belong to a row of the other. */
export type Cardinality = 'one' | 'zero-or-one' | 'zero-or-many';

export const tableOf = (diagram: Pick<Diagram, 'tables'>, id: string): DiagramTable | undefined =>
  diagram.tables.find((table) => table.id === id);

/** Whether a set of columns holds at most one row for each value: it contains a key as a whole. */
function isUnique(table: DiagramTable, columns: ReadonlySet<string>): boolean {
  const keys = table.primaryKey ? [table.primaryKey, ...table.uniques] : table.uniques;
  return keys.some((key) => key.columns.length > 0 && key.columns.every((column) => columns.has(column)));
}

/** Both ends of a relation, as its keys and NOT NULL say. */
export function cardinality(
  relation: DiagramRelation,
  from: DiagramTable,
): { readonly from: Cardinality; readonly to: Cardinality } {
  const used = new Set(relation.pairs.map((pair) => pair.from));
  const primary = new Set(from.primaryKey?.columns);
  const required = from.columns.every((column) => !used.has(column.id) || column.notNull || primary.has(column.id));
  return { from: isUnique(from, used) ? 'zero-or-one' : 'zero-or-many', to: required ? 'one' : 'zero-or-one' };
}

/** Columns that refer to another table, by table and column id. */
export function foreignColumns(relations: readonly DiagramRelation[]): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const relation of relations) {
    const columns = found.get(relation.from) ?? new Set<string>();
    for (const pair of relation.pairs) columns.add(pair.from);
    found.set(relation.from, columns);
  }
  return found;
}

/** Items by a key, each group in the order of the list. */
export function grouped<K, T>(list: readonly T[], keyOf: (item: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const item of list) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
