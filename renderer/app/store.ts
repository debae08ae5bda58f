import { create } from 'zustand';
import type { AppInfo } from '../../shared/contract/app';
import type { Command } from '../../shared/model/command';
import { DEFAULT_SETTINGS, type Settings } from '../../shared/model/settings';
import type { TabStatus } from '../ui/workbench';
import type { Language } from './i18n';
import { NEW_LAYOUT } from './layout';
import type { TabContent } from './tabs';

/** What a view has told about its tab. */
export interface TabState {
  /** Null until the view says one: the tab shows the name of its kind. */
  readonly title: string | null;
  readonly dirty: boolean;
  /** What closing would lose, in the view's words; none is the usual words. */
  readonly why: readonly string[];
  readonly status: TabStatus | null;
}

const NEW_TAB: TabState = { title: null, dirty: false, why: [], status: null };

/** What the palette offers: everything, or the servers for what was asked for. */
export type PaletteMode = 'all' | 'new-query' | 'dashboard' | 'terminal';

export interface ShellState {
  readonly info: AppInfo | null;
  /** Whether this is the window whose layout is kept for the next start. */
  readonly mainWindow: boolean;
  /** Tabs from another window, to open as soon as the dock stands. */
  readonly arrivals: readonly TabContent[];
  readonly settings: Settings;
  readonly language: Language;
  readonly scheme: 'light' | 'dark';
  readonly contrast: 'usual' | 'high';
  readonly tabs: Readonly<Record<string, TabState>>;
  readonly activeTab: string | null;
  readonly sidePanel: { readonly open: boolean; readonly width: number };
  /** The command whose dialog stands open. */
  readonly dialog: Command | null;
  readonly palette: PaletteMode;
  readonly aboutOpen: boolean;
  /** Whether the notification centre stands open. */
  readonly noticesOpen: boolean;
  /** A tab with unsaved work that was asked to close. */
  readonly closing: string | null;
}

export const useShell = create<ShellState>()(() => ({
  info: null,
  mainWindow: true,
  arrivals: [],
  settings: DEFAULT_SETTINGS,
  language: 'en',
  scheme: 'light',
  contrast: 'usual',
  tabs: {},
  activeTab: null,
  sidePanel: NEW_LAYOUT.sidePanel,
  dialog: null,
  palette: 'all',
  aboutOpen: false,
  noticesOpen: false,
  closing: null,
}));

export const tabState = (id: string): TabState => useShell.getState().tabs[id] ?? NEW_TAB;

export function changeTab(id: string, change: Partial<TabState>): void {
  useShell.setState((state) => ({ tabs: { ...state.tabs, [id]: { ...(state.tabs[id] ?? NEW_TAB), ...change } } }));
}

export function forgetTab(id: string): void {
  useShell.setState((state) => {
    const { [id]: _gone, ...tabs } = state.tabs;
    return { tabs };
  });
}
