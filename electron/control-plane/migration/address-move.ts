import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../../shared/errors';
import { writeFileAtomically } from '../../adapters/storage/json-document';
import { addressesOfRecord, type Addresses } from '../instances/address-exchange';
import type { Instances } from '../instances/instance-service';
import { instanceRecord, type InstanceRecord } from '../instances/record';
import { shouldServe } from '../instances/status';
import { applicationName, type Endpoint } from './endpoint';

/**
 * The cut-over between two instances of this control plane: they exchange their addresses. Clients of the source wait at its address, and go on
 * there with the target's server. What moves is everything by which clients know an instance: private addresses, the public one and the security
 * groups, so that who may come in stays true for an address. Certificates of both hold the names of both, for good.
 */

type Side = Pick<Endpoint, 'accessType' | 'instanceId'>;

/** What a task does with the addresses of its sides, by the id of the task. Everything may be done twice, also after a restart in between. */
export interface AddressMove {
  /** Why the address of `from` cannot be moved to `to`, in words; empty when it can. */
  why(from: Side, to: Side): string;
  can(from: Side, to: Side): boolean;
  /** Clients of `from` wait; those that are there are cut off, and nothing of them is under way any more. Fails with `conflict`. */
  hold(jobId: string, from: Side, to: Side): Promise<void>;
  /** The sides exchange their addresses; clients of both wait. Fails with `conflict`, and can be tried again or undone then. */
  switch(jobId: string): Promise<void>;
  /** After the switch: clients that wait go on, each where its address leads now. */
  release(jobId: string): Promise<void>;
  /** Before the switch, or in the middle of one: everything is as before `hold`. After a switch that is complete it does nothing. */
  undo(jobId: string): Promise<void>;
}

export interface AddressMoveDeps {
  readonly instances: Pick<
    Instances,
    'get' | 'certifyFor' | 'holdClients' | 'letClients' | 'exchangeAddresses' | 'noteEvent'
  >;
  /** Folder of a task. */
  readonly folderOf: (jobId: string) => string;
}

const addresses = instanceRecord.pick({ networks: true, publicAddress: true, securityGroupIds: true });
const side = z.object({ id: z.string(), before: addresses });
/** On disk before each turn. `switching`: either side may have the other's addresses. */
const document = z.object({ state: z.enum(['held', 'switching', 'switched']), from: side, to: side });
type Document = z.output<typeof document>;

const FILE = 'address-move.json';

/** Where clients know an instance by. */
const namesOf = ({ ssl, networks, publicAddress }: InstanceRecord): string[] => [
  ...(ssl.connectAddress === '' ? [] : [ssl.connectAddress]),
  ...[...networks, publicAddress].flatMap((address) => (address ? [address.host] : [])),
];

const told = ({ networks, publicAddress }: Addresses): string =>
  [...networks, publicAddress].flatMap((each) => (each ? [`${each.host}:${each.port}`] : [])).join(', ');

/** Why the sides cannot exchange their addresses, in words; empty when they can. */
export function moveObstacle(instances: Pick<Instances, 'get'>, from: Side, to: Side): string {
  if (from.accessType !== 'cdb' || to.accessType !== 'cdb')
    return 'Both sides must be instances of this control plane that were chosen as such, not by host and port';
  const [a, b] = [instances.get(from.instanceId), instances.get(to.instanceId)];
  if (!a || !b) return `There is no instance ${a ? to.instanceId : from.instanceId}`;
  if (a.id === b.id) return 'Source and target are the same instance';
  if (a.region !== b.region) return `The instances are in different regions (${a.region}, ${b.region})`;
  for (const { id, status } of [a, b]) if (!shouldServe(status)) return `The instance ${id} does not serve (${status})`;
  if (a.ssl.enabled && !b.ssl.enabled)
    return `Clients of ${a.id} may use TLS, which ${b.id} does not offer: turn TLS on there first`;
  return '';
}

