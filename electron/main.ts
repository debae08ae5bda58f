import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { mkdirSync } from 'node:fs';
import { app, BrowserWindow, dialog, nativeTheme, session } from 'electron';
import { type AllHandlers, type Contract, type FeatureName } from '../shared/contract/index';
import type { Emit } from '../shared/contract/define';
import { errorInfo } from '../shared/errors';
import type { Command } from '../shared/model/command';
import { defaultStateFolder } from '../shared/model/control-plane';
import { LOCAL_PLANE } from '../shared/model/plane';
import { createControlPlane } from './adapters/control-plane/control-plane';
import { createFileTokens } from './adapters/storage/file-tokens';
import { openJsonDocument } from './adapters/storage/json-document';
import { openSecretStore } from './adapters/storage/secret-store';
import { startDetached } from './adapters/tools/start-detached';
import { createAccountsFeature } from './features/accounts/accounts-feature';
import { createCatalogFeature } from './features/catalog/catalog-feature';
import { openShape } from './features/catalog/shape/open-shape';
import { createCompareFeature } from './features/compare/compare-feature';
import { createDashboardFeature } from './features/dashboard/dashboard-feature';
import { createDiagramFeature } from './features/diagram/diagram-feature';
import { createInstancesFeature } from './features/instances/instances-feature';
import { createStartAtLogin } from './features/instances/start-at-login';
import { createLibraryFeature } from './features/library/library-feature';
import { createMigrationFeature } from './features/migration/migration-feature';
import { createNetworksFeature } from './features/networks/networks-feature';
import { createPlanesFeature } from './features/planes/planes-feature';
import { createQueryFeature } from './features/query/query-feature';
import { createServersFeature } from './features/servers/servers-feature';
import { createSettingsFeature } from './features/settings/settings-feature';
import { createTasksFeature } from './features/tasks/tasks-feature';
import { createTerminalFeature } from './features/terminal/terminal-feature';
import { createTransferFeature } from './features/transfer/transfer-feature';
import { createAppHandlers } from './host/app-handlers';
import { registerAppScheme, serveAppScheme } from './host/app-scheme';
import { createKeychain } from './host/keychain';
import { labelsOf } from './host/labels';
import { tellBroken, type BrokenFile } from './host/broken-files';
import { setApplicationMenu } from './host/menu';
import { endProgram } from './host/end-program';
import { applySessionRules } from './host/session-rules';
import { fromOurWindow } from './host/trust';
import { tellingOfTasks } from './host/task-notification';
import { windowBackground } from './host/window';
import { createWindowSessions, querySessionsOf, terminalsOf } from './host/window-sessions';
import { createWindows, type Windows } from './host/windows';
import { placeSchema, type WindowPlace } from './host/window-place';
import { createDispatch } from './ipc/dispatch';
import { serveIpc } from './ipc/ipc-main';
import { createLogger } from './log';

// Threat: with --no-sandbox (root) Chromium's network service would crash in a loop if the sandbox were demanded as well.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
registerAppScheme();
// What loads the app may have set the folder by the app's name already; a profile that was asked for wins.
const profile = app.commandLine.getSwitchValue('user-data-dir');
if (profile) app.setPath('userData', resolve(profile));

/** Milliseconds in which changes of the windows go into the menu together. */
const MENU_AFTER = 100;

