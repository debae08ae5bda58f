import { cpus } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../../../shared/errors';
import type { Logger } from '../../log';
import type { ServerAccount } from '../cluster/account';
import { installedCertificate, openAuthority, type Authority } from '../cluster/certificates';
import { openSuperuser } from '../cluster/session';
import type { GatewayControl } from '../gateway/route';
import type { Networks } from '../network/networks';
import type { StateFolder } from '../state-folder';
import { createAddressExchange } from './address-exchange';
import { adoptAll } from './adoption';
import { startCertificateWatch } from './certificate-watch';
import { changeRecord, noteEvent } from './change-record';
import { machine } from './capacity';
import { mustGet, type Ground } from './context';
import { createCreation } from './creation';
import { createDrills } from './drill';
import { createDiskWatch } from './disk-watch';
import { changeHa } from './ha-change';
import type { Instances } from './instance-service';
import { limiter } from './limiter';
import { startMonitor } from './monitor';
import { createNetworking } from './networking';
import { nodeHealth } from './node-health';
import { clusterNode } from './node-of';
import { createOperations } from './operations';
import { primaryOf } from './record';
import type { InstanceRepository } from './repository';
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

/** All instances of a control plane, with everything that goes on around them by itself. */
export function createInstances(deps: InstancesDeps): Instances {
  const { repository, folder, log, networks } = deps;
  const ending = new AbortController();
  const turns = createTurns();
  const sessions = createSessions();
  const servers = createServerTable();
  let authority: Promise<Authority> | null = null;
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
    diskUsed: (id) => diskWatch.used(id),
    measureDisk: (id) => diskWatch.measure(id),
    machine: () => machine(folder.root),
    lagOf: (id, nodeId) => supervisor.lagOf(id, nodeId),
  };
  const diskWatch = createDiskWatch(ground);
  const operations = createOperations(ground, turns, ending.signal);
  const supervisor = createSupervisor({
    ground,
    turns,
    sessions,
    nextTask: () => operations.nextTask(),
    ending: ending.signal,
  });
  const { refresh, ...networking } = createNetworking(ground, ending.signal, () => operations.nextTask());
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
  const createMany = createCreation(ground, operations);

  return {
    list: () => repository.all(),
    get: (id) => repository.get(id),
    async create(wanted) {
      const [id = ''] = await createMany([wanted]);
      return id;
    },
    createMany,
    check: operations.check,
    begin: operations.begin,
    beginWaiting: operations.beginWaiting,
    cancelWaiting: operations.cancelWaiting,
    change: (id, change) => changeRecord(repository, id, change),
    changeHa: (id, syncMode, ha) => changeHa(ground, turns, ending.signal, id, { syncMode, ha }),
    ...networking,
    ...createAddressExchange(ground, turns, ending.signal),
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
      diskWatch.start(deps.diskEveryMs);
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
