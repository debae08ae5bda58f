import type { FolderKind, ObjectKind, ObjectRef, TreeNode } from '../../../shared/model/catalog';
import type { PgSession } from '../../adapters/postgres/session';
import { gone, refOf, type NodeRow } from './catalog-reader';
import { KINDS } from './kinds/all-kinds';
import { listSql } from './kinds/kind';
import { describeObjects } from './objects/describe-objects';
import { CATALOG } from './objects/object-address';

/** An object as the tree shows it now, and what it stands under. */
export interface FoundNode {
  readonly node: TreeNode;
  /** Its schema, table, …; null for things of a database or of the server. */
  readonly parent: ObjectRef | null;
}

interface Owner {
  /** Catalog of the owners. */
  readonly classid: number;
  /** Gives the owner's oid; `$1` is the object's. */
  readonly sql: string;
}

const { pg_class: relation, pg_type: type, pg_foreign_data_wrapper: wrapper, pg_foreign_server: server } = CATALOG;
const owner = (classid: number, column: string, catalog: string, oid: string, more = ''): Owner => ({
  classid,
  sql: `SELECT x.${column} AS oid FROM pg_catalog.${catalog} x WHERE x.${oid} = $1::pg_catalog.oid ${more}`,
});

/** What holds the things of a folder, for folders that are not a whole schema's. */
const OWNERS: Readonly<Partial<Record<FolderKind, Owner>>> = {
  columns: owner(relation, 'oid', 'pg_class', 'oid'),
  constraints: owner(relation, 'conrelid', 'pg_constraint', 'oid', 'AND x.conrelid <> 0'),
  'domain-constraints': owner(type, 'contypid', 'pg_constraint', 'oid', 'AND x.contypid <> 0'),
  indexes: owner(relation, 'indrelid', 'pg_index', 'indexrelid'),
  triggers: owner(relation, 'tgrelid', 'pg_trigger', 'oid'),
  rules: owner(relation, 'ev_class', 'pg_rewrite', 'oid'),
  policies: owner(relation, 'polrelid', 'pg_policy', 'oid'),
  partitions: owner(
    relation,
    'inhparent',
    'pg_inherits',
    'inhrelid',
    'AND EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.oid = x.inhrelid AND c.relispartition)',
  ),
  'foreign-servers': owner(wrapper, 'srvfdw', 'pg_foreign_server', 'oid'),
  'user-mappings': owner(server, 'srvid', 'pg_user_mappings', 'umid'),
};

/** Folders that a kind can stand in, the likelier first. */
function foldersOfKind(kind: ObjectKind): FolderKind[] {
  const own = Object.values(KINDS)
    .filter((definition) => definition.kind === kind)
    .map(({ folder }) => folder);
  return kind === 'foreign-table' ? [...own, 'partitions'] : own;
}

/** What an object stands under in a folder: `$1` of the folder's list, and its ref. Undefined when it is not in such a folder. */
async function placeIn(
  session: PgSession,
  folder: FolderKind,
  object: ObjectRef,
  signal: AbortSignal,
): Promise<{ readonly scope: boolean | number; readonly parent: ObjectRef | null } | undefined> {
  const { scope } = KINDS[folder];
  if (scope === 'server' || scope === 'database') return { scope: true, parent: null };
  if (scope === 'schema') {
    const [found] = await session.query<{ oid: number }>(
      'SELECT n.oid FROM pg_catalog.pg_namespace n WHERE n.nspname = $1',
      [object.schema],
      signal,
    );
    return found && { scope: found.oid, parent: { ...found, kind: 'schema', schema: '', name: object.schema, sub: 0 } };
  }
  const of = OWNERS[folder];
  const [found] = of ? await session.query<{ oid: number }>(of.sql, [object.oid], signal) : [];
  if (!of || !found) return undefined;
  const [described] = await describeObjects(session, [{ classid: of.classid, objid: found.oid, sub: 0 }], signal);
  return { scope: found.oid, parent: described?.ref ?? null };
}

/** One object as its folder lists it, whether or not system objects are shown. Fails with `not-found` when it is gone. */
export async function readNode(session: PgSession, object: ObjectRef, signal: AbortSignal): Promise<FoundNode> {
  for (const folder of foldersOfKind(object.kind)) {
    const place = await placeIn(session, folder, object, signal);
    if (!place) continue;
    const { scope, parent } = place;
    const list = listSql(KINDS[folder], parent?.kind ?? null, session.serverVersionNum);
    const isPart = object.kind === 'column';
    const [row] = await session.query<NodeRow>(
      `SELECT l.* FROM (${list}) l WHERE l.oid = $2::pg_catalog.oid${isPart ? ' AND l.sub = $3::int4' : ''}`,
      isPart ? [scope, object.oid, object.sub] : [scope, object.oid],
      signal,
    );
    if (row) return { node: { ref: refOf(folder, parent, row), note: row.note, mark: row.mark }, parent };
  }
  throw gone(object);
}
