import { DockviewReact, type DockviewReadyEvent } from 'dockview-react';
import { useCallback, useEffect, useRef } from 'react';
import { currentDock, openTab, setDock } from './dock-api';
import { DockTab } from './dock-tab';
import classes from './dock.module.css';
import { keptDock, readLayout, type SavedLayout } from './layout';
import { NoTab } from './no-tab';
import { useShell } from './store';
import { styleNonce } from './page-policy';
import { followWindows, saveLayoutText, savedLayout } from './this-window';
import { useDragOut } from './use-drag-out';
import { View } from './views';

const COMPONENTS = { view: View };
const THEME = { name: 'howdah', className: classes.theme ?? '', dndTabIndicator: 'line' as const };
/** Milliseconds of quiet before a changed layout is written. */
const SAVE_AFTER = 400;

/** The docking tabs, restored as they were left. */
export function Dock() {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const save = useCallback(() => {
    clearTimeout(timer.current);
    timer.current = setTimeout(saveLayout, SAVE_AFTER);
  }, []);
  const sidePanel = useShell((state) => state.sidePanel);
  useEffect(save, [save, sidePanel]);
  useEffect(() => {
    // The program may end before the quiet is over.
    const leave = () => {
      clearTimeout(timer.current);
      saveLayout();
    };
    window.addEventListener('pagehide', leave);
    return () => window.removeEventListener('pagehide', leave);
  }, []);
  useEffect(() => followWindows(openTab), []);
  useDragOut();

  const ready = useCallback(
    (event: DockviewReadyEvent) => {
      setDock(event.api);
      event.api.onDidActivePanelChange(() => {
        useShell.setState({ activeTab: event.api.activePanel?.id ?? null });
      });
      const { dock } = readLayout(savedLayout());
      if (dock !== null) {
        try {
          event.api.fromJSON(dock);
        } catch {
          event.api.clear();
        }
      }
      const { arrivals } = useShell.getState();
      for (const content of arrivals) openTab(content);
      useShell.setState({ arrivals: [] });
      if (event.api.totalPanels === 0) openTab({ view: 'start' });
      useShell.setState({ activeTab: event.api.activePanel?.id ?? null });
      event.api.onDidLayoutChange(save);
    },
    [save],
  );

  return (
    <DockviewReact
      className={classes.dock ?? ''}
      theme={THEME}
      components={COMPONENTS}
      defaultTabComponent={DockTab}
      watermarkComponent={NoTab}
      announcements={false}
      floatingGroupDragHandle="tabbar"
      onReady={ready}
      defaultRenderer="always"
      nonce={styleNonce}
    />
  );
}

function saveLayout(): void {
  const dock = currentDock();
  if (dock === null) return;
  const layout: SavedLayout = { version: 1, sidePanel: useShell.getState().sidePanel, dock: keptDock(dock.toJSON()) };
  saveLayoutText(JSON.stringify(layout));
}