function start(): void {
  const folder = app.getPath('userData');
  const logFolder = join(folder, 'logs');
  const tempFolder = join(app.getPath('temp'), `howdah-${process.pid}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const log = createLogger(join(logFolder, 'howdah.log'));
  const out = (...parts: string[]): string => join(import.meta.dirname, '..', ...parts);
  process.on('unhandledRejection', (reason) => log.bug('unhandled rejection', reason));
  // The package ships the newest server beside the app; the control plane inherits where.
  if (app.isPackaged) process.env['HOWDAH_SHIPPED_POSTGRES'] ??= join(process.resourcesPath, 'postgres');
  log.write('info', 'started', { version: app.getVersion(), electron: process.versions.electron });

  const broken: BrokenFile[] = [];
  const onBroken = (kept: string, reason: string): void => void broken.push({ kept, reason });

  const emitFor =
    <F extends FeatureName>(feature: F): Emit<Contract[F]> =>
    (name, payload) => {
      for (const window of BrowserWindow.getAllWindows()) {
        if (!window.webContents.isDestroyed()) window.webContents.send('howdah:push', `${feature}.${name}`, payload);
      }
    };

  // What several features need.
  const files = createFileTokens();
  const secrets = openSecretStore({ file: join(folder, 'secrets.json'), keychain: createKeychain(), log, onBroken });

  // settings
  const settings = createSettingsFeature({ folder, secrets, emit: emitFor('settings'), log, onBroken });

  // tasks
  const tasks = createTasksFeature({
    folder,
    emit: tellingOfTasks(emitFor('tasks'), {
      wanted: () => settings.current().notifyTasks,
      language: () => language,
      open: (taskId) => runInFront({ do: 'show-task', taskId }),
    }),
    log,
    onBroken,
  });

  // servers
  const servers = createServersFeature({ folder, secrets, emit: emitFor('servers'), log, onBroken });

  // catalog
  const catalog = createCatalogFeature({ connections: servers.connections, log });

  // compare
  const compare = createCompareFeature({
    connections: servers.connections,
    files,
    readShape: openShape,
    toolFolders: () => settings.current().toolFolders,
    emit: emitFor('compare'),
  });

  // library
  const library = createLibraryFeature({
    folder,
    files,
    historySize: () => settings.current().query.historySize,
    emit: emitFor('library'),
    log,
    onBroken,
  });

  // query; rows that don't fit into memory belong on a disk, and the system's folder for temporary files may be memory itself
  const rowsFolder = join(folder, 'rows');
  mkdirSync(rowsFolder, { recursive: true, mode: 0o700 });
  const query = createQueryFeature({
    connections: servers.connections,
    runner: tasks.runner,
    files,
    history: library.history,
    emit: emitFor('query'),
    log,
    tempFolder: rowsFolder,
  });

  // dashboard, terminal
  const dashboard = createDashboardFeature({ connections: servers.connections, log });
  const terminal = createTerminalFeature({
    connections: servers.connections,
    toolFolders: () => settings.current().toolFolders,
    emit: emitFor('terminal'),
    log,
    tempFolder: join(folder, 'terminal'),
  });

  // transfer
  const transfer = createTransferFeature({
    connections: servers.connections,
    runner: tasks.runner,
    files,
    toolFolders: () => settings.current().toolFolders,
    folder,
    // Not the process's own temporary folder: what a killed program left is found here by the next start.
    tempFolder: join(folder, 'transfer'),
    log,
  });

  // planes: the local daemon, and what the person registered
  const stateFacts = {
    platform: process.platform,
    env: process.env,
    home: homedir(),
    isRoot: process.getuid?.() === 0,
  };
  const daemon = { program: out('main', 'control-plane.js'), state: defaultStateFolder(stateFacts) };
  const controlPlane = createControlPlane({
    state: daemon.state,
    launch: (state) => startDetached({ program: daemon.program, args: ['--state', state], timeoutMs: 30_000 }),
    log,
  });
  const planes = createPlanesFeature({ folder, secrets, controlPlane, emit: emitFor('planes'), log, onBroken });
  const planeOf = planes.planes.get;

  // instances and networks of all planes
  const shipped = process.env['HOWDAH_SHIPPED_POSTGRES'];
  const instances = createInstancesFeature({
    controlPlane,
    planeOf,
    registerServer: (definition, password) => servers.register(definition, password ?? ''),
    files,
    startAtLogin: createStartAtLogin({
      ...stateFacts,
      ...daemon,
      executable: process.execPath,
      inherited: shipped === undefined ? {} : { HOWDAH_SHIPPED_POSTGRES: shipped },
    }),
    emit: emitFor('instances'),
    log,
  });
  const networks = createNetworksFeature({ planeOf });
  const accounts = createAccountsFeature({ planeOf });

  // migration tasks of the local control plane
  const migration = createMigrationFeature({
    plane: () => planeOf(LOCAL_PLANE),
    connections: servers.connections,
    files,
    emit: emitFor('migration'),
    log,
  });

  // the window's language, theme and menu
  const systemLanguage = app.getLocale().toLowerCase().startsWith('zh') ? 'zh-CN' : 'en';
  let language: 'en' | 'zh-CN' = systemLanguage;
  const runInFront = (command: Command): void => {
    const window = windows.front() ?? windows.open();
    windows.focus(window.id);
    window.webContents.send('howdah:push', 'app.command', command);
  };
  const setMenu = (): void =>
    setApplicationMenu({
      language,
      developer: !app.isPackaged,
      mac: process.platform === 'darwin',
      shortcuts: settings.current().shortcuts,
      windows: windows.list().map((window) => ({ ...window, front: window.id === windows.front()?.id })),
      focusWindow: (id) => windows.focus(id),
      run: runInFront,
    });
  const setLanguage = (next: 'en' | 'zh-CN'): void => {
    language = next;
    setMenu();
  };
  const chosen = settings.current();
  language = chosen.language === 'system' ? systemLanguage : chosen.language;
  nativeTheme.themeSource = chosen.theme;
  let keys = chosen.shortcuts;
  settings.onChange(({ theme, shortcuts }) => {
    if (nativeTheme.themeSource !== theme) nativeTheme.themeSource = theme;
    if (JSON.stringify(shortcuts) === JSON.stringify(keys)) return;
    keys = shortcuts;
    setMenu();
  });
  nativeTheme.on('updated', () => {
    for (const window of BrowserWindow.getAllWindows()) window.setBackgroundColor(windowBackground());
  });

  // windows, and what ends with them
  const place = openJsonDocument<WindowPlace | null>({
    file: join(folder, 'window.json'),
    schema: placeSchema,
    version: 1,
    defaults: null,
    log,
  });
  const gone = { signal: new AbortController().signal };
  const ended = (error: unknown): void => {
    if (errorInfo(error).code !== 'not-found') log.bug('a session of a closed window', error);
  };
  const held = createWindowSessions((sessionId) => void query.handlers.close({ sessionId }, gone).catch(ended));
  const heldTerminals = createWindowSessions(
    (terminalId) => void terminal.handlers.end({ terminalId }, gone).catch(ended),
  );
  const windows: Windows = createWindows({
    preload: out('preload', 'preload.cjs'),
    icon: out('..', 'resources', 'icons', '256x256.png'),
    place: () => place.current(),
    savePlace: (next) => {
      place
        .update(() => next)
        .catch((error: unknown) => log.write('warn', 'the window place was not saved', { reason: String(error) }));
    },
    mayQuit: () => ending.mayQuit(),
    language: () => language,
    reportGone: (reason, exitCode) => log.write('error', 'the renderer ended', { reason, exitCode }),
    pageGone: (id) => {
      held.windowGone(id);
      heldTerminals.windowGone(id);
    },
    arrived: (windowId) => emitFor('app')('tabsArrived', { windowId }),
    closed: (windowId) => emitFor('app')('windowClosed', { windowId }),
    moved: (sessionId, windowId) => {
      held.pass(sessionId, windowId);
      heldTerminals.pass(sessionId, windowId);
    },
    changed: () => {
      clearTimeout(menuTimer);
      menuTimer = setTimeout(setMenu, MENU_AFTER);
    },
  });
  let menuTimer: ReturnType<typeof setTimeout> | undefined;
  setMenu();

  // ipc
  const handlers: AllHandlers = {
    app: createAppHandlers({ files, folders: { data: folder, log: logFolder }, setLanguage, windows }),
    settings: settings.handlers,
    tasks: tasks.handlers,
    servers: servers.handlers,
    catalog: catalog.handlers,
    compare: compare.handlers,
    diagram: createDiagramFeature({ connections: servers.connections, files }),
    query: querySessionsOf(query.handlers, held),
    library: library.handlers,
    dashboard: dashboard.handlers,
    terminal: terminalsOf(terminal.handlers, heldTerminals),
    transfer: transfer.handlers,
    instances: instances.handlers,
    migration: migration.handlers,
    networks: networks.handlers,
    accounts,
    planes: planes.handlers,
  };
  serveIpc(
    createDispatch(handlers, (call, error) => log.bug(call, error)),
    fromOurWindow,
  );

  // the first window
  applySessionRules(session.defaultSession);
  serveAppScheme(session.defaultSession, out('renderer'));
  const first = windows.open();
  first.once('show', () => tellBroken(first, broken, language));
  app.on('second-instance', () => {
    windows.focus((windows.front() ?? windows.open()).id);
  });
  app.on('activate', () => {
    if (windows.front() === undefined) windows.open();
  });

  // end: users of connections first, then the connections, then what keeps state
  const closing: (() => Promise<void>)[] = [
    transfer.close,
    query.close,
    library.close,
    dashboard.close,
    terminal.close,
    catalog.close,
    tasks.close,
    migration.close,
    instances.close,
    planes.close,
    servers.close,
    settings.close,
    place.settled,
  ];
  const ending = endProgram({
    closing,
    running: tasks.running,
    language: () => language,
    quitting: (now) => (windows.quitting = now),
    ended: () => log.write('info', 'ended', { tempFolder }),
    bug: log.bug,
  });
}

if (app.requestSingleInstanceLock()) {
  // Not awaited at the top level: the app is not ready before this module has ended.
  app
    .whenReady()
    .then(start)
    .catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      dialog.showErrorBox(labelsOf(app.getLocale().startsWith('zh') ? 'zh-CN' : 'en').start.failed, reason);
      app.exit(1);
    });
} else {
  app.quit();
}
