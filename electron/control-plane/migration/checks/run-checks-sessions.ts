import { AppError, throwIfAborted } from '../../../../shared/errors';
import type { PgSession } from '../../../adapters/postgres/session';

/** Sessions of one server for the checks: a few are open at once, whatever the number of databases. */
export interface CheckSessions {
  /** Lends a session on the database for one piece of work. */
  use<T>(database: string, work: (session: PgSession) => Promise<T>): Promise<T>;
  /**
   * A session as one check sees it: each statement borrows a real one; from BEGIN to its end it stays the same. `leave` gives up what an
   * unfinished transaction holds.
   */
  view(database: string, facts: Pick<PgSession, 'serverVersion' | 'serverVersionNum' | 'tls'>): SessionView;
  close(): Promise<void>;
}

export interface SessionView {
  readonly session: PgSession;
  leave(): Promise<void>;
}

interface Entry {
  readonly database: string;
  readonly session: PgSession;
}

const BEGINS = /^\s*(?:begin|start\s+transaction)\b/i;
const ENDS = /(?:^|;)\s*(?:commit|rollback|end|abort)\s*;?\s*$/i;

export function createCheckSessions(o: {
  readonly open: (database: string) => Promise<PgSession>;
  /** Most open at once. */
  readonly most: number;
  readonly signal: AbortSignal;
}): CheckSessions {
  const idle: Entry[] = [];
  const waiting: (() => void)[] = [];
  let open = 0;
  let closed = false;

  const discard = async ({ session }: Entry): Promise<void> => {
    await session.end();
    open -= 1;
    waiting.shift()?.();
  };
  const giveBack = async (entry: Entry): Promise<void> => {
    if (closed || entry.session.closed) return discard(entry);
    idle.push(entry);
    waiting.shift()?.();
  };
  const take = async (database: string): Promise<Entry> => {
    for (;;) {
      throwIfAborted(o.signal);
      if (closed) throw new AppError({ code: 'cancelled', message: 'The checks are ending' });
      const at = idle.findLastIndex((entry) => entry.database === database && !entry.session.closed);
      const known = at < 0 ? undefined : idle.splice(at, 1)[0];
      if (known) return known;
      const oldest = open < o.most ? undefined : idle.shift();
      if (open < o.most) open += 1;
      else if (oldest) await oldest.session.end();
      else {
        await new Promise<void>((resolve) => waiting.push(resolve));
        continue;
      }
      try {
        return { database, session: await o.open(database) };
      } catch (error) {
        open -= 1;
        waiting.shift()?.();
        throw error;
      }
    }
  };
  const wake = (): void => {
    for (const each of waiting.splice(0)) each();
  };
  o.signal.addEventListener('abort', wake, { once: true });

  const use: CheckSessions['use'] = async (database, work) => {
    const entry = await take(database);
    try {
      return await work(entry.session);
    } finally {
      await giveBack(entry);
    }
  };

  const view: CheckSessions['view'] = (database, facts) => {
    let held: Entry | null = null;
    const leave = async (): Promise<void> => {
      const entry = held;
      held = null;
      if (entry) await discard(entry);
    };
    const query: PgSession['query'] = async (sql, params, signal) => {
      const entry = held ?? (await take(database));
      const begins = BEGINS.test(sql);
      if (begins) held = entry;
      if (ENDS.test(sql)) held = null;
      let broken = false;
      try {
        return await entry.session.query(sql, params, signal);
      } catch (error) {
        broken = true;
        throw error;
      } finally {
        // A script that has failed after its BEGIN is still in its transaction.
        if (held !== entry) await (broken && begins ? discard(entry) : giveBack(entry));
      }
    };
    const session: PgSession = {
      ...facts,
      backendPid: 0,
      get closed() {
        return held?.session.closed ?? false;
      },
      busy: false,
      get client(): PgSession['client'] {
        throw new Error('a check borrows sessions and has no client of its own');
      },
      onClose: () => undefined,
      end: leave,
      query,
    };
    return { session, leave };
  };

  return {
    use,
    view,
    async close() {
      closed = true;
      o.signal.removeEventListener('abort', wake);
      wake();
      await Promise.all(idle.splice(0).map(discard));
    },
  };
}
