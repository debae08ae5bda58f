import type { DatabaseFollow, FollowState, Halt } from '../../../../shared/model/migration';
import { formatLsn, type Lsn } from './change-stream';
import type { Applied, FollowCounts } from './follow-model';
import type { SlotWatch } from './slot-watch';
import type { Stream } from './stream-model';

/** A gap that is closed in no time, in bytes. */
export const NEAR = 16n * 1024n * 1024n;

export interface FollowFacts {
  readonly database: string;
  readonly state: FollowState;
  readonly slot: string;
  readonly stream: Stream | null;
  readonly applied: Applied;
  /** Where the changes began. */
  readonly begin: Lsn;
  readonly caughtUp: boolean;
  /** When it was so the last time, by our clock; 0: never. */
  readonly caughtUpAt: number;
  readonly watch: SlotWatch;
  readonly counts: FollowCounts;
  /** Since the last change came, in milliseconds. */
  readonly quietMs: number;
  readonly halts: readonly Halt[];
  readonly problem: string;
}

/** Since the sender committed what is applied next, in seconds; null: not known. */
function lagSeconds({ stream, applied, caughtUp, caughtUpAt, watch }: FollowFacts): number | null {
  if (caughtUp) return 0;
  const now = Date.now() + watch.skew;
  const waiting = stream?.waitingSince ?? 0;
  // Nothing has come: what may be on its way was written after everything was here the last time.
  const since = waiting > 0 ? waiting : Math.max(applied.committedAt, caughtUpAt === 0 ? 0 : caughtUpAt + watch.skew);
  return since === 0 ? null : Math.max(0, (now - since) / 1000);
}

/** Up to where everything that the sender has written is durable. */
export function reachedBy({ stream, applied, begin }: Pick<FollowFacts, 'stream' | 'applied' | 'begin'>): Lsn {
  const told = stream?.idle === true ? stream.walEnd : 0n;
  return [begin, applied.endLsn, told].reduce((most, each) => (each > most ? each : most));
}

/** How far a database is, as it is told. */
export function databaseFollow(facts: FollowFacts): DatabaseFollow {
  const { applied, watch, counts } = facts;
  const { written } = watch;
  const reached = reachedBy(facts);
  return {
    database: facts.database,
    state: facts.state,
    slot: facts.slot,
    applied: applied.endLsn === 0n ? '' : formatLsn(applied.endLsn),
    written: written === 0n ? '' : formatLsn(written),
    lagBytes: written > reached ? Number(written - reached) : 0,
    lagSeconds: lagSeconds(facts),
    retainedBytes: watch.retained,
    walStatus: watch.walStatus,
    transactions: counts.transactions,
    inserted: counts.inserted,
    updated: counts.updated,
    deleted: counts.deleted,
    truncated: counts.truncated,
    drifted: counts.drifted,
    quietSeconds: Math.floor(facts.quietMs / 1000),
    halts: facts.halts,
    problem: facts.problem,
  };
}
