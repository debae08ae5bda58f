/** Runs works side by side, the most urgent first; how many at once can be changed while they run. */
export interface WorkPool {
  /** Larger `urgency` first; equal ones in the order they came. Resolves or rejects as the work does. */
  add<T>(urgency: number, work: () => Promise<T>): Promise<T>;
  setLimit(limit: number): void;
  readonly running: number;
}

interface Waiting {
  readonly urgency: number;
  readonly begin: () => void;
}

/** Where a work of this urgency stands in a list whose last one is the next: behind those that came before it. */
function placeOf(waiting: readonly Waiting[], urgency: number): number {
  let low = 0;
  let high = waiting.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((waiting[middle]?.urgency ?? 0) < urgency) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function createWorkPool(limit: number): WorkPool {
  let most = limit;
  let running = 0;
  const waiting: Waiting[] = [];

  const next = (): void => {
    while (running < most) {
      const first = waiting.pop();
      if (!first) return;
      running += 1;
      first.begin();
    }
  };

  return {
    add<T>(urgency: number, work: () => Promise<T>): Promise<T> {
      return new Promise<T>((resolve, reject) => {
        const begin = (): void => {
          // A work that throws before it returns a promise fails like any other.
          void (async () => work())()
            .finally(() => {
              running -= 1;
              next();
            })
            .then(resolve, reject);
        };
        waiting.splice(placeOf(waiting, urgency), 0, { urgency, begin });
        next();
      });
    },
    setLimit(wanted) {
      most = wanted;
      next();
    },
    get running() {
      return running;
    },
  };
}
