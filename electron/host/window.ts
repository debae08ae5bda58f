import { app, BrowserWindow, dialog, nativeTheme, screen } from 'electron';
import { windowUrl } from './app-url';
import { labelsOf } from './labels';
import { confirmUnsaved } from './unsaved-question';
import { WEB_PREFERENCES } from './web-preferences';
import { placeWindow, SMALLEST, type WindowPlace } from './window-place';

/** `--background` of renderer/ui/tokens.css: what shows before the first paint. */
const BACKGROUND = { light: '#ffffff', dark: '#16181b' } as const;

export interface WindowOptions {
  /** The built preload script. */
  readonly preload: string;
  readonly icon?: string;
  readonly place: WindowPlace | null;
  /** Asked before the window closes; false keeps it open. */
  mayClose(): boolean;
  /** Called when the window closes. */
  savePlace(place: WindowPlace): void;
  /** Told what was decided about unsaved work that kept the window from closing. */
  unsavedDecided(lose: boolean): void;
  /** Told when the page is gone: its window was closed, it ended by itself, or it is loaded anew. */
  pageGone(window: number): void;
  /** Told when the renderer ends by itself. */
  reportGone(reason: string, exitCode: number): void;
  language(): 'en' | 'zh-CN';
}

export const windowBackground = (): string => BACKGROUND[nativeTheme.shouldUseDarkColors ? 'dark' : 'light'];

/** Reload, or close what no longer works: the renderer has ended and the window is empty. */
async function offerReload(window: BrowserWindow, language: 'en' | 'zh-CN', reason: string): Promise<void> {
  const { crash } = labelsOf(language);
  const { response } = await dialog.showMessageBox(window, {
    type: 'error',
    message: crash.message,
    detail: crash.detail.replace('{{reason}}', reason),
    buttons: [crash.reload, crash.close],
    defaultId: 0,
    cancelId: 1,
    noLink: true,
  });
  if (window.isDestroyed()) return;
  if (response === 0) window.reload();
  else window.destroy();
}

/** Opens a window on the app's page; it is shown when it has something to show. */
export function openWindow(options: WindowOptions): BrowserWindow {
  const primary = screen.getPrimaryDisplay();
  const displays = [primary, ...screen.getAllDisplays().filter((display) => display.id !== primary.id)];
  const window = new BrowserWindow({
    ...placeWindow(
      options.place,
      displays.map((display) => display.workArea),
    ),
    minWidth: SMALLEST.width,
    minHeight: SMALLEST.height,
    show: false,
    title: app.name,
    backgroundColor: windowBackground(),
    ...(options.icon ? { icon: options.icon } : {}),
    webPreferences: { ...WEB_PREFERENCES, devTools: !app.isPackaged, preload: options.preload },
  });
  if (options.place?.maximised) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('page-title-updated', (event) => event.preventDefault());
  window.on('close', (event) => {
    if (!options.mayClose()) {
      event.preventDefault();
      return;
    }
    options.savePlace({ ...window.getNormalBounds(), maximised: window.isMaximized() });
  });
  window.webContents.on('will-prevent-unload', () => {
    void confirmUnsaved(window, options.language()).then((lose) => {
      if (lose && !window.isDestroyed()) window.destroy();
      options.unsavedDecided(lose);
    });
  });
  const { id } = window;
  const pageGone = (): void => options.pageGone(id);
  window.once('closed', pageGone);
  let loaded = false;
  window.webContents.on('did-navigate', () => {
    if (loaded) pageGone();
    loaded = true;
  });
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    pageGone();
    if (reason === 'clean-exit') return;
    options.reportGone(reason, exitCode);
    void offerReload(window, options.language(), reason);
  });
  void window.loadURL(windowUrl(id));
  return window;
}
