import type { TaskStep } from '../../../shared/model/task';

/** How far back rate and estimate look, in milliseconds. */
const WINDOW = 8_000;

/**
 * 0 … 1 over all steps by weight; skipped steps do not count. Null while nothing is known: no step is done and the running one has no
 * fraction.
 */
export function weightedFraction(steps: readonly TaskStep[]): number | null {
  const counted = steps.filter((step) => step.state !== 'skipped');
  const total = counted.reduce((sum, step) => sum + step.weight, 0);
  if (total === 0) return null;
  let done = 0;
  let known = false;
  for (const step of counted) {
    if (step.state === 'done') {
      done += step.weight;
      known = true;
    } else if (step.fraction !== null && step.state !== 'waiting') {
      done += step.weight * step.fraction;
      known = true;
    }
  }
  return known ? Math.min(1, done / total) : null;
}

/** The speed of a growing number over the last seconds. Time comes from the caller, in milliseconds. */
export interface Speed {
  add(at: number, value: number): void;
  /** Units a second; 0 when nothing grew within the window. */
  perSecond(at: number): number;
}

export function createSpeed(window = WINDOW): Speed {
  let samples: { at: number; value: number }[] = [];
  return {
    add(at, value) {
      const last = samples.at(-1);
      // A number that falls starts a new measure, e.g. the bytes of the next file.
      if (last && value < last.value) samples = [];
      const before = samples.at(-2);
      if (before && at - before.at < 100) samples[samples.length - 1] = { at, value };
      else samples.push({ at, value });
      const from = samples.findIndex((sample) => sample.at >= at - window);
      if (from > 1) samples = samples.slice(from - 1);
    },
    perSecond(at) {
      const first = samples.find((sample) => sample.at >= at - window) ?? samples.at(-1);
      const last = samples.at(-1);
      if (!first || !last || at - last.at > window) return 0;
      const seconds = (Math.max(at, last.at) - first.at) / 1000;
      return seconds < 0.25 ? 0 : (last.value - first.value) / seconds;
    },
  };
}

/** Seconds until the fraction is 1 at this speed; null when it cannot be told. */
export function secondsLeft(fraction: number | null, fractionPerSecond: number): number | null {
  if (fraction === null || fractionPerSecond <= 0 || fraction >= 1) return null;
  const seconds = (1 - fraction) / fractionPerSecond;
  return seconds > 30 * 86_400 ? null : Math.max(1, Math.round(seconds));
}
