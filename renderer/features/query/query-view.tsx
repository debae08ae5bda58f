import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { AppError } from '../../../shared/errors';
import { optionNeeds, optionUse } from '../../../shared/model/explain';
import { statementAt } from '../../../shared/model/sql-split';
import type { ExplainOptions } from '../../../shared/model/query';
import type { ServerView } from '../../../shared/model/server';
import { showNotice } from '../../ui/notice';
import { SqlEditor, type SqlEditorHandle } from '../../ui/sql-editor/sql-editor';
import { followServers, readServers } from '../../api/servers';
import { useLive } from '../../ui/use-live';
import { useTab, useTabTitle } from '../../ui/workbench';
import classes from './query-view.module.css';
import { ResultsPanel } from './results-panel';
import { RunBar } from './run-bar';
import { ExplainButton } from './explain/explain-button';
import { ParametersDialog } from './editor/parameters-dialog';
import { askedOf } from './editor/parameters';
import { useAssist } from './editor/use-assist';
import { GuardDialog } from './guard-dialog';
import { LossNotice } from './loss-notice';
import { LibraryMenu } from './library/library-menu';
import { useDraft } from './library/use-draft';
import type { RunSource } from './model';
import { SplitPanes } from './split-panes';
import { createQueryTab, isWaiting, type QueryTab } from './store';
import { stagedIn } from './edit/edit-store';
import { useStagedGuard } from './edit/staged-guard';
import { useStagedIn } from './edit/use-edits';
import { useTabNotices } from './use-tab-notices';

export interface QueryViewProps {
  readonly serverId: string;
  readonly database: string;
  readonly initialSql: string;
  readonly runAtOnce: boolean;
  /** Under which the text is kept. */
  readonly draftId?: string | undefined;
  /** The session to go on with. */
  readonly sessionId?: string | undefined;
  /** It comes from a saved layout: no session is opened before the person asks. */
  readonly restored?: boolean | undefined;
}

/** What waits for the values of its parameters. */
interface Asking {
  readonly source: RunSource;
  readonly explain: ExplainOptions | undefined;
}

/** Whether a text needs values before it is run, or explained: a generic plan takes `$1` as it stands. */
function needsValues(
  text: string,
  explain: ExplainOptions | undefined,
  version: number,
  standardStrings: boolean,
): boolean {
  const generic =
    explain?.genericPlan === true &&
    optionNeeds('genericPlan', version) === null &&
    (optionUse('genericPlan', version) === 'both' || !explain.analyze);
  return askedOf(text, standardStrings).some(({ form }) => !generic || form !== 'number');
}

/** Tabs are numbered as they are opened, so that their titles differ. */
let opened = 0;

/** The registered server, kept up to date; null until it is known or when it is gone. */
function useServer(serverId: string): ServerView | null {
  return useLive(readServers, followServers)?.find(({ id }) => id === serverId) ?? null;
}

/** The session of a view, for as long as the view is there. */
function useQueryTab(serverId: string, database: string, sessionId: string | undefined, waits: boolean): QueryTab {
  const [tab] = useState(() => createQueryTab(serverId, database));
  useEffect(() => {
    if (sessionId !== undefined) void tab.attach(sessionId, database, waits);
    else if (!waits) void tab.open(database);
    return () => tab.close();
  }, [tab, database, sessionId, waits]);
  return tab;
}

/** The session's standard_conforming_strings now. */
const standardNow = (tab: QueryTab): boolean => tab.store.getState().query?.standardStrings ?? true;

/** The statement at the cursor. */
function currentOf(handle: SqlEditorHandle, standardStrings: boolean): RunSource | null {
  const text = handle.text();
  const found = statementAt(text, handle.cursor(), standardStrings);
  return found ? { text: text.slice(found.start, found.end), start: found.start } : null;
}

