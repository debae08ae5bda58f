import type { IDockviewPanelProps } from 'dockview-react';
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import { assertNever } from '../../shared/errors';
import { TabContext, type TabActionOffer, type TabHandle, type TabStatus } from '../ui/workbench';
import { closeTab } from './dock-api';
import { ErrorBoundary } from './error-boundary';
import { HelpView } from './help/help-view';
import { StartPage } from './start-page';
import { changeTab, tabState, useShell } from './store';
import { knownTabActions, offerTabActions, setTabMove, type TabMove } from './tab-offers';
import type { TabContent } from './tabs';
import { ViewSkeleton } from './view-skeleton';
import classes from './views.module.css';

const AccountsTab = lazy(async () => ({ default: (await import('../features/accounts/accounts-tab')).AccountsTab }));
const DatabasesTab = lazy(async () => ({ default: (await import('../features/accounts/databases-tab')).DatabasesTab }));
const ObjectView = lazy(async () => ({ default: (await import('../features/catalog/object-view')).ObjectView }));
const FolderView = lazy(async () => ({ default: (await import('../features/catalog/folder-view')).FolderView }));
const CompareView = lazy(async () => ({ default: (await import('../features/compare/compare-view')).CompareView }));
const DiagramView = lazy(async () => ({ default: (await import('../features/diagram/diagram-view')).DiagramView }));
const CreateInstanceView = lazy(async () => ({
  default: (await import('../features/instances/create-instance-view')).CreateInstanceView,
}));
const InstancesView = lazy(async () => ({
  default: (await import('../features/instances/instances-view')).InstancesView,
}));
const InstanceView = lazy(async () => ({
  default: (await import('../features/instances/detail/instance-view')).InstanceView,
}));
const MigrationsView = lazy(async () => ({
  default: (await import('../features/migration/list/migrations-view')).MigrationsView,
}));
const MigrationView = lazy(async () => ({
  default: (await import('../features/migration/task/migration-view')).MigrationView,
}));
const MigrationWizard = lazy(async () => ({
  default: (await import('../features/migration/wizard/migration-wizard')).MigrationWizard,
}));
const NetworksView = lazy(async () => ({
  default: (await import('../features/networks/networks-view')).NetworksView,
}));
const QueryView = lazy(async () => ({ default: (await import('../features/query/query-view')).QueryView }));
const DataView = lazy(async () => ({ default: (await import('../features/query/data/data-view')).DataView }));
const DashboardView = lazy(async () => ({
  default: (await import('../features/dashboard/dashboard-view')).DashboardView,
}));
const TerminalView = lazy(async () => ({
  default: (await import('../features/terminal/terminal-view')).TerminalView,
}));
const LibraryView = lazy(async () => ({ default: (await import('../features/library/library-view')).LibraryView }));
const HistoryView = lazy(async () => ({ default: (await import('../features/library/history-view')).HistoryView }));
const SettingsView = lazy(async () => ({ default: (await import('../features/settings/settings-view')).SettingsView }));
const ShortcutsView = lazy(async () => ({
  default: (await import('../features/settings/shortcuts-view')).ShortcutsView,
}));
const TasksView = lazy(async () => ({ default: (await import('../features/tasks/tasks-view')).TasksView }));
const ImportWizard = lazy(async () => ({
  default: (await import('../features/transfer/import-wizard')).ImportWizard,
}));

/** Parts of the management page that other features make. */
const INSTANCE_SLOTS = { accounts: AccountsTab, databases: DatabasesTab };

