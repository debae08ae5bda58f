import { createStore, type StoreApi } from 'zustand';
import { AppError, errorInfo, type ErrorInfo } from '../../../shared/errors';
import type { ExplainOptions, QueryState, SessionInfo } from '../../../shared/model/query';
import { api, listen } from '../../api';
import { presentError } from '../../ui/error-presenter';
import type { SqlMark } from '../../ui/sql-editor/sql-editor';
import { isError, marksOf, MESSAGES, pageFor, type PanelPage, type RunSource } from './model';

export interface QueryTabState {
  readonly database: string;
  readonly session: SessionInfo | null;
  /** A session is being opened. */
  readonly opening: boolean;
  /** Why there is no session. */
  readonly openError: ErrorInfo | null;
  /** Of the session; null until the first run. */
  readonly query: QueryState | null;
  /** A run was asked for and its first state has not come yet. */
  readonly starting: boolean;
  readonly cancelling: boolean;
  readonly source: RunSource;
  readonly marks: readonly SqlMark[];
  readonly page: PanelPage;
  /** Whether the person chose the page since the run began. */
  readonly pageChosen: boolean;
}

export interface QueryTab {
  readonly store: StoreApi<QueryTabState>;
  /** Opens the session, again after a failure, or on another database. */
  open(database: string): Promise<void>;
  /** With `explain` the statements are explained instead. */
  run(source: RunSource, explain?: ExplainOptions): Promise<void>;
  cancel(): Promise<void>;
  showPage(page: PanelPage): void;
  /** Ends the session. */
  close(): void;
}

const NO_SOURCE: RunSource = { text: '', start: 0 };

/** The state of one query tab and what can be done with it. */
export function createQueryTab(serverId: string, firstDatabase: string): QueryTab {
  const store = createStore<QueryTabState>(() => ({
    database: firstDatabase,
    session: null,
    opening: false,
    openError: null,
    query: null,
    starting: false,
    cancelling: false,
    source: NO_SOURCE,
    marks: [],
    page: MESSAGES,
    pageChosen: false,
  }));
  let opening = new AbortController();
  let closed = false;

  const endSession = () => {
    const { session } = store.getState();
    if (session) void api.query.close({ sessionId: session.sessionId }).catch(presentError);
  };

  const receive = (query: QueryState) => {
    const before = store.getState();
    if (query.sessionId !== before.session?.sessionId) return;
    // A snapshot of the run before may still be on its way.
    if (before.query && query.runId < before.query.runId) return;
    const errors = query.messages.filter(isError).length;
    const hadErrors = before.query?.runId === query.runId ? before.query.messages.filter(isError).length : 0;
    const ended = !query.running;
    store.setState({
      query,
      starting: before.starting && query.runId === (before.query?.runId ?? 0),
      cancelling: before.cancelling && query.running,
      ...(errors !== hadErrors ? { marks: marksOf(query.messages, before.source) } : {}),
      ...(before.pageChosen && !(ended && errors > hadErrors) ? {} : { page: pageFor(query) }),
    });
  };
  const stopListening = listen('query', 'state', receive);

  return {
    store,
    async open(database) {
      opening.abort();
      opening = new AbortController();
      const { signal } = opening;
      endSession();
      store.setState({ database, session: null, opening: true, openError: null, query: null, starting: false });
      try {
        const session = await api.query.open({ serverId, database }, signal);
        if (signal.aborted || closed) {
          await api.query.close({ sessionId: session.sessionId });
          return;
        }
        store.setState({ session, opening: false, page: MESSAGES, marks: [] });
      } catch (error) {
        if (!signal.aborted) store.setState({ opening: false, openError: errorInfo(error) });
      }
    },
    async run(source, explain) {
      const { session, query, starting } = store.getState();
      if (!session || starting || query?.running === true || source.text.trim() === '') return;
      store.setState({ starting: true, source, marks: [], pageChosen: false });
      try {
        const { runId } = await api.query.run({
          sessionId: session.sessionId,
          sql: source.text,
          ...(explain === undefined ? {} : { explain }),
        });
        const now = store.getState();
        if (now.query?.runId !== runId) receive(await api.query.state({ sessionId: session.sessionId }));
        store.setState({ starting: false });
      } catch (error) {
        store.setState({ starting: false });
        if (error instanceof AppError && error.code === 'not-found')
          store.setState({ session: null, openError: error.info });
        else presentError(error);
      }
    },
    async cancel() {
      const { session, query } = store.getState();
      if (!session || query?.running !== true) return;
      store.setState({ cancelling: true });
      try {
        await api.query.cancel({ sessionId: session.sessionId });
      } catch (error) {
        presentError(error);
      } finally {
        store.setState({ cancelling: false });
      }
    },
    showPage: (page) => store.setState({ page, pageChosen: true }),
    close() {
      closed = true;
      opening.abort();
      stopListening();
      endSession();
    },
  };
}
