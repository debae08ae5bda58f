import type { PgSession } from '../../../adapters/postgres/session';
import {
  readFunctions,
  readOwnedSequences,
  readPartitions,
  readRelations,
  readSchemas,
  type FunctionRow,
  type OwnedSequenceRow,
  type RelationRow,
  type SchemaRow,
} from './catalog';
import type { ChosenKind, Scope } from './scope';

/** Everything of a database that could travel. */
export interface Inventory {
  readonly schemas: readonly SchemaRow[];
  /** Members of extensions are left out, except for their configuration tables and sequences. */
  readonly relations: readonly RelationRow[];
  readonly functions: readonly FunctionRow[];
  readonly owned: readonly OwnedSequenceRow[];
  /** The partitioned table of each partition. */
  readonly rootOf: ReadonlyMap<number, number>;
}

const KINDS: Readonly<Record<string, ChosenKind>> = {
  r: 'table',
  p: 'table',
  f: 'table',
  v: 'view',
  m: 'view',
  S: 'sequence',
};

/** In which list of a choice a relation is named. */
export const chosenKindOf = (relation: RelationRow): ChosenKind => KINDS[relation.kind] ?? 'table';

export async function readInventory(session: PgSession, signal: AbortSignal): Promise<Inventory> {
  const schemas = await readSchemas(session, signal);
  const relations = await readRelations(session, signal, { total: false });
  const functions = await readFunctions(session, signal);
  const owned = await readOwnedSequences(session, signal);
  const partitions = await readPartitions(session, signal);
  return {
    schemas,
    relations: relations.filter(({ extension, condition }) => extension === null || condition !== null),
    functions,
    owned,
    rootOf: new Map(partitions.map(({ child, parent }) => [child, parent])),
  };
}

/** Fails with `not-found` when the choice names what the database does not hold. */
export function requireChosen(scope: Scope, inventory: Inventory): void {
  const there = { table: new Map(), view: new Map(), function: new Map(), sequence: new Map() } satisfies Record<
    ChosenKind,
    Map<string, Set<string>>
  >;
  const note = (kind: ChosenKind, schema: string, name: string): void => {
    const names: Map<string, Set<string>> = there[kind];
    const known = names.get(schema);
    if (known) known.add(name);
    else names.set(schema, new Set([name]));
  };
  for (const relation of inventory.relations) note(chosenKindOf(relation), relation.schema, relation.name);
  for (const each of inventory.functions) note('function', each.schema, each.name);
  scope.requireAll(new Set(inventory.schemas.map(({ name }) => name)), there);
}

/**
 * The relations that travel: chosen ones, tables that are followed already (by oid), partitions of these, and sequences that belong to a column of one
 * of these.
 */
export function travelling(
  scope: Scope,
  inventory: Inventory,
  followed: { has(oid: number): boolean } = new Set<number>(),
): RelationRow[] {
  const chosen = new Set(
    inventory.relations
      .filter((relation) => {
        const { oid, schema, name, extension } = relation;
        if (followed.has(oid)) return true;
        const kind = chosenKindOf(relation);
        // Of a part of a database extensions travel only where something needs them.
        return extension === null || scope.whole ? scope.has(kind, schema, name) : scope.names(kind, schema, name);
      })
      .map(({ oid }) => oid),
  );
  const byRoot = (oid: number): boolean => {
    for (let root = inventory.rootOf.get(oid); root !== undefined; root = inventory.rootOf.get(root))
      if (chosen.has(root)) return true;
    return false;
  };
  const ownerOf = new Map(inventory.owned.map(({ sequence, table }) => [sequence, table]));
  const travels = ({ oid }: RelationRow): boolean => chosen.has(oid) || byRoot(oid);
  const all = new Set(inventory.relations.filter(travels).map(({ oid }) => oid));
  return inventory.relations.filter((relation) => {
    const owner = ownerOf.get(relation.oid);
    return all.has(relation.oid) || (owner !== undefined && all.has(owner));
  });
}
