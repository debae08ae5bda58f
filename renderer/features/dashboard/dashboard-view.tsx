import { ActionIcon, Button, Select, Tabs, Tooltip } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay, IconPlug, IconRefresh, IconServerOff } from '@tabler/icons-react';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api';
import { EmptyState } from '../../ui/empty-state';
import { useTip } from '../../ui/tip';
import { followServers, readServers } from '../../api/servers';
import { useLive } from '../../ui/use-live';
import { visibleText } from '../../ui/visible-text';
import { useCommand, useTab, useTabActions, useTabTitle } from '../../ui/workbench';
import { ActivityPage } from './activity-page';
import { BlockingPage } from './blocking-page';
import { SceneContext, type DashboardScene } from './dashboard-context';
import classes from './dashboard-view.module.css';
import { HealthPage } from './health-page';
import { LogsPage } from './logs-page';
import { INTERVALS, keepNumber, readNumber, USUAL_INTERVAL } from './preferences';
import { PreparedPage } from './prepared-page';
import { ReplicationPage } from './replication-page';
import { SessionsPage } from './sessions-page';
import { SettingsPage } from './settings-page';
import { useActivity, type Activity } from './use-activity';
import { WaitsPage } from './waits-page';

export interface DashboardViewProps {
  readonly serverId: string;
  readonly database: string;
}

const PAGES = [
  'activity',
  'sessions',
  'blocking',
  'waits',
  'prepared',
  'replication',
  'settings',
  'logs',
  'health',
] as const;
type Page = (typeof PAGES)[number];

/** What a server is doing now. It is asked only while the tab can be seen. */
export function DashboardView({ serverId, database: first }: DashboardViewProps) {
  const { t } = useTranslation('dashboard');
  const run = useCommand();
  const { visible, setStatus } = useTab();
  const servers = useLive(readServers, followServers);
  const server = servers?.find((each) => each.id === serverId) ?? null;
  const [database, setDatabase] = useState(first);
  const tip = useTip();
  const [page, setPage] = useState<Page>('activity');
  const [seconds, setSeconds] = useState(() => readNumber('interval', USUAL_INTERVAL));
  const [paused, setPaused] = useState(false);
  const [turn, setTurn] = useState(0);
  const [ms, setMs] = useState<number | null>(null);
  const connected = server?.status.connected === true;
  // A server that was lost is asked on, so that one sees it come back; one that the person left is not.
  const lost = server !== null && !connected && server.status.versionNum > 0 && server.status.problem !== '';
  const awake = visible && (connected || lost);

  useTabTitle(t('title', { server: server?.name ?? '' }));
  const user = server?.status.user ?? '';
  useEffect(() => {
    setStatus({
      server: server?.name ?? '',
      database,
      user,
      environment: server?.environment ?? 'none',
      transaction: '',
    });
  }, [setStatus, server?.name, server?.environment, database, user]);
  useEffect(() => {
    if (!awake) return undefined;
    return () => void api.dashboard.leave({ serverId }).catch(() => undefined);
  }, [awake, serverId]);

  const asleep = servers !== null && !connected && !lost;
  const refresh = () => setTurn((last) => last + 1);
  const connect = () => run({ do: 'connect-server', serverId });
  const choose = (next: number) => {
    setSeconds(next);
    keepNumber('interval', next);
  };
  const pauseLabel = t(paused ? 'resume' : 'pause');
  useTabActions(
    asleep
      ? [{ id: 'dashboard.connect', label: t('asleep.connect'), disabled: server === null, run: connect }]
      : [
          { id: 'dashboard.refresh', label: t('refresh'), keys: 'f5', run: refresh },
          { id: 'dashboard.pause', label: pauseLabel, run: () => setPaused(!paused) },
          ...INTERVALS.map((each) => ({
            id: `dashboard.every-${each}`,
            label: t('offers.interval', { every: t('every', { count: each }) }),
            run: () => choose(each),
          })),
        ],
  );

  const scene = useMemo<DashboardScene>(
    () => ({ serverId, database, server, intervalMs: seconds * 1000, awake, paused, turn, spent: setMs }),
    [serverId, database, server, seconds, awake, paused, turn, setMs],
  );
  if (asleep) {
    return (
      <EmptyState
        icon={<IconServerOff size={32} stroke={1.5} />}
        title={t('asleep.title', { server: server?.name ?? '' })}
        text={t('asleep.text')}
        action={
          server === null ? undefined : (
            <Button leftSection={<IconPlug size={16} stroke={1.5} />} onClick={connect}>
              {t('asleep.connect')}
            </Button>
          )
        }
      />
    );
  }
  return (
    <SceneContext value={scene}>
      <div className={classes.view}>
        <header className={classes.head} data-environment={server?.environment}>
          <h1 className={classes.title} title={visibleText(server?.name ?? '')}>
            {visibleText(server?.name ?? '')}
          </h1>
          <span className={classes.quiet}>{t('version', { version: server?.status.version ?? '' })}</span>
          <DatabaseChoice serverId={serverId} database={database} onChange={setDatabase} />
          <span className={classes.push}>
            {ms === null ? null : (
              <span className={classes.quiet}>{t('cost', { ms: ms < 10 ? ms.toFixed(1) : Math.round(ms) })}</span>
            )}
          </span>
          <Select
            aria-label={t('interval')}
            data={INTERVALS.map((each) => ({ value: String(each), label: t('every', { count: each }) }))}
            value={String(seconds)}
            onChange={(next) => choose(Number(next))}
            w={130}
          />
          <Tooltip label={tip(pauseLabel, 'dashboard.pause')}>
            <ActionIcon aria-label={pauseLabel} aria-pressed={paused} onClick={() => setPaused(!paused)}>
              {paused ? <IconPlayerPlay size={16} stroke={1.5} /> : <IconPlayerPause size={16} stroke={1.5} />}
            </ActionIcon>
          </Tooltip>
          <Tooltip label={tip(t('refresh'), 'dashboard.refresh', 'f5')}>
            <ActionIcon aria-label={t('refresh')} onClick={refresh}>
              <IconRefresh size={16} stroke={1.5} />
            </ActionIcon>
          </Tooltip>
        </header>
        <Pages page={page} onPage={setPage} />
      </div>
    </SceneContext>
  );
}

