import type { DatabaseChoice } from '../../../../shared/model/migration';
import type { ClosureNote, EndpointObject } from '../../../../shared/model/migration-api';
import type { PgSession } from '../../../adapters/postgres/session';
import type { RelationRow } from './catalog';
import {
  CLASS,
  ROUTINE,
  identify,
  readEdges,
  readMembers,
  type CatalogObject,
  type IdentityRow,
} from './dependency-edges';
import { withEmptyPath } from './empty-path';
import { readInventory, requireChosen, travelling, type Inventory } from './inventory';
import { scopeOf, type Scope } from './scope';

const KINDS: Readonly<Record<string, EndpointObject['kind']>> = {
  r: 'table',
  p: 'partitioned',
  f: 'foreign',
  v: 'view',
  m: 'materialized',
  S: 'sequence',
};
const WORDS: Readonly<Record<string, string>> = {
  r: 'table',
  p: 'partitioned table',
  f: 'foreign table',
  v: 'view',
  m: 'materialized view',
  S: 'sequence',
};
/** What is picked out of the dump when something that travels needs it; kinds as `pg_identify_object` has them. */
const COMES: ReadonlySet<string> = new Set([
  'access method',
  'aggregate',
  'cast',
  'collation',
  'composite type',
  'extension',
  'foreign-data wrapper',
  'function',
  'language',
  'operator',
  'operator class',
  'operator family',
  'procedure',
  'server',
  'text search configuration',
  'text search dictionary',
  'text search parser',
  'text search template',
  'type',
]);

const keyOf = ({ class: catalog, oid }: CatalogObject): string => `${catalog}/${oid}`;

const unquoted = (name: string): string =>
  name.startsWith('"') && name.endsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;

interface Need {
  readonly from: CatalogObject;
  readonly needed: CatalogObject;
}

/** Everything that is needed, at any distance, and by what first; what an extension has made needs nothing but it. */
async function walk(
  session: PgSession,
  start: readonly CatalogObject[],
  isMember: (object: CatalogObject) => boolean,
  signal: AbortSignal,
): Promise<Need[]> {
  const needs = new Map<string, CatalogObject[]>();
  for (const { class: catalog, oid, neededClass, neededOid } of await readEdges(session, signal)) {
    const key = keyOf({ class: catalog, oid });
    const needed = { class: neededClass, oid: neededOid };
    const known = needs.get(key);
    if (known) known.push(needed);
    else needs.set(key, [needed]);
  }
  const seen = new Set(start.map(keyOf));
  const queue = [...start];
  const found: Need[] = [];
  for (let at = 0; at < queue.length; at += 1) {
    const from = queue[at];
    if (!from || isMember(from)) continue;
    for (const needed of needs.get(keyOf(from)) ?? []) {
      const key = keyOf(needed);
      if (seen.has(key)) continue;
      seen.add(key);
      queue.push(needed);
      found.push({ from, needed });
    }
  }
  return found;
}

/** Types in whole schemas: they travel with these, and may need something elsewhere. */
const typesOf = (session: PgSession, schemas: readonly string[], signal: AbortSignal): Promise<CatalogObject[]> =>
  session.query<{ class: number; oid: number }>(
    `SELECT CASE WHEN t.typrelid <> 0 THEN ${CLASS}::pg_catalog.oid ELSE t.tableoid END AS class,
       CASE WHEN t.typrelid <> 0 THEN t.typrelid ELSE t.oid END AS oid
     FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
     WHERE n.nspname = ANY ($1::pg_catalog.text[]) AND (t.typrelid = 0
       OR EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.oid = t.typrelid AND c.relkind = 'c'))`,
    [schemas],
    signal,
  );

