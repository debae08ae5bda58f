import { Button, Tooltip } from '@mantine/core';
import { IconPlayerPlay, IconPlayerStop, IconPlayerTrackNext, IconPlugX } from '@tabler/icons-react';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { ServerView } from '../../../shared/model/server';
import { formatDuration } from '../../ui/bytes';
import { useTabActions } from '../../ui/workbench';
import { useKeysHint } from './keys-hint';
import classes from './run-bar.module.css';
import { SessionSwitch } from './session-switch';
import { isWaiting, type QueryTab } from './store';
import { TransactionControls } from './transaction-controls';

export interface RunBarProps {
  readonly tab: QueryTab;
  readonly server: ServerView | null;
  readonly serverId: string;
  readonly onRun: () => void;
  readonly onRunCurrent: () => void;
  /** More buttons. */
  readonly children?: ReactNode;
}

const icon = { size: 16, stroke: 1.5, 'aria-hidden': true } as const;
/** The first is shown. */
const KEYS = { run: ['f5', 'mod+enter'], current: 'mod+shift+enter', cancel: 'mod+.' } as const;
/** Milliseconds after which a server that does not react to a cancel is told of. */
const PATIENCE = 5000;

/** What runs, where it runs, and how to stop it. */
export function RunBar({ tab, server, serverId, onRun, onRunCurrent, children }: RunBarProps) {
  const { t } = useTranslation('query');
  const hint = useKeysHint();
  const session = useStore(tab.store, (state) => state.session);
  const opening = useStore(tab.store, (state) => state.opening);
  const running = useStore(tab.store, (state) => state.starting || state.query?.running === true);
  const cancelling = useStore(tab.store, (state) => state.cancelling);
  const waiting = useStore(tab.store, isWaiting);
  const ready = (session !== null || waiting) && !running;
  const cancel = () => void tab.cancel();
  useTabActions([
    { id: 'query.run', label: t('run.label'), keys: KEYS.run, disabled: !ready, run: onRun },
    { id: 'query.run-current', label: t('runCurrent.label'), keys: KEYS.current, disabled: !ready, run: onRunCurrent },
    { id: 'query.cancel', label: t('cancel.label'), keys: KEYS.cancel, disabled: !running, run: cancel },
  ]);
  return (
    <div className={classes.bars} role="toolbar" aria-label={t('bar')} data-environment={server?.environment ?? 'none'}>
      <div className={classes.bar}>
        {running ? (
          <Tooltip label={hint(t('cancel.hint'), 'query.cancel', KEYS.cancel)}>
            <Button color="error" leftSection={<IconPlayerStop {...icon} />} loading={cancelling} onClick={cancel}>
              {t('cancel.label')}
            </Button>
          </Tooltip>
        ) : (
          <Tooltip label={hint(t('run.hint'), 'query.run', KEYS.run)}>
            <Button leftSection={<IconPlayerPlay {...icon} />} disabled={!ready} onClick={onRun}>
              {t('run.label')}
            </Button>
          </Tooltip>
        )}
        <Tooltip label={hint(t('runCurrent.hint'), 'query.run-current', KEYS.current)}>
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
        <div className={classes.gap} />
        {running ? <Elapsed /> : null}
        {cancelling ? <DropOffer onDrop={tab.drop} /> : null}
        {opening ? <span className={classes.quiet}>{t('connecting')}</span> : null}
      </div>
      <div className={classes.target}>
        <div className={classes.part}>
          <SessionSwitch tab={tab} server={server} serverId={serverId} />
        </div>
        <div className={classes.part}>{session && !opening ? <TransactionControls tab={tab} /> : null}</div>
      </div>
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

/** A server that does not end what was cancelled can be left alone. */
function DropOffer({ onDrop }: { readonly onDrop: () => void }) {
  const { t } = useTranslation('query');
  const [late, setLate] = useState(false);
  useTabActions([{ id: 'query.drop', label: t('drop.label'), disabled: !late, run: onDrop }]);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), PATIENCE);
    return () => clearTimeout(timer);
  }, []);
  if (!late) return null;
  return (
    <Tooltip label={t('drop.hint')}>
      <Button variant="default" leftSection={<IconPlugX {...icon} />} onClick={onDrop}>
        {t('drop.label')}
      </Button>
    </Tooltip>
  );
}
