import { rm } from 'node:fs/promises';
import { AppError, throwIfAborted } from '../../../shared/errors';
import { copyFrom } from '../cluster/base-copy';
import { replicationOf } from '../cluster/replication';
import { asSuperuser } from '../cluster/session';
import { isAlive, pause } from '../processes';
import { fenceNode } from './fencing';
import { dropKeptLog } from './kept-log';
import type { OperationContext } from './operation-context';
import { mustHaveRoom } from './room';
import { start } from './serve';
import type { NodeRecord } from './record';
import { changeNode, confirmSync, engageSync, forgetSync } from './sync';
import { installTls } from './tls-files';

/** How a standby comes to be. */

const STREAM_MS = 30_000;

const notFollowing = (context: OperationContext, id: string, what: string): AppError =>
  new AppError({
    code: 'conflict',
    message: `The standby ${id} ${what}`,
    hint: `Its log is in ${context.node(id).log}`,
  });

/** Waits until a standby that was started streams from the primary. Fails with `conflict` when it ends or the time is over. */
export async function waitStreaming(context: OperationContext, id: string, ms = STREAM_MS): Promise<void> {
  const { signal } = context;
  const primary = context.node();
  await asSuperuser(
    primary,
    async (session) => {
      for (const deadline = Date.now() + ms; ; await pause(20)) {
        throwIfAborted(signal);
        const seen = (await replicationOf(primary, { session, signal })).find((each) => each.id === id);
        if (seen?.state === 'streaming') return;
        const server = context.servers.get(context.record().id, id);
        if (!server || !isAlive(server)) throw notFollowing(context, id, 'ended');
        if (Date.now() > deadline) throw notFollowing(context, id, 'does not follow the primary');
      }
    },
    signal,
  );
}

/** Copies the running primary into the node's folder, whatever was there, starts it as a standby and waits until it streams. */
export async function buildStandby(
  context: OperationContext,
  id: string,
  onProgress: (doneBytes: number, totalBytes: number) => void = () => undefined,
): Promise<void> {
  await changeNode(context, id, { state: 'building', inSync: false });
  await fenceNode(context, id);
  await rm(context.node(id).data, { recursive: true, force: true });
  await dropKeptLog(context, id);
  await mustHaveRoom(context, id);
  await copyFrom(context.node(), context.node(id), { signal: context.signal, onProgress });
  await installTls(context, id);
  throwIfAborted(context.signal);
  await start(context, id);
  await waitStreaming(context, id);
  await changeNode(context, id, { state: 'ready', problem: '' });
}

/**
 * In synchronous mode: commits wait for this standby from here on, instead of another one, and it may take over. In between none may: the record
 * must never say so of one that is not waited for.
 */
export async function joinSync(context: OperationContext, id: string): Promise<void> {
  if (context.record().syncMode !== 'Semi-sync') return;
  await forgetSync(context);
  const { nodes } = context.record();
  const rank = (node: NodeRecord): number => (node.role === 'primary' ? 0 : node.id === id ? 1 : 2);
  await context.update({ nodes: nodes.toSorted((a, b) => rank(a) - rank(b)) });
  await engageSync(context, id);
  await confirmSync(context, id);
}
