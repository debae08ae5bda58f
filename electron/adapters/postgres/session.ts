import type { Client, QueryResultRow } from 'pg';
import { AppError, cancelled, throwIfAborted } from '../../../shared/errors';
import type { ConnectionProfile } from '../../ports';
import { serverError } from './errors';
import { openClient } from './connect';

/** One connection for catalog work: parameterised queries with small results. Scripts and large results go through raw sessions. */
export interface PgSession {
  readonly serverVersion: string;
  /** `server_version_num`, e.g. 150020. */
  readonly serverVersionNum: number;
  readonly backendPid: number;
  /** e.g. `TLSv1.3 TLS_AES_256_GCM_SHA384`; empty is plain text. */
  readonly tls: string;
  /** True once the connection is gone, whoever ended it. */
  readonly closed: boolean;
  /** Whether a query is under way: another one would wait for it. */
  readonly busy: boolean;
  /** Rows as objects; values of text, int4, int8-as-string, bool, arrays as pg gives them. Aborting cancels on the server. Fails with `sql`. */
  query<T extends QueryResultRow>(sql: string, params?: readonly unknown[], signal?: AbortSignal): Promise<T[]>;
  /** The connected client, for COPY streams. */
  readonly client: Client;
  onClose(listener: (reason: string) => void): void;
  end(): Promise<void>;
}

/** A session with a connection to itself. */
export interface OwnSession extends PgSession {
  /** Runs one command, whatever it is: the server refuses a text of several. Rows are dropped; else like `query`. */
  command(sql: string, signal?: AbortSignal): Promise<void>;
}

/** How long a server may take to react to a CancelRequest, and to say good-bye, before the connection is cut. */
const REACTION_MS = 5000;

/**
 * Connects and prepares a session; with `replication` a walsender that takes replication commands too, and no parameters. Fails with
 * `unreachable`, `tls`, `tunnel`, `authentication`, `sql` or `cancelled`.
 */
export async function openSession(
  profile: ConnectionProfile,
  signal?: AbortSignal,
  how: { readonly replication: boolean } = { replication: false },
): Promise<OwnSession> {
  throwIfAborted(signal);
  const opened = await openClient(profile, signal, undefined, how.replication ? 'database' : 'none');
  const { client } = opened;
  let closed = false;
  let running = 0;
  const listeners: ((reason: string) => void)[] = [];
  const lost = (reason: string): void => {
    if (closed) return;
    closed = true;
    opened.release();
    for (const each of listeners) each(reason);
  };
  client.on('error', (error) => lost(error.message));
  client.on('end', () => lost('The connection was closed'));
  const watched = async <T>(abort: AbortSignal | undefined, work: () => Promise<T>): Promise<T> => {
    throwIfAborted(abort);
    // Awaited before the query returns: a late CancelRequest must not hit the next query of this session.
    let cancelling: Promise<void> | undefined;
    let cut: NodeJS.Timeout | undefined;
    const cancel = (): void => {
      cancelling = opened.cancel().then(() => {
        cut = setTimeout(() => opened.destroy(), REACTION_MS);
      });
    };
    abort?.addEventListener('abort', cancel, { once: true });
    running++;
    try {
      return await work();
    } catch (error) {
      if (abort?.aborted === true) throw new AppError(cancelled().info, { cause: error });
      throw serverError(error);
    } finally {
      running--;
      abort?.removeEventListener('abort', cancel);
      await cancelling;
      clearTimeout(cut);
    }
  };
  return {
    client,
    serverVersion: opened.serverVersion,
    serverVersionNum: opened.serverVersionNum,
    backendPid: opened.backendPid,
    tls: opened.tls,
    get closed() {
      return closed;
    },
    get busy() {
      return running > 0;
    },
    query: <T extends QueryResultRow>(sql: string, params: readonly unknown[] = [], abort?: AbortSignal) =>
      watched(abort, async () => (await client.query<T>(sql, [...params])).rows),
    command: (sql, abort) =>
      watched(abort, async () => {
        const extended = { text: sql, queryMode: 'extended' };
        await client.query(extended);
      }),
    onClose: (listener) => void listeners.push(listener),
    async end() {
      const already = closed;
      closed = true;
      const cut = setTimeout(() => opened.destroy(), REACTION_MS);
      await client.end().catch(() => undefined);
      clearTimeout(cut);
      if (!already) opened.release();
    },
  };
}
