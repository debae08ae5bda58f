import type { FolderKind, ObjectRef, TreeNode } from '../../../shared/model/catalog';
import { foldersOf } from '../../../shared/model/catalog-rules';
import type { ServerGroup, ServerView } from '../../../shared/model/server';
import type { TreeLine } from '../../ui/tree/tree-model';
import type { Favourite } from './favourites';

/** What stands under one line once it was opened. */
export type Branch =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly error: unknown }
  | { readonly state: 'folders'; readonly folders: readonly { readonly folder: FolderKind; readonly count: number }[] }
  | { readonly state: 'nodes'; readonly nodes: readonly TreeNode[] };

/** Where the things under a line are: what the calls of the catalog need. */
export interface Place {
  readonly serverId: string;
  /** Empty for things of the whole server. */
  readonly database: string;
  readonly parent: ObjectRef | null;
}

export type LineContent =
  | { readonly type: 'root' }
  | { readonly type: 'group'; readonly group: ServerGroup }
  | { readonly type: 'server'; readonly server: ServerView }
  | { readonly type: 'favourites' }
  /** `where` tells the database and the server. */
  | { readonly type: 'favourite'; readonly ref: ObjectRef; readonly place: Place; readonly where: string }
  | { readonly type: 'folder'; readonly folder: FolderKind; readonly count: number; readonly place: Place }
  | { readonly type: 'object'; readonly node: TreeNode; readonly place: Place }
  | { readonly type: 'loading' }
  | { readonly type: 'failed'; readonly error: unknown; readonly branch: string }
  | { readonly type: 'nothing' };

export interface ExplorerLine extends TreeLine {
  readonly content: LineContent;
}

export interface Filter {
  readonly text: string;
  /** Key of the folder that alone is filtered; null filters everything that is loaded. */
  readonly scope: string | null;
}

export interface TreeState {
  readonly groups: readonly ServerGroup[];
  readonly servers: readonly ServerView[];
  readonly expanded: ReadonlySet<string>;
  readonly branches: ReadonlyMap<string, Branch>;
  readonly filter: Filter;
  /** Stand above everything; those of servers that are not registered are left out. */
  readonly favourites?: readonly Favourite[];
}

export const ROOT = 'servers';
export const FAVOURITES = 'favourites';
export const groupKey = (id: string): string => `group:${id}`;
export const serverKey = (id: string): string => `server:${id}`;
export const folderKey = (parent: string, folder: FolderKind): string => `${parent}/${folder}`;
export const objectKey = (parent: string, ref: ObjectRef): string =>
  `${parent}/${ref.oid}${ref.sub ? `.${ref.sub}` : ''}`;

/** Database that the things under an object are read from: a database's own name, otherwise where the object itself is. */
const placeUnder = (node: TreeNode, place: Place): Place => ({
  serverId: place.serverId,
  database: node.ref.kind === 'database' ? node.ref.name : place.database,
  parent: node.ref,
});

const byName = (left: { readonly name: string }, right: { readonly name: string }): number =>
  left.name.localeCompare(right.name);

/** The text that the filter looks at. */
const nameOf = (content: LineContent): string => {
  switch (content.type) {
    case 'group':
      return content.group.name;
    case 'server':
      return content.server.name;
    case 'object':
      return content.node.ref.name;
    case 'favourite':
      return content.ref.name;
    default:
      return '';
  }
};

/** What can be loaded for a line; null when it is not a branch of the catalog. */
export function loadOf(content: LineContent): { readonly place: Place; readonly folder: FolderKind | null } | null {
  if (content.type === 'server')
    return { place: { serverId: content.server.id, database: '', parent: null }, folder: null };
  if (content.type === 'folder') return { place: content.place, folder: content.folder };
  if (content.type === 'object' && isExpandable(content.node)) {
    return { place: placeUnder(content.node, content.place), folder: null };
  }
  return null;
}

const isExpandable = (node: TreeNode): boolean => foldersOf(node.ref.kind).length > 0 && node.mark !== 'closed';

/** Databases that a server's registration restricts the tree to; all when it names none. */
function shownNodes(
  folder: FolderKind,
  nodes: readonly TreeNode[],
  server: ServerView | undefined,
): readonly TreeNode[] {
  const only = folder === 'databases' ? (server?.databaseRestriction ?? []) : [];
  return only.length === 0 ? nodes : nodes.filter((node) => only.includes(node.ref.name));
}

interface Draft {
  readonly key: string;
  readonly expandable: boolean;
  readonly content: LineContent;
}

/** A line while the list is being made: its siblings are not counted yet. */
type Growing = { -readonly [K in keyof ExplorerLine]: ExplorerLine[K] };

/**
 * The visible lines, top to bottom. With a filter, a line is shown when its name contains the text or something loaded under it does;
 * lines above a match are shown open whether or not they are expanded.
 */
