import { randomInt } from 'node:crypto';
import { AppError } from '../../../shared/errors';
import type { Address } from './addresses';
import { addressesOf, type Ground } from './context';
import { DEFAULT_HA, DEFAULT_MAINTENANCE } from './defaults';
import type { Instances, NewInstance } from './instance-service';
import { limiter } from './limiter';
import { chooseAddress } from './networking';
import type { Operations } from './operations';
import { operationInput, type InstanceRecord, type NodeRecord } from './record';
import { firstStep } from './runner';

const ID_CHARACTERS = '0123456789abcdefghijklmnopqrstuvwxyz';
const newId = (): string =>
  `postgres-${Array.from({ length: 8 }, () => ID_CHARACTERS[randomInt(ID_CHARACTERS.length)]).join('')}`;

const newNodes = (id: string, zones: readonly string[], now: number): NodeRecord[] =>
  zones.map((zone, index) => ({
    id: `n${index + 1}`,
    zone,
    folder: `${zone}/${id}/n${index + 1}`,
    role: index === 0 ? 'primary' : 'standby',
    state: index === 0 ? 'ready' : 'building',
    inSync: false,
    listenPort: 0,
    problem: '',
    createdAt: now,
  }));

function newRecord(
  { adminVerifier, zones, vpcId, subnetId, ...wanted }: NewInstance,
  { id, address, taskId }: { readonly id: string; readonly address: Address; readonly taskId: number },
): InstanceRecord {
  const now = Date.now();
  return {
    ...wanted,
    id,
    zone: zones[0] ?? '',
    tags: [...wanted.tags],
    securityGroupIds: [...wanted.securityGroupIds],
    status: 'applying',
    problem: '',
    nodes: newNodes(id, zones, now),
    nextNode: zones.length + 1,
    ha: DEFAULT_HA,
    degradedAt: null,
    networks: [{ vpcId, subnetId, ...address }],
    publicAddress: null,
    ssl: { enabled: false, connectAddress: '' },
    maintenance: DEFAULT_MAINTENANCE,
    waiting: null,
    accounts: {},
    meter: { at: now, instanceMs: 0, gbMs: 0 },
    createdAt: now,
    updatedAt: now,
    isolatedAt: null,
    operation: {
      taskId,
      kind: 'create',
      step: firstStep('create').name,
      note: '',
      startedAt: now,
      adminVerifier,
      input: operationInput.parse({}),
      facts: {},
    },
    history: [],
    events: [],
  };
}

/** Makes instances: all that were asked for together, or none of them. */
export function createCreation(
  { repository, networks }: Pick<Ground, 'repository' | 'networks'>,
  operations: Pick<Operations, 'nextTask' | 'run'>,
): Instances['createMany'] {
  // Addresses are chosen one after the other: each must see what the one before took.
  const oneByOne = limiter(1);

  const records = async (wanted: readonly NewInstance[]): Promise<InstanceRecord[]> => {
    const made: InstanceRecord[] = [];
    for (const each of wanted) {
      const subnet = networks.subnet(each.subnetId);
      if (!subnet) throw new AppError({ code: 'not-found', message: `There is no subnet ${each.subnetId}` });
      const address = await chooseAddress(subnet.cidr, addressesOf([...repository.all(), ...made]));
      let id = newId();
      while (repository.get(id) || made.some((other) => other.id === id)) id = newId();
      made.push(newRecord(each, { id, address, taskId: operations.nextTask() }));
    }
    return made;
  };

  return (wanted) =>
    oneByOne(async () => {
      const made = await records(wanted);
      const written = await Promise.allSettled(made.map((record) => repository.put(record)));
      const failed = written.find((each) => each.status === 'rejected');
      if (failed) {
        await Promise.allSettled(made.map(({ id }) => repository.remove(id)));
        throw failed.reason;
      }
      for (const { id } of made) operations.run(id);
      return made.map(({ id }) => id);
    });
}
