import type { DatabaseFollow, FollowState, Halt } from '../../../../shared/model/migration';
import { formatLsn, type Lsn } from './change-stream';
import type { Applied, FollowCounts } from './follow-model';
import type { SlotWatch } from './slot-watch';
import type { Stream } from './stream';

export interface FollowFacts {
  readonly database: string;
  readonly state: FollowState;
  readonly slot: string;
  readonly stream: Stream | null;
  readonly applied: Applied;
  /** Where the changes began. */
  readonly begin: Lsn;
  readonly caughtUp: boolean;
  readonly watch: SlotWatch;
  readonly counts: FollowCounts;
  /** Since the last change came, in milliseconds. */
  readonly quietMs: number;
  readonly halts: readonly Halt[];
  readonly problem: string;
}

/** Since the sender committed what is applied next, in seconds; null: not known. */
function lagSeconds({ stream, applied, caughtUp, watch }: FollowFacts): number | null {
  if (caughtUp) return 0;
  const since = stream?.waitingSince ?? applied.committedAt;
  return since === 0 ? null : Math.max(0, (Date.now() + watch.skew - since) / 1000);
}

/** How far a database is, as it is told. */
export function databaseFollow(facts: FollowFacts): DatabaseFollow {
  const { stream, applied, watch, counts, begin } = facts;
  const { written } = watch;
  const told = stream?.idle === true ? stream.walEnd : 0n;
  const reached = [begin, applied.endLsn, told].reduce((most, each) => (each > most ? each : most));
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
