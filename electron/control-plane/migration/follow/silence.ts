import type { PgSession } from '../../../adapters/postgres/session';
import type { Stream } from './stream';

/**
 * Whether the receiving side waits for us while we wait for it: a connection that is dead without having been closed. `open` logs in at the
 * receiving side.
 */
export async function isSilent(stream: Stream, open: () => Promise<PgSession>): Promise<boolean> {
  const pid = stream.applierPid;
  const before = stream.applied.endLsn;
  if (pid === 0) return false;
  const session = await open();
  try {
    const [row] = await session.query<{ state: string | null }>(
      'SELECT state FROM pg_catalog.pg_stat_activity WHERE pid = $1',
      [pid],
    );
    const works = row?.state === 'active' || row?.state?.startsWith('fastpath') === true;
    return !works && !stream.idle && stream.applied.endLsn === before;
  } finally {
    await session.end();
  }
}
