import { AppError } from '../../../shared/errors';
import { dataFolderThere } from '../cluster/data-folder';
import { findPostmaster, readPidFile } from '../cluster/postmaster';
import { checkpoint } from './checkpoint';
import { keepSettings, putSettingsBack } from './kept-settings';
import { fenceNode } from './fencing';
import { factOf, setFacts, type OperationContext, type OperationPlan } from './operation-context';
import { primaryOf, standbysOf } from './record';
import {
  closeTraffic,
  holdTraffic,
  openTraffic,
  removeEverything,
  startPrimary,
  startStandbys,
  stop,
  stopStandbys,
} from './serve';
import { changeNode } from './sync';

const text = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** An operation that left the server as it was, or brought it up again, ends here. */
export async function asBefore(
  context: OperationContext,
  reason: string,
): Promise<{ running: boolean; problem: string }> {
  try {
    await startPrimary(context).catch(async (error: unknown) => {
      // The files of the server were changed since it last started well: with those of that time it starts.
      if (!(await putSettingsBack(context.node()))) throw error;
      await startPrimary(context);
    });
    const taken = await openTraffic(context);
    return { running: true, problem: taken === '' ? reason : `${reason}. ${taken}` };
  } catch (error) {
    const why = text(error);
    await openTraffic(context).catch(() => '');
    return { running: false, problem: why === reason ? reason : `${reason}. Going back failed: ${why}` };
  }
}

/** Checkpoint, stop, start, behind an address that holds new connections meanwhile. The standby follows, for its settings. */
export const RESTART: OperationPlan = {
  steps: [
    { name: 'checkpoint', status: 'restarting', run: checkpoint },
    { name: 'hold', status: 'restarting', run: holdTraffic },
    { name: 'stop', status: 'restarting', run: (context) => stop(context) },
    {
      name: 'start',
      status: 'restarting',
      async run(context) {
        await startPrimary(context);
        await keepSettings(context.node());
      },
    },
    {
      name: 'standby',
      status: 'restarting',
      interruptible: true,
      async run(context) {
        await openTraffic(context);
        await stopStandbys(context);
        await startStandbys(context);
      },
    },
  ],
  async done(context) {
    return { status: 'running', problem: await openTraffic(context) };
  },
  async failed(context, reason) {
    const { running, problem } = await asBefore(context, `The restart failed: ${reason}`);
    return { status: running ? 'running' : 'limited run', problem };
  },
};

const noData = (context: OperationContext): AppError =>
  new AppError({
    code: 'not-found',
    message: `The data folder ${context.node().data} is gone`,
    hint: standbysOf(context.record()).some(({ state }) => state === 'ready')
      ? 'Bring it back, or force a switch to the standby: what only the primary had is lost then.'
      : 'Bring it back, or isolate and destroy the instance.',
  });

/** After a server process ended by itself: nothing of it may be left before it is started again. */
export const RECOVER: OperationPlan = {
  steps: [
    { name: 'hold', status: 'restarting', run: (context) => holdTraffic(context).catch(() => undefined) },
    {
      name: 'fence',
      status: 'restarting',
      async run(context) {
        const { nodes } = context.record();
        // Should the server not come back, this standby may still take over: it never served anything since.
        await setFacts(context, { inSync: nodes.find(({ inSync }) => inSync)?.id ?? factOf(context, 'inSync') });
        const { data } = context.node();
        if (!findPostmaster(data)) await fenceNode(context, primaryOf(context.record()).id);
        else if (readPidFile(data)?.status === 'stopping') await stop(context);
      },
    },
    {
      name: 'start',
      status: 'restarting',
      async run(context) {
        if (!dataFolderThere(context.node())) throw noData(context);
        await startPrimary(context);
      },
    },
  ],
  async done(context) {
    const taken = await openTraffic(context);
    const reason = context.record().operation?.input.reason ?? '';
    return { status: 'running', problem: [reason, taken].filter((part) => part !== '').join('. ') };
  },
  async failed(context, reason) {
    const inSync = factOf(context, 'inSync');
    if (inSync !== '' && standbysOf(context.record()).some(({ id }) => id === inSync)) {
      await fenceNode(context, primaryOf(context.record()).id);
      await changeNode(context, inSync, { inSync: true });
    }
    await openTraffic(context).catch(() => '');
    return { status: 'limited run', problem: reason };
  },
};

/** Into the recycle bin: addresses closed, servers stopped, data kept. */
export const ISOLATE: OperationPlan = {
  steps: [
    { name: 'close', status: 'isolating', run: closeTraffic },
    {
      name: 'stop',
      status: 'isolating',
      // The primary first: its stop waits until the standby has everything.
      async run(context) {
        await stop(context);
        await stopStandbys(context);
      },
    },
  ],
  done: async () => ({ status: 'isolated', problem: '' }),
  async failed(context, reason) {
    const { problem } = await asBefore(context, `Isolating failed: ${reason}`);
    return { status: 'limited run', problem };
  },
};

/** Out of the recycle bin. */
export const RESTORE: OperationPlan = {
  steps: [
    { name: 'start', status: 'disisolating', run: startPrimary },
    { name: 'standby', status: 'disisolating', run: startStandbys },
  ],
  async done(context) {
    return { status: 'running', problem: await openTraffic(context) };
  },
  async failed(context, reason) {
    await stop(context);
    await stopStandbys(context);
    return { status: 'isolated', problem: `Restoring failed: ${reason}` };
  },
};

/** Removes an isolated instance and all its data. */
export const DESTROY: OperationPlan = {
  steps: [{ name: 'remove', status: 'recycling', run: removeEverything }],
  done: async () => null,
  async failed(context, reason) {
    const status = context.record().networks.length === 0 ? 'offline' : 'isolated';
    return { status, problem: `Destroying failed: ${reason}` };
  },
};
