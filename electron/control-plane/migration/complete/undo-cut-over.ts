import { errorInfo } from '../../../../shared/errors';
import type { RunContext } from '../worker/run-context';
import { withSession } from '../worker/sides';
import { restoreIdentity } from './identity-of-source';
import { wakeTriggers } from './quiet-triggers';
import { undoReadOnly } from './read-only';
import { nameAsBefore } from './whole-rows';

export type UndoDeps = Pick<RunContext, 'order' | 'source' | 'target' | 'journal' | 'signal'>;

/** There is no such database any more. */
const GONE = '3D000';

/**
 * Sets back everything that cut-overs of the task have changed for a while, as the journal knows it: read-only databases, identity columns of the
 * source, tables of the target that are named by whole rows, triggers that were switched off. Streams and publications are taken away before. Done
 * twice it does nothing. Fails when a side is away.
 */
export async function undoCutOver(deps: UndoDeps): Promise<void> {
  const { order, target, journal, signal } = deps;
  const touched = new Set(journal.entries.flatMap((entry) => (entry.did === 'cut-over' ? [entry.database] : [])));
  for (const name of touched) {
    const newName = order.options.objects.databases.find((each) => each.name === name)?.newName ?? '';
    const works = [
      () => restoreIdentity(deps, name),
      () => nameAsBefore(deps, { name, newName }, signal),
      () =>
        withSession(
          () => target.open(newName === '' ? name : newName, signal),
          signal,
          (session) => wakeTriggers(session, name, journal, signal),
        ),
    ];
    for (const work of works) {
      await work().catch((error: unknown) => {
        if (errorInfo(error).sqlstate !== GONE) throw error;
      });
    }
  }
  for (const direction of ['forward', 'back'] as const) await undoReadOnly(deps, direction);
}
