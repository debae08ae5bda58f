import { createStore, type StoreApi } from 'zustand';
import { AppError, errorInfo, type ErrorInfo } from '../../../shared/errors';
import type {
  ExplainOptions,
  QueryState,
  SessionInfo,
  SessionMode,
  TransactionDeed,
} from '../../../shared/model/query';
import { asksFor, risksOf, type StatementRisk } from '../../../shared/model/statement-guard';
import { api, listen } from '../../api';
import { presentError } from '../../ui/error-presenter';
import type { SqlMark } from '../../ui/sql-editor/sql-editor';
import { dropEdits } from './edit/edit-store';
import { isError, marksOf, MESSAGES, pageAfter, pageFor, type PanelPage, type RunSource } from './model';

/** A run that waits for the person's word. */
export interface AskedRun {
  readonly source: RunSource;
  readonly explain: ExplainOptions | undefined;
  readonly risks: readonly StatementRisk[];
  /** The server's name, and whether it has to be typed for what can't be got back. */
  readonly server: string;
  readonly production: boolean;
}

/** As whom the session works when not as the registration says. */
export interface OtherUser {
  readonly user: string;
  readonly password?: string;
}

export interface QueryTabState {
  readonly database: string;
  readonly session: SessionInfo | null;
  /** Null: the registered user. Without the password, which main keeps. */
  readonly user: string | null;
  /** The session came from another window, and another user's password did not come with it: another session needs it again. */
  readonly needsPassword: boolean;
  /** A session is being opened. */
  readonly opening: boolean;
  /** Why there is no session. */
  readonly openError: ErrorInfo | null;
  /** Of the session; null until its first state came. */
  readonly query: QueryState | null;
  /** A run was asked for and its first state has not come yet. */
  readonly starting: boolean;
  readonly cancelling: boolean;
  readonly source: RunSource;
  readonly marks: readonly SqlMark[];
  readonly page: PanelPage;
  /** Whether the person chose the page since the run began. */
  readonly pageChosen: boolean;
  readonly asked: AskedRun | null;
}

/** Nobody has asked for a session yet, e.g. after a restart. */
export const isWaiting = ({ session, opening, openError }: QueryTabState): boolean =>
  session === null && !opening && openError === null;

export interface QueryTab {
  readonly store: StoreApi<QueryTabState>;
  /** Opens the session, again after a failure, on another database, or as another user (null: the registered one). */
  open(database: string, as?: OtherUser | null): Promise<void>;
  /** Goes on with a session that came from another window; when it is gone, opens a new one unless `only`. */
  attach(sessionId: string, database: string, only?: boolean): Promise<void>;
  /** Opens the session where nobody has asked for one yet. */
  ensure(): Promise<void>;
  /** With `explain` the statements are explained instead. What the server's guard asks about waits for the person's word. */
  run(source: RunSource, explain?: ExplainOptions): Promise<void>;
  /** Runs what was asked about, or does not. */
  answer(goOn: boolean): void;
  cancel(): Promise<void>;
  /** Closes a connection that does not end its run. */
  drop(): void;
  transact(deed: TransactionDeed, name?: string): Promise<void>;
  setMode(mode: SessionMode): void;
  setRole(role: string): void;
  /** Sets again what was lost with the connection, or only tells no longer of it. */
  restore(again: boolean): void;
  pin(resultId: string, pinned: boolean): void;
  showPage(page: PanelPage): void;
  /** Another window goes on with the session: closing leaves it alone. Empty when there is none. */
  letGo(): string;
  /** Ends the session. */
  close(): void;
}

const NO_SOURCE: RunSource = { text: '', start: 0 };

