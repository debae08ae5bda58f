import { openRawSession, type RawSession, type SessionEvents } from '../../adapters/postgres/raw-session';
import { AppError, cancelled, errorInfo } from '../../../shared/errors';
import type { QueryMessage, QueryState, SessionInfo, TransactionState } from '../../../shared/model/query';
import { splitSql } from '../../../shared/model/sql-split';
import type { Connections } from '../../ports';
import { CatalogNames } from './catalog-names';
import type { ResultSet } from './result-set';
import { failureMessage, ownMessage, refusedMessage, serverMessage } from './run-messages';
import { RunResults } from './run-results';
import { runScript, standardStrings } from './script-run';
import { StatePush } from './state-push';

const MAX_MESSAGES = 1000;
/** A CancelRequest can arrive between two statements and be in vain: it is repeated. Milliseconds. */
const CANCEL_AGAIN = 500;

export interface QuerySessionDeps {
  readonly connections: Connections;
  readonly tempFolder: string;
  /** Hands a new snapshot to the windows. */
  readonly changed: (state: QueryState) => void;
  /** Faults of the program itself. */
  readonly bug: (error: unknown) => string;
}

/** One query tab: a connection, the script that runs on it, and the results of the last run. */
export class QuerySession {
  private raw: RawSession | null = null;
  private names = new CatalogNames();
  private readonly push = new StatePush(() => this.deps.changed(this.state()));
  private readonly results: RunResults;
  private messages: QueryMessage[] = [];
  private runId = 0;
  private running = false;
  private closed = false;
  private progress = { done: 0, total: 0 };
  private stopping: AbortController | null = null;
  private ended: Promise<void> = Promise.resolve();
  private cancelling: Promise<void> = Promise.resolve();
  private naming: Promise<void> = Promise.resolve();
  private lostInTransaction = false;
  /** The statement under way: where it stands in which text, for positions. */
  private text = '';
  private statementStart = 0;

  constructor(
    readonly id: string,
    readonly serverId: string,
    readonly database: string,
    private readonly deps: QuerySessionDeps,
  ) {
    this.results = new RunResults(deps.tempFolder, deps.bug);
  }

  /** Connects. Fails as the connection does. */
  async open(signal: AbortSignal): Promise<SessionInfo> {
    const profile = await this.deps.connections.profile(this.serverId, this.database, signal);
    const raw = await openRawSession(profile, this.sessionEvents(), signal);
    if (this.closed) {
      await raw.end();
      throw cancelled();
    }
    this.raw = raw;
    this.names = new CatalogNames();
    return {
      sessionId: this.id,
      serverId: this.serverId,
      database: this.database,
      user: profile.user,
      role: profile.role,
      backendPid: raw.backendPid,
      serverVersion: raw.serverVersion,
      serverVersionNum: raw.serverVersionNum,
    };
  }

  /** Starts a run. Fails with `conflict` when one is under way. */
  run(sql: string): number {
    if (this.running) throw new AppError({ code: 'conflict', message: 'A statement is still running in this tab' });
    if (sql.includes('\0')) {
      throw new AppError({ code: 'invalid-input', message: 'The text holds a zero byte', field: 'sql' });
    }
    this.runId += 1;
    this.results.begin(`${this.id}.${this.runId}`);
    this.messages = [];
    this.running = true;
    this.text = sql;
    this.progress = { done: 0, total: 0 };
    this.stopping = new AbortController();
    this.ended = this.execute(sql, this.stopping.signal);
    return this.runId;
  }

