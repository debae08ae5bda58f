import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import { AppError } from '../../../shared/errors';
import type { ServerAccount } from '../cluster/account';
import { portOf, type ClusterNode, type Replication } from '../cluster/node';
import type { StateFolder } from '../state-folder';
import { classSettings, findClass } from './classes';
import { synchronousNode } from './ha-rules';
import { keptLogSettings } from './kept-log';
import { primaryOf, standbysOf, type InstanceRecord, type NodeRecord } from './record';

export interface NodePlace {
  readonly folder: StateFolder;
  readonly account: ServerAccount | null;
  readonly nodeSecret: string;
}

/** Where a server listens when it must speak TLS, which PostgreSQL offers on network addresses only. */
export const TLS_HOST = '127.0.0.1';

/** Names of the certificate's files in a node's folder. */
const TLS_FILES = { cert: 'server.crt', key: 'server.key' } as const;

const listenOf = (record: InstanceRecord, node: NodeRecord): NonNullable<ClusterNode['listen']> | null =>
  record.ssl.enabled && node.listenPort > 0 ? { host: TLS_HOST, port: node.listenPort } : null;

/** Name under which an operation notes that a node already runs another class than its instance. */
export const classFact = (nodeId: string): string => `class ${nodeId}`;

const socketFolder = ({ folder }: NodePlace, record: InstanceRecord, node: NodeRecord): string =>
  join(folder.run, `${record.id}-${node.id}`);

const superuserPassword = ({ nodeSecret }: NodePlace, record: InstanceRecord): string =>
  createHmac('sha256', nodeSecret).update(`superuser ${record.id}`).digest('hex');

function replication(place: NodePlace, record: InstanceRecord, node: NodeRecord): Replication {
  if (node.role === 'primary') {
    const standbys = standbysOf(record).filter(({ state }) => state !== 'lost');
    return { standbys: standbys.map(({ id }) => id), synchronous: synchronousNode(record), primary: null };
  }
  const primary = primaryOf(record);
  const socket = socketFolder(place, record, primary);
  const port = portOf({ listen: listenOf(record, primary) });
  return { standbys: [], synchronous: null, primary: { socket, port, password: superuserPassword(place, record) } };
}

/** What the cluster functions need to know of one node of an instance, as the record says it should be. */
export function clusterNode(place: NodePlace, record: InstanceRecord, node: NodeRecord): ClusterNode {
  const classCode = record.operation?.facts[classFact(node.id)] ?? record.classCode;
  const spec = findClass(classCode);
  if (!spec) throw new AppError({ code: 'not-found', message: `There is no class ${classCode}` });
  const base = join(place.folder.zones, node.folder);
  return {
    id: node.id,
    role: node.role,
    base,
    data: join(base, 'data'),
    log: join(base, 'log'),
    socket: socketFolder(place, record, node),
    account: place.account,
    major: record.major,
    charset: record.charset,
    superuserPassword: superuserPassword(place, record),
    settings: [...classSettings(spec, record.major), ...keptLogSettings(record)],
    tls: listenOf(record, node) && TLS_FILES,
    listen: listenOf(record, node),
    replication: replication(place, record, node),
  };
}
