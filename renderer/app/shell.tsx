import { lazy, Suspense, useMemo } from 'react';
import { ServerDialogs } from '../features/servers/server-dialogs';
import { UnlockDialog } from '../features/settings/unlock-dialog';
import { WorkbenchContext } from '../ui/workbench';
import { AboutDialog } from './about-dialog';
import { CloseDialog } from './close-dialog';
import { runCommand } from './commands';
import { Dock } from './dock';
import { useNoticeSources } from './notice-sources';
import { Palette } from './palette/palette';
import { Rail } from './rail';
import classes from './shell.module.css';
import { useKeysText, useShortcuts } from './shortcuts';
import { SidePanel } from './side-panel';
import { StatusBar } from './status-bar';
import { useShell } from './store';
import { useUnsavedGuard } from './unsaved-guard';
import { useWindowTitle } from './window-title';

// What makes and changes objects is much, and nothing of it is in the first picture.
const ObjectDialogs = lazy(async () => ({
  default: (await import('../features/catalog/dialogs/object-dialogs')).ObjectDialogs,
}));

/** The whole window: rail, Explorer, docking tabs, status bar, and the dialogs that stand above them. */
export function Shell() {
  const dialog = useShell((state) => state.dialog);
  const keysText = useKeysText();
  const workbench = useMemo(() => ({ run: runCommand, keysText }), [keysText]);
  useShortcuts();
  useUnsavedGuard();
  useNoticeSources();
  useWindowTitle();
  return (
    <WorkbenchContext value={workbench}>
      <div className={classes.shell}>
        <div className={classes.middle}>
          <Rail />
          <SidePanel />
          <main className={classes.main} data-region="tabs">
            <Dock />
          </main>
        </div>
        <StatusBar />
      </div>
      <ServerDialogs command={dialog} onClose={() => useShell.setState({ dialog: null })} />
      {dialog === null ? null : (
        <Suspense>
          <ObjectDialogs command={dialog} onClose={() => useShell.setState({ dialog: null })} />
        </Suspense>
      )}
      <UnlockDialog />
      <CloseDialog />
      <AboutDialog />
      <Palette />
    </WorkbenchContext>
  );
}
