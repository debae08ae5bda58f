import { AppError } from '../../../../shared/errors';
import type { PgSession } from '../../../adapters/postgres/session';
import { createFlusher, FLUSH } from './flusher';

/** Makes durable what was committed since it was got. Fails with `lost-connection` when the target may have crashed since. */
export type MakeDurable = () => Promise<void>;

/**
 * Tells what of the commits with `synchronous_commit = off` is durable. A target that crashes forgets the last of them, and one that is back takes
 * a flush as if nothing had been: so a flush counts only on a session that has been there since before the rows were written. A crash ends it.
 */
export interface Durability {
  /** To be called before anything is written. Fails as opening a session does. */
  watch(): Promise<MakeDurable>;
  close(): Promise<void>;
}

/** A table waits so long for others, so that hundreds of small ones do not cost the target a turn of its disk each. */
const GATHER_MS = 100;

interface Witness {
  readonly session: PgSession;
  readonly flush: () => Promise<void>;
}

export function createDurability(open: () => Promise<PgSession>): Durability {
  let witness: Promise<Witness> | null = null;
  const opened = new Set<PgSession>();
  const openWitness = async (): Promise<Witness> => {
    const session = await open();
    opened.add(session);
    session.onClose(() => opened.delete(session));
    return { session, flush: createFlusher(async () => void (await session.query(FLUSH)), GATHER_MS) };
  };
  return {
    async watch() {
      for (;;) {
        const found = (witness ??= openWitness());
        const there = await found.catch((error: unknown) => {
          if (witness === found) witness = null;
          throw error;
        });
        if (!there.session.closed) {
          return async () => {
            if (there.session.closed)
              throw new AppError({
                code: 'lost-connection',
                message: 'The target was lost before the rows were durable',
                retry: true,
              });
            await there.flush();
          };
        }
        if (witness === found) witness = null;
      }
    },
    async close() {
      await Promise.all([...opened].map((session) => session.end()));
    },
  };
}