/** What the parts of a note are called. */
function namer(inventory: Inventory, identities: readonly IdentityRow[]) {
  const relations = new Map(inventory.relations.map((each) => [each.oid, each]));
  const functions = new Map(inventory.functions.map((each) => [each.oid, each]));
  const others = new Map(identities.map((each) => [keyOf(each), each]));
  const rootOf = (relation: RelationRow): RelationRow => {
    const parent = relations.get(inventory.rootOf.get(relation.oid) ?? 0);
    return parent ? rootOf(parent) : relation;
  };
  return {
    words(object: CatalogObject): string {
      const relation = object.class === CLASS ? relations.get(object.oid) : undefined;
      if (relation) return `${WORDS[relation.kind] ?? 'relation'} ${relation.schema}.${relation.name}`;
      const routine = object.class === ROUTINE ? functions.get(object.oid) : undefined;
      if (routine) return `function ${routine.schema}.${routine.name}`;
      const other = others.get(keyOf(object));
      const schema = other?.schema ? `${unquoted(other.schema)}.` : '';
      return `${other?.kind ?? 'object'} ${schema}${unquoted(other?.name ?? `${object.oid}`)}`;
    },
    /** Partitions are named by their root: they are not chosen by themselves. */
    needs(object: CatalogObject): Pick<ClosureNote, 'needs' | 'how'> | null {
      const relation = object.class === CLASS ? relations.get(object.oid) : undefined;
      if (relation) {
        const { kind, schema, name } = rootOf(relation);
        return { needs: { kind: KINDS[kind] ?? kind, schema, name }, how: 'add' };
      }
      const routine = object.class === ROUTINE ? functions.get(object.oid) : undefined;
      if (routine) return { needs: { kind: 'function', schema: routine.schema, name: routine.name }, how: 'comes' };
      const other = others.get(keyOf(object));
      if (!other) return null;
      const named = { kind: other.kind, schema: unquoted(other.schema), name: unquoted(other.name) };
      return { needs: named, how: COMES.has(other.kind) ? 'comes' : 'gap' };
    },
  };
}

interface Walked {
  readonly choice: DatabaseChoice;
  readonly scope: Scope;
  readonly inventory: Inventory;
  readonly relations: readonly RelationRow[];
}

async function notesOf(session: PgSession, walked: Walked, signal: AbortSignal): Promise<ClosureNote[]> {
  const { choice, scope, inventory, relations } = walked;
  const extensions = new Map((await readMembers(session, signal)).map((member) => [keyOf(member), member.extension]));
  const whole = inventory.schemas.map(({ name }) => name).filter((name) => scope.wholeSchema(name));
  const start = [
    ...relations.map(({ oid }) => ({ class: CLASS, oid })),
    ...inventory.functions
      .filter(({ schema, name }) => scope.has('function', schema, name))
      .map(({ oid }) => ({ class: ROUTINE, oid })),
    ...(await typesOf(session, whole, signal)),
  ];
  const found = await walk(session, start, (object) => extensions.has(keyOf(object)), signal);
  const known = new Set([
    ...inventory.relations.map(({ oid }) => keyOf({ class: CLASS, oid })),
    ...inventory.functions.map(({ oid }) => keyOf({ class: ROUTINE, oid })),
  ]);
  const unnamed = found.flatMap(({ from, needed }) => [from, needed]).filter((object) => !known.has(keyOf(object)));
  const identities = await identify(
    session,
    [...new Map(unnamed.map((object) => [keyOf(object), object])).values()],
    whole,
    signal,
  );
  const inside = new Set(identities.filter((each) => each.inside).map(keyOf));
  const { words, needs } = namer(inventory, identities);
  const notes = new Map<string, ClosureNote>();
  const add = (from: CatalogObject, needed: Pick<ClosureNote, 'needs' | 'how'> | null): void => {
    if (!needed) return;
    const key = JSON.stringify(needed.needs);
    if (!notes.has(key)) notes.set(key, { database: choice.name, object: words(from), ...needed });
  };
  const extension = (name: string): Pick<ClosureNote, 'needs' | 'how'> => ({
    needs: { kind: 'extension', schema: '', name },
    how: 'comes',
  });
  for (const relation of relations)
    if (relation.extension !== null) add({ class: CLASS, oid: relation.oid }, extension(relation.extension));
  for (const { from, needed } of found) {
    const maker = extensions.get(keyOf(needed));
    if (maker !== undefined) add(from, extension(maker));
    else if (!inside.has(keyOf(needed))) add(from, needs(needed));
  }
  return [...notes.values()];
}

/**
 * What the chosen objects of a database need, at any distance and in any schema, and that is not chosen; each once, with the first that needs it. Read
 * from the dependencies that the server records: names within bodies of functions and within row filters are not among them. Fails as
 * `readPlan` does.
 */
export async function readClosure(
  session: PgSession,
  choice: DatabaseChoice,
  signal: AbortSignal,
): Promise<ClosureNote[]> {
  if (choice.mode === 'all') return [];
  return withEmptyPath(session, async () => {
    const scope = scopeOf(choice);
    const inventory = await readInventory(session, signal);
    requireChosen(scope, inventory);
    return notesOf(session, { choice, scope, inventory, relations: travelling(scope, inventory) }, signal);
  });
}
