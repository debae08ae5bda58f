/**
 * Runs works side by side under a signal of their own. When one fails the others are told to end, and are waited for; the first failure is
 * thrown.
 */
export async function together(
  outer: AbortSignal,
  works: readonly ((signal: AbortSignal) => Promise<unknown>)[],
): Promise<void> {
  const inner = new AbortController();
  const signal = AbortSignal.any([outer, inner.signal]);
  const failures: unknown[] = [];
  await Promise.all(
    works.map(async (work) => {
      try {
        await work(signal);
      } catch (error) {
        failures.push(error);
        inner.abort();
      }
    }),
  );
  if (failures.length > 0) throw failures[0];
}
