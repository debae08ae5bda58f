import { createServer } from 'node:net';
import { randomInt } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import { AppError } from '../../../shared/errors';
import { containsAddress, parseAddress, parseCidr } from '../../../shared/model/cidr';
import { addressCandidates, usableAddresses, wholeLoopback } from './addresses';
import { withHistory } from './change-record';
import { contextOf, addressesOf, mustGet, type Ground } from './context';
import { noAddress, NOT_ENOUGH } from './create';
import type { Instances } from './instance-service';
import type { OperationContext } from './operation-context';
import type { InstanceRecord } from './record';
import { findRegion } from './regions';
import { openTraffic } from './serve';
import { shouldServe } from './status';
import { privateRouteId, publicRouteId, routesOf, setRules } from './traffic';

type Wanted = Parameters<Instances['addNetwork']>[1];

/** Ports of public addresses are drawn from here upwards. */
const FIRST_PUBLIC_PORT = 30_000;
const LAST_PUBLIC_PORT = 60_999;
const PUBLIC_TRIES = 50;
const MOST_NETWORKS = 2;

const invalid = (message: string, field: string, hint?: string): AppError =>
  new AppError({ code: 'invalid-input', message, field, ...(hint ? { hint } : {}) });
const conflict = (message: string, apiCode?: string): AppError =>
  new AppError({ code: 'conflict', message, ...(apiCode ? { apiCode } : {}) });
/** An address that was chosen and that somebody has. */
const takenAddress = (message: string): AppError => conflict(message, 'InvalidParameterValue');

/** Whether a program could listen there right now. */
export function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

/** An address of the subnet that nobody listens on, for a new instance. Fails with `conflict` when there is none. */
export async function chooseAddress(cidr: string, taken: ReturnType<typeof addressesOf>) {
  for (const candidate of addressCandidates(cidr, taken)) {
    if (await isFree(candidate.host, candidate.port)) return candidate;
  }
  throw noAddress(cidr);
}

/** Under which address other machines reach this one; the first of a network card that is not the loopback. */
function machineAddress(): string {
  const found = Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal);
  return found?.address ?? '127.0.0.1';
}

function subnetOf(ground: Ground, record: InstanceRecord, { vpcId, subnetId, host }: Wanted) {
  const subnet = ground.networks.subnet(subnetId);
  const vpc = ground.networks.vpc(vpcId);
  if (!vpc || vpc.region !== record.region)
    throw invalid(`There is no VPC ${vpcId} in ${record.region}`, 'network.vpcId');
  if (!subnet || subnet.vpcId !== vpc.id)
    throw invalid(`There is no subnet ${subnetId} in ${vpcId}`, 'network.subnetId');
  if (host === '') return subnet;
  const address = parseAddress(host);
  const block = parseCidr(subnet.cidr);
  const { first, count } = usableAddresses(subnet.cidr);
  if (address === null || !block || !containsAddress(block, address) || address < first || address >= first + count) {
    throw invalid(`${host} is no address of the subnet ${subnet.cidr} that an instance may have`, 'network.host');
  }
  return subnet;
}

