import { AppError } from '../../../shared/errors';
import { controlFacts } from '../cluster/control-file';
import { findPostmaster } from '../cluster/postmaster';
import { positionOf, waitReplayed } from '../cluster/replication';
import { checkpoint } from './checkpoint';
import { backFromPromotion, giveUp, takeOver } from './failover';
import { fenceNode } from './fencing';
import { asBefore } from './lifecycle';
import { factOf, type OperationContext, type OperationPlan, type Step } from './operation-context';
import { primaryOf, standbysOf } from './record';
import { holdTraffic, openTraffic, start, stop } from './serve';
import { joinSync, waitStreaming } from './standby';

/** Lag that is made good before the primary stops, so that the stop is short. */
const NEAR_BYTES = 16 * 1024 * 1024;
const NEAR_MS = 30_000;
/** After the primary has stopped everything is at the standby already; only its replay may be missing. */
const REPLAY_MS = 20_000;
const REJOIN_MS = 10_000;

const isForced = (context: OperationContext): boolean => context.record().operation?.input.force === true;
const isUp = (context: OperationContext, id: string): boolean => findPostmaster(context.node(id).data) !== null;

/** Before the clients wait: pages written, and the standby close behind. */
async function prepare(context: OperationContext): Promise<void> {
  const [from, to] = [factOf(context, 'from'), factOf(context, 'to')];
  if (!isUp(context, from)) {
    if (isForced(context)) return;
    throw new AppError({
      code: 'conflict',
      message: 'The primary does not run, so the standby cannot catch up with it',
      hint: 'Force the switch to go on without what only the primary has.',
    });
  }
  await checkpoint(context);
  if (isForced(context)) return;
  const { flushed } = await positionOf(context.node(), context.signal);
  const near = flushed > BigInt(NEAR_BYTES) ? flushed - BigInt(NEAR_BYTES) : 0n;
  await waitReplayed(context.node(to), near, { timeoutMs: NEAR_MS, signal: context.signal });
}

/**
 * With the clients waiting: stops the primary in order and makes sure that the standby has all of it. The fact `rejoin`: both have the same
 * history up to here, so the old primary can follow the new one with the data that it has.
 */
async function stopInOrder(context: OperationContext): Promise<Record<string, string>> {
  const [from, to] = [factOf(context, 'from'), factOf(context, 'to')];
  await holdTraffic(context);
  await stop(context, from);
  const facts = await controlFacts(context.node(from));
  if (facts?.clean !== true) {
    if (isForced(context)) return { rejoin: '' };
    throw new AppError({ code: 'conflict', message: 'The primary did not stop in order' });
  }
  try {
    await waitReplayed(context.node(to), facts.stoppedAt, { timeoutMs: REPLAY_MS, signal: context.signal });
    return { rejoin: 'yes' };
  } catch (error) {
    if (!isForced(context)) throw error;
    return { rejoin: '' };
  }
}

/** The old primary follows the new one. When it does not, it is built anew afterwards. */
async function rejoin(context: OperationContext): Promise<void> {
  const from = factOf(context, 'from');
  if (factOf(context, 'rejoin') !== 'yes') return;
  try {
    await start(context, from, { readyMs: REJOIN_MS });
    await waitStreaming(context, from, REJOIN_MS);
    await joinSync(context, from);
  } catch (error) {
    context.log.write('warn', 'the old primary does not follow the new one', { node: from, reason: String(error) });
    await giveUp(context, from);
  }
  // A third node, in the middle of a change of the deployment, follows the new primary too.
  for (const { id, state } of standbysOf(context.record())) {
    if (id === from || state !== 'ready') continue;
    await stop(context, id);
    await start(context, id);
  }
}

/**
 * The steps by which the node of the fact `to` becomes the primary instead of `from`, with the clients held and nothing lost. Other
 * operations contain them, with a status of their own.
 */
export const switchSteps = (status: Step['status']): Step[] => [
  { name: 'prepare switch', status, run: prepare },
  { name: 'stop', status, run: stopInOrder },
  {
    name: 'promote',
    status,
    async run(context) {
      const from = factOf(context, 'from');
      const follows = factOf(context, 'rejoin') === 'yes';
      // Invariant: nothing of the old primary runs when the new one begins to accept commits. After a stop in order nothing does.
      if (!follows && primaryOf(context.record()).id === from) await fenceNode(context, from);
      await takeOver(context, factOf(context, 'to'), { state: follows ? 'ready' : 'lost', problem: '' });
      await openTraffic(context);
    },
  },
  { name: 'rejoin', status, run: rejoin },
];

/** Whether the switch has happened, whatever failed afterwards. */
export const hasSwitched = (context: OperationContext): boolean =>
  factOf(context, 'to') !== '' && primaryOf(context.record()).id === factOf(context, 'to');

/** After a failed switch: the clients are served by whichever node is the primary now. */
export async function afterFailedSwitch(
  context: OperationContext,
  reason: string,
): Promise<{ running: boolean; problem: string }> {
  const wasPromoting = context.record().operation?.step === 'promote';
  return wasPromoting && !hasSwitched(context) ? backFromPromotion(context, reason) : asBefore(context, reason);
}

/** Planned: primary and standby change places. */
export const SWITCH: OperationPlan = {
  steps: switchSteps('primary-switching'),
  async done(context) {
    await context.event({
      level: 'info',
      kind: 'switch',
      text: `${factOf(context, 'to')} is the primary now, ${factOf(context, 'from')} the standby`,
    });
    return { status: 'running', problem: await openTraffic(context) };
  },
  async failed(context, reason) {
    const { running, problem } = await afterFailedSwitch(context, `The switch failed: ${reason}`);
    return { status: running ? 'running' : 'limited run', problem };
  },
};
