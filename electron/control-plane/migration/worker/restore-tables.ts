import { parseObjectName } from '../../../../shared/model/object-name';
import { journalName } from '../copy/copy-statements';
import type { PlannedDatabase } from '../plan-model';
import type { DatabaseState } from './journal-state';
import type { RunTelling } from './telling';

const clock = (at: number): string => new Date(at).toISOString().replace('T', ' ').slice(0, 19);

/**
 * Tells the tables that were copied by earlier runs; says which state of the source they show. `plan` null: all of the database is done.
 * `followed`: what has changed since comes to all of them.
 */
export function restoreTables(
  database: string,
  plan: PlannedDatabase | null,
  state: DatabaseState,
  telling: RunTelling,
  followed = false,
): void {
  const travelling = plan && new Set(plan.tables.map(journalName));
  const byRun = new Map<number, number>();
  for (const [name, { done }] of state.tables) {
    const parts = parseObjectName(name);
    if (!done || !parts || (travelling && !travelling.has(name))) continue;
    byRun.set(done.run, (byRun.get(done.run) ?? 0) + 1);
    telling.restored(database, parts.schema ?? '', parts.name, done);
  }
  if (!plan || followed) return;
  for (const [run, count] of byRun) {
    const at = state.snapshots.get(run) ?? 0;
    telling.log(
      'warning',
      `${database}: ${count} tables were copied before and show the source as it was at ${clock(at)} UTC; the others show it as it is now`,
    );
  }
}
