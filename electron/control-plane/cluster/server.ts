import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../../shared/errors';
import { NEW_SERVER } from '../../../shared/model/server';
import { openSession, type PgSession } from '../../adapters/postgres/session';
import { identify, isAlive, pause, type ProcessIdentity } from '../processes';
import type { ServerBinaries } from './binaries';
import { writeConfiguration } from './configuration';
import { serverEnvironment } from './init';
import { SOCKET_PORT, SUPERUSER, type ClusterNode } from './node';
import { fence, findPostmaster, readPidFile } from './postmaster';

/** Opens a session of the internal superuser over the node's private socket. */
export function openSuperuser(node: ClusterNode, signal?: AbortSignal): Promise<PgSession> {
  return openSession(
    {
      host: node.socket,
      port: SOCKET_PORT,
      database: 'postgres',
      user: SUPERUSER,
      password: node.superuserPassword,
      role: '',
      ssl: { ...NEW_SERVER.ssl, mode: 'disable' },
      ssh: NEW_SERVER.ssh,
      sshPassword: null,
      applicationName: 'howdah control plane',
      connectTimeout: 10,
      statementTimeout: 0,
      keepAlive: 0,
      options: '',
      readOnly: false,
    },
    signal,
  );
}

const startFile = (node: ClusterNode): string => join(node.log, 'start.log');

/** The lines in which a server said why it ended, from its start log and the newest log of its collector. */
export function reasonInLog(node: ClusterNode, sinceMs: number): string {
  const files = readdirSync(node.log)
    .map((name) => join(node.log, name))
    .filter((file) => statSync(file).mtimeMs >= sinceMs - 1000);
  for (const file of [startFile(node), ...files]) {
    let text: string;
    try {
      text = readFileSync(file, 'utf8').slice(-8000);
    } catch {
      continue;
    }
    const lines = text.split('\n').filter((line) => /\b(FATAL|PANIC):|could not|error while loading/.test(line));
    const last = lines.at(-1);
    if (last) return last.replace(/^.*?\b(?:FATAL|PANIC):\s*/, '').trim();
  }
  return '';
}

function spawnPostmaster(node: ClusterNode, binaries: ServerBinaries): ProcessIdentity {
  const log = openSync(startFile(node), 'w', 0o600);
  try {
    // A session of its own: the end of the daemon, or of the terminal it was started from, must not reach the server.
    const child = spawn(join(binaries.bin, 'postgres'), ['-D', node.data], {
      cwd: node.base,
      env: serverEnvironment(),
      detached: true,
      stdio: ['ignore', log, log],
      ...(node.account ? { uid: node.account.uid, gid: node.account.gid } : {}),
    });
    child.on('error', () => undefined);
    child.unref();
    const identity = child.pid === undefined ? null : identify(child.pid);
    return identity ?? { pid: child.pid ?? 0, start: '' };
  } finally {
    closeSync(log);
  }
}

const notStarted = (node: ClusterNode, since: number): AppError => {
  const reason = reasonInLog(node, since);
  return new AppError({
    code: 'tool',
    message: reason === '' ? 'The server did not start' : `The server did not start: ${reason}`,
    hint: `Its log is in ${node.log}`,
  });
};

export interface StartLimits {
  /** How long crash recovery may take. */
  readonly readyMs: number;
}

/**
 * Starts the server, or adopts the one that runs already, and waits until it answers. Never two on the same data: whatever is left of an
 * earlier server is ended first. Fails with `tool` and the reason from the log.
 */
export async function startServer(
  node: ClusterNode,
  binaries: ServerBinaries,
  { readyMs }: StartLimits = { readyMs: 600_000 },
): Promise<{ identity: ProcessIdentity; adopted: boolean }> {
  const since = Date.now();
  const running = findPostmaster(node.data);
  if (!running) {
    await fence(node);
    await writeConfiguration(node, node.data);
  }
  const identity = running ?? spawnPostmaster(node, binaries);
  for (const deadline = Date.now() + readyMs; ; await pause(20)) {
    if (!isAlive(identity)) throw notStarted(node, since);
    const file = readPidFile(node.data);
    if (file?.pid === identity.pid && file.status === 'ready') {
      const session = await openSuperuser(node).catch(() => null);
      if (session) {
        await session.end();
        return { identity, adopted: running !== null };
      }
    }
    if (Date.now() > deadline) throw notStarted(node, since);
  }
}
