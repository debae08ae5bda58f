import type { Blocker, CutOverStep, DatabaseFollow, FollowProgress } from '../../../../shared/model/migration';
import type { FollowCounts } from './follow-model';

export interface FollowInput {
  readonly direction: 'forward' | 'back';
  readonly databases: readonly DatabaseFollow[];
  readonly counts: readonly FollowCounts[];
  readonly walAlarm: boolean;
  readonly copying: boolean;
  readonly tablesFailed: number;
  /** Indexes and keys of tables that are there themselves. */
  readonly indexesFailed: number;
  /** Tables that have joined and whose rows are still to be copied. */
  readonly tablesWaiting: number;
  readonly cutOver: readonly CutOverStep[];
}

/** Sums of what is followed, as time goes by. */
export interface FollowSums {
  look(input: FollowInput): FollowProgress;
  /** Nothing worth naming is left to do, for a while now; once it is so, small waves do not change it. */
  readonly ready: boolean;
}

interface Sample {
  readonly at: number;
  readonly rowsIn: number;
  readonly rowsOut: number;
  readonly bytesIn: number;
  readonly lag: number;
}

const RATE_MS = 5000;
const TREND_MS = 60_000;
const SAMPLE_MS = 250;
const MIB = 1024 * 1024;
/** Ready within these, for so long; not any more beyond the others. */
const READY = { bytes: MIB, seconds: 1, forMs: 2000 };
const UNREADY = { bytes: 16 * MIB, seconds: 10 };

const sum = <T>(list: readonly T[], of: (each: T) => number): number => list.reduce((all, each) => all + of(each), 0);

const worst = (values: readonly (number | null)[]): number | null =>
  values.includes(null) || values.length === 0 ? null : Math.max(...values.map((value) => value ?? 0));

function blockersOf(input: FollowInput, ready: boolean): Blocker[] {
  const states = new Set(input.databases.map(({ state }) => state));
  const found: Blocker[] = [];
  if (input.copying || input.tablesWaiting > 0) found.push('copying');
  if (input.tablesFailed > 0) found.push('tables-failed');
  if (input.indexesFailed > 0) found.push('objects-failed');
  for (const state of ['halted', 'away', 'lost'] as const) if (states.has(state)) found.push(state);
  if (found.length === 0 && !ready) found.push('gap');
  return found;
}

export function createFollowSums(now: () => number = Date.now): FollowSums {
  const samples: Sample[] = [];
  let readySince: number | null = null;
  let ready = false;

  const judge = (lag: number, seconds: number | null, stands: boolean): void => {
    const at = now();
    if (stands || seconds === null) {
      readySince = null;
      ready = false;
      return;
    }
    if (lag < READY.bytes && seconds < READY.seconds) readySince ??= at;
    else readySince = null;
    if (readySince !== null && at - readySince >= READY.forMs) ready = true;
    if (lag > UNREADY.bytes || seconds > UNREADY.seconds) ready = false;
  };
  /** The first sample within the last so many milliseconds. */
  const since = (ms: number): Sample | undefined => samples.find(({ at }) => at >= now() - ms);

  return {
    get ready() {
      return ready;
    },
    look(input) {
      const at = now();
      const { databases, counts } = input;
      const lagBytes = sum(databases, (each) => each.lagBytes);
      const lagSeconds = worst(databases.map((each) => each.lagSeconds));
      const sample: Sample = {
        at,
        rowsIn: sum(counts, ({ rowsIn }) => rowsIn),
        rowsOut: sum(counts, ({ rowsOut }) => rowsOut),
        bytesIn: sum(counts, ({ bytesIn }) => bytesIn),
        lag: lagBytes,
      };
      if (at - (samples.at(-1)?.at ?? 0) >= SAMPLE_MS) samples.push(sample);
      while ((samples[0]?.at ?? at) < at - TREND_MS - RATE_MS) samples.shift();
      const first = since(RATE_MS) ?? sample;
      const seconds = Math.max(1, (at - first.at) / 1000);
      const rate = (of: (each: Sample) => number): number =>
        Math.max(0, Math.round((of(sample) - of(first)) / seconds));
      const closing = (first.lag - lagBytes) / seconds;
      const before = samples[0];
      const half = since(TREND_MS / 2);
      const stands =
        input.copying ||
        input.tablesWaiting > 0 ||
        input.tablesFailed > 0 ||
        input.indexesFailed > 0 ||
        databases.some(({ state }) => state !== 'following' && state !== 'catchingUp');
      judge(lagBytes, lagSeconds, stands);
      return {
        direction: input.direction,
        databases,
        lagBytes,
        lagSeconds,
        retainedBytes: worst(databases.map((each) => each.retainedBytes)),
        rowsInPerSecond: rate((each) => each.rowsIn),
        rowsOutPerSecond: rate((each) => each.rowsOut),
        bytesInPerSecond: rate((each) => each.bytesIn),
        estimateSeconds: lagBytes === 0 ? 0 : closing > 0 ? Math.ceil(lagBytes / closing) : null,
        fallingBehind:
          before !== undefined &&
          half !== undefined &&
          at - before.at >= TREND_MS &&
          lagBytes > MIB &&
          lagBytes > half.lag &&
          half.lag > before.lag,
        walAlarm: input.walAlarm,
        blockers: blockersOf(input, ready),
        cutOver: input.cutOver,
      };
    },
  };
}
