import { openSession, type PgSession } from './session';
import type { Logger } from '../../log';
import type { Connections } from '../../ports';
import { cancelled, errorInfo, throwIfAborted } from '../../../shared/errors';

/** Milliseconds after which an unused session is closed. */
const IDLE_MS = 5 * 60_000;

/**
 * Settings of every catalog session: an empty search path makes the server's own functions print names qualified, the rest makes them print
 * values so that they read back the same everywhere. Read-only, because nothing here may change a database. The server's own functions wait for a table that
 * somebody has locked: one such table must not keep all others of the database from being looked at.
 */
const PREPARE = `SELECT set_config('search_path', '', false), set_config('default_transaction_read_only', 'on', false),
  set_config('datestyle', 'ISO', false), set_config('intervalstyle', 'postgres', false), set_config('extra_float_digits', '3', false),
  set_config('quote_all_identifiers', 'off', false), set_config('standard_conforming_strings', 'on', false),
  set_config('lock_timeout', '10s', false)`;

/** Makes a session fit for reading the catalogs. */
export async function prepareCatalogSession(session: PgSession, signal?: AbortSignal): Promise<void> {
  await session.query(PREPARE, [], signal);
}

export interface CatalogSessions {
  /**
   * Runs catalog work on the session of a database (null: the server's maintenance database), which is opened when there is none. Work that
   * fails because a kept session turned out to be dead runs once more on a fresh one; catalog work only reads, so that does no harm.
   */
  use<T>(
    serverId: string,
    database: string | null,
    signal: AbortSignal,
    work: (session: PgSession) => Promise<T>,
  ): Promise<T>;
  /** Ends the sessions of a server that nobody uses: a database can't be dropped, renamed or moved while somebody is in it. */
  leave(serverId: string): void;
  close(): Promise<void>;
}

interface Kept {
  readonly opening: Promise<PgSession>;
  /** Ends when the work that came last is over: a connection does one thing at a time, and an abort must only hit its own query. */
  last: Promise<void>;
  users: number;
  timer: NodeJS.Timeout | null;
}

/** One session for each (server, database), shared by all catalog calls and closed when it has not been used for minutes. */
export function createCatalogSessions(connections: Connections, log: Logger): CatalogSessions {
  const kept = new Map<string, Kept>();
  const keyOf = (serverId: string, database: string | null): string => JSON.stringify([serverId, database]);

  const drop = (key: string, entry: Kept): void => {
    if (kept.get(key) === entry) kept.delete(key);
    if (entry.timer) clearTimeout(entry.timer);
    void entry.opening.then((session) => session.end()).catch(() => undefined);
  };

  const open = (serverId: string, database: string | null, key: string): Kept => {
    // Not bound to one caller's signal: several calls may wait for the same session.
    const opening = (async () => {
      const profile = await connections.profile(serverId, database, new AbortController().signal);
      const session = await openSession(profile);
      try {
        await prepareCatalogSession(session);
        return session;
      } catch (error) {
        await session.end();
        throw error;
      }
    })();
    const entry: Kept = { opening, last: Promise.resolve(), users: 0, timer: null };
    kept.set(key, entry);
    opening.then(
      (session) =>
        session.onClose((reason) => {
          log.write('info', 'catalog session ended', { server: connections.name(serverId), reason });
          if (kept.get(key) === entry) kept.delete(key);
        }),
      () => {
        if (kept.get(key) === entry) kept.delete(key);
      },
    );
    return entry;
  };

  const ofServer = (serverId: string): [string, Kept][] =>
    [...kept].filter(([key]) => (JSON.parse(key) as [string, string | null])[0] === serverId);
  const stopListening = connections.onDisconnect((serverId) => {
    for (const [key, entry] of ofServer(serverId)) drop(key, entry);
  });

  return {
    async use(serverId, database, signal, work) {
      const key = keyOf(serverId, database);
      for (let attempt = 0; ; attempt += 1) {
        const known = kept.get(key);
        const entry = known ?? open(serverId, database, key);
        entry.users += 1;
        if (entry.timer) clearTimeout(entry.timer);
        entry.timer = null;
        let session: PgSession | null = null;
        try {
          const opened = await orAborted(entry.opening, signal);
          session = opened;
          const result = entry.last.then(() => {
            throwIfAborted(signal);
            return work(opened);
          });
          entry.last = result.then(ignore, ignore);
          return await orAborted(result, signal);
        } catch (error) {
          const info = errorInfo(error);
          const lost = info.code === 'lost-connection' || session?.closed === true;
          if (!lost) throw error;
          drop(key, entry);
          if (known && attempt === 0) continue;
          if (session) connections.reportLost(serverId, info.message);
          throw error;
        } finally {
          entry.users -= 1;
          if (entry.users === 0 && kept.get(key) === entry) {
            entry.timer = setTimeout(() => drop(key, entry), IDLE_MS);
            entry.timer.unref();
          }
        }
      }
    },
    leave(serverId) {
      for (const [key, entry] of ofServer(serverId)) if (entry.users === 0) drop(key, entry);
    },
    async close() {
      stopListening();
      const all = [...kept];
      for (const [key, entry] of all) drop(key, entry);
      await Promise.allSettled(all.map(([, entry]) => entry.opening.then((session) => session.end())));
    },
  };
}

const ignore = (): void => undefined;

/** The promise's value, or `cancelled` as soon as the signal fires; the promise itself goes on. */
function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(cancelled());
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
