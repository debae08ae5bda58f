import type { RawSession } from '../../adapters/postgres/raw-session';
import { AppError, errorInfo } from '../../../shared/errors';
import type {
  Arrangement,
  ExplainOptions,
  QueryMessage,
  QueryState,
  SessionInfo,
  SessionMode,
  TransactionDeed,
} from '../../../shared/model/query';
import { quoteIdent } from '../../../shared/model/quote';
import { splitSql } from '../../../shared/model/sql-split';
import type { NameLookup } from './completion/search-path';
import { arrangeResult } from './arrange-run';
import { ask, sqlFailure } from './own-query';
import type { ResultSet } from './result-set';
import { failureMessage, ownMessage, refusedMessage, serverMessage } from './run-messages';
import { RunResults } from './run-results';
import { runScript, standardStrings } from './script-run';
import { writingOf } from './session-writing';
import { explained, refusedByReadOnly, stayReadOnly } from './run-frame';
import type { QuerySessionDeps, SessionTarget } from './session-deps';
import { SessionLink } from './session-link';
import { SessionLog } from './session-log';
import { rowsOfTag, type SessionTracker } from './session-tracker';
import { StatePush } from './state-push';
import { transactionSql } from './transaction-sql';

/** A CancelRequest can arrive between two statements and be in vain: it is repeated. Milliseconds. */
const CANCEL_AGAIN = 500;

/** Statements at the beginning of a run whose first rows are told at once. */
const AT_ONCE = 3;

/** One query tab: a connection, the script that runs on it, and the results of the last run. */
export class QuerySession {
  readonly serverId: string;
  readonly database: string;
  private sessionMode: SessionMode;
  private readonly push = new StatePush(() => this.deps.changed(this.state()));
  private readonly link: SessionLink;
  private readonly results: RunResults;
  private readonly log = new SessionLog(() => this.push.soon());
  private runId = 0;
  private running = false;
  private closed = false;
  private progress = { done: 0, total: 0 };
  private stopping: AbortController | null = null;
  private ended: Promise<void> = Promise.resolve();
  private cancelling: Promise<void> = Promise.resolve();
  private naming: Promise<void> = Promise.resolve();
  /** The statement under way: where it stands in which text and what is sent in front of it, for positions. */
  private text = '';
  private statementStart = 0;
  private statementShift = 0;

  constructor(
    readonly id: string,
    target: SessionTarget,
    private readonly deps: QuerySessionDeps,
  ) {
    this.serverId = target.serverId;
    this.database = target.database;
    this.sessionMode = target.mode;
    this.link = new SessionLink(id, target, deps.connections, {
      notice: (notice) => this.say(serverMessage(notice, this.text, this.statementStart, this.statementShift)),
      notification: (notification) => this.log.hear({ ...notification, at: Date.now() }),
      say: (message) => this.say(message),
      changed: () => this.push.now(),
    });
    this.results = new RunResults(deps.tempFolder, deps.bug, () => writingOf(this.link.raw));
  }

  /** Connects. Fails as the connection does. */
  open(signal: AbortSignal): Promise<SessionInfo> {
    return this.link.open(signal);
  }

  /** Of the connection that is there or was there last. Fails with `not-found` when there never was one. */
  info(): SessionInfo {
    return this.link.info();
  }

  /** How names without a schema are looked for now. Fails as `info` does; nothing is asked of the server. */
  lookup(): NameLookup {
    return this.link.lookup();
  }

  /** Starts a run. Fails with `conflict` when one is under way. */
  run(sql: string, explain: ExplainOptions | null = null): number {
    this.mustBeIdle();
    if (sql.includes('\0')) {
      throw new AppError({ code: 'invalid-input', message: 'The text holds a zero byte', field: 'sql' });
    }
    this.runId += 1;
    this.results.begin(`${this.id}.${this.runId}`);
    this.log.begin();
    this.running = true;
    this.text = sql;
    this.progress = { done: 0, total: 0 };
    this.stopping = new AbortController();
    this.ended = this.execute(sql, explain, this.stopping.signal);
    return this.runId;
  }

  /** Stops the run; resolves when the server has ended it. */
  async cancel(): Promise<void> {
    if (!this.running) return;
    this.stopping?.abort();
    const ended = this.ended.then(() => true);
    while (this.running) {
      this.cancelling = this.link.raw?.cancel() ?? Promise.resolve();
      await this.cancelling;
      const pause = new Promise<false>((resolve) => setTimeout(() => resolve(false), CANCEL_AGAIN));
      if (await Promise.race([ended, pause])) return;
    }
  }

