import type { ActivitySample, Counter } from './dashboard';

/** Something per second between two looks; null where that is not known. */
export type Rate = number | null;

/** Whether two looks belong to one line: nothing was reset, and not more time went by than a few intervals. */
export const comparable = (before: ActivitySample, after: ActivitySample, longestMs: number): boolean =>
  before.epoch === after.epoch && after.at > before.at && after.at - before.at <= longestMs;

/** What was added to a counter each second. A counter that went down was reset by itself, or a database went away: then it is not known. */
export function rateOf(before: ActivitySample, after: ActivitySample, counter: Counter): Rate {
  const [from, to] = [before.counters[counter], after.counters[counter]];
  if (from === null || to === null || to < from || after.at <= before.at) return null;
  return ((to - from) * 1000) / (after.at - before.at);
}

/** 0 … 1: how much of what was read was found in memory; null when nothing was read. */
export function hitRatioOf(before: ActivitySample, after: ActivitySample): Rate {
  const hit = rateOf(before, after, 'blocksHit');
  const read = rateOf(before, after, 'blocksRead');
  if (hit === null || read === null || hit + read === 0) return null;
  return hit / (hit + read);
}

/** A moment of a chart. */
export interface Point {
  readonly at: number;
  readonly value: number | null;
}

/** Most looks that are kept: an hour, one every second. */
const MOST_SAMPLES = 3600;
/** Milliseconds of history that are kept. */
const KEPT_MS = 3_600_000;

/** The history with one more look; what is too old goes. A clock that was set back begins a new history. */
export function withSample(samples: readonly ActivitySample[], next: ActivitySample): readonly ActivitySample[] {
  const last = samples.at(-1);
  if (last && next.at <= last.at) return [next];
  return [...samples.filter(({ at }) => at > next.at - KEPT_MS), next].slice(-MOST_SAMPLES);
}

/**
 * A figure over time. `value` gets each look and the one before it, null where there is none that compares. A gap is a point without a value.
 */
export function seriesOf(
  samples: readonly ActivitySample[],
  longestMs: number,
  value: (sample: ActivitySample, before: ActivitySample | null) => number | null,
): readonly Point[] {
  const points: Point[] = [];
  for (const [at, sample] of samples.entries()) {
    const previous = samples[at - 1];
    const before = previous && comparable(previous, sample, longestMs) ? previous : null;
    if (previous && !before) points.push({ at: (previous.at + sample.at) / 2, value: null });
    points.push({ at: sample.at, value: value(sample, before) });
  }
  return points;
}

/** Runs of points that are drawn as one line. */
export function linesOf(points: readonly Point[]): readonly (readonly { at: number; value: number }[])[] {
  const lines: { at: number; value: number }[][] = [];
  let open: { at: number; value: number }[] | null = null;
  for (const { at, value } of points) {
    if (value === null) {
      open = null;
      continue;
    }
    if (!open) {
      open = [];
      lines.push(open);
    }
    open.push({ at, value });
  }
  return lines;
}

/** The point that is nearest to a moment; null when there is none within `withinMs`. */
export function nearest(points: readonly Point[], at: number, withinMs: number): Point | null {
  let found: Point | null = null;
  for (const point of points) {
    if (Math.abs(point.at - at) > withinMs) continue;
    if (!found || Math.abs(point.at - at) < Math.abs(found.at - at)) found = point;
  }
  return found;
}

/** The next number of the kind 1, 2, 5 × 10ⁿ that is not smaller: where an axis ends. */
export function niceCeiling(highest: number): number {
  if (highest <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(highest));
  const lead = highest / power;
  return (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10) * power;
}

/** As `niceCeiling`, for bytes: round in the binary unit that they are told in. */
export function niceBytesCeiling(highest: number): number {
  let unit = 1024;
  while (highest > unit * 1000) unit *= 1024;
  const round = niceCeiling(highest / unit) * unit;
  return Math.max(round, 1024);
}

export interface WaitShare {
  readonly type: string;
  readonly event: string;
  /** Sessions that were seen in it, on the average of all looks. */
  readonly sessions: number;
  /** 0 … 1 of everything that was seen. */
  readonly share: number;
}

/** What active sessions waited for within a time, the most of it first; by kind alone, or by event. */
export function waitShares(
  samples: readonly ActivitySample[],
  sinceAt: number,
  by: 'type' | 'event',
): readonly WaitShare[] {
  const looked = samples.filter(({ at }) => at >= sinceAt);
  const sums = new Map<string, { type: string; event: string; seen: number }>();
  let total = 0;
  for (const { waits } of looked) {
    for (const { type, event, count } of waits) {
      const name = by === 'type' ? '' : event;
      const key = JSON.stringify([type, name]);
      const sum = sums.get(key) ?? { type, event: name, seen: 0 };
      sum.seen += count;
      sums.set(key, sum);
      total += count;
    }
  }
  return [...sums.values()]
    .map(({ type, event, seen }) => ({ type, event, sessions: seen / looked.length, share: seen / total }))
    .toSorted((a, b) => b.sessions - a.sessions || a.type.localeCompare(b.type) || a.event.localeCompare(b.event));
}
