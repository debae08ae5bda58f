import { AppError, throwIfAborted } from '../../../shared/errors';
import type { ServerStatus } from '../../../shared/model/server';
import { openSession, type PgSession } from '../../adapters/postgres/session';
import type { Logger } from '../../log';
import type { ConnectionProfile } from '../../ports';

const NEVER: ServerStatus = {
  connected: false,
  version: '',
  versionNum: 0,
  user: '',
  superuser: false,
  tls: '',
  problem: '',
};

/** How often an idle maintenance session is asked for a sign of life, at least; and how long it has to answer. */
const LEAST_PING_MS = 15_000;
const PING_LIMIT_MS = 10_000;

/** One maintenance session for each connected server, and what is known of every server's state. */
export interface LiveServers {
  status(id: string): ServerStatus;
  /** The session of a connected server; undefined when there is none. */
  session(id: string): PgSession | undefined;
  /** Opens the session, or returns the one that is there. Attempts for one server run one after the other. */
  open(id: string, makeProfile: () => Promise<ConnectionProfile>, signal: AbortSignal): Promise<PgSession>;
  /** Ends the session on the person's wish. */
  close(id: string): Promise<void>;
  /** Asks the session for a sign of life: without one it is given up and the reason shown. */
  check(id: string, reason: string): Promise<void>;
  /** Forgets everything of a removed server. */
  forget(id: string): Promise<void>;
  closeAll(): Promise<void>;
}

interface Live {
  readonly session: PgSession;
  readonly timer: NodeJS.Timeout | null;
}

export function createLiveServers(changed: () => void, log: Logger): LiveServers {
  const live = new Map<string, Live>();
  const statuses = new Map<string, ServerStatus>();
  const opening = new Map<string, Promise<PgSession>>();

  const status = (id: string): ServerStatus => statuses.get(id) ?? NEVER;
  const setStatus = (id: string, change: Partial<ServerStatus>): void => {
    statuses.set(id, { ...status(id), ...change });
    changed();
  };

  const drop = (id: string, session: PgSession): boolean => {
    const there = live.get(id);
    if (there?.session !== session) return false;
    if (there.timer) clearInterval(there.timer);
    live.delete(id);
    return true;
  };

  const lost = (id: string, session: PgSession, reason: string): void => {
    if (!drop(id, session)) return;
    log.write('warn', 'the connection to a server was lost', { server: id, reason });
    setStatus(id, { connected: false, problem: reason });
    void session.end();
  };

  /** A session that works on something shows by that query's end whether it lives. */
  const ping = async (id: string, session: PgSession, reason: string): Promise<void> => {
    if (session.busy) return;
    const silent = setTimeout(() => lost(id, session, reason), PING_LIMIT_MS);
    await session.query('SELECT 1').catch(() => lost(id, session, reason));
    clearTimeout(silent);
  };

  const connect = async (id: string, profile: ConnectionProfile, signal: AbortSignal): Promise<PgSession> => {
    const session = await openSession(profile, signal);
    const facts = (
      await session.query<{ login: string; superuser: boolean }>(
        "SELECT session_user AS login, current_setting('is_superuser') = 'on' AS superuser",
      )
    )[0];
    const timer =
      profile.keepAlive > 0
        ? setInterval(
            () => void ping(id, session, 'The server gave no answer'),
            Math.max(profile.keepAlive * 1000, LEAST_PING_MS),
          )
        : null;
    timer?.unref();
    live.set(id, { session, timer });
    session.onClose((reason) => lost(id, session, reason));
    setStatus(id, {
      connected: true,
      version: session.serverVersion,
      versionNum: session.serverVersionNum,
      user: facts?.login ?? profile.user,
      superuser: facts?.superuser ?? false,
      tls: session.tls,
      problem: '',
    });
    return session;
  };

  const close = async (id: string): Promise<void> => {
    const there = live.get(id);
    if (there && drop(id, there.session)) await there.session.end();
    setStatus(id, { connected: false, problem: '' });
  };

  return {
    status,
    session: (id) => live.get(id)?.session,
    async open(id, makeProfile, signal) {
      for (let before = opening.get(id); before; before = opening.get(id)) await before.catch(() => undefined);
      const there = live.get(id)?.session;
      if (there && !there.closed) return there;
      throwIfAborted(signal);
      const attempt = makeProfile().then((profile) => connect(id, profile, signal));
      opening.set(id, attempt);
      try {
        return await attempt;
      } catch (error) {
        if (error instanceof AppError && error.code !== 'cancelled') setStatus(id, { problem: error.message });
        throw error;
      } finally {
        opening.delete(id);
      }
    },
    close,
    async check(id, reason) {
      const there = live.get(id);
      if (there) await ping(id, there.session, reason);
      else setStatus(id, { problem: reason });
    },
    async forget(id) {
      await close(id);
      statuses.delete(id);
    },
    async closeAll() {
      await Promise.all([...live.keys()].map(close));
    },
  };
}
