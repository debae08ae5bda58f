/** Tells those who wait that something has changed. */
export interface Moves {
  tell(): void;
  /** Resolves with the next change, after half a second at the latest, or when the signal fires. */
  next(signal: AbortSignal): Promise<void>;
}

const LATEST_MS = 500;

export function createMoves(): Moves {
  const waiting = new Set<() => void>();
  return {
    tell() {
      for (const each of [...waiting]) each();
    },
    next: (signal) =>
      new Promise((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          waiting.delete(done);
          signal.removeEventListener('abort', done);
          resolve();
        };
        const timer = setTimeout(done, LATEST_MS);
        waiting.add(done);
        signal.addEventListener('abort', done, { once: true });
      }),
  };
}
