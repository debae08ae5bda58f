import { cpus } from 'node:os';
import { join } from 'node:path';
import { randomInt } from 'node:crypto';
import { AppError } from '../../../shared/errors';
import type { Logger } from '../../log';
import type { ServerAccount } from '../cluster/account';
import { installedCertificate, openAuthority, type Authority } from '../cluster/certificates';
import { openSuperuser } from '../cluster/session';
import type { GatewayControl } from '../gateway/route';
import type { Networks } from '../network/networks';
import type { StateFolder } from '../state-folder';
import { adoptAll } from './adoption';
import { startCertificateWatch } from './certificate-watch';
import { changeRecord, noteEvent } from './change-record';
import { addressesOf, mustGet, type Ground } from './context';
import { createDrills } from './drill';
import { DEFAULT_HA, DEFAULT_MAINTENANCE } from './defaults';
import { startDiskWatch, type DiskWatch } from './disk-watch';
import { changeHa } from './ha-change';
import type { Instances, NewInstance } from './instance-service';
import { limiter } from './limiter';
import { startMonitor } from './monitor';
import { chooseAddress, createNetworking } from './networking';
import { nodeHealth } from './node-health';
import { clusterNode } from './node-of';
import { createOperations } from './operations';
import { operationInput, primaryOf, type InstanceRecord, type NodeRecord } from './record';
import type { InstanceRepository } from './repository';
import { firstStep } from './runner';
import { createServerTable } from './server-table';
import { createSessions } from './sessions';
import { shouldServe } from './status';
import { createSupervisor } from './supervisor';
import { createTurns } from './turns';
import { startWaiting } from './waiting';

export interface InstancesDeps {
  readonly repository: InstanceRepository;
  readonly folder: StateFolder;
  readonly account: ServerAccount | null;
  readonly nodeSecret: string;
  readonly gateway: GatewayControl;
  readonly networks: Networks;
  readonly log: Logger;
  /** Milliseconds between two looks at the disks of the instances. */
  readonly diskEveryMs: number;
}

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

/** All instances of a control plane, with everything that goes on around them by itself. */
export function createInstances(deps: InstancesDeps): Instances {
  const { repository, folder, log, networks } = deps;
  const ending = new AbortController();
  const turns = createTurns();
  const sessions = createSessions();
  const servers = createServerTable();
  let authority: Promise<Authority> | null = null;
  let diskWatch: DiskWatch | null = null;
  const ground: Ground = {
    repository,
    place: { folder, account: deps.account, nodeSecret: deps.nodeSecret },
    gateway: deps.gateway,
    networks,
    log,
    servers,
    traffic: new Map(),
    authority: () => (authority ??= openAuthority(join(folder.root, 'authority'))),
    heavy: limiter(Math.max(2, cpus().length)),
    diskUsed: (id) => diskWatch?.used(id) ?? null,
    lagOf: (id, nodeId) => supervisor.lagOf(id, nodeId),
  };
  const operations = createOperations(ground, turns, ending.signal);
  const supervisor = createSupervisor({
    ground,
    turns,
    sessions,
    nextTask: () => operations.nextTask(),
    ending: ending.signal,
  });
  const { refresh, ...networking } = createNetworking(ground, ending.signal);
  const stopping: (() => void)[] = [
    networks.onRules((groupId) => {
      refresh(groupId).catch((error: unknown) => void log.bug(`rules of ${groupId}`, error));
    }),
  ];

  const noteProblem: Instances['noteProblem'] = async (id, problem) => {
    const record = repository.get(id);
    if (record && record.problem !== problem) await changeRecord(repository, id, { problem });
  };
  const node: Instances['node'] = (record) => clusterNode(ground.place, record, primaryOf(record));
  const drills = createDrills({ ground, nextTask: () => operations.nextTask(), ending: ending.signal });
  // Addresses are chosen one after the other: each must see what the one before took.
  const oneByOne = limiter(1);

  const create = async ({ adminVerifier, zones, vpcId, subnetId, ...wanted }: NewInstance): Promise<string> => {
    const subnet = networks.subnet(subnetId);
    if (!subnet) throw new AppError({ code: 'not-found', message: `There is no subnet ${subnetId}` });
    const address = await chooseAddress(subnet.cidr, addressesOf(repository.all()));
    let id = newId();
    while (repository.get(id)) id = newId();
    const now = Date.now();
    const record: InstanceRecord = {
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
        taskId: operations.nextTask(),
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
    await repository.put(record);
    operations.run(id);
    return id;
  };

  return {
    list: () => repository.all(),
    get: (id) => repository.get(id),
    create: (wanted) => oneByOne(() => create(wanted)),
    check: operations.check,
    begin: operations.begin,
    beginWaiting: operations.beginWaiting,
    cancelWaiting: operations.cancelWaiting,
    change: (id, change) => changeRecord(repository, id, change),
    changeHa: (id, syncMode, ha) => changeHa(ground, turns, ending.signal, id, { syncMode, ha }),
    ...networking,
    nodes: (id) => nodeHealth(ground, sessions, mustGet(repository, id)),
    drill: drills.begin,
    drillZone: drills.beginZone,
    drills: drills.of,
    noteProblem,
    noteEvent: (id, event) => noteEvent(repository, id, event),
    setServing: (id, status) => changeRecord(repository, id, { status }),
    node,
    async withSuperuser(id, database, work, signal) {
      const record = mustGet(repository, id);
      if (!shouldServe(record.status) || !servers.get(id, primaryOf(record).id)) {
        throw new AppError({ code: 'conflict', message: `The instance ${id} does not serve (${record.status})` });
      }
      const session = await openSuperuser(node(record), signal, database);
      try {
        return await work(session);
      } finally {
        await session.end();
      }
    },
    async certificateOf(id) {
      const record = mustGet(repository, id);
      return record.ssl.enabled ? installedCertificate(node(record)) : null;
    },
    certificateAuthority: async () => (await ground.authority()).certificate,
    diskUsed: ground.diskUsed,
    async resume() {
      await adoptAll({ ground, operations, ending: ending.signal, noteProblem });
      await drills.adopt();
      const monitor = startMonitor({ ground, operations, supervisor, noteProblem });
      const waiting = startWaiting({ ground, operations });
      const certificates = startCertificateWatch({ ground, turns });
      diskWatch = startDiskWatch(ground, deps.diskEveryMs);
      stopping.push(monitor.stop, waiting.stop, certificates.stop, diskWatch.stop);
    },
    async close() {
      for (const stop of stopping.splice(0)) stop();
      ending.abort();
      drills.close();
      // A step that waits for a server notices the signal at its own end; the journal makes waiting for it unnecessary.
      await Promise.race([
        Promise.all([operations.settled(), turns.end()]),
        new Promise((resolve) => setTimeout(resolve, 2_000).unref()),
      ]);
      await sessions.close();
    },
  };
}
