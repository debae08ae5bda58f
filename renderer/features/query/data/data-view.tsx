import { Button } from '@mantine/core';
import { IconPlugConnected, IconTable } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { AppError, type ErrorInfo } from '../../../../shared/errors';
import type { ObjectRef } from '../../../../shared/model/catalog';
import type { QueryState } from '../../../../shared/model/query';
import type { ServerView } from '../../../../shared/model/server';
import { EmptyState } from '../../../ui/empty-state';
import { ErrorPanel } from '../../../ui/error-panel';
import { followServers, readServers } from '../../../api/servers';
import { useLive } from '../../../ui/use-live';
import { useCommand, useOnCommand, useTab, useTabActions, useTabTitle } from '../../../ui/workbench';
import { saveStaged } from '../edit/edit-store';
import { useStagedGuard } from '../edit/staged-guard';
import { useStagedIn } from '../edit/use-edits';
import { isError } from '../model';
import { ResultPage } from '../result-page';
import type { QueryTab } from '../store';
import { DataBar } from './data-bar';
import { createDataTab, type DataTab } from './data-tab';
import classes from './data-view.module.css';

export interface DataViewProps {
  readonly serverId: string;
  readonly database: string;
  readonly object: ObjectRef;
  /** It comes from a saved layout: no rows are read before the person asks. */
  readonly restored?: boolean | undefined;
}

/** Opened when the view is seen for the first time, so that restored tabs cost nothing. */
function useDataTab(serverId: string, database: string, oid: number, seen: boolean): DataTab {
  const [data] = useState(() => createDataTab(serverId, database, oid));
  useEffect(() => {
    if (!seen) return undefined;
    void data.open();
    return () => data.close();
  }, [data, seen]);
  return data;
}

function useStatus(server: ServerView | null, database: string, tab: QueryTab): void {
  const { setStatus } = useTab();
  const session = useStore(tab.store, (state) => state.session);
  const transaction = useStore(tab.store, (state) => state.query?.transaction ?? 'idle');
  const role = useStore(tab.store, (state) => state.query?.role ?? '');
  const autocommit = useStore(tab.store, (state) => state.query?.mode.autocommit);
  useEffect(() => {
    const user = session?.user ?? '';
    setStatus({
      server: server?.name ?? '',
      database,
      user: role === '' ? user : `${user} (${role})`,
      environment: server?.environment ?? 'none',
      transaction: session ? transaction : '',
      autocommit: session ? autocommit : undefined,
    });
  }, [setStatus, server, database, session, role, transaction, autocommit]);
}

/** Rows of one table or view, to look at and to edit. */
export function DataView({ serverId, database, object, restored = false }: DataViewProps) {
  const { t } = useTranslation('data');
  const { t: words } = useTranslation('query');
  const command = useCommand();
  const { active, visible, setDirty } = useTab();
  const [seen, setSeen] = useState(visible);
  if (visible && !seen) setSeen(true);
  const [waiting, setWaiting] = useState(restored);
  const data = useDataTab(serverId, database, object.oid, seen && !waiting);
  const { tab } = data;
  const server = useLive(readServers, followServers)?.find(({ id }) => id === serverId) ?? null;
  const session = useStore(tab.store, (state) => state.session);
  const query = useStore(tab.store, (state) => state.query);
  const openError = useStore(tab.store, (state) => state.openError);
  const { source, problem } = useStore(data.store);
  const sessionId = session?.sessionId ?? null;
  const staged = useStagedIn(sessionId);
  const staging = useStagedGuard(sessionId);

  useTabTitle(object.name);
  useStatus(server, database, tab);
  useEffect(
    () => setDirty(staged > 0, staged > 0 ? words('closing.edits', { count: staged }) : ''),
    [setDirty, staged, words],
  );

  const connected = server?.status.connected === true;
  useEffect(() => {
    // The person has connected the server meanwhile.
    const { openError: failed, opening } = tab.store.getState();
    if (connected && failed && !opening) void data.open();
  }, [connected, data, tab]);

  const begin = () => setWaiting(false);
  const refresh = () => (waiting ? begin() : staging.guard(() => void data.read()));
  const openQuery = () => {
    if (source) command({ do: 'open-query', serverId, database, sql: source.sql });
  };
  useTabActions([
    { id: 'data.refresh', label: t('actions.refresh'), keys: 'f5', run: refresh },
    { id: 'data.query', label: t('actions.query'), disabled: source === null, run: openQuery },
    { id: 'data.stop', label: t('view.stop'), disabled: query?.running !== true, run: () => void tab.cancel() },
  ]);
  useOnCommand('refresh-tree', () => {
    if (active && !waiting) refresh();
  });

  useOnCommand('save-file', () => {
    const front = query?.results[0]?.resultId;
    if (active && front !== undefined) saveStaged(front);
  });

  const failed = problem ?? openError ?? failureOf(query);
  const result = query?.results[0];
  return (
    <div className={classes.view}>
      <DataBar
        object={object}
        server={server}
        database={database}
        user={session?.user ?? ''}
        result={result ?? null}
        limit={source?.limit ?? 0}
        running={query?.running === true}
        onRefresh={refresh}
        onStop={() => void tab.cancel()}
        onQuery={source ? openQuery : null}
      />
      <div className={classes.body}>
        {failed ? (
          <div className={classes.problem}>
            <ErrorPanel
              title={t(openError ? 'view.openFailed' : failed.code === 'not-found' ? 'view.gone' : 'view.failed')}
              error={new AppError(failed)}
              onRetry={() => void (openError ? data.open() : data.read())}
            />
            {openError?.code === 'authentication' ? (
              <Button
                leftSection={<IconPlugConnected size={16} stroke={1.5} aria-hidden />}
                onClick={() => command({ do: 'connect-server', serverId })}
              >
                {t('view.connect')}
              </Button>
            ) : null}
          </div>
        ) : waiting ? (
          <EmptyState
            icon={<IconTable size={32} stroke={1.5} />}
            title={t('view.waiting')}
            text={t('view.waitingText')}
            action={<Button onClick={begin}>{t('view.read')}</Button>}
          />
        ) : result?.columns ? (
          <ResultPage key={result.resultId} result={result} columns={result.columns} alone />
        ) : (
          <p className={classes.reading} role="status">
            {t('view.reading')}
          </p>
        )}
      </div>
      {staging.dialog}
    </div>
  );
}

/** Why the rows could not be read, when nothing came of it. */
function failureOf(query: QueryState | null): ErrorInfo | null {
  if (!query || query.running || query.results.length > 0) return null;
  const message = query.messages.findLast(isError);
  if (!message) return null;
  const { text, detail, hint, sqlstate } = message;
  return {
    code: 'sql',
    message: text,
    ...(detail === '' ? {} : { detail }),
    ...(hint === '' ? {} : { hint }),
    ...(sqlstate === '' ? {} : { sqlstate }),
  };
}
