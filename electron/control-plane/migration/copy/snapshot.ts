import { AppError } from '../../../../shared/errors';
import { quoteLiteral } from '../../../../shared/model/quote';
import type { PgSession } from '../../../adapters/postgres/session';

/** One consistent state of a database that any number of sessions can look at. */
export interface Snapshot {
  /** Its name as it can be imported right now. Fails with `lost-connection` when nobody holds it any more. */
  id(): string;
  /** False once every session that held it is gone. */
  readonly held: boolean;
  release(): Promise<void>;
}

/** What a session must say first to see the snapshot. */
export const importSnapshot = (id: string): string =>
  `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET TRANSACTION SNAPSHOT ${quoteLiteral(id)}`;

const HOLDERS = 3;

/**
 * Takes a snapshot and has it held by several sessions, each of which exports it under a name of its own: one connection that drops does not
 * void hours of copying. A name can be imported as long as the session that exported it stays in its transaction. `from`: the snapshot is that
 * one, which somebody else exports until this resolves.
 */
export async function openSnapshot(open: () => Promise<PgSession>, from: string | null = null): Promise<Snapshot> {
  const holders: { readonly session: PgSession; readonly id: string }[] = [];
  const release = async (): Promise<void> => {
    await Promise.all(holders.map(({ session }) => session.end()));
  };
  try {
    for (let made = 0; made < HOLDERS; made += 1) {
      const session = await open();
      const first = holders[0]?.id ?? from;
      try {
        if (first !== null) for (const statement of importSnapshot(first).split('; ')) await session.query(statement);
        else await session.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
        const [row] = await session.query<{ id: string }>('SELECT pg_catalog.pg_export_snapshot() AS id');
        holders.push({ session, id: row?.id ?? '' });
      } catch (error) {
        await session.end();
        throw error;
      }
    }
  } catch (error) {
    await release();
    throw error;
  }
  return {
    id() {
      const holder = holders.find(({ session }) => !session.closed);
      if (holder) return holder.id;
      throw new AppError({
        code: 'lost-connection',
        message: 'The snapshot of the source is lost: every connection that held it has ended',
        retry: true,
      });
    },
    get held() {
      return holders.some(({ session }) => !session.closed);
    },
    release,
  };
}
