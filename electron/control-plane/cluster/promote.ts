import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, throwIfAborted } from '../../../shared/errors';
import type { PgSession } from '../../adapters/postgres/session';
import { pause, signalProcess } from '../processes';
import { reload, writeConfiguration } from './configuration';
import type { ClusterNode } from './node';
import { findPostmaster } from './postmaster';
import type { WaitLimits } from './replication';
import { openSuperuser } from './session';
import { ensureSlots } from './slots';

const inRecovery = async (session: PgSession): Promise<boolean> => {
  const [row] = await session.query<{ recovery: boolean }>('SELECT pg_catalog.pg_is_in_recovery() AS recovery');
  return row?.recovery ?? true;
};

/** What `pg_ctl promote` does: a file that tells what is wanted, and a signal to look for it. */
async function triggerByFile(node: ClusterNode): Promise<void> {
  const server = findPostmaster(node.data);
  if (!server) throw new AppError({ code: 'conflict', message: `No server runs on ${node.data}` });
  try {
    const handle = await open(join(node.data, 'promote'), 'wx', 0o600);
    if (node.account) await handle.chown(node.account.uid, node.account.gid);
    await handle.close();
  } catch (error) {
    // From a promotion that was begun before.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  signalProcess(server, 'SIGUSR1');
}

async function trigger(node: ClusterNode, session: PgSession): Promise<void> {
  // A paused replay would never come to its end.
  await session.query(
    'SELECT pg_catalog.pg_wal_replay_resume() FROM pg_catalog.pg_is_wal_replay_paused() AS paused WHERE paused',
  );
  if (node.major >= 12) await session.query('SELECT pg_catalog.pg_promote(false)');
  else await triggerByFile(node);
}

async function endRecovery(node: ClusterNode, { timeoutMs, signal }: WaitLimits): Promise<void> {
  const session = await openSuperuser(node, signal);
  try {
    if (!(await inRecovery(session))) return;
    await trigger(node, session);
    for (const deadline = Date.now() + timeoutMs; await inRecovery(session); await pause(5)) {
      throwIfAborted(signal);
      if (Date.now() > deadline) {
        throw new AppError({
          code: 'conflict',
          message: `The standby ${node.id} did not become a primary within ${timeoutMs} ms`,
          retry: true,
        });
      }
    }
  } finally {
    await session.end();
  }
}

/**
 * Ends the recovery of a running standby and gives it the configuration of a primary: `node` says what its `replication` is to be now (slots
 * are made, commits wait for nobody or for whom it names). Resolves when it accepts writes. A node that was promoted already gets its
 * configuration. Fails with `conflict` when it takes too long.
 */
export async function promote(node: ClusterNode, limits: WaitLimits): Promise<void> {
  const primary: ClusterNode = { ...node, role: 'primary', replication: { ...node.replication, primary: null } };
  await endRecovery(primary, limits);
  // At once: the old primary needs the log from the fork on when it comes back as a standby.
  await ensureSlots(primary, primary.replication.standbys);
  await writeConfiguration(primary, primary.data);
  await reload(primary);
}
