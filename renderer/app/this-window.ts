import { api, listen } from '../api';
import { presentError } from '../ui/error-presenter';
import { useShell } from './store';
import { arrivedContent, type TabContent } from './tabs';

/** Which of the program's windows this is; main puts it into the address of the page. */
export const windowId = Number(new URLSearchParams(window.location.search).get('window') ?? 0);

/** Under which a further window keeps its layout while it is open: for when its page is loaded anew. */
const KEPT = 'howdah.layout';

/** The layout of this window: the main one's is a setting, the others forget theirs when they close. */
export function savedLayout(): string {
  const { mainWindow, settings } = useShell.getState();
  return mainWindow ? settings.layout : (sessionStorage.getItem(KEPT) ?? '');
}

export function saveLayoutText(layout: string): void {
  if (useShell.getState().mainWindow) api.settings.update({ layout }).catch(presentError);
  else sessionStorage.setItem(KEPT, layout);
}

export interface Arrivals {
  readonly main: boolean;
  readonly tabs: readonly TabContent[];
}

/** Takes what other windows have moved here. */
export async function takeArrivals(): Promise<Arrivals> {
  const { main, tabs } = await api.app.arrivals({ windowId });
  return { main, tabs: tabs.map(arrivedContent).filter((content) => content !== null) };
}

/** Opens each tab that is moved here. Returns the function that stops it. */
export function followArrivals(open: (content: TabContent) => void): () => void {
  return listen('app', 'tabsArrived', (arrived) => {
    if (arrived.windowId !== windowId) return;
    takeArrivals()
      .then(({ tabs }) => tabs.forEach(open))
      .catch(presentError);
  });
}
