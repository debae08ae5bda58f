import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api';
import { presentError } from '../ui/error-presenter';
import { visibleText } from '../ui/visible-text';
import { currentDock } from './dock-api';
import { useShell } from './store';
import type { TabContent } from './tabs';
import { windowId } from './this-window';

/** Names the window after its tab in front, for the system's list of windows and the menu. */
export function useWindowTitle(): void {
  const { t } = useTranslation('app');
  const active = useShell((state) => state.activeTab);
  const own = useShell((state) => (active === null ? null : (state.tabs[active]?.title ?? null)));
  const content = active === null ? undefined : currentDock()?.getPanel(active)?.params?.['content'];
  const view = (content as TabContent | undefined)?.view;
  const title = visibleText(own ?? (view === undefined ? '' : t(`tabs.${view}`))).slice(0, 300);
  useEffect(() => {
    api.app.setWindowTitle({ windowId, title }).catch(presentError);
  }, [title]);
}
