import { quoteQualified } from '../../../../shared/model/quote';
import { setSequences } from '../finish/sequences';
import { withBoth, withSession } from '../worker/sides';
import { armFailBack, readPlans } from './arm-fail-back';
import type { Attempt, Planned } from './attempt';
import { compareSides } from './compare-sides';
import { wayOf } from './cut-over-model';
import { changesSince, drain, drainOnce, type DrainWork } from './drain';
import { findUnfollowed, listed, mustAllBeFollowed } from './followed-plan';
import { mustFollowTarget, mustTakeBack } from './fail-back-rights';
import { raiseToHighest } from './highest-values';
import { letChangesPass } from './let-changes-pass';
import { endOtherSessions } from './other-sessions';
import { wakeTriggers } from './quiet-triggers';
import { fillMaterialized, makeConstraints, prepareTarget } from './ready-target';
import { makeReadOnly, undoReadOnly } from './read-only';

/** So long nothing may be written where somebody sees to it by hand, in milliseconds. */
const QUIET_BY_HAND_MS = 1000;
/** The same where the databases are read-only and their sessions were ended. */
const QUIET_READ_ONLY_MS = 100;

const WAITING_AT_ADDRESS =
  'clients wait at the address, each for a minute at most: those are refused then, and come again';

/** Reads what travels. Fails with `conflict` when some of it would be missing on the receiving side. */
function planAll({ deps, steps, leftOut, signal }: Attempt): Promise<Planned[]> {
  const { ctx, direction, databases } = deps;
  return Promise.all(
    databases.map(async (followed): Promise<Planned> => {
      const plans = await readPlans(ctx, followed.choice, signal);
      if (direction === 'back') return { followed, plans, plan: plans.back };
      const { forward } = plans;
      const unfollowed = await withSession(
        () => ctx.target.open(followed.to, signal),
        signal,
        (target) => findUnfollowed(ctx, followed.choice, { target, plan: forward }),
      );
      mustAllBeFollowed(followed.choice.name, unfollowed, leftOut);
      const { unknown } = unfollowed;
      if (unknown.length === 0) return { followed, plans, plan: forward };
      const text = `${followed.choice.name}: left out are ${listed(unknown)}`;
      ctx.telling.log('warning', text);
      steps.note(text);
      const missing = new Set(unknown.map(({ schema, name }) => quoteQualified(schema, name)));
      const plan = {
        ...forward,
        tables: forward.tables.filter(({ schema, name }) => !missing.has(quoteQualified(schema, name))),
      };
      const back = {
        ...plans.back,
        tables: plans.back.tables.filter((table) => !missing.has(quoteQualified(table.targetSchema, table.targetName))),
      };
      return { followed, plans: { forward: plan, back }, plan };
    }),
  );
}

/** What would make the way back impossible is said before anything stops. */
async function mustBeReady({ deps, completion, signal }: Attempt, planned: readonly Planned[]): Promise<void> {
  if (deps.direction === 'back' || !completion.failBack) return;
  const { source, target } = deps.ctx;
  await withSession(
    () => target.open(target.maintenance, signal),
    signal,
    (session) => mustFollowTarget(session, planned.length, signal),
  );
  for (const { followed, plans } of planned)
    await withSession(
      () => source.open(followed.choice.name, signal),
      signal,
      (session) => mustTakeBack(session, plans.forward, signal),
    );
}

async function stopWrites(attempt: Attempt): Promise<void> {
  const { deps, completion, steps, signal } = attempt;
  const { ctx, direction, databases } = deps;
  const { from } = wayOf(ctx, direction);
  if (completion.stopWrites === 'byHand') {
    await undoReadOnly({ ...ctx, signal }, direction);
    steps.done(completion.moveAddress ? WAITING_AT_ADDRESS : 'somebody sees to it');
    return;
  }
  await makeReadOnly({
    journal: ctx.journal,
    side: from,
    direction,
    databases: databases.map(({ choice, identity }) => ({ database: choice.name, name: identity.database })),
    signal,
  });
  await withSession(
    () => from.open(from.maintenance, signal),
    signal,
    (session) =>
      endOtherSessions({
        session,
        databases: databases.map(({ identity }) => identity.database),
        jobId: ctx.order.jobId,
        signal,
        onWait: steps.note,
      }),
  );
  steps.done(`the databases are read-only${completion.moveAddress ? `; ${WAITING_AT_ADDRESS}` : ''}`);
}

