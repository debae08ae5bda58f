/** Resolves after so many milliseconds, or at once when it is given up. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      done();
    });
  });
}

/** Waits for a condition; fails with `what` when the time is over. */
export async function until(what: string, check: () => Promise<boolean> | boolean, ms = 60_000): Promise<void> {
  for (const deadline = Date.now() + ms; !(await check()); await pause(20)) {
    if (Date.now() > deadline) throw new Error(`did not come true: ${what}`);
  }
}