  /** Stops the run; resolves when the server has ended it. */
  async cancel(): Promise<void> {
    if (!this.running) return;
    this.stopping?.abort();
    const ended = this.ended.then(() => true);
    while (this.running) {
      this.cancelling = this.raw?.cancel() ?? Promise.resolve();
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
    const raw = this.raw;
    this.raw = null;
    await raw?.end();
    await this.ended;
    this.results.free();
  }

  /** Ends the connection but keeps text and results: the person disconnected the server. */
  async disconnect(): Promise<void> {
    const raw = this.raw;
    if (!raw) return;
    this.noteLoss(raw.transaction);
    this.raw = null;
    this.say(ownMessage('WARNING', 'The server was disconnected'));
    await raw.end();
    this.push.now();
  }

  /**
   * Hands the connection to other work of the tab, between two runs. Fails with `conflict` while a run is under way, and with
   * `lost-connection` when there is none.
   */
  async exclusively<T>(work: (raw: RawSession) => Promise<T>): Promise<T> {
    if (this.running) throw new AppError({ code: 'conflict', message: 'A statement is still running in this tab' });
    const { raw } = this;
    if (!raw) throw new AppError({ code: 'lost-connection', message: 'The connection was lost', retry: true });
    this.running = true;
    await this.naming;
    try {
      return await work(raw);
    } finally {
      this.running = false;
      if (!this.closed) this.push.now();
    }
  }

  result(resultId: string): ResultSet | undefined {
    return this.results.find(resultId);
  }

  /** Name for INSERT statements of a result. */
  tableOf(result: ResultSet): string | null {
    return this.names.table(result.wireColumns);
  }

  state(): QueryState {
    return {
      sessionId: this.id,
      running: this.running,
      transaction: this.raw ? this.raw.transaction : 'lost',
      runId: this.runId,
      progress: this.progress,
      results: this.results.all.map((result) => result.state()),
      messages: [...this.messages],
      mode: { autocommit: true, onError: 'stop' },
      savepoints: [],
      notifications: [],
    };
  }

  private sessionEvents(): SessionEvents {
    return {
      notice: (notice) => this.say(serverMessage(notice, this.text, this.statementStart)),
      notification: ({ pid, channel, payload }) =>
        this.say(
          ownMessage('INFO', `Notification "${channel}" from server process ${pid}`, {
            detail: payload,
          }),
        ),
      lost: (reason, transaction) => {
        if (!this.raw) return;
        this.noteLoss(transaction);
        this.raw = null;
        this.say(
          ownMessage('FATAL', 'The connection was lost', {
            detail: reason,
            hint: 'The text and the results stay. The next run connects again.',
          }),
        );
        this.deps.connections.reportLost(this.serverId, reason);
        this.push.now();
      },
    };
  }

  private noteLoss(transaction: TransactionState): void {
    this.lostInTransaction ||= transaction === 'transaction' || transaction === 'failed';
  }

  private async execute(sql: string, signal: AbortSignal): Promise<void> {
    try {
      await this.naming;
      const { statements, refused } = splitSql(sql, standardStrings(this.raw));
      this.progress = { done: 0, total: statements.length };
      if (refused) this.say(refusedMessage(refused, sql, true));
      else if (await this.connected(signal)) await this.runOn(sql, signal);
    } catch (error) {
      this.sayFailure(error);
    } finally {
      this.results.finish();
      // A CancelRequest on its way must not hit the next run.
      await this.cancelling;
      this.running = false;
      this.stopping = null;
      if (!this.closed) this.push.now();
      this.naming = this.learnNames();
    }
  }

  private sayFailure(error: unknown): void {
    const info = errorInfo(error);
    if (info.code === 'bug') this.deps.bug(error);
    // A lost connection has said so already, a cancelled connection attempt is the person's wish.
    if (info.code !== 'cancelled' && info.code !== 'lost-connection') this.say(failureMessage(info));
    else if (info.code === 'lost-connection' && this.raw === null && this.messages.length === 0) {
      this.say(failureMessage(info, 'FATAL'));
    }
  }

  /** Connects again if need be. False when the run must not go on. */
  private async connected(signal: AbortSignal): Promise<boolean> {
    if (this.raw) return true;
    await this.open(signal);
    const inTransaction = this.lostInTransaction;
    this.lostInTransaction = false;
    this.say(
      ownMessage(
        inTransaction ? 'ERROR' : 'WARNING',
        'The connection was made again: the state of the session was lost',
        {
          detail: 'Settings, temporary tables, prepared statements, locks and LISTEN registrations are gone.',
          ...(inTransaction
            ? {
                hint: 'A transaction was open and has been rolled back. Nothing was run now: start again from where it began.',
              }
            : {}),
        },
      ),
    );
    return !inTransaction;
  }

  private async runOn(sql: string, signal: AbortSignal): Promise<void> {
    const { raw } = this;
    if (!raw) return;
    await runScript({
      raw,
      sql,
      signal,
      results: this.results,
      names: this.names,
      say: (message) => this.say(message),
      changed: (first) => (first ? this.push.now() : this.push.soon()),
      starts: (offset) => {
        this.statementStart = offset;
      },
      done: () => {
        this.progress = { ...this.progress, done: this.progress.done + 1 };
      },
      cancel: () => {
        this.cancelling = raw.cancel();
      },
    });
  }

  /** Asks for type and table names after the results, so that they delay nothing; never inside a transaction, where an error would break it. */
  private async learnNames(): Promise<void> {
    const { raw, names } = this;
    const columns = this.results.all.flatMap((result) => result.wireColumns);
    if (!raw || this.closed || raw.transaction !== 'idle' || !names.lacks(columns)) return;
    try {
      await names.learn(raw, columns);
      if (!this.closed) this.push.soon();
    } catch (error) {
      this.sayFailure(error);
    }
  }

  private say(message: QueryMessage): void {
    this.messages.push(message);
    if (this.messages.length > MAX_MESSAGES) this.messages.shift();
    this.push.soon();
  }
}
