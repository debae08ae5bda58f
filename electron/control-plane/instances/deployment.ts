import { ensureSlots } from '../cluster/slots';
import { pause } from '../processes';
import { copyNote, factOf, setFacts, type OperationContext, type OperationPlan, type Step } from './operation-context';
import { primaryOf, standbysOf, type NodeRecord } from './record';
import { openTraffic, removeNode } from './serve';
import { buildStandby, joinSync } from './standby';
import { releaseSync } from './sync';
import { afterFailedSwitch, hasSwitched, switchSteps } from './switchover';

/** Other zones, or another number of nodes. Facts: those of `DeploymentPlan`, `before` (ids), and which nodes were made. */

const STATUS = 'deployment changing';

const newNode = (context: OperationContext, id: string, zone: string): NodeRecord => ({
  id,
  zone,
  folder: `${zone}/${context.record().id}/${id}`,
  role: 'standby',
  state: 'building',
  inSync: false,
  listenPort: 0,
  problem: '',
  createdAt: Date.now(),
});

/** Builds a standby in the zone that the fact names; `made` is the fact that keeps its id. */
async function build(context: OperationContext, zoneFact: 'first' | 'second', made: string): Promise<void> {
  const zone = factOf(context, zoneFact);
  if (zone === '') return;
  let id = factOf(context, made);
  if (id === '') {
    const record = context.record();
    id = `n${record.nextNode}`;
    const { operation } = record;
    if (!operation) throw new Error('no operation runs');
    await context.update({
      nodes: [...record.nodes, newNode(context, id, zone)],
      nextNode: record.nextNode + 1,
      operation: { ...operation, facts: { ...operation.facts, [made]: id } },
    });
  }
  const node = context.record().nodes.find((each) => each.id === id);
  if (node?.state === 'ready') return;
  await context.heavy(() => buildStandby(context, id, copyNote(context)));
}

/** Ends and removes a node and forgets it. Nobody may wait for it or take over to it from the first moment on. */
export async function dropNode(context: OperationContext, id: string): Promise<void> {
  if (!context.record().nodes.some((node) => node.id === id)) return;
  await removeNode(context, id);
  await context.update({ nodes: context.record().nodes.filter((node) => node.id !== id) });
}

const toDrop = (context: OperationContext): string[] =>
  factOf(context, 'drop')
    .split(',')
    .filter((id) => id !== '');

/** Commits wait for a standby that stays, before those that do not are gone. */
async function settleSync(context: OperationContext): Promise<void> {
  const dropped = toDrop(context);
  const stays = standbysOf(context.record()).find(({ id, state }) => state === 'ready' && !dropped.includes(id));
  if (stays) return joinSync(context, stays.id);
  // A single node from here on: nobody is waited for any more.
  if (dropped.length > 0) await releaseSync(context);
}

const withSwitch = (steps: readonly Step[]): Step[] =>
  steps.map((step) => ({ ...step, applies: (context) => factOf(context, 'to') !== '' }));

export const DEPLOYMENT: OperationPlan = {
  steps: [
    {
      name: 'build',
      status: STATUS,
      interruptible: true,
      async run(context) {
        await build(context, 'first', 'made');
        if (factOf(context, 'to') === 'new') {
          await setFacts(context, { from: primaryOf(context.record()).id, to: factOf(context, 'made') });
        }
      },
    },
    ...withSwitch(switchSteps('switching')),
    {
      name: 'build standby',
      status: STATUS,
      interruptible: true,
      async run(context) {
        if (factOf(context, 'second') === '') return;
        // An instance has three nodes at most: one that goes anyway makes room.
        const [surplus] = toDrop(context).filter((id) => id !== primaryOf(context.record()).id);
        if (context.record().nodes.length > 2 && surplus !== undefined) await dropNode(context, surplus);
        await build(context, 'second', 'made2');
      },
    },
    {
      name: 'remove',
      status: STATUS,
      async run(context) {
        await settleSync(context);
        for (const id of toDrop(context)) await dropNode(context, id);
        await ensureSlots(context.node(), context.node().replication.standbys);
      },
    },
  ],
  async done(context) {
    const { nodes } = context.record();
    if (nodes.length === 1 && context.record().degradedAt !== null) await context.update({ degradedAt: null });
    return { status: 'running', problem: await openTraffic(context) };
  },
  async failed(context, reason) {
    const problem = `The change of the deployment failed: ${reason}`;
    const step = context.record().operation?.step ?? '';
    const switching = switchSteps('switching').some(({ name }) => name === step);
    const result = switching ? await afterFailedSwitch(context, problem) : { running: true, problem };
    await goBack(context);
    return { status: result.running ? 'running' : 'limited run', problem: result.problem };
  },
};

/** How long a primary may take to let go of slots when a change is taken back. */
const SLOTS_MS = 1_000;

/** Before the switch the nodes that were made go; after it the instance keeps what serves and one standby at most. */
async function goBack(context: OperationContext): Promise<void> {
  const switched = hasSwitched(context);
  const before = factOf(context, 'before').split(',');
  const primary = primaryOf(context.record()).id;
  const wanted = switched ? (context.record().operation?.input.zones.length ?? 1) : before.length;
  const standbys = standbysOf(context.record());
  const kept = switched
    ? standbys.filter(({ state }) => state === 'ready')
    : standbys.filter(({ id }) => before.includes(id));
  const keep = [primary, ...kept.map(({ id }) => id)].slice(0, wanted);
  for (const { id } of context.record().nodes) if (!keep.includes(id)) await dropNode(context, id);
  // The primary may be what was lost: then its slots go with it.
  const slots = ensureSlots(context.node(), context.node().replication.standbys).catch(() => undefined);
  await Promise.race([slots, pause(SLOTS_MS)]);
}