/** The state of one query tab and what can be done with it. */
export function createQueryTab(serverId: string, firstDatabase: string): QueryTab {
  const store = createStore<QueryTabState>(() => ({
    database: firstDatabase,
    session: null,
    user: null,
    needsPassword: false,
    opening: false,
    openError: null,
    query: null,
    starting: false,
    cancelling: false,
    source: NO_SOURCE,
    marks: [],
    page: MESSAGES,
    pageChosen: false,
    asked: null,
  }));
  let opening = new AbortController();
  let closed = false;
  /** Of the user that the person chose; for opening on another database. */
  let other: OtherUser | null = null;

  const endSession = () => {
    const { session } = store.getState();
    if (!session) return;
    dropEdits(session.sessionId);
    void api.query.close({ sessionId: session.sessionId }).catch(presentError);
  };

  const receive = (query: QueryState) => {
    const before = store.getState();
    if (query.sessionId !== before.session?.sessionId) return;
    // A snapshot of the run before may still be on its way.
    if (before.query && query.runId < before.query.runId) return;
    const errors = query.messages.filter(isError).length;
    const hadErrors = before.query?.runId === query.runId ? before.query.messages.filter(isError).length : 0;
    const ended = !query.running;
    const chosen = before.pageChosen && !(ended && errors > hadErrors);
    store.setState({
      query,
      starting: before.starting && query.runId === (before.query?.runId ?? 0),
      cancelling: before.cancelling && query.running,
      ...(errors !== hadErrors ? { marks: marksOf(query.messages, before.source) } : {}),
      page: chosen ? pageAfter(before.page, before.query, query) : pageFor(query),
    });
  };
  const stopListening = listen('query', 'state', receive);

  /** Something about the session that is there; failures are shown. */
  const ofSession = async (work: (sessionId: string) => Promise<unknown>): Promise<void> => {
    const { session } = store.getState();
    if (!session) return;
    try {
      await work(session.sessionId);
    } catch (error) {
      presentError(error);
    }
  };

  const start = async (source: RunSource, explain?: ExplainOptions): Promise<void> => {
    const { session, query, starting } = store.getState();
    if (!session || starting || query?.running === true) return;
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
  };

  /** What the person is asked before the text runs; null when nothing. */
  const question = async (source: RunSource, explain: ExplainOptions | undefined): Promise<AskedRun | null> => {
    const risks = explain?.analyze === false ? [] : risksOf(source.text, store.getState().query?.standardStrings);
    if (risks.length === 0) return null;
    const [{ servers }, { query: settings }] = await Promise.all([api.servers.list({}), api.settings.get({})]);
    const server = servers.find(({ id }) => id === serverId);
    // What a read-only registration refuses is told by the refusal.
    if (server?.readOnly === true) return null;
    const environment = server?.environment ?? 'none';
    if (!asksFor(risks, environment, settings.confirm)) return null;
    return { source, explain, risks, server: server?.name ?? '', production: environment === 'production' };
  };

  const tab: QueryTab = {
    store,
    async open(database, as) {
      if (as !== undefined) {
        other = as;
        store.setState({ needsPassword: false });
      }
      opening.abort();
      opening = new AbortController();
      const { signal } = opening;
      endSession();
      const user = other?.user ?? null;
      store.setState({ database, user, session: null, opening: true, openError: null, query: null, starting: false });
      try {
        const { autocommit, onError } = (await api.settings.get({}, signal)).query;
        const mode = { autocommit, onError };
        const session = await api.query.open({ serverId, database, mode, ...(other ? { as: other } : {}) }, signal);
        if (signal.aborted || closed) {
          await api.query.close({ sessionId: session.sessionId });
          return;
        }
        store.setState({ session, opening: false, page: MESSAGES, marks: [] });
        receive(await api.query.state({ sessionId: session.sessionId }));
      } catch (error) {
        if (!signal.aborted) store.setState({ opening: false, openError: errorInfo(error) });
      }
    },
    async attach(sessionId, database, only = false) {
      store.setState({ database, opening: true });
      try {
        const session = await api.query.attach({ sessionId });
        const server = (await api.servers.list({})).servers.find(({ id }) => id === serverId);
        if (closed) {
          await api.query.close({ sessionId });
          return;
        }
        const { user } = session;
        const isOther = server !== undefined && server.user !== user;
        if (isOther) other = { user };
        store.setState({
          database: session.database,
          session,
          opening: false,
          ...(isOther ? { user, needsPassword: true } : {}),
        });
        receive(await api.query.state({ sessionId }));
      } catch {
        // Whatever became of it, e.g. a restart of the program: the text goes on with a session of its own.
        if (closed) return;
        if (only) store.setState({ opening: false });
        else await tab.open(database);
      }
    },
    async ensure() {
      if (!closed && isWaiting(store.getState())) await tab.open(store.getState().database);
    },
    async run(source, explain) {
      await tab.ensure();
      const { session, query, starting, asked } = store.getState();
      if (!session || starting || asked || query?.running === true || source.text.trim() === '') return;
      try {
        const asking = await question(source, explain);
        if (asking) store.setState({ asked: asking });
        else await start(source, explain);
      } catch (error) {
        presentError(error);
      }
    },
    answer(goOn) {
      const { asked } = store.getState();
      store.setState({ asked: null });
      if (asked && goOn) void start(asked.source, asked.explain);
    },
    async cancel() {
      const { session, query } = store.getState();
      if (!session || query?.running !== true) return;
      store.setState({ cancelling: true });
      await ofSession((sessionId) => api.query.cancel({ sessionId }));
      store.setState({ cancelling: false });
    },
    drop: () => void ofSession((sessionId) => api.query.drop({ sessionId })),
    transact: (deed, name) =>
      ofSession((sessionId) => api.query.transact({ sessionId, deed, ...(name === undefined ? {} : { name }) })),
    setMode: (mode) => void ofSession((sessionId) => api.query.setMode({ sessionId, mode })),
    setRole: (role) => void ofSession((sessionId) => api.query.setRole({ sessionId, role })),
    restore: (again) => void ofSession((sessionId) => api.query.restore({ sessionId, again })),
    pin: (resultId, pinned) => void ofSession(() => api.query.pin({ resultId, pinned })),
    showPage: (page) => store.setState({ page, pageChosen: true }),
    letGo() {
      const { session } = store.getState();
      closed = true;
      opening.abort();
      stopListening();
      store.setState({ session: null });
      return session?.sessionId ?? '';
    },
    close() {
      closed = true;
      opening.abort();
      stopListening();
      endSession();
    },
  };
  return tab;
}
