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

/** What is looked at of a stream. */
export type Looked = Pick<Stream, 'asked' | 'openPids' | 'applied'>;

/** Looks whether the receiving side owes an answer that will not come. */
export interface ReceiverLooks {
  /** Whether it counts as dead now. */
  look(stream: Looked, rowsOut: number): Promise<boolean>;
}

/** `anyActive` asks there whether one of the sessions works, or waits for a lock: then it is alive. */
export function createReceiverLooks(anyActive: (pids: readonly number[]) => Promise<boolean>): ReceiverLooks {
  let mark = '';
  let looks = 0;
  const isStuck = async (stream: Looked, same: boolean): Promise<boolean> => {
    const { openPids } = stream;
    if (!same || !stream.asked || openPids.length === 0) return false;
    return !(await anyActive(openPids)) && stream.asked;
  };
  return {
    async look(stream, rowsOut) {
      const now = `${stream.openPids.join(' ')} ${stream.applied.endLsn} ${rowsOut}`;
      const same = now === mark;
      mark = now;
      looks = (await isStuck(stream, same)) ? looks + 1 : 0;
      return looks >= LOOKS;
    },
  };
}

/** Whether one of the sessions works. `open` logs in where they are. */
export const anyActive =
  (open: () => Promise<PgSession>) =>
  async (pids: readonly number[]): Promise<boolean> => {
    const session = await open();
    try {
      const active = await session.query(
        "SELECT FROM pg_catalog.pg_stat_activity WHERE pid = ANY ($1::int4[]) AND state = 'active'",
        [pids],
      );
      return active.length > 0;
    } finally {
      await session.end();
    }
  };
