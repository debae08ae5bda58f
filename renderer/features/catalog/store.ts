import { create } from 'zustand';
import { errorInfo } from '../../../shared/errors';
import type { ServerGroup, ServerView } from '../../../shared/model/server';
import { api, listen } from '../../api/index';
import {
  FAVOURITES,
  ROOT,
  groupKey,
  loadOf,
  serverKey,
  visibleLines,
  type Branch,
  type ExplorerLine,
  type Filter,
  type LineContent,
} from './model';

interface ExplorerState {
  /** Null until the list was read for the first time. */
  readonly servers: readonly ServerView[] | null;
  readonly groups: readonly ServerGroup[];
  readonly listError: unknown;
  readonly showSystem: boolean;
  readonly expanded: ReadonlySet<string>;
  readonly branches: ReadonlyMap<string, Branch>;
  readonly filter: Filter;
  readonly active: string | null;
  /** Servers that open as soon as they are connected. */
  readonly opening: ReadonlySet<string>;
}

export const useExplorer = create<ExplorerState>()(() => ({
  servers: null,
  groups: [],
  listError: null,
  showSystem: false,
  expanded: new Set([ROOT, FAVOURITES]),
  branches: new Map(),
  filter: { text: '', scope: null },
  active: null,
  opening: new Set(),
}));

const { getState: get, setState: set } = useExplorer;

/** What each branch is being loaded by; a newer load of the same branch ends the older one. */
const loads = new Map<string, AbortController>();

/** Whether a key is the branch itself or stands under it. */
const isWithin = (key: string, branch: string): boolean => key === branch || key.startsWith(`${branch}/`);

function setBranch(key: string, branch: Branch): void {
  set((state) => ({ branches: new Map(state.branches).set(key, branch) }));
}

/** Loads what stands under a line. What was there stays to be seen until the new list is here. */
async function load(key: string, content: LineContent): Promise<void> {
  const target = loadOf(content);
  if (!target) return;
  loads.get(key)?.abort();
  const controller = new AbortController();
  loads.set(key, controller);
  const before = get().branches.get(key);
  if (!before || before.state === 'failed') setBranch(key, { state: 'loading' });
  const { place, folder } = target;
  const showSystem = get().showSystem;
  try {
    const branch: Branch =
      folder === null
        ? { state: 'folders', folders: await api.catalog.folders({ ...place, showSystem }, controller.signal) }
        : { state: 'nodes', nodes: await api.catalog.children({ ...place, folder, showSystem }, controller.signal) };
    if (loads.get(key) === controller) setBranch(key, branch);
  } catch (error) {
    if (loads.get(key) === controller && errorInfo(error).code !== 'cancelled')
      setBranch(key, { state: 'failed', error });
  } finally {
    if (loads.get(key) === controller) loads.delete(key);
  }
}

/** Forgets what was loaded under the keys and stops loading it. */
function forget(isGone: (key: string) => boolean): void {
  for (const [key, controller] of loads) {
    if (!isGone(key)) continue;
    controller.abort();
    loads.delete(key);
  }
  set((state) => ({
    branches: new Map([...state.branches].filter(([key]) => !isGone(key))),
    expanded: new Set([...state.expanded].filter((key) => !isGone(key))),
  }));
}

/** Opens a line and loads what stands under it, unless it is here already. */
export function expand(key: string, content: LineContent): void {
  set((state) => ({ expanded: new Set(state.expanded).add(key) }));
  const known = get().branches.get(key);
  if (loadOf(content) && (!known || known.state === 'failed')) void load(key, content);
}

export function collapse(key: string): void {
  const loading = loads.get(key);
  if (loading) {
    loading.abort();
    loads.delete(key);
    if (get().branches.get(key)?.state === 'loading') forget((each) => each === key);
  }
  set((state) => {
    const expanded = new Set(state.expanded);
    expanded.delete(key);
    return { expanded };
  });
}

/** Reads a branch and everything open under it again; what isn't open is forgotten, so that opening reads it anew. */
export async function refresh(key: string): Promise<void> {
  const open = lines().filter((line) => isWithin(line.key, key) && line.expanded && loadOf(line.content));
  const kept = new Set(open.map((line) => line.key));
  set((state) => ({
    branches: new Map([...state.branches].filter(([each]) => !isWithin(each, key) || kept.has(each))),
  }));
  await Promise.all(open.map((line) => load(line.key, line.content)));
}

/** Reads the list of servers and everything that is open again; with a server's id, only that server. */
export async function refreshTree(serverId?: string): Promise<void> {
  await loadServers();
  const servers = serverId === undefined ? (get().servers ?? []) : [{ id: serverId }];
  await Promise.all(servers.map(({ id }) => refresh(serverKey(id))));
}

/** The lines as they would be without a filter. */
const lines = (): ExplorerLine[] => {
  const { servers, groups, expanded, branches } = get();
  return visibleLines({ servers: servers ?? [], groups, expanded, branches, filter: { text: '', scope: null } });
};

let lastListing = 0;

/** Reads the list of servers; an answer that was overtaken by a later question is not used. */
export async function loadServers(): Promise<void> {
  const listing = ++lastListing;
  try {
    const { groups, servers } = await api.servers.list({});
    if (listing !== lastListing) return;
    const before = get().servers ?? [];
    set({ groups, servers, listError: null });
    const connected = new Set(servers.filter((server) => server.status.connected).map((server) => server.id));
    const gone = before.filter((server) => !connected.has(server.id)).map((server) => server.id);
    if (gone.length > 0) forget((key) => gone.some((id) => isWithin(key, serverKey(id))));
    for (const server of servers) {
      if (!get().opening.has(server.id) || !server.status.connected) continue;
      set((state) => ({ opening: new Set([...state.opening].filter((id) => id !== server.id)) }));
      expand(serverKey(server.id), { type: 'server', server });
    }
    openGroupsOnce(groups);
  } catch (error) {
    set({ listError: error });
  }
}

const seenGroups = new Set<string>();

/** Groups are open when they first appear; after that the person decides. */
function openGroupsOnce(groups: readonly ServerGroup[]): void {
  const fresh = groups.filter((group) => !seenGroups.has(group.id));
  if (fresh.length === 0) return;
  for (const group of fresh) seenGroups.add(group.id);
  set((state) => ({ expanded: new Set([...state.expanded, ...fresh.map((group) => groupKey(group.id))]) }));
}

/** The server opens when its connection stands. */
export function openWhenConnected(serverId: string): void {
  set((state) => ({ opening: new Set(state.opening).add(serverId) }));
}

export const setActive = (key: string | null): void => set({ active: key });
export const setFilter = (filter: Filter): void => set({ filter });

/** Follows the list of servers and the settings; returns the function that stops. */
export function followServers(): () => void {
  const useSettings = ({ showSystemObjects }: { readonly showSystemObjects: boolean }): void => {
    if (get().showSystem === showSystemObjects) return;
    set({ showSystem: showSystemObjects });
    void refreshTree();
  };
  void api.settings.get({}).then(useSettings, () => undefined);
  void loadServers();
  const stops = [listen('servers', 'changed', () => void loadServers()), listen('settings', 'changed', useSettings)];
  return () => {
    for (const stop of stops) stop();
  };
}
