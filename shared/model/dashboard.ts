/** What the dashboard tells of a server. Times are milliseconds since the epoch by the server's clock, durations milliseconds, sizes bytes. */

/** Counters that only grow until the server's statistics are reset. */
export const COUNTERS = [
  'commits',
  'rollbacks',
  'inserted',
  'updated',
  'deleted',
  'fetched',
  'returned',
  'blocksRead',
  'blocksHit',
  'tempBytes',
  'deadlocks',
  'conflicts',
  'walBytes',
  'checkpointsTimed',
  'checkpointsRequested',
  'ioReads',
  'ioWrites',
  'ioExtends',
] as const;
export type Counter = (typeof COUNTERS)[number];

export interface WaitCount {
  /** Empty: the session works on the processor. */
  readonly type: string;
  readonly event: string;
  readonly count: number;
}

/** Client sessions by what they do now. */
export interface SessionCounts {
  readonly active: number;
  readonly idle: number;
  readonly inTransaction: number;
  /** Active, and waiting for a lock. */
  readonly waiting: number;
  /** What they do may not be seen by us. */
  readonly hidden: number;
}

export interface ActivitySample {
  readonly at: number;
  /** Changes when the server starts anew or its statistics are reset: counters before and after do not compare. */
  readonly epoch: string;
  readonly sessions: SessionCounts;
  readonly maxConnections: number;
  /** Null: this version, or a server that recovers, does not tell. */
  readonly counters: Readonly<Record<Counter, number | null>>;
  /** What active sessions wait for. */
  readonly waits: readonly WaitCount[];
}

export interface SessionRow {
  readonly pid: number;
  /** Start of the backend, which with the pid names it for good; null when it may not be seen. */
  readonly started: string | null;
  /** The process that this one works for in parallel. */
  readonly leader: number | null;
  /** Null: not permitted. */
  readonly kind: string | null;
  readonly database: string | null;
  readonly user: string | null;
  readonly application: string;
  /** Address and port; empty is the server's machine itself, or not known. */
  readonly client: string;
  readonly state: string | null;
  readonly waitType: string | null;
  readonly waitEvent: string | null;
  readonly backendMs: number | null;
  readonly transactionMs: number | null;
  readonly stateMs: number | null;
  readonly queryMs: number | null;
  /** What runs, or ran last. */
  readonly query: string;
  readonly queryId: string | null;
  /** The session that asks. */
  readonly own: boolean;
  /** Whether the server keeps from us what it does. */
  readonly hidden: boolean;
}

/** What a lock is on. Names are known of the connected database only. */
export interface LockTarget {
  readonly type: string;
  readonly database: string | null;
  readonly relation: string | null;
  readonly relationOid: number | null;
  readonly page: number | null;
  readonly tuple: number | null;
  readonly virtualXid: string | null;
  readonly transactionId: string | null;
  readonly classId: number | null;
  readonly objectId: number | null;
  readonly objectSubId: number | null;
}

export interface LockRow extends LockTarget {
  readonly pid: number | null;
  readonly user: string | null;
  readonly application: string | null;
  /** The virtual transaction that holds or wants it. */
  readonly holder: string;
  readonly mode: string;
  readonly granted: boolean;
  readonly fastPath: boolean;
  /** Null before PostgreSQL 14, and when granted. */
  readonly waitMs: number | null;
}

/** A session that waits for a lock, or that others wait for. */
export interface BlockedSession extends SessionRow {
  /** Pids that it waits for; 0 is a prepared transaction. */
  readonly blockers: readonly number[];
  /** What it waits for; null when it does not wait. */
  readonly wanted: (LockTarget & { readonly mode: string }) | null;
  readonly waitMs: number | null;
}

export interface PreparedRow {
  readonly gid: string;
  readonly transaction: string;
  readonly owner: string;
  readonly database: string;
  readonly ageMs: number;
}

export interface SenderRow {
  readonly pid: number;
  readonly user: string | null;
  readonly application: string;
  readonly client: string;
  /** Null, as all that follows: not permitted. */
  readonly state: string | null;
  readonly syncState: string | null;
  readonly sentBytes: number | null;
  readonly flushBytes: number | null;
  readonly replayBytes: number | null;
  readonly writeMs: number | null;
  readonly flushMs: number | null;
  readonly replayMs: number | null;
}

export interface SlotRow {
  readonly name: string;
  readonly plugin: string | null;
  readonly type: string;
  readonly database: string | null;
  readonly temporary: boolean;
  readonly active: boolean;
  readonly pid: number | null;
  readonly retainedBytes: number | null;
  /** From 13 on: reserved, extended, unreserved, lost. */
  readonly walStatus: string | null;
  readonly safeBytes: number | null;
  /** From 17 on, in the server's word. */
  readonly invalidation: string | null;
  readonly inactiveMs: number | null;
}

