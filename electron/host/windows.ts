import { app, BrowserWindow } from 'electron';
import type { app as appContract, MovedTab, WindowView } from '../../shared/contract/app';
import type { Handlers } from '../../shared/contract/define';
import { AppError } from '../../shared/errors';
import { openWindow, type WindowOptions } from './window';
import type { WindowPlace } from './window-place';

/** How far a further window stands from the one before it, in device-independent pixels. */
const STEP = 32;

export interface WindowsDeps extends Pick<
  WindowOptions,
  'preload' | 'icon' | 'savePlace' | 'language' | 'reportGone' | 'pageGone'
> {
  /** Where the main window stood last: the one whose place and layout are kept. */
  place(): WindowPlace | null;
  /** Whether nothing runs that would be lost when the last window closes. */
  mayQuit(): boolean;
  /** Tells a window that tabs have been moved to it. */
  arrived(windowId: number): void;
  /** Tells the other windows that a person has closed one. */
  closed(windowId: number): void;
  /** A session goes on in another window. */
  moved(sessionId: string, windowId: number): void;
  /** A window was opened or closed, or has another title. */
  changed(): void;
}

export interface Windows {
  readonly handlers: Pick<
    Handlers<typeof appContract>,
    'windows' | 'arrivals' | 'openWindow' | 'moveTab' | 'setWindowTitle' | 'closeWindow'
  >;
  /** Opens a window: the main one when there is none. */
  open(): BrowserWindow;
  list(): readonly WindowView[];
  /** The window that was used last; undefined when none is open. */
  front(): BrowserWindow | undefined;
  focus(windowId: number): void;
  /** The program is about to end: it goes on to do so when a person gives unsaved work up. */
  quitting: boolean;
}

interface Entry {
  readonly window: BrowserWindow;
  readonly main: boolean;
  /** What it was opened with. */
  readonly layout: string;
  title: string;
  /** What was moved here and not taken yet. */
  arrivals: string[];
}

/** The windows of the program. Tabs move between them through here, as text that only windows read. */
export function createWindows(deps: WindowsDeps): Windows {
  const { arrived, closed, moved, changed } = deps;
  const entries = new Map<number, Entry>();
  let lastUsed = 0;

  const front = (): BrowserWindow | undefined =>
    (entries.get(BrowserWindow.getFocusedWindow()?.id ?? lastUsed) ?? [...entries.values()].at(-1))?.window;

  const add = (main: boolean, tab?: MovedTab, layout = ''): BrowserWindow => {
    const before = front();
    const bounds = before?.getNormalBounds();
    const beside = bounds && { ...bounds, x: bounds.x + STEP, y: bounds.y + STEP, maximised: false };
    const window = openWindow({
      ...deps,
      place: main || !beside ? deps.place() : beside,
      mayClose: () => {
        if (entries.size > 1 || deps.mayQuit() || process.platform === 'darwin') return true;
        app.quit();
        return false;
      },
      savePlace: (stood) => {
        if (main) deps.savePlace(stood);
      },
      unsavedDecided: (lose) => {
        if (lose && windows.quitting) app.quit();
        else windows.quitting = false;
      },
    });
    entries.set(window.id, { window, main, layout, title: '', arrivals: tab === undefined ? [] : [tab.content] });
    if (tab?.sessionId !== undefined) moved(tab.sessionId, window.id);
    const { id } = window;
    lastUsed = id;
    window.on('focus', () => {
      lastUsed = id;
      changed();
    });
    window.on('closed', () => {
      entries.delete(id);
      if (!windows.quitting) closed(id);
      changed();
    });
    changed();
    return window;
  };

  const entryOf = (windowId: number): Entry => {
    const entry = entries.get(windowId);
    if (entry === undefined) throw new AppError({ code: 'not-found', message: 'The window is closed' });
    return entry;
  };
  const bringUp = (window: BrowserWindow): void => {
    if (window.isMinimized()) window.restore();
    window.focus();
  };
  const list = (): WindowView[] =>
    [...entries].map(([id, { title }]) => ({ id, title: title === '' ? app.name : title }));

  const windows: Windows = {
    quitting: false,
    open: () => add(![...entries.values()].some(({ main }) => main)),
    list,
    front,
    focus: (windowId) => {
      const window = entries.get(windowId)?.window;
      if (window !== undefined) bringUp(window);
    },
    handlers: {
      windows: async () => list(),
      async arrivals({ windowId }) {
        const entry = entryOf(windowId);
        const tabs = entry.arrivals;
        entry.arrivals = [];
        return { main: entry.main, tabs, layout: entry.layout };
      },
      async openWindow({ tab, layout }) {
        const hasMain = [...entries.values()].some(({ main }) => main);
        add(tab === undefined && layout === undefined && !hasMain, tab, layout);
      },
      async moveTab({ windowId, tab }) {
        const entry = entryOf(windowId);
        entry.arrivals.push(tab.content);
        if (tab.sessionId !== undefined) moved(tab.sessionId, windowId);
        arrived(windowId);
        bringUp(entry.window);
      },
      async setWindowTitle({ windowId, title }) {
        const entry = entryOf(windowId);
        if (entry.title === title) return;
        entry.title = title;
        entry.window.setTitle(title === '' ? app.name : `${title} - ${app.name}`);
        changed();
      },
      async closeWindow({ windowId }) {
        entryOf(windowId).window.close();
      },
    },
  };
  return windows;
}