export function createAddressMove({ instances, folderOf }: AddressMoveDeps): AddressMove {
  const fileOf = (jobId: string): string => join(folderOf(jobId), FILE);
  const read = async (jobId: string): Promise<Document | null> => {
    try {
      return document.parse(JSON.parse(await readFile(fileOf(jobId), 'utf8')));
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
      throw error;
    }
  };
  const write = (jobId: string, is: Document): Promise<void> =>
    writeFileAtomically(fileOf(jobId), `${JSON.stringify(is)}\n`);
  const letBoth = async (jobId: string, { from, to }: Document): Promise<void> => {
    for (const { id } of [to, from]) await instances.letClients(id, jobId);
  };
  const why: AddressMove['why'] = (from, to) => moveObstacle(instances, from, to);

  return {
    why,
    can: (from, to) => why(from, to) === '',

    async hold(jobId, from, to) {
      const obstacle = why(from, to);
      const [a, b] = [instances.get(from.instanceId), instances.get(to.instanceId)];
      if (obstacle !== '' || !a || !b)
        throw new AppError({ code: 'conflict', message: obstacle, field: 'completion.moveAddress' });
      const known = await read(jobId);
      if (known && known.state !== 'switched' && (known.from.id !== a.id || known.to.id !== b.id))
        throw new Error(`the address of ${known.from.id} is being moved by ${jobId}`);
      if (known?.state === 'switching') return;
      await instances.certifyFor(b.id, namesOf(a));
      await instances.certifyFor(a.id, namesOf(b));
      await write(jobId, {
        state: 'held',
        from: { id: a.id, before: addressesOfRecord(a) },
        to: { id: b.id, before: addressesOfRecord(b) },
      });
      try {
        await instances.holdClients(a.id, jobId, applicationName(jobId));
      } catch (error) {
        await instances.letClients(a.id, jobId);
        await rm(fileOf(jobId), { force: true });
        throw error;
      }
    },

    async switch(jobId) {
      const known = await read(jobId);
      if (!known) throw new Error(`${jobId} holds no address`);
      if (known.state === 'switched') return;
      const [a, b] = [instances.get(known.from.id), instances.get(known.to.id)];
      if (!a || !b) throw new AppError({ code: 'not-found', message: 'One of the instances is gone' });
      // As they are now: a security group may have been bound while the clients waited.
      const [from, to] =
        known.state === 'switching'
          ? [known.from, known.to]
          : [
              { id: a.id, before: addressesOfRecord(a) },
              { id: b.id, before: addressesOfRecord(b) },
            ];
      const now: Document = { state: 'switching', from, to };
      await write(jobId, now);
      // Invariant: until the switch is complete on disk nobody gets through, so that it can be undone without losing anything.
      await instances.holdClients(to.id, jobId, applicationName(jobId));
      await instances.exchangeAddresses({ id: to.id, addresses: from.before }, { id: from.id, addresses: to.before });
      await write(jobId, { ...now, state: 'switched' });
      const text = (other: string, has: Addresses): string =>
        `Exchanged addresses with ${other}: it is reached at ${told(has)}`;
      await instances.noteEvent(to.id, { level: 'info', kind: 'address-moved', text: text(from.id, from.before) });
      await instances.noteEvent(from.id, { level: 'info', kind: 'address-moved', text: text(to.id, to.before) });
    },

    async release(jobId) {
      const known = await read(jobId);
      if (known?.state === 'switched') await letBoth(jobId, known);
    },

    async undo(jobId) {
      const known = await read(jobId);
      if (!known || known.state === 'switched') return;
      const { from, to } = known;
      if (known.state === 'switching')
        await instances.exchangeAddresses({ id: from.id, addresses: from.before }, { id: to.id, addresses: to.before });
      await letBoth(jobId, known);
      await rm(fileOf(jobId), { force: true });
    },
  };
}
