import { openRawSession, type RawSession, type SessionEvents } from '../../adapters/postgres/raw-session';
import type { WireColumn } from '../../adapters/postgres/wire-messages';
import { AppError, cancelled } from '../../../shared/errors';
import type { QueryMessage, SessionInfo, TransactionState } from '../../../shared/model/query';
import type { Connections } from '../../ports';
import { CatalogNames } from './catalog-names';
import { ownMessage } from './run-messages';
import { nameLookup, type NameLookup } from './completion/search-path';
import { LostState } from './session-loss';
import { profileAs, type SessionAs } from './session-profile';
import { SessionTracker } from './session-tracker';

export interface LinkTarget {
  readonly serverId: string;
  readonly database: string;
  readonly as: SessionAs | null;
}

export interface LinkEvents extends Pick<SessionEvents, 'notice' | 'notification'> {
  say(message: QueryMessage): void;
  /** The connection came or went. */
  changed(): void;
}

/** A session's connection, made again when it was lost, and what is known of the session's state on the server. */
export class SessionLink {
  private session: RawSession | null = null;
  private known: SessionInfo | null = null;
  private as: SessionAs | null;
  private closed = false;
  private onlyRead = false;
  /** Of this connection: numbers of types and tables mean something else in another database. */
  names = new CatalogNames();
  tracker = new SessionTracker('');
  readonly lost = new LostState();

  constructor(
    private readonly id: string,
    private readonly target: LinkTarget,
    private readonly connections: Connections,
    private readonly events: LinkEvents,
  ) {
    this.as = target.as;
  }

  /** Null when there is no connection. */
  get raw(): RawSession | null {
    return this.session;
  }

  get transaction(): TransactionState {
    return this.session ? this.session.transaction : 'lost';
  }

  /** Whether the server is registered as one that is only read. */
  get readOnly(): boolean {
    return this.onlyRead;
  }

  /** Connects. Fails as the connection does. */
  async open(signal: AbortSignal): Promise<SessionInfo> {
    const { serverId, database } = this.target;
    const profile = profileAs(await this.connections.profile(serverId, database, signal), this.as);
    const raw = await openRawSession(profile, this.sessionEvents(), signal);
    if (this.closed) {
      await raw.end();
      throw cancelled();
    }
    this.session = raw;
    this.onlyRead = profile.readOnly;
    this.names = new CatalogNames();
    this.tracker = new SessionTracker(profile.role);
    this.known = {
      sessionId: this.id,
      serverId,
      database,
      user: profile.user,
      role: profile.role,
      backendPid: raw.backendPid,
      serverVersion: raw.serverVersion,
      serverVersionNum: raw.serverVersionNum,
    };
    return this.known;
  }

  /** Of the connection that is there or was there last. Fails with `not-found` when there never was one. */
  info(): SessionInfo {
    if (!this.known) throw new AppError({ code: 'not-found', message: 'This session is closed' });
    return { ...this.known, role: this.tracker.role };
  }

  /** How names without a schema are looked for now, by what has run: nothing is asked of the server. */
  lookup(): NameLookup {
    const { user, role } = this.info();
    const tracker = this.session ? this.tracker : new SessionTracker(role);
    const reported = this.session?.parameter('search_path');
    return nameLookup({ user, role, reported, path: tracker.pathSetter, authorization: tracker.authorizationSetter });
  }

  /** Asks for type and table names that are missing; never inside a transaction, where an error would break it. Whether it did. */
  async learnNames(columns: readonly WireColumn[]): Promise<boolean> {
    const { session: raw, names } = this;
    if (!raw || this.closed || raw.transaction !== 'idle' || !names.lacks(columns)) return false;
    await names.learn(raw, columns);
    return true;
  }

  /** Ends the connection in the midst of the session; `why` is told. The next run connects again. */
  async cut(why: string): Promise<void> {
    const raw = this.session;
    if (!raw) return;
    this.noteLoss(raw.transaction);
    this.session = null;
    this.events.say(ownMessage('WARNING', why, { detail: this.lost.detail }));
    await raw.end();
    this.events.changed();
  }

  /** Ends it for good. */
  async close(): Promise<void> {
    this.closed = true;
    const raw = this.session;
    this.session = null;
    await raw?.end();
  }

  private sessionEvents(): SessionEvents {
    return {
      notice: (notice) => this.events.notice(notice),
      notification: (notification) => this.events.notification(notification),
      lost: (reason, transaction) => {
        if (!this.session) return;
        this.noteLoss(transaction);
        this.session = null;
        this.events.say(
          ownMessage('FATAL', 'The connection was lost', {
            detail: [reason, this.lost.detail].join('\n'),
            hint: 'The text and the results stay. The next run connects again.',
          }),
        );
        this.connections.reportLost(this.target.serverId, reason);
        this.events.changed();
      },
    };
  }

  private noteLoss(transaction: TransactionState): void {
    this.lost.note(this.tracker, transaction);
    this.tracker.lost(transaction);
    // The role comes back with the next connection.
    this.as = { ...(this.as ?? { user: '' }), role: this.tracker.role };
  }
}
