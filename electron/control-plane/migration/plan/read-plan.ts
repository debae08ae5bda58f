import type { DatabaseChoice } from '../../../../shared/model/migration';
import { quoteQualified } from '../../../../shared/model/quote';
import type { PgSession } from '../../../adapters/postgres/session';
import type { PlannedColumn, PlannedDatabase, PlannedIndex, PlannedName, PlannedTable } from '../plan-model';
import type { RelationRow } from './catalog';
import { withEmptyPath } from './empty-path';
import { conditionOf } from './extension-filter';
import { readInventory, requireChosen, travelling, type Inventory } from './inventory';
import { scopeOf, type Scope } from './scope';
import { readColumns, readIndexes, readIntegerKeys, type ColumnRow } from './table-lists';

const IDENTITIES: Readonly<Record<string, PlannedColumn['identity']>> = { a: 'always', d: 'default' };

function columnsByTable(rows: readonly ColumnRow[]): Map<number, PlannedColumn[]> {
  const columns = new Map<number, PlannedColumn[]>();
  for (const { table, name, type, generated, identity } of rows) {
    const column = { name, type, generated, identity: IDENTITIES[identity] ?? '' };
    const known = columns.get(table);
    if (known) known.push(column);
    else columns.set(table, [column]);
  }
  return columns;
}

/** Which rows of a table travel: its own filter, those of the partitioned tables above it, and the condition of its extension. */
function filterOf(relation: RelationRow, scope: Scope, inventory: Inventory, byOid: ReadonlyMap<number, RelationRow>) {
  const filters: string[] = [];
  if (relation.condition !== null)
    filters.push(conditionOf(relation.condition, quoteQualified(relation.schema, relation.name)));
  for (let at: RelationRow | undefined = relation; at; at = byOid.get(inventory.rootOf.get(at.oid) ?? 0))
    filters.push(scope.table(at.schema, at.name)?.rowFilter ?? '');
  // A filter may end in a comment: the bracket that is put around it must not become a part of that.
  const given = filters.filter((filter) => filter.trim() !== '').map((f) => (f.includes('--') ? `${f}\n` : f));
  return given.length < 2 ? (given[0] ?? '') : given.map((filter) => `(${filter})`).join(' AND ');
}

/** Tables of the source whose changes are followed: they are of the plan, whatever they are called by now. */
export interface FollowedTables {
  /** Where their rows go, by oid. */
  readonly places: ReadonlyMap<number, { readonly schema: string; readonly name: string }>;
  /** Which of their rows are followed, where not all are, by oid; null: as chosen. */
  readonly filters: ReadonlyMap<number, string> | null;
}

async function readTables(
  session: PgSession,
  relations: readonly RelationRow[],
  scope: Scope,
  inventory: Inventory,
  signal: AbortSignal,
  followed?: FollowedTables,
): Promise<PlannedTable[]> {
  const tables = relations.filter(({ kind }) => kind === 'r' || kind === 'p');
  const oids = tables.map(({ oid }) => oid);
  const columns = columnsByTable(await readColumns(session, oids, signal));
  const keys = new Map((await readIntegerKeys(session, oids, signal)).map(({ table, column }) => [table, column]));
  const byOid = new Map(inventory.relations.map((relation) => [relation.oid, relation]));
  return tables.map((relation) => {
    const { oid, schema, name, heap, toast, rows, extension } = relation;
    const newName = scope.table(schema, name)?.newName ?? '';
    const place = followed?.places.get(oid);
    const filters = place ? followed?.filters : null;
    return {
      oid,
      schema,
      name,
      targetSchema: place?.schema ?? scope.targetSchema(schema),
      targetName: place?.name ?? (newName === '' ? name : newName),
      kind: relation.kind === 'p' ? 'partitioned' : 'table',
      persistence: relation.unlogged ? 'unlogged' : 'permanent',
      columns: columns.get(oid) ?? [],
      bytes: heap + toast,
      heapBytes: heap,
      rows,
      integerKey: keys.get(oid) ?? null,
      rowFilter: filters ? (filters.get(oid) ?? '') : filterOf(relation, scope, inventory, byOid),
      ...(extension === null ? {} : { extension }),
    };
  });
}

async function readTravellingIndexes(
  session: PgSession,
  relations: readonly RelationRow[],
  signal: AbortSignal,
): Promise<PlannedIndex[]> {
  const oids = relations
    .filter(({ kind, extension }) => 'rpm'.includes(kind) && extension === null)
    .map(({ oid }) => oid);
  return (await readIndexes(session, oids, signal)).map(({ table, ...index }) => ({ ...index, tableOid: table }));
}

/**
 * What of a database travels and under which names, from the catalogs of the source (10 to 18); large lists come by one query each. Fails with
 * `not-found` when the choice names something that is not there (any more), `sql`, `lost-connection` or `cancelled`. With `followed` tables go
 * where they were sent, and what is not there any more is left out.
 */
export function readPlan(
  session: PgSession,
  choice: DatabaseChoice,
  signal: AbortSignal,
  followed?: FollowedTables,
): Promise<PlannedDatabase> {
  return withEmptyPath(session, async () => {
    const scope = scopeOf(choice);
    const inventory = await readInventory(session, signal);
    if (!followed) requireChosen(scope, inventory);
    const relations = travelling(scope, inventory, followed?.places);
    const named = ({ oid, schema, name }: RelationRow): PlannedName => ({
      oid,
      schema,
      name,
      targetSchema: scope.targetSchema(schema),
    });
    const ofKind = (kind: string): PlannedName[] => relations.filter((each) => each.kind === kind).map(named);
    const functions = inventory.functions
      .filter(({ schema, name }) => scope.has('function', schema, name))
      .map((each) => ({ ...each, targetSchema: scope.targetSchema(each.schema) }));
    const used = new Set([...relations, ...functions].map(({ schema }) => schema));
    return {
      source: choice.name,
      target: choice.newName === '' ? choice.name : choice.newName,
      whole: choice.mode === 'all',
      schemas: inventory.schemas
        .filter(({ name, extension }) => used.has(name) || (extension === null && scope.hasSchema(name)))
        .map(({ name }) => ({
          name,
          targetName: scope.targetSchema(name),
          whole: scope.wholeSchema(name),
        })),
      tables: await readTables(session, relations, scope, inventory, signal, followed),
      indexes: await readTravellingIndexes(session, relations, signal),
      sequences: ofKind('S'),
      views: ofKind('v'),
      materializedViews: ofKind('m'),
      foreignTables: ofKind('f'),
      functions,
      largeObjects: choice.mode === 'all',
    };
  });
}
