import { Button, Select, Tooltip } from '@mantine/core';
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleDashed,
  IconPlayerPlay,
  IconPlayerStop,
  IconPlayerTrackNext,
  IconPlugX,
} from '@tabler/icons-react';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { TransactionState } from '../../../shared/model/query';
import type { ServerView } from '../../../shared/model/server';
import { api } from '../../api';
import { formatDuration } from '../../ui/bytes';
import { ConfirmDialog } from '../../ui/confirm-dialog';
import { presentError } from '../../ui/error-presenter';
import classes from './run-bar.module.css';
import type { QueryTab } from './store';

export interface RunBarProps {
  readonly tab: QueryTab;
  readonly server: ServerView | null;
  readonly serverId: string;
  readonly onRun: () => void;
  readonly onRunCurrent: () => void;
  readonly onDatabase: (name: string) => void;
  /** More buttons. */
  readonly children?: ReactNode;
}

const icon = { size: 16, stroke: 1.5, 'aria-hidden': true } as const;

const TRANSACTION_ICONS: Readonly<Record<TransactionState, ReactNode>> = {
  idle: <IconCircleCheck {...icon} />,
  transaction: <IconCircleDashed {...icon} />,
  failed: <IconAlertTriangle {...icon} />,
  lost: <IconPlugX {...icon} />,
};

/** What runs, where it runs, and how to stop it. */
export function RunBar({ tab, server, serverId, onRun, onRunCurrent, onDatabase, children }: RunBarProps) {
  const { t } = useTranslation('query');
  const session = useStore(tab.store, (state) => state.session);
  const opening = useStore(tab.store, (state) => state.opening);
  const running = useStore(tab.store, (state) => state.starting || state.query?.running === true);
  const cancelling = useStore(tab.store, (state) => state.cancelling);
  const transaction = useStore(tab.store, (state) => state.query?.transaction ?? 'idle');
  const ready = session !== null && !running;
  return (
    <div className={classes.bar} role="toolbar" aria-label={t('bar')} data-environment={server?.environment ?? 'none'}>
      {running ? (
        <Tooltip label={t('cancel.hint')}>
          <Button
            color="error"
            leftSection={<IconPlayerStop {...icon} />}
            loading={cancelling}
            onClick={() => void tab.cancel()}
          >
            {t('cancel.label')}
          </Button>
        </Tooltip>
      ) : (
        <Tooltip label={t('run.hint')}>
          <Button leftSection={<IconPlayerPlay {...icon} />} disabled={!ready} onClick={onRun}>
            {t('run.label')}
          </Button>
        </Tooltip>
      )}
      <Tooltip label={t('runCurrent.hint')}>
        <Button
          variant="default"
          leftSection={<IconPlayerTrackNext {...icon} />}
          disabled={!ready}
          onClick={onRunCurrent}
        >
          {t('runCurrent.label')}
        </Button>
      </Tooltip>
      {children}
      <div className={classes.target}>
        <span className={classes.server} title={server?.name ?? ''}>
          {server?.name ?? ''}
        </span>
        <span aria-hidden>·</span>
        <DatabaseSwitch tab={tab} serverId={serverId} onDatabase={onDatabase} />
        {session ? (
          <>
            <span aria-hidden>·</span>
            <span className={classes.user}>{session.user}</span>
          </>
        ) : null}
      </div>
      <div className={classes.gap} />
      {running ? <Elapsed /> : null}
      {opening ? <span className={classes.quiet}>{t('connecting')}</span> : null}
      {session && !opening ? (
        <Tooltip label={t(`transaction.${transaction}.hint`)}>
          <span className={classes.transaction} data-transaction={transaction} role="status">
            {TRANSACTION_ICONS[transaction]}
            {t(`transaction.${transaction}.label`)}
          </span>
        </Tooltip>
      ) : null}
    </div>
  );
}

/** How long the run takes so far. */
function Elapsed() {
  const { t } = useTranslation('query');
  const [startedAt] = useState(() => performance.now());
  const [now, setNow] = useState(startedAt);
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.round((now - startedAt) / 1000);
  return (
    <span className={classes.quiet}>{t('running', { time: seconds === 0 ? '' : formatDuration(seconds * 1000) })}</span>
  );
}

interface DatabaseSwitchProps {
  readonly tab: QueryTab;
  readonly serverId: string;
  readonly onDatabase: (name: string) => void;
}

/** The database of the session; another one means another session, which is asked about when something would be lost with the old one. */
function DatabaseSwitch({ tab, serverId, onDatabase }: DatabaseSwitchProps) {
  const { t } = useTranslation('query');
  const database = useStore(tab.store, (state) => state.database);
  const [names, setNames] = useState<readonly string[]>([]);
  const [asked, setAsked] = useState<string | null>(null);
  const load = () => {
    api.servers
      .databases({ id: serverId })
      .then((list) => setNames(list.map(({ name }) => name)))
      .catch(presentError);
  };
  const choose = (name: string | null) => {
    if (name === null || name === database) return;
    const { query } = tab.store.getState();
    const busy = query?.running === true || query?.transaction === 'transaction' || query?.transaction === 'failed';
    if (busy || (query?.results.length ?? 0) > 0) setAsked(name);
    else onDatabase(name);
  };
  return (
    <>
      <Select
        className={classes.database ?? ''}
        aria-label={t('database.label')}
        data={names.includes(database) ? names : [database, ...names]}
        value={database}
        onChange={choose}
        onDropdownOpen={load}
        searchable
        openOnFocus={false}
        variant="unstyled"
        comboboxProps={{ width: 240, position: 'bottom-start' }}
        nothingFoundMessage={t('database.none')}
      />
      <ConfirmDialog
        opened={asked !== null}
        title={t('database.title', { database: asked ?? '' })}
        deed={t('database.deed', { database: asked ?? '' })}
        onConfirm={() => {
          if (asked !== null) onDatabase(asked);
        }}
        onClose={() => setAsked(null)}
      >
        {t('database.text')}
      </ConfirmDialog>
    </>
  );
}