/** A query tab: editor above, results below, one session. */
export function QueryView(props: QueryViewProps) {
  const { serverId, database, initialSql, runAtOnce, draftId, sessionId, restored = false } = props;
  const { t } = useTranslation('query');
  const { t: data } = useTranslation('data');
  const tab = useQueryTab(serverId, database, sessionId, restored);
  const [number] = useState(() => (opened += 1));
  const editor = useRef<SqlEditorHandle>(null);
  const server = useServer(serverId);
  const draft = useDraft({ draftId, editor, initialSql });
  const { text: keptText, changed, flush } = draft;
  const assist = useAssist(tab, serverId);
  const [asking, setAsking] = useState<Asking | null>(null);
  const session = useStore(tab.store, (state) => state.session);
  const currentDatabase = useStore(tab.store, (state) => state.database);
  const transaction = useStore(tab.store, (state) => state.query?.transaction ?? 'idle');
  const marks = useStore(tab.store, (state) => state.marks);
  const openError = useStore(tab.store, (state) => state.openError);
  const waiting = useStore(tab.store, isWaiting);
  const running = useStore(tab.store, (state) => state.starting || state.query?.running === true);
  const role = useStore(tab.store, (state) => state.query?.role ?? '');
  const autocommit = useStore(tab.store, (state) => state.query?.mode.autocommit);
  const { setDirty, setMove, setStatus } = useTab();
  const staged = useStagedIn(session?.sessionId ?? null);
  const { guard, dialog } = useStagedGuard(session?.sessionId ?? null);

  const title = draft.fileName === '' ? t('title', { number, database: currentDatabase }) : draft.fileName;
  useTabTitle(title);
  useTabNotices(tab, title);
  const inTransaction = transaction === 'transaction' || transaction === 'failed';
  // With the session, a transaction would be rolled back.
  const loses = [
    staged > 0 ? t('closing.edits', { count: staged }) : '',
    running ? t('closing.running') : '',
    inTransaction ? t('closing.transaction') : '',
    draft.dirty ? t('closing.text') : '',
  ]
    .filter((each) => each !== '')
    .join(' ');
  useEffect(() => setDirty(loses !== '', loses), [setDirty, loses]);
  useEffect(() => {
    setMove(() => {
      const { session: own } = tab.store.getState();
      if (own && stagedIn(own.sessionId) > 0) throw new AppError({ code: 'conflict', message: data('move') });
      flush();
      const moved = tab.letGo();
      return { initialSql: editor.current?.text() ?? '', ...(moved === '' ? {} : { sessionId: moved }) };
    });
    return () => setMove(null);
  }, [setMove, tab, flush, data]);
  useEffect(() => {
    const user = session?.user ?? '';
    setStatus({
      server: server?.name ?? '',
      database: currentDatabase,
      user: role === '' ? user : `${user} (${role})`,
      environment: server?.environment ?? 'none',
      transaction: session ? transaction : '',
      autocommit: session ? autocommit : undefined,
    });
  }, [setStatus, server, currentDatabase, session, role, transaction, autocommit]);

  const connected = server?.status.connected === true;
  useEffect(() => {
    // The person has connected the server meanwhile: what failed for want of a password works now.
    const { openError: failed, opening } = tab.store.getState();
    if (connected && failed && !opening) void tab.open(tab.store.getState().database);
  }, [connected, tab]);

  const ran = useRef(false);
  useEffect(() => {
    if (!session || !runAtOnce || restored || ran.current) return;
    ran.current = true;
    void tab.run({ text: initialSql, start: 0 });
  }, [session, runAtOnce, restored, initialSql, tab]);

  const runNow = useCallback(
    (source: RunSource, options?: ExplainOptions) => {
      // What is kept stays, and what is staged in it.
      const goes = (resultId: string): boolean =>
        tab.store.getState().query?.results.find((each) => each.resultId === resultId)?.pinned !== true;
      guard(() => void tab.run(source, options), goes);
    },
    [tab, guard],
  );
  const start = useCallback(
    (source: RunSource, explain?: ExplainOptions) => {
      const version = tab.store.getState().session?.serverVersionNum ?? 0;
      if (needsValues(source.text, explain, version, standardNow(tab))) setAsking({ source, explain });
      else runNow(source, explain);
    },
    [tab, runNow],
  );
  const run = useCallback(() => {
    const handle = editor.current;
    if (handle) start(handle.selection() ?? { text: handle.text(), start: 0 });
  }, [start]);
  const runCurrent = useCallback(() => {
    const handle = editor.current;
    if (!handle) return;
    const found = currentOf(handle, standardNow(tab));
    if (found) start(found);
    else showNotice(t('noStatement'));
  }, [tab, start, t]);
  const explain = useCallback(
    (options: ExplainOptions) => {
      const handle = editor.current;
      if (!handle) return;
      const source = handle.selection() ?? currentOf(handle, standardNow(tab));
      // What the server can do is known with the session.
      if (source) void tab.ensure().then(() => start(source, options));
      else showNotice(t('noStatement'));
    },
    [tab, start, t],
  );
  const goTo = useCallback((offset: number) => editor.current?.goTo(offset), []);

  const editorPane = useMemo(
    () =>
      keptText === null ? null : (
        <SqlEditor
          ref={editor}
          initialText={keptText}
          assist={assist}
          label={t('editor')}
          placeholder={t('placeholder')}
          marks={marks}
          focusAtStart
          onChange={changed}
        />
      ),
    [keptText, changed, assist, marks, t],
  );

  return (
    <div className={classes.view}>
      <RunBar tab={tab} server={server} serverId={serverId} onRun={run} onRunCurrent={runCurrent}>
        <ExplainButton
          version={session?.serverVersionNum ?? 0}
          disabled={(session === null && !waiting) || running}
          onExplain={explain}
        />
        <LibraryMenu
          editor={editor}
          draft={draft}
          serverId={serverId}
          database={currentDatabase}
          onRun={(sql) => start({ text: sql, start: 0, outside: true })}
        />
      </RunBar>
      <ParametersDialog
        standardStrings={standardNow(tab)}
        source={asking?.source ?? null}
        onRun={(source) => {
          setAsking(null);
          runNow({ ...source, outside: asking?.source.outside === true }, asking?.explain);
        }}
        onClose={() => setAsking(null)}
      />
      {dialog}
      <GuardDialog tab={tab} />
      <LossNotice tab={tab} />
      <SplitPanes label={t('resize')}>
        {editorPane}
        <ResultsPanel
          tab={tab}
          serverId={serverId}
          openError={openError}
          waiting={restored && waiting}
          guard={guard}
          goTo={goTo}
          textOf={() => editor.current?.text() ?? ''}
        />
      </SplitPanes>
    </div>
  );
}
