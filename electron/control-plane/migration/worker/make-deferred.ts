import { mayHideFromTriggers } from '../follow/ddl/triggers-off';
import type { StructureEntry } from '../structure/entry';
import { readDeferred } from './deferred';
import { makeForeignKeys } from './foreign-keys';
import { databaseState, DEFERRED } from './journal-state';
import { runBatches } from './run-batches';
import type { RunContext } from './run-context';
import { createSessionPool } from './session-pool';
import { withSession } from './sides';

/** Triggers and rules that act on what we write, too. */
const ACTS_ANYWAY = /^ALTER\s(?:EVENT TRIGGER|TABLE)\s[^;]*\sENABLE\s+(?:ALWAYS|REPLICA)\b/im;

/** What can be made while changes come; what belongs to something that cannot be comes after it. */
function withoutActing(entries: readonly StructureEntry[]): StructureEntry[] {
  const acting = new Set(entries.filter(({ sql }) => ACTS_ANYWAY.test(sql)).map(({ origin }) => origin.id));
  return entries.filter(({ origin }) => !acting.has(origin.id) && !origin.belongsTo.some((id) => acting.has(id)));
}

/**
 * Makes on the target what was kept for after its rows have caught up: foreign keys, triggers, rules, policies, event triggers. What the journal
 * knows is not done again. With `early` changes still come: what would act on them is left for later. Returns how many failed; each is told.
 */
export async function makeDeferred(
  ctx: RunContext,
  database: string,
  to: string,
  signal: AbortSignal,
  early = false,
): Promise<number> {
  const { journal, telling, order, target } = ctx;
  const state = databaseState(journal, database);
  if (state.steps.has(DEFERRED)) return 0;
  const { foreignKeys, last: all, tables } = await readDeferred(order.folder, database);
  const last = early ? withoutActing(all) : all;
  const sessions = createSessionPool(() => target.open(to, signal, 'index'));
  const deps = { database, journal, telling, signal };
  try {
    let failed = await makeForeignKeys(foreignKeys, {
      ...deps,
      sessions,
      state,
      plan: { tables },
      pool: ctx.indexPool,
      onDone: () => undefined,
    });
    if (last.length > 0) {
      failed += await withSession(
        () => target.open(to, signal),
        signal,
        async (session) => (await runBatches(last, { ...deps, session })).failed,
      );
    }
    if (failed === 0 && last.length === all.length) await journal.add({ did: 'step', database, step: DEFERRED });
    return failed;
  } finally {
    await sessions.close();
  }
}

/** Whether triggers and foreign keys of the target can be kept from seeing the changes that follow. */
export const mayHideChanges = (ctx: RunContext, to: string, signal: AbortSignal): Promise<boolean> =>
  withSession(
    () => ctx.target.open(to, signal),
    signal,
    (session) => mayHideFromTriggers(session, signal),
  );
