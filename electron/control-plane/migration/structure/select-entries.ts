import type { PlannedDatabase } from '../plan-model';
import type { StructureEntry } from './entry';
import { inComment } from './entry-header';
import { createEntryIndex, type EntryIndex } from './entry-index';
import { extensionSchema, neededExtensions } from './needed-extensions';
import { definedBy, nameKey } from './entry-subject';
import { createTurns } from './turns';

/** They would start to follow, or to be followed, at once: setting them up is a decision of its own. */
const NEVER = /^(?:PUBLICATION|SUBSCRIPTION)/;

/** Kinds that hold rows or show them: they travel only by choice, never because something names them. */
const BY_CHOICE: ReadonlySet<string> = new Set(['TABLE', 'FOREIGN TABLE', 'VIEW', 'MATERIALIZED VIEW']);
/** Parts of one table, view, foreign table or domain. */
const OF_TABLE: ReadonlySet<string> = new Set([
  'CHECK CONSTRAINT',
  'CONSTRAINT',
  'DEFAULT',
  'INDEX',
  'POLICY',
  'ROW SECURITY',
  'RULE',
  'STATISTICS',
  'TRIGGER',
]);
/** Between two objects: only when both travel. */
const BETWEEN: ReadonlySet<string> = new Set(['FK CONSTRAINT', 'INDEX ATTACH', 'SEQUENCE OWNED BY', 'TABLE ATTACH']);
const WITH_OBJECT: ReadonlySet<string> = new Set(['ACL', 'COMMENT', 'SECURITY LABEL']);

const CLASS = 1259;
const ROUTINE = 1255;

/**
 * The entries that travel: all of a whole database; else what the plan names with its parts (defaults, indexes, constraints, triggers, comments,
 * privileges, …), and what that needs: types, functions, operators, collations, servers, extensions, sequences of defaults. Foreign keys only
 * between tables that travel. Publications and subscriptions never; event triggers only of a whole database.
 */
export async function selectEntries(
  entries: readonly StructureEntry[],
  plan: PlannedDatabase,
): Promise<StructureEntry[]> {
  const possible = entries.filter(({ kind }) => !NEVER.test(kind));
  if (plan.whole) return possible;
  const turn = createTurns();
  const index = await createEntryIndex(possible);
  const chosen = new Set<StructureEntry>();
  const queue: StructureEntry[] = [];
  const choose = (entry: StructureEntry): void => {
    if (chosen.has(entry)) return;
    chosen.add(entry);
    queue.push(entry);
  };
  const named = namedBy(plan);
  for (const entry of possible) {
    await turn();
    if (isNamed(entry, plan, named)) choose(entry);
  }
  // Parts of what travels may need more, and what is needed may have parts: until nothing is added.
  for (let before = -1; before < chosen.size;) {
    before = chosen.size;
    for (let entry = queue.pop(); entry; entry = queue.pop()) {
      await turn();
      for (const needed of needs(entry, index)) choose(needed);
    }
    for (const entry of possible) {
      await turn();
      if (!chosen.has(entry) && isPart(entry, chosen, index)) choose(entry);
    }
  }
  const extensions = await neededExtensions([...chosen], index, possible);
  const schemas = new Set(
    [
      ...plan.schemas.map(({ name }) => name),
      ...[...chosen].map(({ schema }) => schema),
      ...[...extensions].flatMap((extension) => extensionSchema(extension) ?? []),
    ].map(inComment),
  );
  for (const entry of possible) {
    const of = entry.origin.belongsTo.map((id) => index.byId(id));
    if (extensions.has(entry) || (entry.kind === 'SCHEMA' && schemas.has(entry.name))) chosen.add(entry);
    else if (WITH_OBJECT.has(entry.kind) && of.length > 0 && of.every((owner) => owner && chosen.has(owner)))
      chosen.add(entry);
  }
  return possible.filter((entry) => chosen.has(entry));
}

/** Whether the plan names it, or the whole schema that it is in. */
function isNamed(entry: StructureEntry, plan: PlannedDatabase, named: Named): boolean {
  const { catalog, oid } = entry.origin;
  if (catalog === CLASS && named.relations.has(oid)) return true;
  if (catalog === ROUTINE && named.routines.has(oid)) return true;
  if (entry.schema === '' || WITH_OBJECT.has(entry.kind) || BETWEEN.has(entry.kind) || OF_TABLE.has(entry.kind))
    return (
      entry.kind === 'DEFAULT ACL' && plan.schemas.some(({ name, whole }) => whole && inComment(name) === entry.schema)
    );
  if (catalog === CLASS) return false;
  const schema = definedBy(entry)?.schema;
  return plan.schemas.some(({ name, whole }) => whole && name === schema);
}

/** Oids of what a plan names. */
interface Named {
  readonly relations: ReadonlySet<number>;
  readonly routines: ReadonlySet<number>;
}

const namedBy = (plan: PlannedDatabase): Named => ({
  relations: new Set(
    [plan.tables, plan.sequences, plan.views, plan.materializedViews, plan.foreignTables].flatMap((list) =>
      list.map(({ oid }) => oid),
    ),
  ),
  routines: new Set(plan.functions.map(({ oid }) => oid)),
});

/** What an entry cannot be made without, but for what travels by choice only. */
function needs(entry: StructureEntry, index: EntryIndex): StructureEntry[] {
  const found: StructureEntry[] = [];
  for (const { schema, name } of index.references(entry)) {
    for (const definer of index.definers(schema, name)) if (!BY_CHOICE.has(definer.kind)) found.push(definer);
  }
  found.push(...index.globals(entry));
  return found.filter((needed) => needed !== entry);
}

/** Whether an entry is a part of what travels. */
function isPart(entry: StructureEntry, chosen: ReadonlySet<StructureEntry>, index: EntryIndex): boolean {
  const travels = (schema: string, name: string): boolean =>
    index.definers(schema, name).some((definer) => chosen.has(definer));
  if (BETWEEN.has(entry.kind)) {
    const names = index.references(entry).filter(({ schema, name }) => index.definers(schema, name).length > 0);
    return names.length > 1 && names.every(({ schema, name }) => travels(schema, name));
  }
  if (OF_TABLE.has(entry.kind)) {
    const table = index.tableOf(entry);
    return table !== null && travels(table.schema, table.name);
  }
  if (entry.kind === 'SEQUENCE') {
    const owner = index.ownerOf(entry);
    return owner !== null && travels(owner.schema, owner.name);
  }
  if (entry.kind === 'OPERATOR CLASS' || entry.kind === 'OPERATOR FAMILY' || entry.kind === 'CAST') {
    const names = index
      .references(entry)
      .filter(
        ({ schema, name }) => !(nameKey(schema, name) === keyOf(entry)) && index.definers(schema, name).length > 0,
      );
    return names.length > 0 && names.every(({ schema, name }) => travels(schema, name));
  }
  return entry.kind === 'USER MAPPING' && index.globals(entry).some((server) => chosen.has(server));
}

const keyOf = (entry: StructureEntry): string => {
  const defined = definedBy(entry);
  return defined ? nameKey(defined.schema, defined.name) : '';
};
