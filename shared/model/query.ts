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
}

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
  /** How long the statement took, for `COMMAND`; null otherwise. */
  readonly ms: number | null;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Of the session, as ReadyForQuery says. */
export type TransactionState = 'idle' | 'transaction' | 'failed' | 'lost';

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
}

export interface SessionInfo {
  readonly sessionId: string;
  readonly serverId: string;
  readonly database: string;
  readonly user: string;
  readonly backendPid: number;
  readonly serverVersion: string;
}

/** Values exactly as the server's text; null is SQL NULL. */
export type Row = readonly (string | null)[];

export const COPY_FORMATS = ['tsv', 'csv', 'json', 'insert', 'markdown'] as const;
export type CopyFormat = (typeof COPY_FORMATS)[number];
