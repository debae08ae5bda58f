import type { Diagram, DiagramRelation, DiagramTable } from './diagram';

const added = <T extends { readonly id: string }>(here: readonly T[], more: readonly T[]): readonly T[] => {
  const known = new Set(here.map(({ id }) => id));
  return [...here, ...more.filter(({ id }) => !known.has(id))];
};

/** Whether a relation finds its columns: a person may have removed some since they were read. */
function fits(relation: DiagramRelation, tables: ReadonlyMap<string, DiagramTable>): boolean {
  const has = (table: string, column: string): boolean =>
    tables.get(table)?.columns.some(({ id }) => id === column) === true;
  return relation.pairs.every((pair) => has(relation.from, pair.from) && has(relation.to, pair.to));
}

/**
 * Adds what was read of the same database to a diagram: tables that it lacks, and relations that it never had. What a person changed or
 * removed stays so, but for tables that were read again.
 */
export function mergeRead(diagram: Diagram, read: Diagram): Diagram {
  const tables = added(diagram.tables, read.tables);
  const byId = new Map(tables.map((table) => [table.id, table]));
  const drawn = new Set(diagram.tables.map(({ id }) => id));
  const known = new Set(diagram.baseline?.relations.map(({ id }) => id));
  const relations = added(
    diagram.relations,
    read.relations.filter(
      ({ id, from, to, ...rest }) =>
        (!known.has(id) || !drawn.has(from) || !drawn.has(to)) && fits({ id, from, to, ...rest }, byId),
    ),
  );
  if (tables.length === diagram.tables.length && relations.length === diagram.relations.length) return diagram;
  return {
    ...diagram,
    tables,
    relations,
    baseline: {
      tables: added(diagram.baseline?.tables ?? [], read.baseline?.tables ?? []),
      relations: added(diagram.baseline?.relations ?? [], read.baseline?.relations ?? []),
    },
  };
}
