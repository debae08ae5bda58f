import type { ConnectionProfile } from '../../ports';

/** What a stream brings, in the server's order. */
export interface StreamEvents {
  /**
   * The payload of one XLogData message; `bytes` is valid until the promise resolves, or during the call. Nothing more is delivered meanwhile,
   * and nothing is read from the server. What it throws, or rejects with, ends the stream with that reason.
   */
  data(payload: Buffer, walStart: bigint, walEnd: bigint): Promise<void> | undefined;
  /** Everything before `walEnd` has been delivered. Where the server asks for an answer the session gives it, right after this call. */
  keepalive(walEnd: bigint): void;
}

/** Positions that the server is told: nothing before `flushed` is ever sent again. */
export interface StreamPositions {
  readonly received: bigint;
  readonly flushed: bigint;
  readonly applied: bigint;
}

/** A connection to a walsender of one database. One statement, or one stream, at a time. */
export interface ReplicationSession {
  readonly serverVersionNum: number;
  readonly backendPid: number;
  readonly closed: boolean;
  /**
   * Runs a replication command, or SQL, by the simple protocol: the rows of its last result as text. Fails with `sql`, `lost-connection` or
   * `cancelled`: aborting cancels on the server.
   */
  query(sql: string, signal?: AbortSignal): Promise<Record<string, string | null>[]>;
  /**
   * Sends START_REPLICATION; resolves when the stream has begun. `ended` resolves when it ended in good order, and rejects with what ended it
   * otherwise: the server's error (`sql`), `lost-connection`, or what an event threw.
   */
  start(command: string, events: StreamEvents): Promise<{ readonly ended: Promise<void> }>;
  /** What may be told from now on: on a timer, when the server asks, and at once with `now`. A position never goes backwards. */
  report(positions: StreamPositions, now?: boolean): void;
  /** Cuts the connection at once: what runs fails with `lost-connection`. */
  cut(reason: string): void;
  /** Tells the last positions and ends. A stream under way resolves. */
  end(): Promise<void>;
}

/**
 * Connects to a walsender by the profile (its `options` say the form of values) and takes the socket over from the driver. Fails as
 * `openClient` does.
 */
export function openReplicationSession(profile: ConnectionProfile, signal?: AbortSignal): Promise<ReplicationSession> {
  return Promise.reject(new Error(`not yet: ${profile.host} ${String(signal?.aborted)}`));
}
