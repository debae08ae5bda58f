import type { Completion, DatabaseChoice } from '../../../../shared/model/migration';
import { cleanDatabase } from '../follow/clean';
import { readDatabases } from '../plan/read-databases';
import type { RunContext } from '../worker/run-context';
import { withSession } from '../worker/sides';
import { readPlans, targetOf } from './arm-fail-back';
import type { CutOverDeps, CutOverEnd } from './cut-over-model';
import type { CutOverSteps } from './cut-over-steps';
import { loosenIdentity } from './identity-of-source';
import { gatherStatistics } from './ready-target';
import { undoCutOver } from './undo-cut-over';

/** The databases of a task, in the order they travel. */
export const choicesOf = (ctx: RunContext): Promise<DatabaseChoice[]> =>
  withSession(
    () => ctx.source.open(ctx.source.maintenance, ctx.signal),
    ctx.signal,
    (session) => readDatabases(session, ctx.order.options.objects),
  );

const clean = (ctx: RunContext, choice: DatabaseChoice, direction: 'forward' | 'back'): Promise<void> =>
  cleanDatabase(ctx, { database: choice.name, to: targetOf(choice) }, direction);

/**
 * What comes when clients are on the receiving side: the stream that has brought everything there ends, and what it needed is taken away. With a
 * way back the source stays as closed as it is, and takes what comes. May be done twice.
 */
export async function afterOpening(
  deps: CutOverDeps,
  completion: Completion,
  steps: CutOverSteps,
): Promise<CutOverEnd> {
  const { ctx, direction, databases } = deps;
  steps.begin('cleanUp');
  if (direction === 'forward' && completion.moveAddress && ctx.order.options.analyze) {
    steps.note('statistics of the target');
    for (const followed of databases) {
      const plan = (await readPlans(ctx, followed.choice, ctx.signal)).forward;
      await gatherStatistics(ctx, [{ followed, plan }], ctx.signal);
    }
  }
  await Promise.all(databases.map((database) => database.stop()));
  const choices = await choicesOf(ctx);
  for (const choice of choices) await clean(ctx, choice, direction);
  if (direction === 'forward' && completion.failBack) {
    for (const choice of choices) await loosenIdentity(ctx, choice);
    steps.done('the way back is open');
    return 'guarding';
  }
  await undoCutOver(ctx);
  steps.done();
  return 'done';
}

/** Gives the way back up: what it needed is taken away, and the source can be written to again. Its streams have been stopped. May be done twice. */
export async function giveUpFailBack(ctx: RunContext): Promise<void> {
  for (const choice of await choicesOf(ctx)) await clean(ctx, choice, 'back');
  await undoCutOver(ctx);
}
