import type { PlannedDatabase, PlannedTable } from '../../electron/control-plane/migration/plan-model';
import { adaptEntries, type AdaptOptions } from '../../electron/control-plane/migration/structure/adapt-entries';
import type { StructureEntry } from '../../electron/control-plane/migration/structure/entry';

let count = 0;
/** An entry with its SQL; the rest does not matter. */
export const entry = (kind: string, sql: string, change: Partial<StructureEntry> = {}): StructureEntry => {
  count += 1;
  return {
    key: `${kind} ${count}`,
    section: 'pre',
    kind,
    schema: 's',
    name: 'n',
    owner: 'o',
    sql,
    origin: { id: count, catalog: 0, oid: 0, belongsTo: [] },
    ...change,
  };
};
export const table = (name: string, change: Partial<PlannedTable> = {}): PlannedTable => ({
  oid: 1,
  schema: 's',
  name,
  targetSchema: 's',
  targetName: name,
  kind: 'table',
  persistence: 'permanent',
  columns: [],
  bytes: 0,
  rows: 0,
  integerKey: null,
  rowFilter: '',
  ...change,
});
export const plan = (change: Partial<PlannedDatabase> = {}): PlannedDatabase => ({
  source: 'd',
  target: 'd',
  whole: true,
  schemas: [],
  tables: [],
  indexes: [],
  sequences: [],
  views: [],
  materializedViews: [],
  foreignTables: [],
  functions: [],
  largeObjects: false,
  ...change,
});
export const adapt = (entries: readonly StructureEntry[], change: Partial<AdaptOptions> = {}) =>
  adaptEntries(entries, {
    plan: plan(),
    sourceVersionNum: 180_000,
    targetVersionNum: 180_000,
    keepOwners: true,
    keepPrivileges: true,
    ...change,
  });

/** An entry on an older target: its statements, or `refused: …`. */
export async function on(
  major: number,
  kind: string,
  sql: string,
  tables: readonly PlannedTable[] = [],
): Promise<string> {
  const { entries, refused } = await adapt([entry(kind, sql)], {
    targetVersionNum: major * 10_000,
    plan: plan({ tables }),
  });
  return refused[0] ? `refused: ${refused[0].reason}` : (entries[0]?.sql ?? '');
}
