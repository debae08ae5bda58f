import type { PgSession } from '../../../adapters/postgres/session';
import type { SlotWatch } from './slot-watch';
import type { Stream } from './stream';

/** Ends that are dead without having been closed: nobody would ever hear of them. */

/** The server answers within seconds when it is asked and has nothing else to do. */
const SILENCE_MS = 60_000;

/** Whether nothing will come from the sender any more. A walsender that reads on behind a large transaction says nothing for long: that is none. */
export function isSenderSilent(stream: Stream, watch: SlotWatch): boolean {
  if (stream.held || stream.walsender.silentMs < SILENCE_MS) return false;
  const { walsender, awaySince } = watch;
  if (awaySince !== null || walsender?.pid !== stream.walsender.backendPid) return true;
  return walsender.wait !== null && /^(?:WalSender|Client)/.test(walsender.wait);
}

/** Whether the receiving side waits for us while we wait for it. `open` logs in there. */
export async function isReceiverSilent(stream: Stream, open: () => Promise<PgSession>): Promise<boolean> {
  const pid = stream.applierPid;
  const before = stream.applied.endLsn;
  if (pid === 0 || !stream.held) return false;
  const session = await open();
  try {
    const [row] = await session.query<{ state: string | null }>(
      'SELECT state FROM pg_catalog.pg_stat_activity WHERE pid = $1',
      [pid],
    );
    return row?.state !== 'active' && stream.held && stream.applied.endLsn === before;
  } finally {
    await session.end();
  }
}
