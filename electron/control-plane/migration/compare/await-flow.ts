import { setTimeout as pause } from 'node:timers/promises';
import { AppError, throwIfAborted } from '../../../../shared/errors';
import type { Flow } from './compare-model';

const EVERY_MS = 200;

/**
 * Waits until everything that the side that is written to has written by now is on the other side. Fails with `conflict` when nothing has
 * moved for `patienceMs`, with `cancelled`, and as the questions fail.
 */
export async function awaitFlow(flow: Flow, patienceMs: number, signal: AbortSignal): Promise<void> {
  const wanted = await flow.written(signal);
  let before = await flow.applied(signal);
  for (let since = Date.now(); before < wanted;) {
    if (Date.now() - since > patienceMs) {
      throw new AppError({
        code: 'conflict',
        message: `Changes are not applied at the moment: nothing has come for ${Math.round(patienceMs / 1000)} s`,
        hint: 'Rows that seem to differ can only be looked at again when the changes flow: see what the task waits for.',
      });
    }
    await pause(EVERY_MS, undefined, { signal }).catch(() => undefined);
    throwIfAborted(signal);
    const now = await flow.applied(signal);
    if (now > before) since = Date.now();
    before = now;
  }
}
