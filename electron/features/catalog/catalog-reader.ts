import { AppError } from '../../../shared/errors';
import type { FolderKind, ObjectProperties, ObjectRef, PropertyItem, TreeNode } from '../../../shared/model/catalog';
import { displayName, foldersOf } from '../../../shared/model/catalog-rules';
import type { PgSession } from '../../adapters/postgres/session';
import { KINDS, propertiesOf } from './kinds/all-kinds';
import { countSql, gridSql, listSql, sqlFor, type ListRow, type PropertiesDefinition } from './kinds/kind';

/** Row of a list query with the schema that only lists across schemas give. */
export interface NodeRow extends ListRow {
  readonly schema?: string;
}

/** `$1` of a folder's queries. */
export const scopeValue = (folder: FolderKind, parent: ObjectRef | null, showSystem: boolean): boolean | number => {
  const { scope } = KINDS[folder];
  if (scope === 'server' || scope === 'database') return showSystem;
  if (!parent) throw new AppError({ code: 'invalid-input', message: `${folder} need a parent`, field: 'parent' });
  return parent.oid;
};

/** Schema of the things in a folder. */
const schemaOf = (folder: FolderKind, parent: ObjectRef | null): string => {
  const { scope } = KINDS[folder];
  if (scope === 'schema') return parent?.name ?? '';
  return scope === 'object' ? (parent?.schema ?? '') : '';
};

/** The object of a row of a folder's list. */
export const refOf = (folder: FolderKind, parent: ObjectRef | null, row: NodeRow): ObjectRef => ({
  kind: row.kind ?? KINDS[folder].kind,
  oid: row.oid,
  schema: row.schema ?? schemaOf(folder, parent),
  name: row.name,
  sub: row.sub ?? 0,
});

/** Folders of an object with their counts, in one query; rare ones only when something is in them. */
export async function readFolders(
  session: PgSession,
  parent: ObjectRef | null,
  showSystem: boolean,
  signal: AbortSignal,
): Promise<{ folder: FolderKind; count: number }[]> {
  const folders = foldersOf(parent?.kind ?? 'server');
  const [first] = folders;
  if (!first) return [];
  const counts = folders.map(
    (folder, at) => `${countSql(KINDS[folder], parent?.kind ?? null, session.serverVersionNum)} AS c${at}`,
  );
  const [row] = await session.query<Record<string, number>>(
    `SELECT ${counts.join(', ')}`,
    [scopeValue(first, parent, showSystem)],
    signal,
  );
  return folders
    .map((folder, at) => ({ folder, count: row?.[`c${at}`] ?? 0 }))
    .filter(({ folder, count }) => count > 0 || !KINDS[folder].rare);
}

/** Everything in one folder by one query. */
export async function readChildren(
  session: PgSession,
  folder: FolderKind,
  parent: ObjectRef | null,
  showSystem: boolean,
  signal: AbortSignal,
): Promise<TreeNode[]> {
  const definition = KINDS[folder];
  const rows = await session.query<NodeRow>(
    listSql(definition, parent?.kind ?? null, session.serverVersionNum),
    [scopeValue(folder, parent, showSystem)],
    signal,
  );
  return rows.map((row) => ({ ref: refOf(folder, parent, row), note: row.note, mark: row.mark }));
}

/** Facts and grids of one object. Fails with `not-found` when it is gone. */
export async function readProperties(
  session: PgSession,
  object: ObjectRef,
  signal: AbortSignal,
): Promise<ObjectProperties> {
  const definition = propertiesOf(object.kind);
  if (!definition) throw new AppError({ code: 'unsupported', message: `No properties are known of a ${object.kind}` });
  return readFacts(session, definition, object, signal);
}

/** What a definition asks of one object, in one query for the facts and one for all grids. Fails with `not-found` when there is no row. */
export async function readFacts(
  session: PgSession,
  definition: PropertiesDefinition,
  object: ObjectRef,
  signal: AbortSignal,
): Promise<ObjectProperties> {
  const version = session.serverVersionNum;
  const params = object.kind === 'column' ? [object.oid, object.sub] : [object.oid];
  const ask = async (sql: string): Promise<FactRow | undefined> =>
    (await session.query<FactRow>(sql, params, signal))[0];
  const facts = await ask(sqlFor(definition.sql, version));
  if (!facts) throw gone(object);
  const items = itemsOf(definition.items, facts);
  const { guarded } = definition;
  if (guarded) {
    const [may] = await session.query<{ allowed: boolean }>(`SELECT ${guarded.allowed} AS allowed`, [], signal);
    if (may?.allowed) items.push(...itemsOf(guarded.items, (await ask(sqlFor(guarded.sql, version))) ?? {}));
  }
  if (definition.grids.length === 0) return { items, grids: [] };
  const columns = definition.grids.map((grid, at) => `${gridSql(grid, version)} AS g${at}`);
  const [row] = await session.query<GridRow>(`SELECT ${columns.join(', ')}`, params, signal);
  const grids = definition.grids.flatMap((grid, at) => {
    const rows = row?.[`g${at}`];
    if (!rows) return [];
    return [{ key: grid.key, columns: grid.columns, rows: rows.map((cells) => cells.map((cell) => cell ?? '')) }];
  });
  return { items, grids };
}

type FactRow = Record<string, string | null>;
type GridRow = Record<string, (string | null)[][] | null>;

const itemsOf = (items: PropertiesDefinition['items'], facts: FactRow): PropertyItem[] =>
  items.flatMap(([key, kind]) => {
    const value = facts[key];
    return value === null || value === undefined ? [] : [{ key, value, kind }];
  });

/** The object was dropped, or never was. */
export const gone = (object: ObjectRef): AppError =>
  new AppError({
    code: 'not-found',
    message: `${displayName(object)} does not exist any more`,
    hint: 'Refresh the tree to see what is there now.',
  });