function ViewOf({ content }: { readonly content: TabContent }) {
  switch (content.view) {
    case 'start':
      return <StartPage />;
    case 'instances':
      return <InstancesView />;
    case 'create-instance':
      return <CreateInstanceView plane={content.plane} />;
    case 'instance':
      return <InstanceView plane={content.plane} id={content.id} tab={content.tab} slots={INSTANCE_SLOTS} />;
    case 'networks':
      return <NetworksView plane={content.plane} />;
    case 'migrations':
      return <MigrationsView />;
    case 'migration':
      return <MigrationView id={content.id} tab={content.tab} />;
    case 'migration-wizard':
      return <MigrationWizard jobId={content.jobId} />;
    case 'settings':
      return <SettingsView row={content.row} />;
    case 'shortcuts':
      return <ShortcutsView tabActions={knownTabActions()} />;
    case 'tasks':
      return <TasksView taskId={content.taskId} />;
    case 'help':
      return <HelpView topic={content.topic} />;
    case 'query':
      return (
        <QueryView
          serverId={content.serverId}
          database={content.database}
          initialSql={content.initialSql}
          runAtOnce={content.runAtOnce}
          draftId={content.draftId}
          sessionId={content.sessionId}
          restored={content.restored === true}
        />
      );
    case 'data':
      return (
        <DataView
          serverId={content.serverId}
          database={content.database}
          object={content.object}
          restored={content.restored === true}
        />
      );
    case 'dashboard':
      return <DashboardView serverId={content.serverId} database={content.database} />;
    case 'terminal':
      return (
        <TerminalView
          serverId={content.serverId}
          database={content.database}
          start={content.start === true}
          terminalId={content.terminalId}
        />
      );
    case 'library':
      return <LibraryView />;
    case 'history':
      return <HistoryView serverId={content.serverId} />;
    case 'object':
      return <ObjectView serverId={content.serverId} database={content.database} object={content.object} />;
    case 'folder': {
      const { view: _view, ...of } = content;
      return <FolderView {...of} />;
    }
    case 'compare': {
      const { view: _view, ...side } = content;
      return <CompareView {...side} />;
    }
    case 'diagram': {
      const { view: _view, ...of } = content;
      return <DiagramView {...of} />;
    }
    case 'import':
      return <ImportWizard serverId={content.serverId} database={content.database} taskId={content.taskId} />;
    default:
      return assertNever(content);
  }
}

const sameStatus = (a: TabStatus | null, b: TabStatus | null): boolean =>
  a === b ||
  (a !== null &&
    b !== null &&
    a.server === b.server &&
    a.database === b.database &&
    a.user === b.user &&
    a.role === b.role &&
    a.autocommit === b.autocommit &&
    a.environment === b.environment &&
    a.transaction === b.transaction);

/** The body of every docking tab: hands the view its tab, and keeps its failures to itself. */
export function View({ api, params }: IDockviewPanelProps<{ content: TabContent }>) {
  const id = api.id;
  const active = useShell((state) => state.activeTab === id);
  const [visible, setVisible] = useState(api.isVisible);
  useEffect(() => {
    const following = api.onDidVisibilityChange((event) => setVisible(event.isVisible));
    return () => following.dispose();
  }, [api]);

  const actions = useMemo(
    () => ({
      id,
      setTitle: (title: string) => {
        if (tabState(id).title !== title) changeTab(id, { title });
      },
      setDirty: (dirty: boolean, why: string | readonly string[] = '') => {
        const before = tabState(id);
        const reasons = (typeof why === 'string' ? [why] : why).filter((each) => each !== '');
        if (before.dirty !== dirty || before.why.join('\n') !== reasons.join('\n'))
          changeTab(id, { dirty, why: reasons });
      },
      setStatus: (status: TabStatus | null) => {
        if (!sameStatus(tabState(id).status, status)) changeTab(id, { status });
      },
      setMove: (move: TabMove | null) => setTabMove(id, move),
      offer: (part: string, offers: readonly TabActionOffer[] | null) => offerTabActions(id, part, offers),
      close: () => closeTab(id),
    }),
    [id],
  );
  const handle = useMemo<TabHandle>(() => ({ ...actions, active, visible }), [actions, active, visible]);

  return (
    <div className={classes.view} data-view={params.content.view} data-tab-body={id}>
      <ErrorBoundary>
        <TabContext value={handle}>
          <Suspense fallback={<ViewSkeleton />}>
            <ViewOf content={params.content} />
          </Suspense>
        </TabContext>
      </ErrorBoundary>
    </div>
  );
}
