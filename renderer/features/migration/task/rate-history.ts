/** Rates at one moment. */
export interface Sample {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly bytesPerSecond: number;
  readonly rowsPerSecond: number;
}

/** Milliseconds of the past that are kept and drawn. */
export const SPAN_MS = 5 * 60_000;
/** Milliseconds between two samples that are kept. */
const APART_MS = 900;

/** The samples with a newer one: too old ones go, and one that follows too closely is left out. */
export function withSample(samples: readonly Sample[], next: Sample): readonly Sample[] {
  const last = samples.at(-1);
  if (last !== undefined && next.at - last.at < APART_MS) return samples;
  return [...samples.filter(({ at }) => at > next.at - SPAN_MS), next];
}

const histories = new Map<string, readonly Sample[]>();

/** Rates of a task as the window saw them, also while its tab was behind another. */
export const historyOf = (id: string): readonly Sample[] => histories.get(id) ?? [];

export function remember(id: string, sample: Sample): readonly Sample[] {
  const samples = withSample(historyOf(id), sample);
  histories.set(id, samples);
  return samples;
}

/** A line over the box from left (the oldest moment) to right (now) as SVG points `x,y`; the top is `highest`. */
export function linePoints(
  samples: readonly Sample[],
  value: (sample: Sample) => number,
  box: { readonly width: number; readonly height: number; readonly now: number; readonly highest: number },
): string {
  const x = (at: number) => ((at - (box.now - SPAN_MS)) / SPAN_MS) * box.width;
  const y = (each: number) => box.height - (each / Math.max(1, box.highest)) * box.height;
  return samples.map((sample) => `${x(sample.at).toFixed(1)},${y(value(sample)).toFixed(1)}`).join(' ');
}
