import type { HistoryEntry } from '../../../shared/model/library';
import type { QueryMessage, QueryNotification, SessionInfo } from '../../../shared/model/query';

const MAX_MESSAGES = 1000;
const MAX_NOTIFICATIONS = 1000;
const TROUBLE = new Set<QueryMessage['severity']>(['ERROR', 'FATAL', 'PANIC']);

/** What a session's runs said and what it heard, as far as it is kept. */
export class SessionLog {
  private said: QueryMessage[] = [];
  private heard: QueryNotification[] = [];
  /** Number of the statement under way, from 0; null between runs. */
  statement: number | null = null;
  /** The first error since `begin`; empty is none. */
  firstError = '';

  constructor(private readonly changed: () => void) {}

  get messages(): QueryMessage[] {
    return [...this.said];
  }

  get notifications(): QueryNotification[] {
    return [...this.heard];
  }

  /** A new run: what was said before is no longer told; what was heard is. */
  begin(): void {
    this.said = [];
    this.firstError = '';
    this.statement = null;
  }

  say(message: QueryMessage): void {
    if (this.firstError === '' && TROUBLE.has(message.severity)) this.firstError = message.text;
    this.said.push({ ...message, statement: this.statement });
    if (this.said.length > MAX_MESSAGES) this.said.shift();
    this.changed();
  }

  /** How the run that ends now is told in the history. */
  outcome(signal: AbortSignal, connected: boolean): HistoryEntry['outcome'] {
    if (signal.aborted) return 'cancelled';
    if (!connected) return 'lost';
    return this.firstError === '' ? 'done' : 'failed';
  }

  /** What the history is told of a run that ends now; `server` is its name. */
  entry(
    run: Pick<HistoryEntry, 'sql' | 'at' | 'rows' | 'outcome'>,
    { serverId, database, user }: SessionInfo,
    server: string,
  ): Omit<HistoryEntry, 'id'> {
    return { ...run, serverId, server, database, user, ms: Date.now() - run.at, error: this.firstError };
  }

  hear(notification: QueryNotification): void {
    this.heard.push(notification);
    if (this.heard.length > MAX_NOTIFICATIONS) this.heard.shift();
    this.changed();
  }
}
