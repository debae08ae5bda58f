import { setImmediate } from 'node:timers/promises';

/** A worker must hear that it is to stop, and keep its connections alive, while it reads a large structure. */
const TURN_MS = 20;

/** Awaited by each round of a long loop, it lets others have their turn as often as is needed. */
export function createTurns(): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < TURN_MS) return;
    await setImmediate();
    since = performance.now();
  };
}
