import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClusterNode } from '../cluster/node';
import { descendants, isAlive, signalProcess } from '../processes';
import { promote } from '../cluster/promote';
import { setWritable } from '../cluster/writable';
import { asBefore } from './lifecycle';
import { fenceNode } from './fencing';
import { withNewPrimary } from './ha-rules';
import { factOf, type OperationContext, type OperationPlan } from './operation-context';
import { primaryOf, type NodeRecord } from './record';
import { holdTraffic, openTraffic, start } from './serve';
import { changeNode } from './sync';
import { routeIds } from './traffic';

/** How long a promotion may take before it counts as failed. */
export const PROMOTE_MS = 30_000;

/** Makes the node of that id the primary: in its server, in the record, in its files. It must hold all that it should. */
export async function takeOver(
  context: OperationContext,
  to: string,
  left: Pick<NodeRecord, 'state' | 'problem'>,
): Promise<void> {
  const { id: instance } = context.record();
  const next = withNewPrimary(context.record(), to, left);
  const server = context.servers.get(instance, to);
  // After a reboot in the middle of it, it has to be started first: as the standby that the record says it is.
  if (!server || !isAlive(server)) await start(context, to);
  // A process of it that somebody stopped would keep it from ending its recovery.
  else for (const each of [server, ...descendants(server.pid)]) signalProcess(each, 'SIGCONT');
  await promote(context.node(to, next), { timeoutMs: PROMOTE_MS });
  await context.update({ nodes: next.nodes, zone: next.zone, degradedAt: next.degradedAt });
  await makeWritable(context.node());
}

/** What held the old primary to the size of its disk may have been copied; whether it still applies is seen at the next look at the disk. */
async function makeWritable(node: ClusterNode): Promise<void> {
  const settings = await readFile(join(node.data, 'postgresql.auto.conf'), 'utf8').catch(() => '');
  if (settings.includes('default_transaction_read_only')) await setWritable(node, true);
}

/** A node that may have left the history of the primary: it serves nobody until it was built anew. */
export async function giveUp(context: OperationContext, id: string): Promise<void> {
  await changeNode(context, id, { state: 'lost', inSync: false });
  await fenceNode(context, id);
}

/**
 * After a promotion that did not come to an end: the old primary serves again. Invariant: the standby has ended before that, because its
 * promotion may still be on its way and there would be two writers. Should the old primary not come back, the standby is all there is and is
 * left as it was.
 */
export async function backFromPromotion(
  context: OperationContext,
  reason: string,
): Promise<{ running: boolean; problem: string }> {
  const to = factOf(context, 'to');
  await fenceNode(context, to);
  const { running, problem } = await asBefore(context, reason);
  if (running) await changeNode(context, to, { state: 'lost', inSync: false });
  return { running, problem };
}

/** The standby takes over from a primary that was lost. Facts: `from`, `to`. */
export const FAILOVER: OperationPlan = {
  steps: [
    {
      name: 'fence',
      status: 'switching',
      // Invariant: nothing of the old primary runs when the new one begins to accept commits, and nobody talks to it.
      async run(context) {
        await holdTraffic(context);
        await context.gateway.cut(routeIds(context.record()));
        await fenceNode(context, factOf(context, 'from'));
      },
    },
    {
      name: 'promote',
      status: 'switching',
      async run(context) {
        await takeOver(context, factOf(context, 'to'), { state: 'lost', problem: '' });
        await openTraffic(context);
      },
    },
  ],
  async done(context) {
    const reason = context.record().operation?.input.reason ?? '';
    await context.event({
      level: 'warn',
      kind: 'failover',
      text: `${factOf(context, 'to')} took over from ${factOf(context, 'from')}. ${reason}`.trim(),
    });
    return { status: 'running', problem: '' };
  },
  async failed(context, reason) {
    if (primaryOf(context.record()).id === factOf(context, 'to')) {
      // It has taken over; what failed came after.
      await openTraffic(context).catch(() => '');
      return { status: 'running', problem: reason };
    }
    const { running, problem } = await backFromPromotion(context, `The standby could not take over: ${reason}`);
    return { status: running ? 'running' : 'limited run', problem };
  },
};
