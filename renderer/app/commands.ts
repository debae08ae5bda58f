import { spotlight } from '@mantine/spotlight';
import { hasRows } from '../../shared/model/catalog-rules';
import type { Command } from '../../shared/model/command';
import type { TabAction } from '../../shared/model/keymap';
import { api } from '../api';
import { presentError } from '../ui/error-presenter';
import { announceCommand, treePlace } from '../ui/workbench';
import { closeTab, currentDock, floatOrDockTab, moveTabTo, openTab, splitTab, stepTab } from './dock-api';
import { focusNextRegion } from './regions';
import { useShell } from './store';
import { tabActions } from './tab-offers';
import type { TabContent } from './tabs';

/** Opens what belongs to a server: the one given, else that of the active tab or the only connected one, else the person chooses. */
async function openOnServer(
  view: 'dashboard' | 'terminal',
  given: { readonly serverId?: string; readonly database?: string; readonly ofTree?: true },
): Promise<void> {
  const place = given.serverId === undefined ? await placeInUse(given.ofTree) : { ...given, serverId: given.serverId };
  if (place === null) {
    useShell.setState({ palette: view });
    spotlight.open();
    return;
  }
  const { servers } = await api.servers.list({});
  const database = place.database ?? servers.find(({ id }) => id === place.serverId)?.database ?? 'postgres';
  openTab({ view, serverId: place.serverId, database, ...(view === 'terminal' ? { start: true } : {}) });
}

/** What is chosen in the tree, as a place. */
function placeOfTree(): { readonly serverId: string; readonly database?: string } | null {
  const chosen = treePlace();
  if (chosen === null) return null;
  return { serverId: chosen.serverId, ...(chosen.database === '' ? {} : { database: chosen.database }) };
}

/**
 * The active tab's server and database, else what is chosen in the tree, else the only connected server; null when there is no telling.
 * The tree comes first when the focus is in it, and with `ofTree`.
 */
export async function placeInUse(
  ofTree = false,
): Promise<{ readonly serverId: string; readonly database?: string } | null> {
  const inTree = ofTree || document.activeElement?.closest('[data-region="explorer"]') != null;
  const ofTheTree = placeOfTree();
  if (inTree && ofTheTree !== null) return ofTheTree;
  const active = currentDock()?.activePanel?.params?.['content'] as TabContent | undefined;
  if (active !== undefined && 'serverId' in active && active.serverId !== undefined) {
    const database = 'database' in active ? active.database : undefined;
    return { serverId: active.serverId, ...(database === undefined || database === '' ? {} : { database }) };
  }
  if (ofTheTree !== null) return ofTheTree;
  const { servers } = await api.servers.list({});
  const connected = servers.filter((server) => server.status.connected);
  const only = connected.length === 1 ? connected[0] : undefined;
  return only === undefined ? null : { serverId: only.id, database: only.database };
}

/** Where a new query goes: as `placeInUse`, else the person chooses. */
async function newQuery(ofTree = false): Promise<void> {
  const place = await placeInUse(ofTree);
  if (place === null) {
    useShell.setState({ palette: 'new-query' });
    spotlight.open();
    return;
  }
  const { servers } = await api.servers.list({});
  const database = place.database ?? servers.find(({ id }) => id === place.serverId)?.database ?? 'postgres';
  openTab({ view: 'query', serverId: place.serverId, database, initialSql: '', runAtOnce: false });
}

/** A file's text in a new tab. A query tab in front opens it by itself: it may take the text in. */
async function openFile(): Promise<void> {
  if (useShell.getState().activeTab?.startsWith('query:') === true) return;
  const place = await placeInUse();
  if (place === null) {
    // A text needs a server: the tab that comes of the choice can open files.
    await newQuery();
    return;
  }
  const [{ servers }, { openFileOn }] = await Promise.all([
    api.servers.list({}),
    import('../features/query/library/open-file'),
  ]);
  const database = place.database ?? servers.find(({ id }) => id === place.serverId)?.database ?? 'postgres';
  await openFileOn({ serverId: place.serverId, database }, runCommand);
}

/** What the tab in front offers under a name, whatever kind it is. */
function runOffered(name: string): boolean {
  const offer = tabActions(currentDock()?.activePanel?.id).find(
    ({ id, disabled }) => id.endsWith(`.${name}`) && !disabled,
  );
  offer?.run();
  return offer !== undefined;
}