  /** Ends the session and frees what it holds. */
  async close(): Promise<void> {
    this.closed = true;
    this.push.stop();
    this.stopping?.abort();
    await this.link.close();
    await this.ended;
    this.results.free();
  }

  /** Ends the connection but keeps text and results; `why` is told, e.g. that the person disconnected the server. */
  async disconnect(why = 'The server was disconnected'): Promise<void> {
    this.stopping?.abort();
    await this.link.cut(why);
  }

  /**
   * Hands the connection to other work of the tab, between two runs. Fails with `conflict` while a run is under way, and with
   * `lost-connection` when there is none. What is cancelled meanwhile fails with what the server says.
   */
  async exclusively<T>(work: (raw: RawSession, tracker: SessionTracker) => Promise<T>): Promise<T> {
    this.mustBeIdle();
    const { raw } = this.link;
    if (!raw) throw new AppError({ code: 'lost-connection', message: 'The connection was lost', retry: true });
    this.running = true;
    this.push.now();
    const done = this.naming.then(async () => {
      if (this.link.readOnly) await stayReadOnly(raw);
      return work(raw, this.link.tracker);
    });
    this.ended = done.then(
      () => undefined,
      () => undefined,
    );
    try {
      return await done;
    } finally {
      // A CancelRequest on its way must not hit the next run.
      await this.cancelling;
      this.running = false;
      if (!this.closed) this.push.now();
    }
  }

  /** How the statements of the runs to come are treated; an open transaction stays open. */
  setMode(mode: SessionMode): void {
    this.sessionMode = mode;
    this.push.now();
  }

  /** Ends, opens or marks a transaction. Fails with `sql` as the server says. */
  transact(deed: TransactionDeed, name?: string): Promise<void> {
    return this.control(transactionSql(deed, name));
  }

  /** `SET ROLE`, or back to the session's user when empty. Fails with `sql`. */
  setRole(role: string): Promise<void> {
    return this.control(role === '' ? 'SET ROLE NONE' : `SET ROLE ${quoteIdent(role)}`);
  }

  /** Sets again what was lost with the connection and can be, or only tells no longer of it. Fails with `sql` at the first that fails. */
  async restore(again: boolean): Promise<void> {
    const statements = again ? this.link.lost.restoring : [];
    if (statements.length > 0 && !this.link.raw) await this.connect();
    for (const sql of statements) await this.control(sql);
    this.link.lost.clear();
    this.push.now();
  }

  /**
   * Sorts and filters a result by the server; resolves with the id of the one in its place as soon as its first rows are there. Fails with
   * `unsupported`, `sql` or `cancelled`; the signal cancels on the server, and the old result stays when it comes before the first rows.
   */
  arrange(result: ResultSet, arrangement: Arrangement, signal: AbortSignal): Promise<string> {
    return new Promise((resolve, reject) => {
      this.exclusively((raw) =>
        arrangeResult({
          raw,
          result,
          arrangement,
          signal,
          results: this.results,
          names: this.link.names,
          // A server that can't be told ends it in its own time.
          cancel: () => void this.cancel().catch(() => undefined),
          placed: resolve,
          changed: () => this.push.soon(),
          failed: (error) => this.say(serverMessage(error, '', 0)),
        }),
      ).then(resolve, reject);
    });
  }

  pin(result: ResultSet, pinned: boolean): void {
    this.results.pin(result, pinned);
    this.push.now();
  }

  result(resultId: string): ResultSet | undefined {
    return this.results.find(resultId);
  }

  /** Name for INSERT statements of a result. */
  tableOf(result: ResultSet): string | null {
    return this.link.names.table(result.wireColumns);
  }

  state(): QueryState {
    return {
      sessionId: this.id,
      running: this.running,
      transaction: this.link.transaction,
      runId: this.runId,
      progress: this.progress,
      results: this.results.all.map((result) => result.state()),
      messages: this.log.messages,
      mode: this.sessionMode,
      savepoints: this.link.raw ? this.link.tracker.savepoints : [],
      open: this.link.raw ? this.link.tracker.open : null,
      role: this.link.tracker.role,
      standardStrings: standardStrings(this.link.raw),
      loss: this.link.lost.told,
      notifications: this.log.notifications,
    };
  }

  /** Outside of a run. */
  private async connect(): Promise<void> {
    this.mustBeIdle();
    this.running = true;
    this.stopping = new AbortController();
    try {
      await this.open(this.stopping.signal);
    } finally {
      this.running = false;
    }
  }

