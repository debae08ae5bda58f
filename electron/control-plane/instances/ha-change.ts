import { contextOf, type Ground } from './context';
import { neverFallsBack } from './ha-rules';
import type { InstanceRecord } from './record';
import { setSynchronous } from '../cluster/synchronous';
import { shouldServe } from './status';
import { forgetSync, releaseSync } from './sync';
import { syncCandidate } from './sync-rules';
import type { Turns } from './turns';

/** Another mode or other thresholds. Commits that wait are let go when they need not wait any more; waiting begins when the standby is near. */
export function changeHa(
  ground: Ground,
  turns: Turns,
  ending: AbortSignal,
  id: string,
  { syncMode, ha }: Pick<InstanceRecord, 'syncMode' | 'ha'>,
): Promise<void> {
  return turns.foreground(id, async () => {
    const context = contextOf(ground, id, ending);
    const before = context.record();
    const serves = before.operation === null && shouldServe(before.status);
    if (syncMode === 'Async') {
      await context.update({ syncMode, ha, degradedAt: null });
      await forgetSync(context);
      if (serves) await setSynchronous(context.node(), null);
      return;
    }
    // Nobody to wait for: it holds from the moment in which a standby is added.
    if (before.nodes.length < 2) {
      await context.update({ syncMode, ha, degradedAt: null });
      return;
    }
    const begins = before.syncMode === 'Async';
    // Not waited for yet: the supervisor puts that into force, as after a loss of the standby.
    const degradedAt = begins ? Date.now() : before.degradedAt;
    await context.update({ syncMode, ha, degradedAt });
    const released = degradedAt === null && !neverFallsBack({ ha }) && !syncCandidate(before);
    if (serves && !begins && released) await releaseSync(context);
  });
}
