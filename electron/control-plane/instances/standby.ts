import { AppError, throwIfAborted } from '../../../shared/errors';
import { copyFrom } from '../cluster/base-copy';
import { replicationOf } from '../cluster/replication';
import { isAlive, pause } from '../processes';
import { fenceNode } from './fencing';
import type { OperationContext } from './operation-context';
import { start } from './serve';
import type { NodeRecord } from './record';
import { changeNode, confirmSync, engageSync, forgetSync } from './sync';
import { installTls } from './tls-files';

/** How a standby comes to be. */

const STREAM_MS = 30_000;

/** Waits until a standby that was started streams from the primary. Fails with `conflict` when it ends or the time is over. */
export async function waitStreaming(context: OperationContext, id: string, ms = STREAM_MS): Promise<void> {
  for (const deadline = Date.now() + ms; ; await pause(30)) {
    throwIfAborted(context.signal);
    const seen = (await replicationOf(context.node(), { signal: context.signal })).find((each) => each.id === id);
    if (seen?.state === 'streaming') return;
    const server = context.servers.get(context.record().id, id);
    if (!server || !isAlive(server)) {
      throw new AppError({
        code: 'tool',
        message: `The standby ${id} ended`,
        hint: `Its log is in ${context.node(id).log}`,
      });
    }
    if (Date.now() > deadline) {
      throw new AppError({
        code: 'conflict',
        message: `The standby ${id} does not follow the primary`,
        hint: `Its log is in ${context.node(id).log}`,
      });
    }
  }
}

/** Copies the running primary into the node's folder, whatever was there, starts it as a standby and waits until it streams. */
export async function buildStandby(
  context: OperationContext,
  id: string,
  onProgress: (doneBytes: number, totalBytes: number) => void = () => undefined,
): Promise<void> {
  await changeNode(context, id, { state: 'building', inSync: false });
  await fenceNode(context, id);
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
