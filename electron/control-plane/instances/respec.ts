import { checkpoint } from './checkpoint';
import { keepSettings } from './kept-settings';
import { asBefore } from './lifecycle';
import { classFact } from './node-of';
import { factOf, setFacts, type OperationContext, type OperationPlan, type Step } from './operation-context';
import { standbysOf } from './record';
import { holdTraffic, openTraffic, start, startPrimary, startStandbys, stop, stopStandbys } from './serve';
import { joinSync, waitStreaming } from './standby';
import { releaseSync } from './sync';
import { neverFallsBack } from './ha-rules';
import { afterFailedSwitch, hasSwitched, switchSteps } from './switchover';

/**
 * Another specification or disk. Facts: `way`: `disk` changes a limit only; `restart` starts the primary with the new settings in its place, then
 * the standby; `switch` starts the standby with them first and lets it take over. A standby must never allow fewer connections than its
 * primary (PostgreSQL stops or pauses it), so the second way serves where the class shrinks.
 */

const STATUS = 'expanding';
const wayOf = (context: OperationContext): string => factOf(context, 'way');

/** The new class and disk are those of the instance from here on. */
async function adopt(context: OperationContext): Promise<void> {
  const { operation } = context.record();
  if (!operation) throw new Error('no operation runs');
  const { classCode, storageGb } = operation.input;
  await context.update({ classCode, storageGb });
}

/** Longer than that a standby may not take to start with other settings. */
const READY_MS = 60_000;

async function restartStandby(context: OperationContext, id: string): Promise<void> {
  // It is away for a moment: commits need not wait for it, where that is allowed.
  if (context.record().syncMode === 'Semi-sync' && !neverFallsBack(context.record())) await releaseSync(context);
  await stop(context, id);
  await start(context, id, { readyMs: READY_MS });
  await waitStreaming(context, id);
  await joinSync(context, id);
}

const onlyIf = (way: string, steps: readonly Step[]): Step[] =>
  steps.map((step) => ({ ...step, applies: (context) => wayOf(context) === way }));

const [rejoin, ...others] = switchSteps('switching').toReversed();
if (!rejoin) throw new Error('a switch has steps');

export const RESPEC: OperationPlan = {
  steps: [
    ...onlyIf('switch', [
      {
        name: 'standby',
        status: STATUS,
        async run(context) {
          const to = factOf(context, 'to');
          await setFacts(context, { [classFact(to)]: context.record().operation?.input.classCode ?? '' });
          await restartStandby(context, to);
        },
      },
      ...others.toReversed(),
      { name: 'adopt', status: STATUS, run: adopt },
      { ...rejoin, status: STATUS },
    ]),
    ...onlyIf('restart', [
      { name: 'checkpoint', status: STATUS, run: checkpoint },
      {
        name: 'restart',
        status: STATUS,
        async run(context) {
          await holdTraffic(context);
          await stop(context);
          await adopt(context);
          await startPrimary(context);
          await keepSettings(context.node());
          await openTraffic(context);
        },
      },
      {
        name: 'restart standby',
        status: STATUS,
        interruptible: true,
        async run(context) {
          await stopStandbys(context);
          await startStandbys(context);
        },
      },
    ]),
    ...onlyIf('disk', [{ name: 'disk', status: STATUS, run: adopt }]),
  ],
  async done(context) {
    return { status: 'running', problem: await openTraffic(context) };
  },
  async failed(context, reason) {
    const problem = `The change of the specification failed: ${reason}`;
    if (hasSwitched(context)) {
      // The new primary has the new class: the rest goes on from there.
      await adopt(context);
      const { running, problem: why } = await afterFailedSwitch(context, problem);
      return { status: running ? 'running' : 'limited run', problem: why };
    }
    const step = context.record().operation?.step ?? '';
    const { operation } = context.record();
    if (operation) {
      const facts = Object.fromEntries(
        Object.entries(operation.facts).filter(([name]) => !name.startsWith(classFact(''))),
      );
      await context.update({
        classCode: factOf(context, 'classBefore'),
        storageGb: Number(factOf(context, 'storageBefore')),
        operation: { ...operation, facts },
      });
    }
    const switching = switchSteps('switching').some(({ name }) => name === step);
    // A server that runs with the new settings by now begins again with the old ones.
    if (step === 'restart' || step === 'restart standby') await stop(context);
    const { running, problem: why } = switching
      ? await afterFailedSwitch(context, problem)
      : await asBefore(context, problem);
    for (const { id, state } of standbysOf(context.record())) if (state === 'ready') await stop(context, id);
    await startStandbys(context);
    return { status: running ? 'running' : 'limited run', problem: why };
  },
};
