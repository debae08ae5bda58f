import type { PgSession } from '../../../adapters/postgres/session';
import type { SlotWatch } from './slot-watch';
import type { Stream } from './stream-model';

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

/** Looks in a row after which the receiving side counts as dead. */
const LOOKS = 3;

/** Looks whether the receiving side owes an answer that will not come. */
export interface ReceiverLooks {
  /** Whether it counts as dead now. */
  look(stream: Stream, rowsOut: number): Promise<boolean>;
}

/** `open` logs in on the receiving side. */
export function createReceiverLooks(open: () => Promise<PgSession>): ReceiverLooks {
  let mark = '';
  let before: Stream | null = null;
  let looks = 0;
  const isStuck = async (stream: Stream, same: boolean): Promise<boolean> => {
    const { openPids } = stream;
    if (!same || !stream.asked || openPids.length === 0) return false;
    const session = await open();
    try {
      // A session that works, or waits for a lock, is alive.
      const active = await session.query(
        "SELECT FROM pg_catalog.pg_stat_activity WHERE pid = ANY ($1::int4[]) AND state = 'active'",
        [openPids],
      );
      return active.length === 0 && stream.asked;
    } finally {
      await session.end();
    }
  };
  return {
    async look(stream, rowsOut) {
      const now = `${stream.applied.endLsn} ${rowsOut}`;
      const same = stream === before && now === mark;
      mark = now;
      before = stream;
      looks = (await isStuck(stream, same)) ? looks + 1 : 0;
      return looks >= LOOKS;
    },
  };
}
