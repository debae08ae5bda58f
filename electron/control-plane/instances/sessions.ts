import type { PgSession } from '../../adapters/postgres/session';
import type { ClusterNode } from '../cluster/node';
import { openSuperuser } from '../cluster/session';

/** One session per instance for what is asked again and again: to log in costs more than the question. */
export interface Sessions {
  /** The session with this node; an earlier one with another node is ended. */
  of(id: string, node: ClusterNode): Promise<PgSession>;
  /** Ends the session of an instance: before its server is stopped, or when it is gone. */
  drop(id: string): void;
  close(): Promise<void>;
}

const CONNECT_MS = 3_000;

export function createSessions(): Sessions {
  const sessions = new Map<string, { data: string; session: PgSession }>();
  const drop = (id: string): void => {
    const found = sessions.get(id);
    sessions.delete(id);
    void found?.session.end().catch(() => undefined);
  };
  return {
    async of(id, node) {
      const found = sessions.get(id);
      if (found && found.data === node.data && !found.session.closed) return found.session;
      drop(id);
      const session = await openSuperuser(node, AbortSignal.timeout(CONNECT_MS));
      sessions.set(id, { data: node.data, session });
      return session;
    },
    drop,
    async close() {
      const open = [...sessions.values()];
      sessions.clear();
      await Promise.all(open.map(({ session }) => session.end().catch(() => undefined)));
    },
  };
}
