import type { PlannedDatabase } from '../plan-model';
import { readDeferred } from '../worker/deferred';
import { dropForeignKeys } from '../worker/foreign-keys';
import type { RunContext } from '../worker/run-context';
import { withSession } from '../worker/sides';
import { mayReplicate } from './fail-back-rights';
import { quietTriggers } from './quiet-triggers';

/**
 * What a cut-over has made on the target does not act on changes that still come: triggers sleep, and foreign keys go again where the account cannot
 * hide the changes from them. May be done twice.
 */
export function letChangesPass(
  { order, target, journal }: Pick<RunContext, 'order' | 'target' | 'journal'>,
  to: string,
  plan: PlannedDatabase,
  signal: AbortSignal,
): Promise<void> {
  return withSession(
    () => target.open(to, signal),
    signal,
    async (session) => {
      await quietTriggers(session, plan, journal, signal);
      if (await mayReplicate(session, signal)) return;
      const { foreignKeys } = await readDeferred(order.folder, plan.source);
      await dropForeignKeys(foreignKeys, { database: plan.source, journal, session, signal });
    },
  );
}
