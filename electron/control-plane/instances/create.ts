import { AppError } from '../../../shared/errors';
import { ensureAdminAccount } from '../cluster/admin-account';
import { initCluster } from '../cluster/init';
import { addressCandidates } from './addresses';
import { keepSettings } from './kept-settings';
import { copyNote, setNote, type OperationContext, type OperationPlan } from './operation-context';
import { standbysOf } from './record';
import { openTraffic, removeEverything, startPrimary } from './serve';
import { buildStandby, joinSync } from './standby';
import { routesOf } from './traffic';

/** Takes the first candidate that the gateway can listen on. The address is in the journal before it is tried. */
async function takeAddress(context: OperationContext): Promise<void> {
  const { networks } = context.record();
  const [wanted] = networks;
  const subnet = wanted && context.networks.subnet(wanted.subnetId);
  if (!wanted || !subnet) throw new AppError({ code: 'not-found', message: 'The subnet of the instance is gone' });
  const first = wanted.host === '' ? [] : [{ host: wanted.host, port: wanted.port }];
  for (const candidate of [...first, ...addressCandidates(subnet.cidr, context.takenAddresses())]) {
    await context.update({ networks: [{ ...wanted, ...candidate }] });
    const [route] = routesOf(context.record(), context.node(), 'hold', context.networks);
    if (!route) break;
    try {
      await context.gateway.setRoute(route);
      return;
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'conflict') throw error;
      context.log.write('info', 'address is taken, trying the next', { instance: context.record().id, ...candidate });
    }
  }
  throw noAddress(subnet.cidr);
}

/** How the API calls what the machine has no more of. */
export const NOT_ENOUGH = 'ResourceInsufficient.ResourceNotEnough';

export const noAddress = (cidr: string): AppError =>
  new AppError({
    code: 'conflict',
    message: `No private address of ${cidr} is free`,
    hint: 'Choose another subnet, or stop the program that listens on port 5432 of all addresses.',
    apiCode: NOT_ENOUGH,
  });

/** From an accepted request to a running instance. */
export const CREATE: OperationPlan = {
  steps: [
    { name: 'address', status: 'init', run: takeAddress },
    {
      name: 'binaries',
      status: 'init',
      async run(context) {
        const { version } = await context.binaries();
        if (context.record().version !== version) await context.update({ version });
        await setNote(context, '');
      },
    },
    {
      name: 'initialise',
      status: 'initing',
      run: (context) =>
        context.heavy(async () => initCluster(context.node(), await context.binaries(), context.signal)),
    },
    {
      name: 'start',
      status: 'initing',
      async run(context) {
        await startPrimary(context);
        await keepSettings(context.node());
      },
    },
    {
      name: 'account',
      status: 'initing',
      async run(context) {
        const { adminUser, operation } = context.record();
        if (!operation?.adminVerifier) throw new Error('the journal of a creation has lost its account');
        await ensureAdminAccount(context.node(), adminUser, operation.adminVerifier);
      },
    },
    {
      name: 'standby',
      status: 'initing',
      async run(context) {
        for (const { id } of standbysOf(context.record())) {
          await context.heavy(() => buildStandby(context, id, copyNote(context)));
          await joinSync(context, id);
        }
      },
    },
    { name: 'open', status: 'initing', run: async (context) => void (await openTraffic(context)) },
  ],
  done: async () => ({ status: 'running', problem: '' }),
  async failed(context, reason) {
    await removeEverything(context);
    await context.update({ networks: [] });
    return { status: 'offline', problem: `The instance was not created: ${reason}` };
  },
};
