import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, throwIfAborted } from '../../../shared/errors';
import { identify, isAlive, pause, type ProcessIdentity } from '../processes';
import type { ServerBinaries } from './binaries';
import { isStandbyData, writeConfiguration } from './configuration';
import { checkEngine } from './engine';
import { serverEnvironment } from './environment';
import type { ClusterNode } from './node';
import { makeFolders } from './owned-file';
import { fence, findPostmaster, readPidFile } from './postmaster';
import { promote } from './promote';
import { reasonInLog, startFile } from './server-log';
import { openSuperuser } from './session';
import { ensureSlots } from './slots';

export { openSuperuser };

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
  /** How long crash recovery may take; for a standby, until it has a consistent state that can be read. */
  readonly readyMs: number;
  readonly signal?: AbortSignal;
}

/** A server is up when it takes a session. `standby` stands in the pid file where sessions are not allowed on one. */
async function isUp(node: ClusterNode, identity: ProcessIdentity): Promise<boolean> {
  const file = readPidFile(node.data);
  if (file?.pid !== identity.pid || (file.status !== 'ready' && file.status !== 'standby')) return false;
  const session = await openSuperuser(node).catch(() => null);
  await session?.end();
  return session !== null;
}

async function waitUntilUp(
  node: ClusterNode,
  identity: ProcessIdentity,
  since: number,
  limits: StartLimits,
): Promise<void> {
  for (const deadline = Date.now() + limits.readyMs; !(await isUp(node, identity)); await pause(20)) {
    throwIfAborted(limits.signal);
    if (!isAlive(identity) || Date.now() > deadline) throw notStarted(node, since);
  }
}

/**
 * Starts the server, or adopts the one that runs already, and waits until it answers: a primary for writing, a standby for reading. Never two
 * on the same data: whatever is left of an earlier server is ended first. A primary whose data is still that of a standby is promoted. Fails
 * with `tool` and the reason from the log, `conflict` when the data belongs to another build.
 */
export async function startServer(
  node: ClusterNode,
  binaries: ServerBinaries,
  limits: StartLimits = { readyMs: 600_000 },
): Promise<{ identity: ProcessIdentity; adopted: boolean }> {
  const since = Date.now();
  const running = findPostmaster(node.data);
  if (!running) {
    await checkEngine(node, binaries);
    await fence(node);
    await makeFolders(node);
    await writeConfiguration(node, node.data);
  }
  const identity = running ?? spawnPostmaster(node, binaries);
  await waitUntilUp(node, identity, since, limits);
  if (node.role === 'primary' && isStandbyData(node)) {
    await promote(node, { timeoutMs: limits.readyMs, ...(limits.signal ? { signal: limits.signal } : {}) });
  }
  // What it kept for others while it was a primary would be kept for ever.
  if (node.role === 'standby' && !running) await ensureSlots(node, node.replication.standbys);
  return { identity, adopted: running !== null };
}
