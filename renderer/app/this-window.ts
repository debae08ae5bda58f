import { api, listen } from '../api';
import { presentError } from '../ui/error-presenter';
import { useShell } from './store';
import { arrivedContent, type TabContent } from './tabs';

/** Which of the program's windows this is; main puts it into the address of the page. */
export const windowId = Number(new URLSearchParams(window.location.search).get('window') ?? 0);

/**
 * Under which a further window keeps its layout, with its id: in the profile, which all windows share. Closing one takes its layout away; those
 * that were open when the program ended, or was killed, are opened again by the next main window.
 */
const KEPT = 'howdah.window.';

/** The layout that another window gave to this one. */
let given = '';

/** The layout of this window as it was left. */
export function savedLayout(): string {
  const { mainWindow, settings } = useShell.getState();
  return mainWindow ? settings.layout : (localStorage.getItem(`${KEPT}${windowId}`) ?? given);
}

export function saveLayoutText(layout: string): void {
  if (useShell.getState().mainWindow) api.settings.update({ layout }).catch(presentError);
  else localStorage.setItem(`${KEPT}${windowId}`, layout);
}

export interface Arrivals {
  readonly main: boolean;
  readonly tabs: readonly TabContent[];
}

/** Takes what other windows have moved here. */
export async function takeArrivals(): Promise<Arrivals> {
  const { main, tabs, layout } = await api.app.arrivals({ windowId });
  if (layout !== '') given = layout;
  return { main, tabs: tabs.map(arrivedContent).filter((content) => content !== null) };
}

/** Opens each tab that is moved here, and forgets windows that a person has closed. Returns the function that stops it. */
export function followWindows(open: (content: TabContent) => void): () => void {
  const stops = [
    listen('app', 'tabsArrived', (arrived) => {
      if (arrived.windowId !== windowId) return;
      takeArrivals()
        .then(({ tabs }) => tabs.forEach(open))
        .catch(presentError);
    }),
    listen('app', 'windowClosed', (closed) => localStorage.removeItem(`${KEPT}${closed.windowId}`)),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

/** Opens the windows that were open when the program ended. Only the main window does, and only those that are not open. */
export async function reopenWindows(): Promise<void> {
  if (!useShell.getState().mainWindow) return;
  const open = new Set((await api.app.windows({})).map(({ id }) => `${KEPT}${id}`));
  const left = Object.keys(localStorage).filter((key) => key.startsWith(KEPT) && !open.has(key));
  const layouts = left.map((key) => localStorage.getItem(key) ?? '');
  for (const key of left) localStorage.removeItem(key);
  for (const layout of layouts) await api.app.openWindow({ layout });
}
