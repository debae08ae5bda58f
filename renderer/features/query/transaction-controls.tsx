import { Button, Menu, TextInput, Tooltip } from '@mantine/core';
import {
  IconAlertTriangle,
  IconArrowBackUp,
  IconBookmark,
  IconCheck,
  IconChevronDown,
  IconCircleCheck,
  IconCircleDashed,
  IconPlugX,
} from '@tabler/icons-react';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { OpenTransaction, SessionMode, TransactionState } from '../../../shared/model/query';
import { formatCount, formatDuration } from '../../ui/bytes';
import { ConfirmDialog } from '../../ui/confirm-dialog';
import { visibleText } from '../../ui/visible-text';
import { useTabActions } from '../../ui/workbench';
import { useKeysHint } from './keys-hint';
import type { QueryTab } from './store';
import classes from './transaction-controls.module.css';

const icon = { size: 16, stroke: 1.5, 'aria-hidden': true } as const;

const STATE_ICONS: Readonly<Record<TransactionState, ReactNode>> = {
  idle: <IconCircleCheck {...icon} />,
  transaction: <IconCircleDashed {...icon} />,
  failed: <IconAlertTriangle {...icon} />,
  lost: <IconPlugX {...icon} />,
};

const KEYS = { commit: 'mod+alt+c', rollBack: 'mod+alt+r' } as const;
const PLAIN: SessionMode = { autocommit: true, onError: 'stop' };

/** The session's transaction: its state and age, and what can be done about it. */
export function TransactionControls({ tab }: { readonly tab: QueryTab }) {
  const { t } = useTranslation('query');
  const state = useStore(tab.store, ({ query }) => query?.transaction ?? 'idle');
  const running = useStore(tab.store, (each) => each.starting || each.query?.running === true);
  const open = useStore(tab.store, ({ query }) => query?.open ?? null);
  const mode = useStore(tab.store, ({ query }) => query?.mode ?? PLAIN);
  const inTransaction = state === 'transaction' || state === 'failed';
  const canCommit = state === 'transaction' && !running;
  const canRollBack = inTransaction && !running;
  const canBegin = state === 'idle' && !running;
  const commit = () => void tab.transact('commit');
  const rollBack = () => void tab.transact('rollback');
  const begin = () => void tab.transact('begin');
  useTabActions([
    { id: 'query.begin', label: t('transact.begin'), disabled: !canBegin, run: begin },
    { id: 'query.commit', label: t('transact.commit'), keys: KEYS.commit, disabled: !canCommit, run: commit },
    { id: 'query.rollback', label: t('transact.rollback'), keys: KEYS.rollBack, disabled: !canRollBack, run: rollBack },
  ]);
  const hint = useKeysHint();
  const words = state === 'idle' && !mode.autocommit ? 'ready' : state;
  return (
    <>
      {open ? <Open open={open} /> : null}
      <Tooltip label={t(`transaction.${words}.hint`)}>
        <span className={classes.state} data-transaction={state} role="status">
          {STATE_ICONS[state]}
          {t(`transaction.${words}.label`)}
        </span>
      </Tooltip>
      {inTransaction ? (
        <>
          <Tooltip label={hint(t('transact.commitHint'), 'query.commit', KEYS.commit)}>
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<IconCheck {...icon} />}
              disabled={!canCommit}
              onClick={commit}
            >
              {t('transact.commit')}
            </Button>
          </Tooltip>
          <Tooltip label={hint(t('transact.rollbackHint'), 'query.rollback', KEYS.rollBack)}>
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<IconArrowBackUp {...icon} />}
              disabled={!canRollBack}
              onClick={rollBack}
            >
              {t('transact.rollback')}
            </Button>
          </Tooltip>
          <Savepoints tab={tab} failed={state === 'failed'} disabled={running} />
        </>
      ) : null}
      <Modes tab={tab} mode={mode} canBegin={canBegin} onBegin={begin} />
    </>
  );
}

/** How long a transaction is open and what it holds. */
function Open({ open }: { readonly open: OpenTransaction }) {
  const { t, i18n } = useTranslation('query');
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(0, Math.round((now - open.since) / 1000));
  const count = (value: number) => formatCount(value, i18n.language);
  const age = seconds < 60 ? `${seconds} s` : formatDuration(seconds * 1000);
  const statements = t('open.statements', { count: open.statements, text: count(open.statements) });
  const rows = open.changedRows > 0 ? t('open.rows', { count: open.changedRows, text: count(open.changedRows) }) : '';
  const held = [statements, rows].filter((each) => each !== '').join(' · ');
  return (
    <span className={classes.quiet} title={`${age} · ${held}`}>
      {age}
      <span className={classes.held}> · {held}</span>
    </span>
  );
}

