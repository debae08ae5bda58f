import type { PgSession } from '../../../adapters/postgres/session';

/** Sessions of one purpose that are kept open between works. */
export interface SessionPool {
  /** Lends a session; one whose work failed is closed. */
  use<T>(work: (session: PgSession) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export function createSessionPool(open: () => Promise<PgSession>): SessionPool {
  const idle: PgSession[] = [];
  const all = new Set<PgSession>();
  const discard = async (session: PgSession): Promise<void> => {
    all.delete(session);
    await session.end();
  };
  return {
    async use(work) {
      let session = idle.pop();
      while (session?.closed) {
        await discard(session);
        session = idle.pop();
      }
      const used = session ?? (await open());
      all.add(used);
      try {
        const result = await work(used);
        idle.push(used);
        return result;
      } catch (error) {
        await discard(used);
        throw error;
      }
    },
    async close() {
      await Promise.all([...all].map(discard));
    },
  };
}