/** Sequences of the receiving side stand where those of the other one do, and behind every value of their columns. */
async function alignSequences({ deps, steps, signal }: Attempt, planned: readonly Planned[]): Promise<void> {
  const { ctx, direction } = deps;
  const { from, to } = wayOf(ctx, direction);
  const { journal, telling } = ctx;
  const failedBefore = telling.failures.objects;
  const said: string[] = [];
  for (const { followed, plan } of planned) {
    await withBoth(
      () => from.open(followed.identity.database, signal),
      () => to.open(followed.to, signal),
      signal,
      async (source, target) => {
        await setSequences({ source, target, plan, journal, telling, signal });
        said.push(...(await raiseToHighest(target, plan, signal)));
      },
    );
  }
  for (const line of said) telling.log('warning', line);
  const failed = telling.failures.objects - failedBefore;
  const count = planned.reduce((sum, { plan }) => sum + plan.sequences.length, 0);
  steps.done(
    [`${count} sequences`, ...(failed > 0 ? [`${failed} could not be set`] : []), ...said.slice(0, 3)].join('; '),
  );
}

async function compare({ deps, completion, steps, signal }: Attempt, planned: readonly Planned[]): Promise<void> {
  if (completion.compare === null) return;
  const said: string[] = [];
  for (const { plans } of planned) {
    said.push(await compareSides(deps.ctx, plans.forward, completion.compare, signal));
    steps.note(said.join('; '));
  }
  steps.done(said.join('; '));
}

/**
 * Every step up to where clients can be led to the receiving side; all of them can be done again. The step that fails is at hand then. Answers how
 * many rows have been written since, when it is asked.
 */
export async function bringOver(attempt: Attempt): Promise<(until: AbortSignal) => Promise<number>> {
  const { deps, completion, steps, signal } = attempt;
  const { ctx, direction, databases } = deps;
  const forward = direction === 'forward';
  const work: DrainWork = {
    from: wayOf(ctx, direction).from,
    databases,
    jobId: ctx.order.jobId,
    quietMs: completion.stopWrites === 'byHand' ? QUIET_BY_HAND_MS : QUIET_READ_ONLY_MS,
    signal,
    onWait: steps.note,
  };
  steps.reset();
  steps.begin('stopWrites');
  const before = await planAll(attempt);
  await mustBeReady(attempt, before);
  if (forward) {
    // An attempt before may have come as far as the constraints.
    for (const { followed, plan } of before) await letChangesPass(ctx, followed.to, plan, signal);
    await drainOnce(work);
    await prepareTarget(attempt, before);
  }
  await stopWrites(attempt);
  steps.begin('drain');
  const changes = await drain(work);
  // As it is now that nothing is written any more: things have come, gone or changed their names meanwhile.
  const planned = await planAll(attempt);
  steps.done();
  steps.begin('sequences');
  await alignSequences(attempt, planned);
  steps.begin('materialized');
  await fillMaterialized(attempt, planned);
  if (forward) {
    steps.begin('constraints');
    await makeConstraints(attempt, planned);
  } else steps.skip('constraints', 'those of the source have stayed');
  const analyzed = completion.moveAddress ? 'done when clients are on the target' : 'done before writes stopped';
  steps.skip('analyze', forward && ctx.order.options.analyze ? analyzed : '');
  if (completion.compare === null) steps.skip('compare', 'not asked for');
  else {
    steps.begin('compare');
    await compare(attempt, planned);
  }
  if (forward && completion.failBack) {
    steps.begin('armFailBack');
    for (const { followed, plans } of planned) await armFailBack(ctx, followed.choice, plans.back, signal);
    steps.done();
  } else steps.skip('armFailBack', '');
  steps.begin('open');
  const late = await changesSince(work, changes);
  if (late > 0) {
    ctx.telling.log('warning', `${late} rows were written while everything was brought over: its steps begin again`);
    return bringOver(attempt);
  }
  // Clients that are led back find the source as it was before the cut-over.
  if (!forward) await undoReadOnly({ ...ctx, signal }, 'forward');
  else
    for (const { followed, plan } of planned)
      await withSession(
        () => ctx.target.open(followed.to, signal),
        signal,
        (session) => wakeTriggers(session, plan.source, ctx.journal, signal),
      );
  return (until) => changesSince({ ...work, signal: until }, changes);
}