/** Addresses and security groups of instances: changes that take hold at once and are on disk when they resolve. */
export function createNetworking(
  ground: Ground,
  ending: AbortSignal,
  nextTask: () => number,
): Pick<Instances, 'bindGroups' | 'openPublic' | 'closePublic' | 'addNetwork' | 'removeNetwork'> & {
  /** Rules of a group have changed. */
  refresh(groupId: string): Promise<void>;
} {
  const { repository, networks, gateway } = ground;

  /**
   * Works on an instance that serves, in the status that says so and keeps others from it, and notes that it was done; fails with `conflict`
   * otherwise. Returns the task id of the note.
   */
  const changing = async (
    id: string,
    kind: 'public' | 'network',
    work: (context: OperationContext, record: InstanceRecord) => Promise<void>,
  ): Promise<number> => {
    const record = mustGet(repository, id);
    refuseBusy(record);
    const taskId = nextTask();
    const startedAt = Date.now();
    const context = contextOf(ground, id, ending);
    await context.update({ status: 'network changing' });
    try {
      await work(context, record);
      // Rules may have changed while the address was opened.
      await setRules(gateway, context.record(), networks);
      const done = { taskId, kind, startedAt, endedAt: Date.now(), ok: true, message: '' };
      await context.update({ history: withHistory(context.record(), done) });
      return taskId;
    } finally {
      // A fail-over may have begun meanwhile: then the status is its own.
      if (context.record().status === 'network changing') await context.update({ status: record.status });
    }
  };

  const refuseBusy = (record: InstanceRecord): void => {
    if (record.operation || !shouldServe(record.status) || record.status === 'network changing') {
      throw conflict(
        `The instance ${record.id} is ${record.operation?.kind ?? record.status}: its network cannot change now`,
      );
    }
    if ((record.heldBy ?? '') !== '')
      throw conflict(
        `The clients of ${record.id} are held by the migration task ${record.heldBy}: its network cannot change now`,
      );
  };

  return {
    async bindGroups(id, groupIds) {
      const record = mustGet(repository, id);
      if (groupIds.length === 0) throw invalid('An instance needs at least one security group', 'securityGroupIds');
      for (const groupId of groupIds) {
        const group = networks.group(groupId);
        if (!group || group.region !== record.region) {
          throw invalid(`There is no security group ${groupId} in ${record.region}`, 'securityGroupIds');
        }
      }
      await contextOf(ground, id, ending).update({ securityGroupIds: [...new Set(groupIds)] });
      await setRules(gateway, mustGet(repository, id), networks);
    },
    async refresh(groupId) {
      for (const record of repository.all()) {
        if (record.securityGroupIds.includes(groupId)) await setRules(gateway, record, networks);
      }
    },
    async openPublic(id) {
      const record = mustGet(repository, id);
      if (!findRegion(record.region)?.publicAddress) {
        throw invalid(
          `Instances of ${record.region} cannot have a public address`,
          'region',
          'Public addresses are offered in Guangzhou, Shanghai, Beijing, Chengdu, Hong Kong and Silicon Valley.',
        );
      }
      if (record.publicAddress) throw conflict(`The instance ${id} has a public address already`);
      return changing(id, 'public', async (context) => {
        const host = machineAddress();
        for (let tries = 0; tries < PUBLIC_TRIES; tries += 1) {
          const port = randomInt(FIRST_PUBLIC_PORT, LAST_PUBLIC_PORT);
          if (!(await isFree('0.0.0.0', port))) continue;
          await context.update({ publicAddress: { host, port } });
          const route = routesOf(context.record(), context.node(), 'open', networks).find(
            (each) => each.id === publicRouteId(id),
          );
          try {
            if (route) await gateway.setRoute(route);
            return;
          } catch (error) {
            await gateway.removeRoute(publicRouteId(id));
            await context.update({ publicAddress: null });
            if (!(error instanceof AppError) || error.code !== 'conflict') throw error;
          }
        }
        throw conflict('No port for a public address is free', NOT_ENOUGH);
      });
    },
    async closePublic(id) {
      if (!mustGet(repository, id).publicAddress) throw conflict(`The instance ${id} has no public address`);
      return changing(id, 'public', async (context) => {
        await gateway.removeRoute(publicRouteId(id));
        await context.update({ publicAddress: null });
      });
    },
    async addNetwork(id, wanted) {
      const record = mustGet(repository, id);
      const subnet = subnetOf(ground, record, wanted);
      if (record.networks.length >= MOST_NETWORKS) throw conflict(`The instance ${id} has two networks already`);
      if (!wholeLoopback() && wanted.host !== '')
        throw invalid('Addresses cannot be chosen on this system', 'network.host');
      return changing(id, 'network', async (context) => {
        const taken = addressesOf(repository.all());
        if (wanted.host !== '' && taken.some(({ host }) => host === wanted.host)) {
          throw takenAddress(`The address ${wanted.host} is taken`);
        }
        const candidates =
          wanted.host === '' ? addressCandidates(subnet.cidr, taken) : [{ host: wanted.host, port: 5432 }];
        const before = context.record().networks;
        const routeId = privateRouteId(id, before.length);
        for (const candidate of candidates) {
          await context.update({ networks: [...before, { vpcId: wanted.vpcId, subnetId: subnet.id, ...candidate }] });
          const route = routesOf(context.record(), context.node(), 'open', networks).find(
            (each) => each.id === routeId,
          );
          try {
            if (route) await gateway.setRoute(route);
            return;
          } catch (error) {
            await gateway.removeRoute(routeId);
            await context.update({ networks: before });
            if (!(error instanceof AppError) || error.code !== 'conflict') throw error;
          }
        }
        if (wanted.host !== '') throw takenAddress(`The address ${wanted.host} is taken by another program`);
        throw noAddress(subnet.cidr);
      });
    },
    async removeNetwork(id, { vpcId, subnetId, host }) {
      const fits = (each: InstanceRecord['networks'][number]): boolean =>
        each.vpcId === vpcId && each.subnetId === subnetId && (host === '' || each.host === host);
      const record = mustGet(repository, id);
      if (!record.networks.some(fits)) throw invalid(`The instance ${id} has no such network`, 'network');
      if (record.networks.length < 2) throw conflict(`The instance ${id} needs one network`);
      return changing(id, 'network', async (context) => {
        const left = [...record.networks];
        left.splice(left.findIndex(fits), 1);
        await context.update({ networks: left });
        // The one that is left becomes the first: both listeners change.
        for (const index of record.networks.keys()) await gateway.removeRoute(privateRouteId(id, index));
        await openTraffic(context);
      });
    },
  };
}
