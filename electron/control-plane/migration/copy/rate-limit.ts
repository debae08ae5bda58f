/** A limit on bytes a second that all streams of a task share; can be changed while they run. */
export interface RateLimit {
  /** Counts bytes that went through. A promise means: wait for it before reading on. */
  take(bytes: number): Promise<void> | undefined;
  /** Bytes a second; 0 is no limit. */
  set(perSecond: number): void;
  /** Whether somebody is being held back now. */
  readonly holding: boolean;
}

/** How far a stream may run ahead of the limit, in seconds of it. */
const BURST_SECONDS = 0.1;

export function createRateLimit(perSecond: number, now: () => number = () => performance.now()): RateLimit {
  let limit = perSecond;
  /** When, by the limit, everything that was taken so far will have passed. Milliseconds. */
  let paidUntil = now();
  let held = 0;
  return {
    take(bytes) {
      if (limit <= 0) return undefined;
      const at = now();
      paidUntil = Math.max(paidUntil, at) + (bytes * 1000) / limit;
      const ahead = paidUntil - at - BURST_SECONDS * 1000;
      if (ahead <= 0) return undefined;
      held += 1;
      return new Promise((resolve) => {
        setTimeout(() => {
          held -= 1;
          resolve();
        }, ahead);
      });
    },
    set(next) {
      limit = next;
      paidUntil = now();
    },
    get holding() {
      return held > 0;
    },
  };
}
