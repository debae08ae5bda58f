import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { createDeadline, timeLimit } from '../../electron/adapters/postgres/deadline';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** The garbage collector runs again and again while the limit is awaited: it must not take the limit with it. */
async function firesInTime(signal: AbortSignal): Promise<boolean> {
  let fired = false;
  signal.addEventListener('abort', () => (fired = true));
  for (const end = Date.now() + 5000; !fired && Date.now() < end;) {
    collectGarbage();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return fired;
}

it('the time limit of a connection comes although garbage is collected meanwhile', async () => {
  const caller = new AbortController();
  expect(await firesInTime(createDeadline(0.3, caller.signal).signal)).toBe(true);
});

it('a time limit within another signal comes too', async () => {
  expect(await firesInTime(AbortSignal.any([new AbortController().signal, timeLimit(300)]))).toBe(true);
});
