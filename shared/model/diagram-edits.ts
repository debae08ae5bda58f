import type { Diagram, DiagramNote, DiagramRelation, DiagramTable } from './diagram';

/** Every change a person makes to a diagram: each function gives a new diagram and leaves the old one as it was. */

const replace = <T extends { readonly id: string }>(list: readonly T[], item: T): readonly T[] =>
  list.some(({ id }) => id === item.id) ? list.map((each) => (each.id === item.id ? item : each)) : [...list, item];

/** Adds a table, or puts it in the place of the one with its id. Keys and relations lose columns that are gone. */
export function putTable(diagram: Diagram, table: DiagramTable): Diagram {
  const columns = new Set(table.columns.map(({ id }) => id));
  const whole = (ids: readonly string[]): boolean => ids.length > 0 && ids.every((id) => columns.has(id));
  const kept = (relation: DiagramRelation): boolean =>
    relation.pairs.every(
      (pair) =>
        (relation.from !== table.id || columns.has(pair.from)) && (relation.to !== table.id || columns.has(pair.to)),
    );
  const clean: DiagramTable = {
    ...table,
    primaryKey: table.primaryKey && whole(table.primaryKey.columns) ? table.primaryKey : null,
    uniques: table.uniques.filter((key) => whole(key.columns)),
  };
  return { ...diagram, tables: replace(diagram.tables, clean), relations: diagram.relations.filter(kept) };
}

export const putRelation = (diagram: Diagram, relation: DiagramRelation): Diagram => ({
  ...diagram,
  relations: replace(diagram.relations, relation),
});

export const putNote = (diagram: Diagram, note: DiagramNote): Diagram => ({
  ...diagram,
  notes: replace(diagram.notes, note),
});

/** Removes tables, relations and notes by id; a table takes its relations along. */
export function removeItems(diagram: Diagram, ids: ReadonlySet<string>): Diagram {
  return {
    ...diagram,
    tables: diagram.tables.filter(({ id }) => !ids.has(id)),
    relations: diagram.relations.filter(({ id, from, to }) => !ids.has(id) && !ids.has(from) && !ids.has(to)),
    notes: diagram.notes.filter(({ id }) => !ids.has(id)),
  };
}

/** A copy of a table beside it, with a name of its own and without relations: keys get the server's names. */
export function duplicateTable(diagram: Diagram, table: DiagramTable, newId: () => string): DiagramTable {
  const taken = new Set(diagram.tables.filter(({ schema }) => schema === table.schema).map(({ name }) => name));
  const ids = new Map(table.columns.map(({ id }) => [id, newId()]));
  const copied = (id: string): string => ids.get(id) ?? id;
  const key = ({ columns }: { readonly columns: readonly string[] }) => ({
    id: newId(),
    name: '',
    columns: columns.map(copied),
  });
  return {
    ...table,
    id: newId(),
    name: freeName(table.name, taken),
    columns: table.columns.map((each) => ({ ...each, id: copied(each.id) })),
    primaryKey: table.primaryKey && key(table.primaryKey),
    uniques: table.uniques.map(key),
    partitions: 0,
  };
}

/** Moves tables and notes by id. */
export function moveItems(diagram: Diagram, ids: ReadonlySet<string>, dx: number, dy: number): Diagram {
  const move = <T extends { readonly id: string; readonly x: number; readonly y: number }>(item: T): T =>
    ids.has(item.id) ? { ...item, x: item.x + dx, y: item.y + dy } : item;
  return { ...diagram, tables: diagram.tables.map(move), notes: diagram.notes.map(move) };
}

/** Puts tables where a layout wants them. */
export function placeTables(
  diagram: Diagram,
  places: ReadonlyMap<string, { readonly x: number; readonly y: number }>,
): Diagram {
  return {
    ...diagram,
    tables: diagram.tables.map((table) => {
      const place = places.get(table.id);
      return place ? { ...table, x: place.x, y: place.y } : table;
    }),
  };
}

/** `name`, or `name_2`, `name_3`, … : the first that isn't taken. */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number += 1) {
    const tried = number === 1 ? name : `${name}_${number}`;
    if (!taken.has(tried)) return tried;
  }
}

/** Columns of the key that others refer to: the primary key, else the first unique one. */
export const targetKey = (table: DiagramTable): readonly string[] =>
  table.primaryKey?.columns ?? table.uniques[0]?.columns ?? [];

const column = (table: DiagramTable, id: string) => table.columns.find((each) => each.id === id);

/** What a column that refers to another is called: `author_id` for `id` of `author`, else the name itself. */
const referringName = (table: DiagramTable, name: string): string => (name === 'id' ? `${table.name}_id` : name);

/**
 * Ties two tables: `from` gets columns for the key of `to` and refers to it. `only` makes it one-to-one. Nothing changes when `to` has no
 * key. `newId` gives ids that nothing else has.
 */
export function relate(
  diagram: Diagram,
  from: DiagramTable,
  to: DiagramTable,
  how: { readonly required: boolean; readonly only: boolean },
  newId: () => string,
): Diagram {
  const key = targetKey(to);
  if (key.length === 0) return diagram;
  const taken = new Set(from.columns.map(({ name }) => name));
  const pairs: { from: string; to: string }[] = [];
  const columns = [...from.columns];
  for (const id of key) {
    const target = column(to, id);
    if (!target) continue;
    const name = freeName(referringName(to, target.name), taken);
    taken.add(name);
    const made = { ...target, id: newId(), name, notNull: how.required, default: '', source: '' as const, comment: '' };
    columns.push(made);
    pairs.push({ from: made.id, to: id });
  }
  const used = pairs.map((pair) => pair.from);
  const uniques = how.only ? [...from.uniques, { id: newId(), name: '', columns: used }] : from.uniques;
  const changed = putTable(diagram, { ...from, columns, uniques });
  return putRelation(changed, plainRelation(newId(), from.id, to.id, pairs));
}

/** A foreign key with the server's own choices. */
export const plainRelation = (
  id: string,
  from: string,
  to: string,
  pairs: DiagramRelation['pairs'],
): DiagramRelation => ({
  id,
  name: '',
  from,
  to,
  pairs,
  onUpdate: 'no-action',
  onDelete: 'no-action',
  full: false,
  defer: 'no',
});

/** Ties two tables many-to-many: a table between them whose primary key is both keys. Nothing changes when one has no key. */
export function relateManyToMany(
  diagram: Diagram,
  one: DiagramTable,
  other: DiagramTable,
  place: { readonly x: number; readonly y: number },
  newId: () => string,
): Diagram {
  if (targetKey(one).length === 0 || targetKey(other).length === 0) return diagram;
  const names = new Set(diagram.tables.filter(({ schema }) => schema === one.schema).map(({ name }) => name));
  const id = newId();
  const join: DiagramTable = {
    id,
    schema: one.schema,
    name: freeName(`${one.name}_${other.name}`, names),
    comment: '',
    columns: [],
    primaryKey: null,
    uniques: [],
    partitionBy: '',
    partitions: 0,
    colour: 'none',
    x: place.x,
    y: place.y,
  };
  const how = { required: true, only: false };
  let next = relate(putTable(diagram, join), join, one, how, newId);
  const half = next.tables.find((table) => table.id === id) ?? join;
  next = relate(next, half, other, how, newId);
  const made = next.tables.find((table) => table.id === id) ?? half;
  return putTable(next, {
    ...made,
    primaryKey: { id: newId(), name: '', columns: made.columns.map((each) => each.id) },
  });
}
