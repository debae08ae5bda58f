/** Something that was seen at one moment, in milliseconds since the epoch. */
export interface Moment {
  readonly at: number;
}

/** Rates at one moment. */
export interface Sample extends Moment {
  readonly bytesPerSecond: number;
  readonly rowsPerSecond: number;
}

/** Milliseconds of the past that are kept and drawn. */
export const SPAN_MS = 5 * 60_000;
/** Milliseconds between two samples that are kept. */
const APART_MS = 900;

/** The samples with a newer one: too old ones go, and one that follows too closely is left out. */
export function withSample<S extends Moment>(samples: readonly S[], next: S): readonly S[] {
  const last = samples.at(-1);
  if (last !== undefined && next.at - last.at < APART_MS) return samples;
  return [...samples.filter(({ at }) => at > next.at - SPAN_MS), next];
}

/** What the window saw of tasks, by their id, also while their tabs were behind others. */
export interface History<S extends Moment> {
  of(id: string): readonly S[];
  remember(id: string, sample: S): readonly S[];
}

export function createHistory<S extends Moment>(): History<S> {
  const histories = new Map<string, readonly S[]>();
  const of = (id: string): readonly S[] => histories.get(id) ?? [];
  return {
    of,
    remember(id, sample) {
      const samples = withSample(of(id), sample);
      histories.set(id, samples);
      return samples;
    },
  };
}

/** Rates of the copy of every task. */
export const copyHistory: History<Sample> = createHistory();

/** A line over the box from left (the oldest moment) to right (now) as SVG points `x,y`; the top is `highest`. */
export function linePoints<S extends Moment>(
  samples: readonly S[],
  value: (sample: S) => number,
  box: { readonly width: number; readonly height: number; readonly now: number; readonly highest: number },
): string {
  const x = (at: number) => ((at - (box.now - SPAN_MS)) / SPAN_MS) * box.width;
  const y = (each: number) => box.height - (each / Math.max(1, box.highest)) * box.height;
  return samples.map((sample) => `${x(sample.at).toFixed(1)},${y(value(sample)).toFixed(1)}`).join(' ');
}
