import { ActionIcon, Button, TextInput, Tooltip } from '@mantine/core';
import {
  IconArrowDown,
  IconArrowUp,
  IconEraser,
  IconPlugConnected,
  IconRefresh,
  IconSearch,
  IconTerminal2,
} from '@tabler/icons-react';
import { useCallback, useEffect, useRef, useState, type ClipboardEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { AppError } from '../../../shared/errors';
import type { ServerView } from '../../../shared/model/server';
import { useCopy } from '../../ui/clipboard';
import { ConfirmDialog } from '../../ui/confirm-dialog';
import { EmptyState } from '../../ui/empty-state';
import { ErrorPanel } from '../../ui/error-panel';
import { followServers, readServers } from '../../api/servers';
import { useLive } from '../../ui/use-live';
import { visibleText } from '../../ui/visible-text';
import { useCommand, useTab, useTabTitle } from '../../ui/workbench';
import classes from './terminal-view.module.css';
import { usePsql, type Psql } from './use-psql';
import { useScreen } from './use-screen';
import type { Screen } from './xterm';

export interface TerminalViewProps {
  readonly serverId: string;
  readonly database: string;
  /** Begins at once. */
  readonly start: boolean;
  /** The psql to go on with. */
  readonly terminalId: string | undefined;
}

const icon = { size: 16, stroke: 1.5, 'aria-hidden': true } as const;

/** psql in a tab. */
export function TerminalView({ serverId, database, start, terminalId }: TerminalViewProps) {
  const { t } = useTranslation('terminal');
  const copy = useCopy();
  const host = useRef<HTMLDivElement>(null);
  const screen = useScreen(host, t('host'), copy);
  const psql = usePsql({ serverId, database, screen, start, terminalId });
  const server = useLive(readServers, followServers)?.find(({ id }) => id === serverId) ?? null;
  const { setDirty, setStatus, setMove, active } = useTab();
  useTabTitle(t('title', { database: visibleText(database) }));
  useEffect(() => {
    setStatus({
      server: server?.name ?? '',
      database,
      user: server?.status.user || (server?.user ?? ''),
      environment: server?.environment ?? 'none',
      transaction: '',
    });
  }, [setStatus, server, database]);
  useEffect(() => setDirty(psql.inUse, t('closing')), [setDirty, psql.inUse, t]);
  const release = psql.release;
  const latest = useRef(release);
  latest.current = release;
  useEffect(() => {
    setMove(() => {
      const released = latest.current();
      return released === '' ? {} : { terminalId: released };
    });
    return () => setMove(null);
  }, [setMove]);
  useEffect(() => {
    if (active) screen?.terminal.focus();
  }, [active, screen]);

  const [pasting, setPasting] = useState<string | null>(null);
  const production = server?.environment === 'production';
  const onPaste = (event: ClipboardEvent) => {
    const text = event.clipboardData.getData('text/plain');
    if (!production || !/[\r\n].*\S/s.test(text)) return;
    event.preventDefault();
    event.stopPropagation();
    setPasting(text);
  };

  return (
    <div className={classes.view}>
      <Tools screen={screen} psql={psql} server={server} database={database} />
      <div className={classes.body}>
        <div ref={host} className={classes.host} onPasteCapture={onPaste} />
        <Overlay psql={psql} serverId={serverId} server={server} database={database} />
      </div>
      <ConfirmDialog
        opened={pasting !== null}
        title={t('paste.title', { count: pasting?.split(/\r\n|\r|\n/).length ?? 0 })}
        deed={t('paste.deed')}
        onConfirm={() => psql.write(pasting ?? '')}
        onClose={() => setPasting(null)}
      >
        {t('paste.text', { server: server?.name ?? '' })}
      </ConfirmDialog>
    </div>
  );
}

interface PartProps {
  readonly psql: Psql;
  readonly server: ServerView | null;
  readonly database: string;
}

function Tools({ screen, psql, server, database }: PartProps & { readonly screen: Screen | null }) {
  const { t } = useTranslation('terminal');
  const [text, setText] = useState('');
  const find = useCallback(
    (forward: boolean) => {
      if (forward) screen?.search.findNext(text);
      else screen?.search.findPrevious(text);
    },
    [screen, text],
  );
  return (
    <div className={classes.tools} role="toolbar" aria-label={t('tools')}>
      <span className={classes.target}>
        {visibleText(server?.name ?? '')} · {visibleText(database)}
      </span>
      <span className={classes.quiet}>{psql.state.at === 'running' ? psql.state.program : ''}</span>
      <div className={classes.gap} />
      <span className={classes.quiet}>{t('keys')}</span>
      <TextInput
        className={classes.search ?? ''}
        aria-label={t('search')}
        placeholder={t('search')}
        leftSection={<IconSearch {...icon} />}
        value={text}
        spellCheck={false}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') find(!event.shiftKey);
          if (event.key === 'Escape') screen?.terminal.focus();
        }}
      />
      <Deed label={t('searchPrevious')} onClick={() => find(false)}>
        <IconArrowUp {...icon} />
      </Deed>
      <Deed label={t('searchNext')} onClick={() => find(true)}>
        <IconArrowDown {...icon} />
      </Deed>
      <Deed label={t('clear')} onClick={() => screen?.terminal.clear()}>
        <IconEraser {...icon} />
      </Deed>
    </div>
  );
}

function Deed({ label, onClick, children }: { label: string; onClick: () => void; children: ReactNode }) {
  return (
    <Tooltip label={label}>
      <ActionIcon variant="subtle" aria-label={label} onClick={onClick}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

/** What stands over the terminal while no psql runs. */
function Overlay({ psql, serverId, server, database }: PartProps & { readonly serverId: string }) {
  const { t } = useTranslation('terminal');
  const run = useCommand();
  const { state } = psql;
  if (state.at === 'running') return null;
  if (state.at === 'starting') return <div className={classes.starting}>{t('starting')}</div>;
  if (state.at === 'failed') {
    return (
      <div className={classes.over}>
        <ErrorPanel title={t('failed')} error={new AppError(state.error)} onRetry={psql.start} />
        {state.error.code === 'authentication' ? (
          <Button leftSection={<IconPlugConnected {...icon} />} onClick={() => run({ do: 'connect-server', serverId })}>
            {t('connect')}
          </Button>
        ) : null}
      </div>
    );
  }
  if (state.at === 'ended') {
    const reason = state.signal === '' ? t('endedCode', { code: state.exitCode ?? 0 }) : t('endedSignal', state);
    return (
      <div className={classes.ended} role="status">
        <span>
          {t('ended')}. {reason}
        </span>
        <Button size="xs" leftSection={<IconRefresh {...icon} />} onClick={psql.start}>
          {t('restart')}
        </Button>
      </div>
    );
  }
  return (
    <div className={classes.over}>
      <EmptyState
        icon={<IconTerminal2 size={32} stroke={1.5} />}
        title={t('startTitle')}
        text={t('startText', { server: server?.name ?? '', database: visibleText(database) })}
        action={<Button onClick={psql.start}>{t('start')}</Button>}
      />
    </div>
  );
}