interface SavepointsProps {
  readonly tab: QueryTab;
  readonly failed: boolean;
  readonly disabled: boolean;
}

function Savepoints({ tab, failed, disabled }: SavepointsProps) {
  const { t } = useTranslation('query');
  const names = useStore(tab.store, ({ query }) => query?.savepoints);
  const [naming, setNaming] = useState(false);
  const list = (names ?? []).toReversed();
  const last = list[0];
  const none = disabled || last === undefined;
  const on = (deed: 'rollback-to' | 'release') => () => void (last === undefined ? null : tab.transact(deed, last));
  useTabActions([
    { id: 'query.savepoint', label: t('savepoint.set'), disabled: disabled || failed, run: () => setNaming(true) },
    { id: 'query.savepoint-back', label: t('savepoint.lastBack'), disabled: none, run: on('rollback-to') },
    { id: 'query.savepoint-release', label: t('savepoint.lastRelease'), disabled: none || failed, run: on('release') },
  ]);
  return (
    <>
      <Menu position="bottom-end" disabled={disabled}>
        <Menu.Target>
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconBookmark {...icon} />}
            rightSection={<IconChevronDown size={14} stroke={1.5} aria-hidden />}
            disabled={disabled}
          >
            {list.length === 0 ? t('savepoint.label') : t('savepoint.count', { count: list.length })}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item disabled={failed} onClick={() => setNaming(true)}>
            {t('savepoint.set')}
          </Menu.Item>
          {list.map((name, index) => (
            <div key={`${name}-${index}`}>
              <Menu.Divider />
              <Menu.Label className={classes.name ?? ''}>{visibleText(name)}</Menu.Label>
              <Menu.Item onClick={() => void tab.transact('rollback-to', name)}>{t('savepoint.back')}</Menu.Item>
              <Menu.Item disabled={failed} onClick={() => void tab.transact('release', name)}>
                {t('savepoint.release')}
              </Menu.Item>
            </div>
          ))}
        </Menu.Dropdown>
      </Menu>
      {naming ? <SavepointDialog tab={tab} number={list.length + 1} onClose={() => setNaming(false)} /> : null}
    </>
  );
}

interface SavepointDialogProps {
  readonly tab: QueryTab;
  readonly number: number;
  readonly onClose: () => void;
}

function SavepointDialog({ tab, number, onClose }: SavepointDialogProps) {
  const { t } = useTranslation('query');
  const [name, setName] = useState(`sp${number}`);
  return (
    <ConfirmDialog
      opened
      title={t('savepoint.title')}
      deed={t('savepoint.deed')}
      ready={name !== ''}
      onConfirm={() => tab.transact('savepoint', name)}
      onClose={onClose}
    >
      <TextInput
        data-autofocus
        label={t('savepoint.name')}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        autoComplete="off"
        spellCheck={false}
        maxLength={63}
      />
    </ConfirmDialog>
  );
}

interface ModesProps {
  readonly tab: QueryTab;
  readonly mode: SessionMode;
  readonly canBegin: boolean;
  readonly onBegin: () => void;
}

/** How the session treats its statements. */
function Modes({ tab, mode, canBegin, onBegin }: ModesProps) {
  const { t } = useTranslation('query');
  const setAutocommit = (autocommit: boolean) => tab.setMode({ ...mode, autocommit });
  const setGoOn = (goOn: boolean) => tab.setMode({ ...mode, onError: goOn ? 'continue' : 'stop' });
  const goesOn = mode.onError === 'continue';
  useTabActions([
    { id: 'query.autocommit', label: t('mode.switchAutocommit'), run: () => setAutocommit(!mode.autocommit) },
    { id: 'query.on-error', label: t('mode.switchContinue'), run: () => setGoOn(!goesOn) },
  ]);
  return (
    <Menu position="bottom-end" closeOnItemClick={false}>
      <Menu.Target>
        <Button
          size="compact-sm"
          variant="subtle"
          color="gray"
          rightSection={<IconChevronDown size={14} stroke={1.5} aria-hidden />}
        >
          {t('mode.label')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item closeMenuOnClick disabled={!canBegin} onClick={onBegin}>
          {t('transact.begin')}
        </Menu.Item>
        <Menu.Divider />
        <Menu.CheckboxItem checked={mode.autocommit} onChange={setAutocommit}>
          {t('mode.autocommit')}
        </Menu.CheckboxItem>
        <Menu.CheckboxItem checked={goesOn} onChange={setGoOn}>
          {t('mode.continue')}
        </Menu.CheckboxItem>
      </Menu.Dropdown>
    </Menu>
  );
}
