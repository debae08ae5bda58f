import type { ActivitySample, Counter, SessionCounts } from '../../../shared/model/dashboard';
import { hitRatioOf, rateOf, seriesOf, type Point } from '../../../shared/model/dashboard-rates';

/** How the values of a chart are written. */
export type ChartUnit = 'count' | 'rate' | 'bytes' | 'percent';

export interface ChartPlan {
  readonly key: string;
  readonly unit: ChartUnit;
  readonly lines: readonly { readonly key: string; readonly value: Figure }[];
  /** Of the whole server also when one database is looked at. */
  readonly ofServer: boolean;
}

type Figure = (sample: ActivitySample, before: ActivitySample | null) => number | null;

const rate =
  (counter: Counter): Figure =>
  (sample, before) =>
    before && rateOf(before, sample, counter);
const sessions =
  (key: keyof SessionCounts): Figure =>
  (sample) =>
    sample.sessions[key];

const rates = (...counters: readonly Counter[]) => counters.map((key) => ({ key, value: rate(key) }));

export const CHARTS: readonly ChartPlan[] = [
  {
    key: 'sessions',
    unit: 'count',
    ofServer: false,
    lines: (['active', 'idle', 'inTransaction', 'waiting', 'hidden'] as const).map((key) => ({
      key,
      value: sessions(key),
    })),
  },
  { key: 'transactions', unit: 'rate', ofServer: false, lines: rates('commits', 'rollbacks') },
  { key: 'tuplesIn', unit: 'rate', ofServer: false, lines: rates('inserted', 'updated', 'deleted') },
  { key: 'tuplesOut', unit: 'rate', ofServer: false, lines: rates('fetched', 'returned') },
  { key: 'blocks', unit: 'rate', ofServer: false, lines: rates('blocksHit', 'blocksRead') },
  {
    key: 'hitRatio',
    unit: 'percent',
    ofServer: false,
    lines: [{ key: 'hitRatio', value: (sample, before) => before && hitRatioOf(before, sample) }],
  },
  { key: 'wal', unit: 'bytes', ofServer: true, lines: rates('walBytes') },
  { key: 'temp', unit: 'bytes', ofServer: false, lines: rates('tempBytes') },
  { key: 'trouble', unit: 'rate', ofServer: false, lines: rates('deadlocks', 'conflicts') },
  { key: 'checkpoints', unit: 'rate', ofServer: true, lines: rates('checkpointsTimed', 'checkpointsRequested') },
  { key: 'io', unit: 'rate', ofServer: true, lines: rates('ioReads', 'ioWrites', 'ioExtends') },
];

export interface Drawn {
  readonly plan: ChartPlan;
  readonly lines: readonly { readonly key: string; readonly points: readonly Point[] }[];
}

/** Every chart of what was seen; what this server never tells is left out. */
export function drawCharts(samples: readonly ActivitySample[], longestMs: number): readonly Drawn[] {
  const last = samples.at(-1);
  return CHARTS.filter((plan) => plan.key !== 'io' || last === undefined || last.counters.ioReads !== null).map(
    (plan) => ({
      plan,
      lines: plan.lines
        // Nobody needs a line for what may not be seen where everything may.
        .filter(({ key }) => key !== 'hidden' || samples.some((sample) => sample.sessions.hidden > 0))
        .map(({ key, value }) => ({ key, points: seriesOf(samples, longestMs, value) })),
    }),
  );
}