  private mustBeIdle(): void {
    if (this.running) throw new AppError({ code: 'conflict', message: 'A statement is still running in this tab' });
  }

  /** One statement of the program's own, told like one of the person's; results and messages stay. */
  private control(sql: string): Promise<void> {
    return this.exclusively(async (raw) => {
      const before = raw.transaction;
      const startedAt = performance.now();
      const { tag, error } = await ask(raw, sql);
      this.link.tracker.done({ sql, standardStrings: true, tag, good: error === null, before, after: raw.transaction });
      if (error) throw sqlFailure(error);
      this.log.statement = null;
      this.say(ownMessage('COMMAND', tag, { ms: Math.round(performance.now() - startedAt) }));
    });
  }

  private async execute(sql: string, explain: ExplainOptions | null, signal: AbortSignal): Promise<void> {
    const at = Date.now();
    let rows = 0;
    try {
      await this.naming;
      const standard = standardStrings(this.link.raw);
      const { statements, refused } = splitSql(sql, standard);
      this.progress = { done: 0, total: statements.length };
      const forbidden = this.link.readOnly && !refused ? refusedByReadOnly(sql, explain, standard) : null;
      if (refused) this.say(refusedMessage(refused, sql, true));
      else if (forbidden) this.say(forbidden);
      else if (await this.connectedAgain(signal)) {
        await this.runOn(sql, explain, signal, (tag) => {
          rows += rowsOfTag(tag);
        });
      }
    } catch (error) {
      this.sayFailure(error);
    } finally {
      this.results.finish();
      this.log.statement = null;
      // A CancelRequest on its way must not hit the next run.
      await this.cancelling;
      this.running = false;
      this.stopping = null;
      if (!this.closed) this.push.now();
      const outcome = this.log.outcome(signal, this.link.raw !== null);
      const server = this.deps.connections.name(this.serverId);
      this.deps.ran(this.log.entry({ sql, at, rows, outcome }, this.link.info(), server));
      this.naming = this.learnNames();
    }
  }

  private sayFailure(error: unknown): void {
    const info = errorInfo(error);
    if (info.code === 'bug') this.deps.bug(error);
    // A lost connection has said so already, a cancelled connection attempt is the person's wish.
    if (info.code !== 'cancelled' && info.code !== 'lost-connection') this.say(failureMessage(info));
    else if (info.code === 'lost-connection' && this.link.raw === null && this.log.messages.length === 0) {
      this.say(failureMessage(info, 'FATAL'));
    }
  }

  /** Connects again if need be. False when the run must not go on. */
  private async connectedAgain(signal: AbortSignal): Promise<boolean> {
    if (this.link.raw) return true;
    await this.open(signal);
    const { message, stop } = this.link.lost.reconnected();
    this.say(message);
    return !stop;
  }

  private async runOn(
    sql: string,
    explain: ExplainOptions | null,
    signal: AbortSignal,
    done: (tag: string) => void,
  ): Promise<void> {
    const { raw } = this.link;
    if (!raw) return;
    let number = -1;
    let at = -1;
    const script = (): Promise<void> =>
      runScript({
        raw,
        sql,
        explain,
        signal,
        mode: this.sessionMode,
        readOnly: this.link.readOnly,
        results: this.results,
        names: this.link.names,
        tracker: this.link.tracker,
        say: (message) => this.say(message),
        // The first rows of a run are shown at once; those of a long script's later statements can wait for each other.
        changed: (first) => (first && number < AT_ONCE ? this.push.now() : this.push.soon()),
        starts: (offset, shift) => {
          if (offset !== at) number += 1;
          at = offset;
          this.log.statement = number;
          this.statementStart = offset;
          this.statementShift = shift;
        },
        done: (tag) => {
          this.progress = { ...this.progress, done: this.progress.done + 1 };
          done(tag);
          this.push.soon();
        },
        cancel: () => {
          this.cancelling = raw.cancel();
        },
      });
    // Before each of its statements, too; here for the transaction of EXPLAIN.
    if (this.link.readOnly && explain) await stayReadOnly(raw);
    await (explain ? explained(raw, explain, (message) => this.say(message), script) : script());
  }

  /** After the results, so that it delays nothing. */
  private async learnNames(): Promise<void> {
    try {
      const learnt = await this.link.learnNames(this.results.all.flatMap((result) => result.wireColumns));
      if (learnt && !this.closed) this.push.soon();
    } catch (error) {
      this.sayFailure(error);
    }
  }

  private say(message: QueryMessage): void {
    this.log.say(message);
  }
}
