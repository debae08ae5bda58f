import { neverFallsBack } from './ha-rules';
import { standbysOf, type InstanceRecord, type NodeRecord } from './record';

/** When commits stop and begin to wait for the standby. Pure. */

/** What the primary tells of a standby that is connected to it. */
export interface StandbySeen {
  readonly state: string;
  readonly sync: string;
  readonly flushLagBytes: number;
  readonly flushLagSeconds: number;
}

export interface SyncFacts {
  readonly now: number;
  /** Null: not connected to the primary. */
  readonly seen: StandbySeen | null;
  /** Whether its server process is there. */
  readonly alive: boolean;
  /** Since when it is not connected, as long as it is not. */
  readonly missingSince: number | null;
}

/** `engage`: it may be waited for again; `confirm`: it is waited for and may have caught up. */
export type SyncVerdict = 'keep' | 'release' | 'engage' | 'confirm';

/** A standby whose process lives may lose its connection for a moment. */
const BLINK_MS = 1_000;
/** Commits wait for a standby again only when it is nearly there: they would all wait for what it lacks. */
const NEAR_BYTES = 1024 * 1024;
const NEAR_SECONDS = 2;
/** So long an instance stays released at least: at the edge it would go back and forth. */
const RELEASED_MS = 1_000;

/** The standby that commits should wait for when all is well. */
export const syncCandidate = (record: InstanceRecord): NodeRecord | undefined =>
  standbysOf(record).find(({ state }) => state === 'ready');

/** Looked at this often, in seconds: the limit holds in spite of it. */
const LOOK_S = 1;

const beyond = (value: number, limit: number | null): boolean => limit !== null && value > limit;

/** Whether there is something to look at more often than once in a while. */
export const isUnsettled = (record: InstanceRecord): boolean =>
  standbysOf(record).some(({ state, inSync }) => state !== 'ready' || (record.syncMode === 'Semi-sync' && !inSync));

export function judgeSync(record: InstanceRecord, { now, seen, alive, missingSince }: SyncFacts): SyncVerdict {
  if (record.syncMode !== 'Semi-sync') return 'keep';
  const standby = syncCandidate(record);
  if (record.degradedAt === null) {
    if (neverFallsBack(record)) {
      if (!standby || !seen) return 'keep';
      if (seen.sync !== 'sync') return seen.state === 'streaming' ? 'engage' : 'keep';
      return standby.inSync ? 'keep' : 'confirm';
    }
    if (!standby || (!seen && !alive)) return 'release';
    if (!seen) return missingSince !== null && now - missingSince > BLINK_MS ? 'release' : 'keep';
    const { maxSyncStandbyLag, maxSyncStandbyLatency } = record.ha;
    if (beyond(seen.flushLagSeconds + LOOK_S, maxSyncStandbyLag) || beyond(seen.flushLagBytes, maxSyncStandbyLatency))
      return 'release';
    // Waited for by the record and not by the server: an earlier run ended in between.
    if (seen.sync !== 'sync') return seen.state === 'streaming' ? 'engage' : 'keep';
    return standby.inSync ? 'keep' : 'confirm';
  }
  // Commits must wait again, however long, since that was asked for: from the moment in which there is somebody to wait for.
  if (standby && seen && neverFallsBack(record)) return 'engage';
  if (!standby || seen?.state !== 'streaming' || now - record.degradedAt < RELEASED_MS) return 'keep';
  const near = seen.flushLagBytes <= NEAR_BYTES && seen.flushLagSeconds <= NEAR_SECONDS;
  return near ? 'engage' : 'keep';
}
