import { refreshMaterialized } from '../finish/materialized';
import { analyze } from '../finish/statistics';
import type { RunContext } from '../worker/run-context';
import { withBoth, withSession } from '../worker/sides';
import type { Attempt, Planned } from './attempt';
import { wayOf } from './cut-over-model';
import { mayReplicate } from './fail-back-rights';
import { quietTriggers } from './quiet-triggers';
import { validateConstraints } from './validate-constraints';

/** Materialized views of the receiving side hold what their tables hold now. */
export async function fillMaterialized({ deps, steps, signal }: Attempt, planned: readonly Planned[]): Promise<void> {
  const { ctx, direction } = deps;
  const { from, to } = wayOf(ctx, direction);
  const { journal, telling } = ctx;
  const failedBefore = telling.failures.objects;
  for (const { followed, plan } of planned) {
    if (plan.materializedViews.length === 0) continue;
    await withBoth(
      () => from.open(followed.identity.database, signal),
      () => to.open(followed.to, signal),
      signal,
      (source, target) => refreshMaterialized({ source, target, plan, journal, telling, signal, again: true }),
    );
  }
  const failed = telling.failures.objects - failedBefore;
  steps.done(failed > 0 ? `${failed} could not be filled` : '');
}

/** Makes on the target what was kept for later, and looks at the rows of constraints that were made without. Triggers sleep until clients are led there. */
export async function makeConstraints({ deps, steps, signal }: Attempt, planned: readonly Planned[]): Promise<void> {
  const { source, target, journal, telling } = deps.ctx;
  let failed = 0;
  for (const { followed, plan } of planned) {
    failed += await followed.makeDeferred(signal);
    failed += await withBoth(
      () => source.open(followed.choice.name, signal),
      () => target.open(followed.to, signal),
      signal,
      async (asked, session) => {
        await quietTriggers(session, plan, journal, signal);
        return validateConstraints({ source: asked, target: session, plan, telling, signal });
      },
    );
  }
  steps.done(failed > 0 ? `${failed} could not be made or do not fit; they are told with the objects` : '');
}

/** Statistics of everything that has come to the target. */
export async function gatherStatistics(
  { target, telling, copyJobs }: RunContext,
  planned: readonly Pick<Planned, 'followed' | 'plan'>[],
  signal: AbortSignal,
): Promise<void> {
  for (const { followed, plan } of planned) {
    const open = () => target.open(followed.to, signal);
    await withSession(open, signal, (session) =>
      analyze({ target: session, plan, telling, signal, open, jobs: copyJobs() }),
    );
  }
}

/**
 * What takes long and can be done while programs still write is done before they are stopped: nobody waits for it then. Not where foreign keys and
 * triggers would act on the changes that come.
 */
export async function prepareTarget(attempt: Attempt, planned: readonly Planned[]): Promise<void> {
  const { deps, completion, steps, signal } = attempt;
  const { source, target, telling, order } = deps.ctx;
  steps.note('the target is made ready before writes stop');
  for (const { followed, plan } of planned)
    await withBoth(
      () => source.open(followed.choice.name, signal),
      () => target.open(followed.to, signal),
      signal,
      async (asked, session) => {
        if (!(await mayReplicate(session, signal))) return;
        await followed.makeDeferred(signal);
        await quietTriggers(session, plan, deps.ctx.journal, signal);
        await validateConstraints({ source: asked, target: session, plan, telling, signal });
      },
    );
  // Clients that wait at an address wait for this as well: there are statistics of the copy already, and new ones when they are through.
  if (order.options.analyze && !completion.moveAddress) await gatherStatistics(deps.ctx, planned, signal);
}
