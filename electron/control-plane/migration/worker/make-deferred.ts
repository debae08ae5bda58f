import type { PgSession } from '../../../adapters/postgres/session';
import { readDeferred } from './deferred';
import { failureKind } from './failure';
import { makeForeignKeys } from './foreign-keys';
import { databaseState, DEFERRED } from './journal-state';
import { runBatches } from './run-batches';
import type { RunContext } from './run-context';
import { createSessionPool } from './session-pool';
import { withSession } from './sides';

/**
 * Makes on the target what was kept for after its rows have caught up: foreign keys, triggers, rules, policies, event triggers. What the journal
 * knows is not done again. Returns how many failed; each is told.
 */
export async function makeDeferred(
  ctx: RunContext,
  database: string,
  to: string,
  signal: AbortSignal,
): Promise<number> {
  const { journal, telling, order, target } = ctx;
  const state = databaseState(journal, database);
  if (state.steps.has(DEFERRED)) return 0;
  const { foreignKeys, last, tables } = await readDeferred(order.folder, database);
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
    if (failed === 0) await journal.add({ did: 'step', database, step: DEFERRED });
    return failed;
  } finally {
    await sessions.close();
  }
}

/** Whether triggers and foreign keys of the target can be kept from seeing the changes that follow. */
export async function mayHideChanges(ctx: RunContext, to: string, signal: AbortSignal): Promise<boolean> {
  const ask = async (session: PgSession): Promise<boolean> => {
    try {
      await session.query("BEGIN; SET LOCAL session_replication_role = 'replica'; ROLLBACK", [], signal);
      return true;
    } catch (error) {
      if (failureKind(error) !== 'object') throw error;
      await session.query('ROLLBACK', [], signal);
      return false;
    }
  };
  return withSession(() => ctx.target.open(to, signal), signal, ask);
}
