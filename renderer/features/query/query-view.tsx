import { useCallback, useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { statementAt } from '../../../shared/model/sql-split';
import type { ServerView } from '../../../shared/model/server';
import { api, listen } from '../../api';
import { SqlEditor, type SqlEditorHandle } from '../../ui/sql-editor/sql-editor';
import { useLive } from '../../ui/use-live';
import { useTab, useTabTitle } from '../../ui/workbench';
import classes from './query-view.module.css';
import { ResultsPanel } from './results-panel';
import { RunBar } from './run-bar';
import { SplitPanes } from './split-panes';
import { createQueryTab, type QueryTab } from './store';

export interface QueryViewProps {
  readonly serverId: string;
  readonly database: string;
  readonly initialSql: string;
  readonly runAtOnce: boolean;
}

/** Tabs are numbered as they are opened, so that their titles differ. */
let opened = 0;

const readServers = async () => (await api.servers.list({})).servers;
const followServers = (changed: () => void) => listen('servers', 'changed', changed);

/** The registered server, kept up to date; null until it is known or when it is gone. */
function useServer(serverId: string): ServerView | null {
  return useLive(readServers, followServers)?.find(({ id }) => id === serverId) ?? null;
}

/** The session of a view, for as long as the view is there. */
function useQueryTab(serverId: string, database: string): QueryTab {
  const [tab] = useState(() => createQueryTab(serverId, database));
  useEffect(() => {
    void tab.open(database);
    return () => tab.close();
  }, [tab, database]);
  return tab;
}

/** A query tab: editor above, results below, one session. */
export function QueryView({ serverId, database, initialSql, runAtOnce }: QueryViewProps) {
  const { t } = useTranslation('query');
  const tab = useQueryTab(serverId, database);
  const [number] = useState(() => (opened += 1));
  const editor = useRef<SqlEditorHandle>(null);
  const server = useServer(serverId);
  const session = useStore(tab.store, (state) => state.session);
  const currentDatabase = useStore(tab.store, (state) => state.database);
  const transaction = useStore(tab.store, (state) => state.query?.transaction ?? 'idle');
  const marks = useStore(tab.store, (state) => state.marks);
  const openError = useStore(tab.store, (state) => state.openError);
  const { setDirty, setStatus } = useTab();

  useTabTitle(t('title', { number, database: currentDatabase }));
  useEffect(() => {
    setStatus({
      server: server?.name ?? '',
      database: currentDatabase,
      user: session?.user ?? '',
      environment: server?.environment ?? 'none',
      transaction: session ? transaction : '',
    });
  }, [setStatus, server, currentDatabase, session, transaction]);

  const connected = server?.status.connected === true;
  useEffect(() => {
    // The person has connected the server meanwhile: what failed for want of a password works now.
    const { openError: failed, opening } = tab.store.getState();
    if (connected && failed && !opening) void tab.open(tab.store.getState().database);
  }, [connected, tab]);

  const ran = useRef(false);
  useEffect(() => {
    if (!session || !runAtOnce || ran.current) return;
    ran.current = true;
    void tab.run({ text: initialSql, start: 0 });
  }, [session, runAtOnce, initialSql, tab]);

  const run = useCallback(() => {
    const handle = editor.current;
    if (handle) void tab.run(handle.selection() ?? { text: handle.text(), start: 0 });
  }, [tab]);
  const runCurrent = useCallback(() => {
    const handle = editor.current;
    if (!handle) return;
    const text = handle.text();
    const found = statementAt(text, handle.cursor());
    if (found) void tab.run({ text: text.slice(found.start, found.end), start: found.start });
  }, [tab]);
  const goTo = useCallback((offset: number) => editor.current?.goTo(offset), []);

  const onKeyDown = (event: KeyboardEvent) => {
    const control = event.ctrlKey || event.metaKey;
    if ((event.key === 'F5' && !control) || (event.key === 'Enter' && control && !event.shiftKey)) run();
    else if (event.key === 'Enter' && control && event.shiftKey) runCurrent();
    else if (event.key === '.' && control) void tab.cancel();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const editorPane = useMemo(
    () => (
      <SqlEditor
        ref={editor}
        initialText={initialSql}
        label={t('editor')}
        placeholder={t('placeholder')}
        marks={marks}
        focusAtStart
        onChange={(text) => setDirty(text.trim() !== '' && text !== initialSql)}
      />
    ),
    [initialSql, marks, setDirty, t],
  );

  return (
    <div className={classes.view} onKeyDownCapture={onKeyDown}>
      <RunBar
        tab={tab}
        server={server}
        serverId={serverId}
        onRun={run}
        onRunCurrent={runCurrent}
        onDatabase={(name) => void tab.open(name)}
      />
      <SplitPanes label={t('resize')}>
        {editorPane}
        <ResultsPanel
          tab={tab}
          serverId={serverId}
          openError={openError}
          goTo={goTo}
          textOf={() => editor.current?.text() ?? ''}
        />
      </SplitPanes>
    </div>
  );
}
