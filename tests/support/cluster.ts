import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { serverAccount } from '../../electron/control-plane/cluster/account';
import { copyFrom } from '../../electron/control-plane/cluster/base-copy';
import { ensureBinaries } from '../../electron/control-plane/cluster/binaries';
import { initCluster } from '../../electron/control-plane/cluster/init';
import { ALONE, type ClusterNode } from '../../electron/control-plane/cluster/node';
import { endProcessesIn, stopPostmaster } from '../../electron/control-plane/cluster/postmaster';
import { startServer } from '../../electron/control-plane/cluster/server';
import { asSuperuser } from '../../electron/control-plane/cluster/session';
import { signalProcess } from '../../electron/control-plane/processes';
import { openTempFolder } from './postgres';

/** Nodes of one major version below a temporary folder, driven by the cluster functions alone: no daemon, no gateway. */
export interface TestCluster {
  readonly folder: string;
  node(id: string, change?: Partial<ClusterNode>): ClusterNode;
  start(node: ClusterNode): Promise<void>;
  /** Runs one statement as the superuser. */
  sql(node: ClusterNode, sql: string, params?: readonly unknown[]): Promise<Record<string, unknown>[]>;
  /** Ends every process of a node at once, as a fence does. */
  kill(node: ClusterNode): Promise<void>;
  /** A primary `n1` that is up. */
  primary(change?: Partial<ClusterNode>): Promise<ClusterNode>;
  /** A standby of a running node, copied and up. */
  standby(of: ClusterNode, id: string): Promise<ClusterNode>;
  close(): Promise<void>;
}

export async function openCluster(major: number): Promise<TestCluster> {
  const account = await serverAccount();
  const folder = await openTempFolder('howdah-cl-');
  const binaries = await ensureBinaries(major);
  const nodes = new Map<string, ClusterNode>();

  const node: TestCluster['node'] = (id, change = {}) => {
    const base = join(folder, 'zone', 'instance', id);
    const made: ClusterNode = {
      id,
      role: 'primary',
      base,
      data: join(base, 'data'),
      log: join(base, 'log'),
      socket: join(folder, `run-${id}`),
      account,
      major,
      charset: 'UTF8',
      superuserPassword: `it's a "pass\\word":`,
      settings: [
        ['shared_buffers', '16MB'],
        ['max_connections', '50'],
      ],
      tls: null,
      replication: ALONE,
      ...change,
    };
    nodes.set(id, made);
    return made;
  };

  const start: TestCluster['start'] = async (which) => {
    const { identity } = await startServer(which, binaries, { readyMs: 60_000 });
    started.push({ node: which, identity });
  };
  const started: { node: ClusterNode; identity: { pid: number; start: string } }[] = [];

  return {
    folder,
    node,
    start,
    sql: (which, sql, params = []) => asSuperuser(which, (session) => session.query(sql, params)),
    async kill(which) {
      for (const each of started) if (each.node.data === which.data) signalProcess(each.identity, 'SIGKILL');
      await endProcessesIn([which.data, which.base]);
    },
    async primary(change) {
      const made = node('n1', change);
      await initCluster(made, binaries);
      await start(made);
      return made;
    },
    async standby(of, id) {
      const made = node(id, {
        role: 'standby',
        replication: { ...ALONE, primary: { socket: of.socket, password: of.superuserPassword } },
      });
      await copyFrom(of, made);
      await start(made);
      return made;
    },
    async close() {
      for (const each of nodes.values()) await stopPostmaster(each, 10_000);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Waits for something that comes by itself. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | null | false | undefined>,
  ms = 15_000,
): Promise<T> {
  for (const deadline = Date.now() + ms; ;) {
    const found = await look();
    if (found !== null && found !== false && found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`waited ${ms} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
