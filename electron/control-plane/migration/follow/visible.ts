import { setTimeout as pause } from 'node:timers/promises';
import type { PgSession } from '../../../adapters/postgres/session';
import type { Asking } from './follow-model';

/** Milliseconds. */
const AGAIN_MS = 2;

const SNAPSHOT = `SELECT pg_catalog.txid_snapshot_xmax(s)::text AS xmax,
    ARRAY(SELECT x::text FROM pg_catalog.txid_snapshot_xip(s) x) AS running
  FROM pg_catalog.txid_current_snapshot() s`;

const CYCLE = 1n << 32n;

/** The number of a transaction with its epoch: the one that is nearest to `near`. */
function wholeNumber(xid: number, near: bigint): bigint {
  const same = near - (near % CYCLE) + BigInt(xid);
  if (same - near > CYCLE / 2n) return same - CYCLE;
  return near - same > CYCLE / 2n ? same + CYCLE : same;
}

async function isVisible(session: PgSession, xid: number, signal: AbortSignal): Promise<boolean> {
  const [row] = await session.query<{ xmax: string; running: string[] }>(SNAPSHOT, [], signal);
  if (!row) return true;
  const xmax = BigInt(row.xmax);
  const whole = wholeNumber(xid, xmax);
  return whole < xmax && !row.running.includes(String(whole));
}

/**
 * Asks the side that changes come from so that the transaction they are of can be seen. Its changes are sent as soon as its commit is in the log: a
 * moment before other sessions see what it has done, and longer where its client waits for a synchronous standby. A question in between would
 * find that a new table is not there. `xidAtHand`: 32 bits; null or 0 when nothing is known.
 */
export function seeingItself(asking: Asking, xidAtHand: () => number | null, signal: AbortSignal): Asking {
  let seen: number | null = null;
  return (work) =>
    asking(async (session) => {
      const xid = xidAtHand();
      if (xid !== null && xid !== 0 && xid !== seen) {
        while (!(await isVisible(session, xid, signal))) await pause(AGAIN_MS, undefined, { signal });
        seen = xid;
      }
      return work(session);
    });
}