/** Which database is looked at from: names of locks, tables and indexes are those of the one that is connected. */
function DatabaseChoice({
  serverId,
  database,
  onChange,
}: {
  readonly serverId: string;
  readonly database: string;
  readonly onChange: (database: string) => void;
}) {
  const { t } = useTranslation('dashboard');
  const read = useCallback(
    () =>
      api.servers.databases({ id: serverId }).then(
        (found) => found.map(({ name }) => name),
        // The one at hand can be chosen still; why the server does not answer is told by the looks.
        (): string[] => [],
      ),
    [serverId],
  );
  const names = useLive(read, followServers) ?? [];
  return (
    <Select
      aria-label={t('database')}
      data={[...new Set([database, ...names])].map((name) => ({ value: name, label: visibleText(name) }))}
      value={database}
      onChange={(next) => onChange(next ?? database)}
      searchable
      w={200}
    />
  );
}

/** Pages stay as they were left; only the one in front asks the server. */
function Pages({ page, onPage }: { readonly page: Page; readonly onPage: (page: Page) => void }) {
  const { t } = useTranslation('dashboard');
  const [visited, setVisited] = useState<ReadonlySet<Page>>(new Set([page]));
  const activity = useActivity(page === 'activity' || page === 'waits');
  const show = (next: Page) => {
    setVisited(new Set([...visited, next]));
    onPage(next);
  };
  useTabActions(
    PAGES.map((each) => ({
      id: `dashboard.show-${each}`,
      label: t('offers.page', { page: t(`pages.${each}`) }),
      run: () => show(each),
    })),
  );
  return (
    <Tabs
      value={page}
      onChange={(next) => show(PAGES.find((each) => each === next) ?? 'activity')}
      className={classes.tabs ?? ''}
    >
      <Tabs.List aria-label={t('pagesLabel')}>
        {PAGES.map((each) => (
          <Tabs.Tab key={each} value={each}>
            {t(`pages.${each}`)}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {PAGES.map((each) => (
        <Tabs.Panel key={each} value={each} className={classes.panel ?? ''}>
          {visited.has(each) ? <PageBody page={each} open={each === page} activity={activity} /> : null}
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}

function PageBody({
  page,
  open,
  activity,
}: {
  readonly page: Page;
  readonly open: boolean;
  readonly activity: Activity;
}) {
  switch (page) {
    case 'activity':
      return <ActivityPage activity={activity} open={open} />;
    case 'sessions':
      return <SessionsPage open={open} />;
    case 'blocking':
      return <BlockingPage open={open} />;
    case 'waits':
      return <WaitsPage activity={activity} />;
    case 'prepared':
      return <PreparedPage open={open} />;
    case 'replication':
      return <ReplicationPage open={open} />;
    case 'settings':
      return <SettingsPage open={open} />;
    case 'logs':
      return <LogsPage open={open} />;
    case 'health':
      return <HealthPage open={open} />;
  }
}