export interface SubscriptionRow {
  readonly name: string;
  readonly pid: number | null;
  readonly received: string | null;
  readonly lastMessageMs: number | null;
}

export interface ReceiverState {
  readonly status: string | null;
  readonly host: string | null;
  readonly slot: string | null;
  readonly received: string | null;
  readonly lastMessageMs: number | null;
}

export interface ReplicationState {
  readonly standby: boolean;
  readonly position: string | null;
  readonly senders: readonly SenderRow[];
  readonly slots: readonly SlotRow[];
  readonly subscriptions: readonly SubscriptionRow[];
  /** On a standby that receives. */
  readonly receiver: ReceiverState | null;
  /** On a standby: since the last transaction that was replayed, and what was received but not replayed. */
  readonly replayMs: number | null;
  readonly replayBytes: number | null;
  readonly replayPaused: boolean | null;
}

export interface SettingRow {
  readonly name: string;
  /** In `unit`. */
  readonly value: string;
  /** As SHOW tells it. */
  readonly shown: string;
  readonly unit: string | null;
  readonly category: string;
  readonly summary: string;
  readonly details: string;
  readonly context: string;
  readonly type: string;
  readonly source: string;
  readonly least: string | null;
  readonly most: string | null;
  readonly choices: readonly string[];
  readonly builtIn: string | null;
  /** Null: not permitted, or from no file. */
  readonly file: string | null;
  readonly line: number | null;
  readonly pendingRestart: boolean;
  readonly changed: boolean;
}

export const LOG_SEVERITIES = [
  'debug',
  'log',
  'info',
  'notice',
  'warning',
  'error',
  'fatal',
  'panic',
  'other',
] as const;
export type LogSeverity = (typeof LOG_SEVERITIES)[number];

export interface LogEntry {
  /** As the server wrote it; empty when the line does not tell. */
  readonly time: string;
  readonly severity: LogSeverity;
  readonly pid: string;
  readonly user: string;
  readonly database: string;
  readonly sqlstate: string;
  readonly message: string;
  /** DETAIL, HINT, CONTEXT, STATEMENT: the server's further lines. */
  readonly more: string;
}

export interface LogFile {
  readonly name: string;
  readonly bytes: number;
  readonly at: number;
}

/** Why the log can't be read. */
export const LOG_OBSTACLES = ['collector-off', 'not-permitted', 'no-file'] as const;
export type LogObstacle = (typeof LOG_OBSTACLES)[number];

export interface LogState {
  readonly obstacle: LogObstacle | null;
  /** The server's words about the obstacle; empty where it said none. */
  readonly reason: string;
  /** Newest first. */
  readonly files: readonly LogFile[];
  /** The file that was read; empty is none. */
  readonly file: string;
  /** How much of its end was read, and how large it is. */
  readonly readBytes: number;
  readonly fileBytes: number;
  readonly entries: readonly LogEntry[];
}

export interface DatabaseHealth {
  readonly name: string;
  /** Null: not permitted. */
  readonly bytes: number | null;
  readonly connections: number;
  /** 0 … 1; null when nothing was read yet. */
  readonly hitRatio: number | null;
  /** Transactions since the oldest row that is not frozen. */
  readonly xidAge: number;
  readonly multixactAge: number;
  readonly current: boolean;
}

export interface TableHealth {
  readonly schema: string;
  readonly name: string;
  readonly live: number;
  readonly dead: number;
  readonly bytes: number;
  readonly vacuumedMs: number | null;
  readonly analyzedMs: number | null;
}

export interface IndexHealth {
  readonly schema: string;
  readonly table: string;
  readonly name: string;
  readonly bytes: number;
}

export interface HealthState {
  readonly databases: readonly DatabaseHealth[];
  /** At this age the server freezes by itself. */
  readonly freezeAge: number;
  readonly oldestTransactionMs: number | null;
  readonly tables: readonly TableHealth[];
  readonly unusedIndexes: readonly IndexHealth[];
  /** Since when indexes are counted; null is since ever. */
  readonly countedSince: number | null;
}

export const SIGNALS = ['cancel', 'terminate'] as const;
export type Signal = (typeof SIGNALS)[number];

export interface SignalOutcome {
  readonly pid: number;
  readonly outcome: 'sent' | 'gone' | 'denied';
  /** The server's words when denied. */
  readonly reason: string;
}

/** What one look at a server found, and what it took. */
export interface Look<T> {
  /** Milliseconds from the question to the answer. */
  readonly ms: number;
  readonly value: T;
}
