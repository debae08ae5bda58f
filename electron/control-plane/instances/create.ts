import { AppError } from '../../../shared/errors';
import { ensureAdminAccount } from '../cluster/admin-account';
import { initCluster } from '../cluster/init';
import { socketPath } from '../cluster/node';
import { addressCandidates } from './addresses';
import type { OperationContext, OperationPlan } from './operation-context';
import { removeEverything, setTraffic, start } from './serve';

/** Takes the first candidate that the gateway can listen on. The address is in the journal before it is tried. */
async function takeAddress(context: OperationContext): Promise<void> {
  const { id, zone, address } = context.record();
  const candidates = [...(address ? [address] : []), ...addressCandidates(zone, context.takenAddresses())];
  for (const candidate of candidates) {
    await context.update({ address: candidate });
    try {
      await context.gateway.setRoute({ id, ...candidate, target: { path: socketPath(context.node()) }, state: 'hold' });
      return;
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'conflict') throw error;
      context.log.write('info', 'address is taken, trying the next', { instance: id, ...candidate });
    }
  }
  throw new AppError({
    code: 'conflict',
    message: `No private address of ${zone} is free: another program listens on port 5432 of all addresses`,
    hint: 'Stop the program that listens on 0.0.0.0:5432, or bind it to one address.',
  });
}

/** From an accepted request to a running instance. */
export const CREATE: OperationPlan = {
  steps: [
    {
      name: 'binaries',
      status: 'init',
      async run(context) {
        const { version } = await context.binaries();
        await context.update({ version });
      },
    },
    {
      name: 'initialise',
      status: 'initing',
      run: (context) =>
        context.heavy(async () => initCluster(context.node(), await context.binaries(), context.signal)),
    },
    { name: 'start', status: 'initing', run: start },
    {
      name: 'account',
      status: 'initing',
      async run(context) {
        const { adminUser, operation } = context.record();
        if (!operation?.adminVerifier) throw new Error('the journal of a creation has lost its account');
        await ensureAdminAccount(context.node(), adminUser, operation.adminVerifier);
      },
    },
    { name: 'address', status: 'initing', run: takeAddress },
    { name: 'open', status: 'initing', run: (context) => setTraffic(context, 'open') },
  ],
  done: async () => ({ status: 'running', problem: '' }),
  async failed(context, reason) {
    await removeEverything(context);
    await context.update({ address: null });
    return { status: 'offline', problem: `The instance was not created: ${reason}` };
  },
};
