import { AppError } from '../../../shared/errors';
import type {
  FolderKind,
  ObjectProperties,
  ObjectRef,
  PropertyGrid,
  PropertyItem,
  TreeNode,
} from '../../../shared/model/catalog';
import { displayName, foldersOf } from '../../../shared/model/catalog-rules';
import type { PgSession } from '../../adapters/postgres/session';
import { KINDS, propertiesOf } from './kinds/all-kinds';
import { countSql, listSql, sqlFor, type ListRow } from './kinds/kind';

/** Row of a list query with the schema that only lists across schemas give. */
interface NodeRow extends ListRow {
  readonly schema?: string;
}

/** `$1` of a folder's queries. */
const scopeValue = (folder: FolderKind, parent: ObjectRef | null, showSystem: boolean): boolean | number => {
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
  const schema = schemaOf(folder, parent);
  return rows.map((row) => ({
    ref: {
      kind: row.kind ?? definition.kind,
      oid: row.oid,
      schema: row.schema ?? schema,
      name: row.name,
      sub: row.sub ?? 0,
    },
    note: row.note,
    mark: row.mark,
  }));
}

/** Facts and grids of one object. Fails with `not-found` when it is gone. */
export async function readProperties(
  session: PgSession,
  object: ObjectRef,
  signal: AbortSignal,
): Promise<ObjectProperties> {
  const definition = propertiesOf(object.kind);
  if (!definition) throw new AppError({ code: 'unsupported', message: `No properties are known of a ${object.kind}` });
  const version = session.serverVersionNum;
  const params = object.kind === 'column' ? [object.oid, object.sub] : [object.oid];
  const [facts] = await session.query<Record<string, string | null>>(sqlFor(definition.sql, version), params, signal);
  if (!facts) throw gone(object);
  const items: PropertyItem[] = [];
  for (const [key, kind] of definition.items) {
    const value = facts[key];
    if (value !== null && value !== undefined) items.push({ key, value, kind });
  }
  const grids: PropertyGrid[] = [];
  for (const grid of definition.grids) {
    const rows = await session.query<Record<string, string | null>>(sqlFor(grid.sql, version), [object.oid], signal);
    if (rows.length > 0) {
      grids.push({
        key: grid.key,
        columns: grid.columns,
        rows: rows.map((row) => grid.columns.map((column) => row[column] ?? '')),
      });
    }
  }
  return { items, grids };
}

/** The object was dropped, or never was. */
export const gone = (object: ObjectRef): AppError =>
  new AppError({
    code: 'not-found',
    message: `${displayName(object)} does not exist any more`,
    hint: 'Refresh the tree to see what is there now.',
  });
