import { createHmac } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { KEY_FILE, keyDocument } from '../../../shared/model/control-plane';
import { dataOf, documentOf } from '../../support/instance-document';
import { pause } from './wait';

/** The servers of an instance behind its address: their processes, and what they say to the superuser on their sockets. */

/** Every process that works in a data folder, the postmaster first. */
export function processesIn(data: string): number[] {
  const found = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        return readlinkSync(`/proc/${name}/cwd`) === data;
      } catch {
        return false;
      }
    })
    .map(Number);
  return found.toSorted((a, b) => Number(found.includes(parentOf(a))) - Number(found.includes(parentOf(b))) || a - b);
}

function parentOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return 0;
  }
}

/** The processes of a node whose title says what they do, e.g. `walreceiver`. */
export function processesNamed(data: string, title: RegExp): number[] {
  return processesIn(data).filter((pid) => {
    try {
      return title.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '));
    } catch {
      return false;
    }
  });
}

/** Sends a signal to those that are still there. */
export function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // Gone meanwhile.
    }
  }
}

/** Deletes a data folder in use: servers may write into it meanwhile. */
export async function deleteFolder(data: string): Promise<void> {
  const trash = `${data}.deleted`;
  await rename(data, trash);
  await rm(trash, { recursive: true, force: true, maxRetries: 20 });
}

export const processesOfNode = (state: string, id: string, node: string): number[] =>
  processesIn(dataOf(state, id, node));

function superuserPassword(state: string, id: string): string {
  const { nodeSecret } = keyDocument.parse(JSON.parse(readFileSync(join(state, KEY_FILE), 'utf8')));
  return createHmac('sha256', nodeSecret).update(`superuser ${id}`).digest('hex');
}

/** A session of the superuser on the private socket of a node. Fails when nobody answers in time. */
export async function connectNode(state: string, id: string, node: string, ms = 1_000): Promise<Client> {
  const client = new Client({
    host: join(state, 'run', `${id}-${node}`),
    port: 5432,
    user: 'postgres',
    database: 'postgres',
    password: superuserPassword(state, id),
    connectionTimeoutMillis: ms,
    query_timeout: ms,
  });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** Asks one node one thing. */
export async function askNode(
  state: string,
  id: string,
  node: string,
  sql: string,
): Promise<Record<string, unknown>[]> {
  const client = await connectNode(state, id, node, 5_000);
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    void client.end().catch(() => undefined);
  }
}

/** Sees whether two nodes ever accept writes at the same time. */
export interface TwoWriterWatch {
  /** What was seen; empty is well. */
  stop(): Promise<readonly string[]>;
}

export function watchForTwoWriters(state: string, id: string): TwoWriterWatch {
  const seen: string[] = [];
  const clients = new Map<string, Client>();
  let stopping = false;
  /** Null: nobody answers. */
  const writes = async (node: string): Promise<boolean | null> => {
    try {
      const client = clients.get(node) ?? (await connectNode(state, id, node));
      clients.set(node, client);
      const { rows } = await client.query<{ r: boolean }>('SELECT pg_is_in_recovery() AS r');
      return rows[0]?.r === false;
    } catch {
      void clients
        .get(node)
        ?.end()
        .catch(() => undefined);
      clients.delete(node);
      return null;
    }
  };
  const nodes = (): string[] => {
    try {
      return documentOf(state, id).nodes.map((node) => node.id);
    } catch {
      return [];
    }
  };
  const work = (async () => {
    while (!stopping) {
      const all = nodes();
      const answers = await Promise.all(all.map(async (node) => ({ node, writes: await writes(node) })));
      const writing = answers.filter((each) => each.writes === true).map(({ node }) => node);
      // They were asked at about the same time: the first must still say so after the last has said it.
      const [first] = writing;
      if (writing.length > 1 && first !== undefined && (await writes(first))) seen.push(writing.join(' and '));
      await pause(120);
    }
  })();
  return {
    async stop() {
      stopping = true;
      await work;
      for (const client of clients.values()) void client.end().catch(() => undefined);
      return seen;
    },
  };
}