export function visibleLines(state: TreeState): ExplorerLine[] {
  const lines: Growing[] = [];
  const text = state.filter.text.toLowerCase();
  const { scope } = state.filter;
  const serversById = new Map(state.servers.map((server) => [server.id, server]));

  const childrenOf = (draft: Draft): Draft[] => {
    const { content, key } = draft;
    if (content.type === 'favourites') return favourites;
    if (content.type === 'root' || content.type === 'group')
      return registered(content.type === 'root' ? null : content.group.id);
    const branch = state.branches.get(key);
    const load = loadOf(content);
    if (!branch || !load) return [];
    switch (branch.state) {
      case 'loading':
        return [{ key: `${key}/…`, expandable: false, content: { type: 'loading' } }];
      case 'failed':
        return [{ key: `${key}/!`, expandable: false, content: { type: 'failed', error: branch.error, branch: key } }];
      case 'folders':
        return branch.folders.map(({ folder, count }) => ({
          key: folderKey(key, folder),
          expandable: count > 0,
          content: {
            type: 'folder',
            folder,
            count: shownCount(folderKey(key, folder), folder, count, load.place),
            place: load.place,
          },
        }));
      case 'nodes': {
        const folder = load.folder ?? 'tables';
        return shownNodes(folder, branch.nodes, serversById.get(load.place.serverId)).map((node) => ({
          key: objectKey(key, node.ref),
          expandable: isExpandable(node),
          content: { type: 'object', node, place: load.place },
        }));
      }
    }
  };

  const shownCount = (key: string, folder: FolderKind, count: number, place: Place): number => {
    const branch = state.branches.get(key);
    return branch?.state === 'nodes' ? shownNodes(folder, branch.nodes, serversById.get(place.serverId)).length : count;
  };

  const registered = (parentId: string | null): Draft[] => [
    ...state.groups
      .filter((group) => group.parentId === parentId)
      .toSorted(byName)
      .map((group): Draft => ({ key: groupKey(group.id), expandable: true, content: { type: 'group', group } })),
    ...state.servers
      .filter((server) => server.groupId === parentId)
      .toSorted(byName)
      .map((server): Draft => ({ key: serverKey(server.id), expandable: true, content: { type: 'server', server } })),
  ];

  const favourites = (state.favourites ?? []).flatMap(({ serverId, database, object }): Draft[] => {
    const server = serversById.get(serverId);
    if (!server) return [];
    const where = database === '' ? server.name : `${database}@${server.name}`;
    return [
      {
        key: `${FAVOURITES}/${serverId}/${database}/${object.kind}.${object.oid}.${object.sub}`,
        expandable: false,
        content: {
          type: 'favourite',
          ref: object,
          place: { serverId, database, parent: null },
          where,
        },
      },
    ];
  });

  /** Adds the lines of siblings and what stands under them; tells whether any was added. */
  const add = (drafts: readonly Draft[], level: number, filtering: boolean): boolean => {
    const before = lines.length;
    const siblings: Growing[] = [];
    for (const draft of drafts) {
      const at = lines.length;
      const open = state.expanded.has(draft.key);
      const within = filtering || draft.key === scope;
      const matches = !filtering || text === '' || nameOf(draft.content).toLowerCase().includes(text);
      const { key, expandable, content } = draft;
      const line: Growing = { key, expandable, content, level, expanded: open, position: 0, siblings: 0 };
      lines.push(line);
      let some = false;
      if (draft.expandable && (open || (within && text !== ''))) {
        // What stands under a match is shown whole, as far as it was opened.
        const under = within && text !== '' && !(filtering && matches && nameOf(draft.content) !== '');
        some = open || under ? add(childrenOf(draft), level + 1, under) : false;
      }
      const stays = matches && (!filtering || text === '' || nameOf(draft.content) !== '');
      if (!stays && !some) {
        lines.length = at;
        continue;
      }
      line.expanded = draft.expandable && (open || some);
      siblings.push(line);
    }
    siblings.forEach((line, index) => {
      line.position = index + 1;
      line.siblings = siblings.length;
    });
    return lines.length > before;
  };

  const roots: Draft[] = [{ key: ROOT, expandable: true, content: { type: 'root' } }];
  if (favourites.length > 0) roots.unshift({ key: FAVOURITES, expandable: true, content: { type: 'favourites' } });
  add(roots, 1, scope === null && text !== '');
  if (lines.length === 0)
    lines.push({
      key: `${ROOT}/-`,
      level: 1,
      expandable: false,
      expanded: false,
      position: 1,
      siblings: 1,
      content: { type: 'nothing' },
    });
  return lines;
}

/** `orders — shop@db1`. */
export const objectTitle = (name: string, database: string, server: string): string =>
  database === '' ? `${name} — ${server}` : `${name} — ${database}@${server}`;
