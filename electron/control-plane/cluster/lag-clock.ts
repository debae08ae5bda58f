interface Sample {
  readonly at: number;
  readonly lsn: bigint;
}

export interface LagClock {
  /** The primary's log reached `lsn` at `at` (milliseconds). */
  tick(at: number, lsn: bigint): void;
  /** Seconds since the log first went beyond `lsn`, as far as the ticks tell; 0 when it did not. */
  secondsBehind(now: number, lsn: bigint): number;
}

/** So many samples are kept; older ones are joined two by two, so that hours of lag are still told, less exactly and never too short. */
const MOST = 600;

/** Each pair of the older half becomes one sample: the earlier time with the later position. */
function joinOlder(samples: readonly Sample[]): Sample[] {
  const joined: Sample[] = [];
  for (let index = 0; index < MOST / 2; index += 2) {
    const [one, other] = [samples[index], samples[index + 1]];
    if (one && other) joined.push({ at: one.at, lsn: other.lsn });
  }
  return [...joined, ...samples.slice(MOST / 2)];
}

/** Remembers when a primary's log reached which position: how old is what a standby lacks. */
export function createLagClock(): LagClock {
  let samples: Sample[] = [];
  return {
    tick(at, lsn) {
      const last = samples.at(-1);
      // After a restore or a promotion positions may be lower.
      if (last && lsn < last.lsn) samples = [];
      else if (last?.lsn === lsn) return;
      samples.push({ at, lsn });
      if (samples.length > MOST) samples = joinOlder(samples);
    },
    secondsBehind(now, lsn) {
      const beyond = samples.find((sample) => sample.lsn > lsn);
      return beyond ? Math.max(0, now - beyond.at) / 1000 : 0;
    },
  };
}
