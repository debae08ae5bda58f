import type { DatabaseChoice } from '../../../../shared/model/migration';
import { parseLsn, type Lsn } from '../follow/change-stream';
import { dropProgress, openProgress, saveRoutes } from '../follow/apply/progress';
import type { Asking, StreamIdentity, TableRoute } from '../follow/follow-model';
import { prepareStream, removeStream } from '../follow/source-slot';
import type { Journal } from '../journal';
import type { PlannedDatabase } from '../plan-model';
import type { RunContext } from '../worker/run-context';
import { withSession } from '../worker/sides';
import { readFollowedPlan } from './followed-plan';
import { reversePlan } from './reverse-plan';
import { nameAsBefore, nameByWholeRows } from './whole-rows';

/** The stream that brings what is written to the target back to the source. */
export interface BackStream {
  readonly identity: StreamIdentity;
  /** Where it begins. */
  readonly lsn: Lsn;
}

export const targetOf = ({ name, newName }: DatabaseChoice): string => (newName === '' ? name : newName);

/** What travels, as both servers have it now, in both directions. */
export interface Plans {
  readonly forward: PlannedDatabase;
  readonly back: PlannedDatabase;
}

export function readPlans(
  ctx: Pick<RunContext, 'order' | 'journal' | 'source' | 'target'>,
  choice: DatabaseChoice,
  signal: AbortSignal,
): Promise<Plans> {
  return withSession(
    () => ctx.source.open(choice.name, signal),
    signal,
    (source) =>
      withSession(
        () => ctx.target.open(targetOf(choice), signal),
        signal,
        async (target) => {
          const forward = await readFollowedPlan(ctx, choice, { source, target }, signal);
          return { forward, back: await reversePlan({ source, target }, forward, signal) };
        },
      ),
  );
}

const onSource =
  (ctx: RunContext, database: string, signal: AbortSignal): Asking =>
  (work) =>
    withSession(() => ctx.source.open(database, signal), signal, work);

/** The stream back of a database as the journal has it; null when it is not armed. */
export function backStream(journal: Journal, jobId: string, choice: DatabaseChoice): BackStream | null {
  const made = journal.entries.findLast(
    (entry) => entry.did === 'slot' && entry.direction === 'back' && entry.database === choice.name,
  );
  if (made?.did !== 'slot' || made.lsn === '') return null;
  const { slot, system, lsn } = made;
  return { identity: { jobId, database: targetOf(choice), direction: 'back', slot, system }, lsn: parseLsn(lsn) };
}

/**
 * Publication and slot on the target, and on the source the records of where its changes go, all made anew: what was written to the target before,
 * by us too, does not come back. To be done when nothing is written to either side.
 */
export async function armFailBack(
  ctx: RunContext,
  choice: DatabaseChoice,
  plan: PlannedDatabase,
  signal: AbortSignal,
): Promise<void> {
  const { journal, telling, order } = ctx;
  await disarmFailBack(ctx, choice, signal);
  await nameByWholeRows(ctx, choice, plan, signal);
  const stream = await prepareStream({
    side: ctx.target,
    jobId: order.jobId,
    database: targetOf(choice),
    direction: 'back',
    tables: plan.tables,
    signal,
    onMade: (made) => journal.add({ did: 'slot', database: choice.name, direction: 'back', ...made }),
    onNote: (level, text) => telling.log(level, `${choice.name}: way back: ${text}`),
  });
  await stream.release();
  const routes = new Map(
    plan.tables.map(({ oid, targetSchema, targetName }): [number, TableRoute] => [
      oid,
      { schema: targetSchema, name: targetName, syncedAt: stream.lsn },
    ]),
  );
  const asking = onSource(ctx, choice.name, signal);
  await openProgress(asking, stream.identity);
  await saveRoutes(asking, stream.identity, routes);
}

/** Takes away what arming has made; nothing when it is not there. */
export async function disarmFailBack(ctx: RunContext, choice: DatabaseChoice, signal: AbortSignal): Promise<void> {
  const { journal, order } = ctx;
  const known = backStream(journal, order.jobId, choice);
  const database = targetOf(choice);
  await removeStream({ side: ctx.target, jobId: order.jobId, database, direction: 'back', signal });
  await nameAsBefore(ctx, choice, signal);
  if (!known) return;
  await dropProgress(onSource(ctx, choice.name, signal), known.identity);
  const { slot, system } = known.identity;
  await journal.add({
    did: 'slot',
    database: choice.name,
    direction: 'back',
    slot,
    publication: slot,
    lsn: '',
    system,
  });
}
