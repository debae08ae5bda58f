/** One column of a result, from RowDescription. */
export interface ResultColumn {
  readonly name: string;
  readonly typeOid: number;
  readonly typeName: string;
  /** Where the value comes from; 0 when computed. */
  readonly tableOid: number;
  readonly columnNumber: number;
}

/** One result of a run; a script has many. Grows while rows arrive. */
export interface ResultState {
  readonly resultId: string;
  /** Text of the statement (first 200 characters). */
  readonly statement: string;
  /** Null until RowDescription came; empty for commands without rows. */
  readonly columns: readonly ResultColumn[] | null;
  /** Rows held so far; `fetch` may ask for any of them. */
  readonly rowCount: number;
  /** Bytes of raw values held so far. */
  readonly bytes: number;
  readonly complete: boolean;
  /** Command tag, e.g. `SELECT 5`; empty until complete. */
  readonly tag: string;
  /** Milliseconds from sending to completion, or until now. */
  readonly ms: number;
  /** What was explained when the result is a plan in JSON; null for rows. */
  readonly plan: ExplainOptions | null;
  /** How the server sorted and filtered it at the person's wish; null when it is as the statement gave it. */
  readonly arrangement: Arrangement | null;
  /** Whether the server can sort and filter it: a query that stands alone. */
  readonly arrangeable: boolean;
  /** Whether the person keeps it: the next run leaves it where it is. */
  readonly pinned: boolean;
}

/** Sorting and filtering of a result by the server. Columns by index. */
export interface Arrangement {
  readonly sort: readonly { readonly column: number; readonly descending: boolean }[];
  readonly filters: readonly ColumnFilter[];
  /** A condition in SQL over the result's columns, as the person wrote it; empty is none. */
  readonly where: string;
}

export const FILTER_TESTS = [
  'equals',
  'not-equals',
  'less',
  'at-most',
  'greater',
  'at-least',
  'contains',
  'not-contains',
  'starts',
  'null',
  'not-null',
] as const;

export interface ColumnFilter {
  readonly column: number;
  readonly test: (typeof FILTER_TESTS)[number];
  /** The server's text of a value; empty for `null` and `not-null`. */
  readonly value: string;
}

/** What EXPLAIN is asked for; what a server is too old for is left out of the statement. */
export interface ExplainOptions {
  /** Runs the statement; what it changed is rolled back when no transaction was open. */
  readonly analyze: boolean;
  readonly verbose: boolean;
  readonly costs: boolean;
  readonly buffers: boolean;
  readonly timing: boolean;
  readonly summary: boolean;
  /** From 12. */
  readonly settings: boolean;
  /** From 13. */
  readonly wal: boolean;
  /** From 16; not with `analyze`. */
  readonly genericPlan: boolean;
  /** From 17. */
  readonly memory: boolean;
  /** From 17, with `analyze`. */
  readonly serialize: 'none' | 'text' | 'binary';
}

/** Something that was sent with NOTIFY and heard by the session. */
export interface QueryNotification {
  readonly channel: string;
  readonly payload: string;
  readonly pid: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** How a session treats its statements. */
export interface SessionMode {
  /** Off: a transaction is opened before the first statement and stays open until commit or rollback. */
  readonly autocommit: boolean;
  /** What a failed statement does: the script stops, or the transaction goes back to where it was before that statement and the script goes on. */
  readonly onError: 'stop' | 'continue';
}

export const TRANSACTION_DEEDS = ['begin', 'commit', 'rollback', 'savepoint', 'rollback-to', 'release'] as const;
export type TransactionDeed = (typeof TRANSACTION_DEEDS)[number];

export interface QueryMessage {
  readonly severity: 'NOTICE' | 'WARNING' | 'INFO' | 'LOG' | 'DEBUG' | 'ERROR' | 'FATAL' | 'PANIC' | 'COMMAND';
  readonly text: string;
  readonly detail: string;
  readonly hint: string;
  /** Where in the server's own calls it happened (CONTEXT); empty is nothing. */
  readonly where: string;
  readonly sqlstate: string;
  /** 1-based offset (UTF-16 units) into the text given to `run`; null when unknown. */
  readonly position: number | null;
  /** Number of the statement in the run that it belongs to, from 0; null is none. */
  readonly statement: number | null;
  /** How long the statement took, for `COMMAND`; null otherwise. */
  readonly ms: number | null;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Of the session, as ReadyForQuery says. */
export type TransactionState = 'idle' | 'transaction' | 'failed' | 'lost';

export interface OpenTransaction {
  /** Milliseconds since the epoch. */
  readonly since: number;
  /** Statements that ran in it. */
  readonly statements: number;
  /** Rows they inserted, changed and deleted. */
  readonly changedRows: number;
}

/** What went with a connection, by name. Empty lists when nothing of a kind was there, as far as the statements that ran told. */
export interface SessionLoss {
  /** Whether a transaction was open: it was rolled back. */
  readonly transaction: boolean;
  readonly tables: readonly string[];
  readonly prepared: readonly string[];
  readonly cursors: readonly string[];
  /** Advisory locks as they were taken, e.g. `pg_advisory_lock(42)`. */
  readonly locks: readonly string[];
  readonly channels: readonly string[];
  /** Names of settings that were changed. */
  readonly settings: readonly string[];
  /** Whether settings and channels can be set again (`restore`). */
  readonly restorable: boolean;
}

/** What the window shows of one query tab's session; sent as a snapshot at most ten times a second. */
export interface QueryState {
  readonly sessionId: string;
  readonly running: boolean;
  readonly transaction: TransactionState;
  readonly runId: number;
  /** Statements of the run that are done, and how many there are. */
  readonly progress: { readonly done: number; readonly total: number };
  readonly results: readonly ResultState[];
  /** Messages of this run so far (the last 1,000). */
  readonly messages: readonly QueryMessage[];
  readonly mode: SessionMode;
  /** Names of the savepoints of the open transaction, outermost first. */
  readonly savepoints: readonly string[];
  /** When the open transaction began and what has run in it; null when none is open. */
  readonly open: OpenTransaction | null;
  /** Of `SET ROLE`; empty is none. */
  readonly role: string;
  /** Whether backslashes are plain characters in the session's constants (standard_conforming_strings). */
  readonly standardStrings: boolean;
  /** What went with the last connection, until a restored session or a new one; null is nothing. */
  readonly loss: SessionLoss | null;
  /** What was heard since the session began (the last 1,000). */
  readonly notifications: readonly QueryNotification[];
}

export interface SessionInfo {
  readonly sessionId: string;
  readonly serverId: string;
  readonly database: string;
  readonly user: string;
  /** Of `SET ROLE` at the start; empty is none. */
  readonly role: string;
  readonly backendPid: number;
  readonly serverVersion: string;
  /** e.g. 170010. */
  readonly serverVersionNum: number;
}

/** Values exactly as the server's text; null is SQL NULL. */
export type Row = readonly (string | null)[];

export const COPY_FORMATS = ['tsv', 'csv', 'json', 'jsonl', 'insert', 'markdown'] as const;
export type CopyFormat = (typeof COPY_FORMATS)[number];

export const SAVE_FORMATS = ['csv', 'tsv', 'json', 'jsonl', 'insert', 'markdown', 'xlsx', 'parquet'] as const;
export type SaveFormat = (typeof SAVE_FORMATS)[number];
