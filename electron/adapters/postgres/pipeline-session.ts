import type { ConnectionProfile } from '../../ports';

/** What one statement, or a text of several, brought. */
export interface PipelineAnswer {
  /** Command tags in order. */
  readonly tags: readonly string[];
  /** Rows of all statements as text. */
  readonly rows: readonly (readonly (string | null)[])[];
}

/**
 * A connection that is written to without waiting for answers. Everything handed in goes to the server in order, and every answer is read in
 * order: each promise settles when the server has told the end of its part. Fails with `sql` (what follows in a transaction then fails too, each
 * part for itself) or `lost-connection`.
 */
export interface PipelineSession {
  readonly serverVersionNum: number;
  readonly backendPid: number;
  readonly closed: boolean;
  /** A text of the simple protocol. */
  query(sql: string): Promise<PipelineAnswer>;
  /** `COPY … FROM STDIN`, with whole CopyData messages right behind it, headers included. Answers the number of rows that were taken. */
  copy(sql: string, data: readonly Buffer[]): Promise<number>;
  /** Parse, Bind and Execute messages; a Sync is put behind them. Answers the tags of what was executed; `ExecuteFailure` tells how far it came. */
  execute(messages: readonly Buffer[]): Promise<readonly string[]>;
  /** Ends what runs on the server; never fails. */
  cancel(): Promise<void>;
  /** Cuts the connection at once: what waits fails with `lost-connection`. */
  cut(reason: string): void;
  end(): Promise<void>;
}

/** Connects by the profile and takes the socket over from the driver. Fails as `openClient` does. */
export function openPipelineSession(_profile: ConnectionProfile, _signal?: AbortSignal): Promise<PipelineSession> {
  return Promise.reject(new Error('not there yet'));
}
