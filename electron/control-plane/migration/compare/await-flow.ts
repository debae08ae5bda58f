import { setTimeout as pause } from 'node:timers/promises';
import { AppError, throwIfAborted } from '../../../../shared/errors';
import type { Lsn } from '../follow/change-stream';
import type { Flow } from './compare-model';

const EVERY_MS = 200;
/** Once a stream was found standing, others do not wait as long for it at the same place. */
const AGAIN_MS = 2000;
const stalls = new WeakMap<Flow, Lsn>();

/**
 * Waits until everything that the side that is written to has written by now is on the other side. Fails with `conflict` when nothing has
 * moved for `patienceMs`, with `cancelled`, and as the questions fail.
 */
export async function awaitFlow(flow: Flow, patienceMs: number, signal: AbortSignal): Promise<void> {
  const wanted = await flow.written(signal);
  let before = await flow.applied(signal);
  for (let since = Date.now(); before < wanted;) {
    const patience = stalls.get(flow) === before ? Math.min(AGAIN_MS, patienceMs) : patienceMs;
    if (Date.now() - since > patience) {
      stalls.set(flow, before);
      throw new AppError({
        code: 'conflict',
        message: 'Changes are not applied at the moment: they stand still',
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
