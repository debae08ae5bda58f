import { timeLimit } from '../../adapters/postgres/deadline';
import { findPostmaster, fence } from '../cluster/postmaster';
import { openSuperuser } from '../cluster/server';
import type { OperationContext, OperationPlan } from './operation-context';
import { openTraffic, removeEverything, setTraffic, start, stop } from './serve';

const CHECKPOINT_LIMIT_MS = 600_000;

/** Writes the dirty pages while the server still works, so that its stop is short. */
async function checkpoint(context: OperationContext): Promise<void> {
  if (!findPostmaster(context.node().data)) return;
  const limit = AbortSignal.any([context.signal, timeLimit(CHECKPOINT_LIMIT_MS)]);
  const session = await openSuperuser(context.node(), limit);
  try {
    await session.query('CHECKPOINT', [], limit);
  } finally {
    await session.end();
  }
}

/** An operation that left the server as it was, or brought it up again, ends here. */
async function asBefore(context: OperationContext, reason: string): Promise<{ running: boolean; problem: string }> {
  try {
    await start(context);
    const taken = await openTraffic(context);
    return { running: true, problem: taken === '' ? reason : `${reason}. ${taken}` };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    await openTraffic(context).catch(() => '');
    return { running: false, problem: why === reason ? reason : `${reason}. Going back failed: ${why}` };
  }
}

/** Checkpoint, stop, start, behind an address that holds new connections meanwhile. */
export const RESTART: OperationPlan = {
  steps: [
    { name: 'checkpoint', status: 'restarting', run: checkpoint },
    { name: 'hold', status: 'restarting', run: (context) => setTraffic(context, 'hold') },
    { name: 'stop', status: 'restarting', run: stop },
    { name: 'start', status: 'restarting', run: start },
  ],
  async done(context) {
    return { status: 'running', problem: await openTraffic(context) };
  },
  async failed(context, reason) {
    const { running, problem } = await asBefore(context, `The restart failed: ${reason}`);
    return { status: running ? 'running' : 'limited run', problem };
  },
};

/** After a server process ended by itself: nothing of it may be left before it is started again. */
export const RECOVER: OperationPlan = {
  steps: [
    { name: 'hold', status: 'restarting', run: (context) => setTraffic(context, 'hold').catch(() => undefined) },
    {
      name: 'fence',
      status: 'restarting',
      run: async (context) => {
        if (!findPostmaster(context.node().data)) await fence(context.node());
      },
    },
    { name: 'start', status: 'restarting', run: start },
  ],
  async done(context) {
    const taken = await openTraffic(context);
    const { note } = context.record().operation ?? { note: '' };
    return { status: 'running', problem: [note, taken].filter((part) => part !== '').join('. ') };
  },
  async failed(context, reason) {
    await openTraffic(context).catch(() => '');
    return { status: 'limited run', problem: reason };
  },
};

/** Into the recycle bin: address closed, server stopped, data kept. */
export const ISOLATE: OperationPlan = {
  steps: [
    { name: 'close', status: 'isolating', run: (context) => context.gateway.removeRoute(context.record().id) },
    { name: 'stop', status: 'isolating', run: stop },
  ],
  done: async () => ({ status: 'isolated', problem: '' }),
  async failed(context, reason) {
    const { problem } = await asBefore(context, `Isolating failed: ${reason}`);
    return { status: 'limited run', problem };
  },
};

/** Out of the recycle bin. */
export const RESTORE: OperationPlan = {
  steps: [{ name: 'start', status: 'disisolating', run: start }],
  async done(context) {
    return { status: 'running', problem: await openTraffic(context) };
  },
  async failed(context, reason) {
    await stop(context);
    return { status: 'isolated', problem: `Restoring failed: ${reason}` };
  },
};

/** Removes an isolated instance and all its data. */
export const DESTROY: OperationPlan = {
  steps: [{ name: 'remove', status: 'recycling', run: removeEverything }],
  done: async () => null,
  async failed(context, reason) {
    if (!context.record().address) return { status: 'offline', problem: `Destroying failed: ${reason}` };
    return { status: 'isolated', problem: `Destroying failed: ${reason}` };
  },
};