/** Does any command: opens or focuses tabs, opens dialogs, and tells the views that follow. */
export function runCommand(command: Command): void {
  switch (command.do) {
    case 'show-start':
      openTab({ view: 'start' });
      break;
    case 'show-instances':
      openTab({ view: 'instances' });
      break;
    case 'create-instance':
      openTab({ view: 'create-instance', ...(command.plane === undefined ? {} : { plane: command.plane }) });
      break;
    case 'show-instance':
      openTab({
        view: 'instance',
        plane: command.plane,
        id: command.id,
        ...(command.tab === undefined ? {} : { tab: command.tab }),
      });
      break;
    case 'show-networks':
      openTab({ view: 'networks', ...(command.plane === undefined ? {} : { plane: command.plane }) });
      break;
    case 'show-migrations':
      openTab({ view: 'migrations' });
      break;
    case 'show-migration':
      openTab({ view: 'migration', id: command.id, ...(command.tab === undefined ? {} : { tab: command.tab }) });
      break;
    case 'create-migration':
      openTab({ view: 'migration-wizard', ...(command.jobId === undefined ? {} : { jobId: command.jobId }) });
      break;
    case 'show-tasks':
      openTab({ view: 'tasks' });
      break;
    case 'show-task':
      openTab({ view: 'tasks', taskId: command.taskId });
      break;
    case 'show-settings':
      openTab({ view: 'settings', ...(command.row === undefined ? {} : { row: command.row }) });
      break;
    case 'show-help':
      openTab({ view: 'help', topic: command.topic ?? 'getting-started' });
      break;
    case 'show-about':
      useShell.setState({ aboutOpen: true });
      break;
    case 'show-palette':
      useShell.setState({ palette: 'all' });
      spotlight.open();
      break;
    case 'show-explorer':
      useShell.setState(({ sidePanel }) => ({ sidePanel: { ...sidePanel, open: !sidePanel.open } }));
      break;
    case 'connect-server':
      // What is connected is looked at in the tree.
      useShell.setState(({ sidePanel }) => ({ dialog: command, sidePanel: { ...sidePanel, open: true } }));
      break;
    case 'register-server':
    case 'edit-server':
    case 'create-group':
    case 'edit-group':
      useShell.setState({ dialog: command });
      break;
    case 'open-query':
      openTab({
        view: 'query',
        serverId: command.serverId,
        database: command.database,
        initialSql: command.sql ?? '',
        runAtOnce: command.run === true,
        draftId: command.draftId,
      });
      break;
    case 'show-object':
      openTab({
        view: 'object',
        serverId: command.serverId,
        database: command.database,
        object: command.object,
      });
      break;
    case 'show-folder': {
      const { serverId, database, folder, parent } = command;
      openTab({ view: 'folder', serverId, database, folder, parent });
      break;
    }
    case 'compare': {
      const { do: _do, ...side } = command;
      openTab({ view: 'compare', ...side });
      break;
    }
    case 'show-diagram': {
      const { do: _do, ...of } = command;
      openTab({ view: 'diagram', ...of });
      break;
    }
    case 'create-object':
    case 'edit-object':
    case 'drop-objects':
    case 'act-on-objects':
    case 'search-objects':
      useShell.setState({ dialog: command });
      break;
    case 'import':
      openTab({
        view: 'import',
        ...(command.serverId === undefined ? {} : { serverId: command.serverId }),
        ...(command.database === undefined ? {} : { database: command.database }),
        ...(command.taskId === undefined ? {} : { taskId: command.taskId }),
      });
      break;
    case 'view-data': {
      const { serverId, database, object } = command;
      openTab({ view: 'data', serverId, database, object });
      break;
    }
    case 'show-dashboard':
      openOnServer('dashboard', command).catch(presentError);
      break;
    case 'open-terminal':
      openOnServer('terminal', command).catch(presentError);
      break;
    case 'show-library':
      openTab({ view: 'library' });
      break;
    case 'show-history':
      openTab({ view: 'history', ...(command.serverId === undefined ? {} : { serverId: command.serverId }) });
      break;
    case 'toggle-theme': {
      const theme = useShell.getState().scheme === 'dark' ? 'light' : 'dark';
      api.settings.update({ theme }).catch(presentError);
      break;
    }
    case 'close-tab': {
      const id = currentDock()?.activePanel?.id;
      if (id !== undefined) closeTab(id);
      break;
    }
    case 'new-query':
      newQuery(command.ofTree).catch(presentError);
      break;
    case 'new-window':
      api.app.openWindow({}).catch(presentError);
      break;
    case 'show-shortcuts':
      openTab({ view: 'shortcuts' });
      break;
    case 'show-notifications':
      useShell.setState({ noticesOpen: true });
      break;
    case 'open-file':
      openFile().catch(presentError);
      break;
    case 'save-file-as':
      runOffered('save-as');
      break;
    case 'find':
      if (!runOffered('search')) runOffered('filter');
      break;
    case 'view-chosen-data': {
      const chosen = treePlace();
      if (chosen?.object && hasRows(chosen.object.kind))
        openTab({ view: 'data', serverId: chosen.serverId, database: chosen.database, object: chosen.object });
      break;
    }
    case 'save-file':
    case 'refresh-tree':
    case 'run-macro':
      break;
  }
  announceCommand(command);
}

/** What the keyboard does with the tab in front. */
export function runTabAction(action: TabAction): void {
  const id = currentDock()?.activePanel?.id;
  switch (action) {
    case 'next-tab':
      stepTab(1);
      break;
    case 'previous-tab':
      stepTab(-1);
      break;
    case 'split-tab':
      if (id !== undefined) splitTab(id, 'right');
      break;
    case 'float-tab':
      if (id !== undefined) floatOrDockTab(id);
      break;
    case 'detach-tab':
      if (id !== undefined) moveTabTo(id).catch(presentError);
      break;
    case 'next-region':
      focusNextRegion();
      break;
  }
}
