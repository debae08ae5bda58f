import type { PlannedDatabase } from '../plan-model';
import type { StructureEntry } from './entry';
import { createEntryIndex, type EntryIndex } from './entry-index';
import { neededExtensions } from './needed-extensions';
import { definedBy, nameKey, referencesOf, tableOf } from './entry-subject';

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
export function selectEntries(entries: readonly StructureEntry[], plan: PlannedDatabase): StructureEntry[] {
  const possible = entries.filter(({ kind }) => !NEVER.test(kind));
  if (plan.whole) return possible;
  const index = createEntryIndex(possible);
  const chosen = new Set<StructureEntry>();
  const queue: StructureEntry[] = [];
  const choose = (entry: StructureEntry): void => {
    if (chosen.has(entry)) return;
    chosen.add(entry);
    queue.push(entry);
  };
  for (const entry of possible) if (isNamed(entry, plan)) choose(entry);
  // Parts of what travels may need more, and what is needed may have parts: until nothing is added.
  for (let before = -1; before < chosen.size;) {
    before = chosen.size;
    for (let entry = queue.pop(); entry; entry = queue.pop()) for (const needed of needs(entry, index)) choose(needed);
    for (const entry of possible) if (!chosen.has(entry) && isPart(entry, chosen, index)) choose(entry);
  }
  const extensions = neededExtensions([...chosen], index, possible);
  for (const entry of possible) {
    const of = entry.origin.belongsTo.map((id) => index.byId(id));
    const travels = extensions.has(entry) || isSchemaOf(entry, chosen, extensions, plan);
    if (travels) chosen.add(entry);
    else if (WITH_OBJECT.has(entry.kind) && of.length > 0 && of.every((owner) => owner && chosen.has(owner)))
      chosen.add(entry);
  }
  return possible.filter((entry) => chosen.has(entry));
}

/** Whether the plan names it, or the whole schema that it is in. */
function isNamed(entry: StructureEntry, plan: PlannedDatabase): boolean {
  const { catalog, oid } = entry.origin;
  if (catalog === CLASS && plannedRelations(plan).has(oid)) return true;
  if (catalog === ROUTINE && plan.functions.some((routine) => routine.oid === oid)) return true;
  if (entry.schema === '' || WITH_OBJECT.has(entry.kind) || BETWEEN.has(entry.kind) || OF_TABLE.has(entry.kind))
    return entry.kind === 'DEFAULT ACL' && plan.schemas.some(({ name, whole }) => whole && name === entry.schema);
  if (catalog === CLASS) return false;
  const schema = definedBy(entry)?.schema;
  return plan.schemas.some(({ name, whole }) => whole && name === schema);
}

const relations = new WeakMap<PlannedDatabase, ReadonlySet<number>>();
function plannedRelations(plan: PlannedDatabase): ReadonlySet<number> {
  const known = relations.get(plan);
  if (known) return known;
  const made = new Set(
    [plan.tables, plan.sequences, plan.views, plan.materializedViews, plan.foreignTables].flatMap((list) =>
      list.map(({ oid }) => oid),
    ),
  );
  relations.set(plan, made);
  return made;
}

/** What an entry cannot be made without, but for what travels by choice only. */
function needs(entry: StructureEntry, index: EntryIndex): StructureEntry[] {
  const found: StructureEntry[] = [];
  for (const { schema, name } of referencesOf(entry, index.schemas)) {
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
    const names = referencesOf(entry, index.schemas).filter(
      ({ schema, name }) => index.definers(schema, name).length > 0,
    );
    return names.length > 1 && names.every(({ schema, name }) => travels(schema, name));
  }
  if (OF_TABLE.has(entry.kind)) {
    const table = tableOf(entry);
    return table !== null && travels(table.schema, table.name);
  }
  if (entry.kind === 'SEQUENCE') {
    const owner = index.ownerOf(entry);
    return owner !== null && travels(owner.schema, owner.name);
  }
  if (entry.kind === 'OPERATOR CLASS' || entry.kind === 'OPERATOR FAMILY' || entry.kind === 'CAST') {
    const names = referencesOf(entry, index.schemas).filter(
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

/** A schema travels with what is in it, and when the plan names it. */
function isSchemaOf(
  entry: StructureEntry,
  chosen: ReadonlySet<StructureEntry>,
  extensions: ReadonlySet<StructureEntry>,
  plan: PlannedDatabase,
): boolean {
  if (entry.kind !== 'SCHEMA') return false;
  if (plan.schemas.some(({ name }) => name === entry.name)) return true;
  for (const other of [...chosen, ...extensions]) if (other.schema === entry.name) return true;
  return [...extensions].some(
    (extension) => extension.sql.includes(`WITH SCHEMA`) && extension.sql.includes(entry.name),
  );
}
