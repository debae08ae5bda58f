import { AppError, throwIfAborted } from '../../../shared/errors';
import type { Logger } from '../../log';
import type { Authority } from '../cluster/certificates';
import { binariesOf } from '../cluster/machine-binaries';
import type { GatewayControl, Route } from '../gateway/route';
import type { Networks } from '../network/networks';
import type { Machine } from './capacity';
import { changeRecord, noteEvent } from './change-record';
import type { LagSample } from './ha-rules';
import { clusterNode, type NodePlace } from './node-of';
import type { OperationContext } from './operation-context';
import { primaryOf, type InstanceRecord } from './record';
import type { InstanceRepository } from './repository';
import type { ServerTable } from './server-table';

/** What everything that works on instances is made of. */
export interface Ground {
  readonly repository: InstanceRepository;
  readonly place: NodePlace;
  readonly gateway: GatewayControl;
  readonly networks: Networks;
  readonly log: Logger;
  readonly servers: ServerTable;
  /** What was last asked of the gateway for each instance. */
  readonly traffic: Map<string, Route['state']>;
  readonly authority: () => Promise<Authority>;
  readonly heavy: <T>(work: () => Promise<T>) => Promise<T>;
  /** Bytes on disk of the serving node, as last looked at. */
  readonly diskUsed: (id: string) => number | null;
  /** The same, looked at now when it was not yet. */
  readonly measureDisk: (id: string) => Promise<number>;
  readonly machine: () => Machine;
  readonly lagOf: (id: string, nodeId: string) => LagSample | null;
}

export function mustGet(repository: InstanceRepository, id: string): InstanceRecord {
  const record = repository.get(id);
  if (!record) throw new AppError({ code: 'not-found', message: `There is no instance ${id}` });
  return record;
}

const NOTE_EVERY_MS = 1000;
const MEGABYTE = 1024 ** 2;

/** A context in which steps work on an instance until the signal fires. */
export function contextOf(ground: Ground, id: string, signal: AbortSignal): OperationContext {
  const { repository, place, log, servers } = ground;
  const record = (): InstanceRecord => mustGet(repository, id);
  // Invariant: work that was given up changes nothing any more, however late it notices.
  const update: OperationContext['update'] = async (change) => {
    throwIfAborted(signal);
    await changeRecord(repository, id, change);
  };
  let noted = 0;
  /** How much of the binaries has come, for people who wait. */
  const tell = (done: number, total: number | null): void => {
    const { operation } = record();
    const now = Date.now();
    if (!operation || now - noted < NOTE_EVERY_MS) return;
    noted = now;
    const megabytes = (bytes: number): string => (bytes / MEGABYTE).toFixed(0);
    const note = `Fetching PostgreSQL ${record().version}: ${megabytes(done)}${total !== null ? ` of ${megabytes(total)}` : ''} MB`;
    update({ operation: { ...operation, note } }).catch((error: unknown) => void log.bug('note of a fetch', error));
  };
  const node: OperationContext['node'] = (nodeId, from = record()) => {
    const found = nodeId === undefined ? primaryOf(from) : from.nodes.find((each) => each.id === nodeId);
    if (!found) throw new AppError({ code: 'not-found', message: `The instance ${id} has no node ${nodeId}` });
    return clusterNode(place, from, found);
  };
  return {
    log,
    gateway: ground.gateway,
    networks: ground.networks,
    signal,
    servers,
    traffic: ground.traffic,
    record,
    node,
    binaries: (nodeId) => binariesOf(node(nodeId), { signal, onProgress: tell }),
    update,
    heavy: ground.heavy,
    takenAddresses: () => addressesOf(repository.all().filter((each) => each.id !== id)),
    authority: ground.authority,
    diskUsed: () => ground.diskUsed(id),
    measureDisk: () => ground.measureDisk(id),
    lagOf: (nodeId) => ground.lagOf(id, nodeId),
    async event(event) {
      throwIfAborted(signal);
      await noteEvent(repository, id, event);
    },
  };
}

export const addressesOf = (records: readonly InstanceRecord[]): { host: string; port: number }[] =>
  records.flatMap(({ networks }) =>
    networks.filter(({ host }) => host !== '').map(({ host, port }) => ({ host, port })),
  );
