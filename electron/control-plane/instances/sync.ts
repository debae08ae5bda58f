import { AppError } from '../../../shared/errors';
import { positionOf, replicationOf } from '../cluster/replication';
import { asSuperuser } from '../cluster/session';
import { setSynchronous } from '../cluster/synchronous';
import { pause } from '../processes';
import type { OperationContext } from './operation-context';
import { standbysOf, type NodeRecord } from './record';

/** Changes of whom commits wait for. Every order of steps below keeps: a node that is `inSync` holds all that was acknowledged. */

const withNodes = (context: OperationContext, change: (node: NodeRecord) => NodeRecord): NodeRecord[] =>
  context.record().nodes.map(change);

/** Changes one node of the record, durably. */
export function changeNode(context: OperationContext, id: string, change: Partial<NodeRecord>): Promise<void> {
  return context.update({ nodes: withNodes(context, (node) => (node.id === id ? { ...node, ...change } : node)) });
}

/** Before anything after which a standby may lack what clients have seen: until it is confirmed again it may not take over. */
export async function forgetSync(context: OperationContext): Promise<void> {
  if (!standbysOf(context.record()).some(({ inSync }) => inSync)) return;
  await context.update({ nodes: withNodes(context, (node) => ({ ...node, inSync: false })) });
}

/** From here on commits wait for no standby. The record knows it first. */
export async function releaseSync(context: OperationContext): Promise<void> {
  await context.update({
    nodes: withNodes(context, (node) => ({ ...node, inSync: false })),
    degradedAt: context.record().degradedAt ?? Date.now(),
  });
  await setSynchronous(context.node(), null);
}

/** From here on commits wait for this standby. The server knows it first; `confirmSync` follows when it has caught up. */
export async function engageSync(context: OperationContext, id: string): Promise<void> {
  await setSynchronous(context.node(), id);
  await context.update({ degradedAt: null });
}

const CONFIRM_MS = 15_000;
/** A standby may lose its connection for a moment. */
const BLINK_MS = 1_000;

/** Waits until a standby that commits wait for has everything from before, and notes it. Fails with `conflict` when it does not come to that. */
export async function confirmSync(context: OperationContext, id: string): Promise<void> {
  const { signal } = context;
  await asSuperuser(
    context.node(),
    async (session) => {
      const primary = context.node();
      const { flushed } = await positionOf(primary, signal);
      let lastSeen = Date.now();
      for (const deadline = lastSeen + CONFIRM_MS; ; await pause(20)) {
        const seen = (await replicationOf(primary, { session, signal })).find((each) => each.id === id);
        if (seen) lastSeen = Date.now();
        if (seen?.sync === 'sync' && seen.state === 'streaming' && seen.flushLsn >= flushed) return;
        if (Date.now() > deadline || Date.now() - lastSeen > BLINK_MS) {
          throw new AppError({ code: 'conflict', message: `The standby ${id} did not catch up in time`, retry: true });
        }
      }
    },
    signal,
  );
  await changeNode(context, id, { inSync: true });
}
