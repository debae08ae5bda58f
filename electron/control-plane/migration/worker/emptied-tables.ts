import { AppError } from '../../../../shared/errors';
import { quoteQualified } from '../../../../shared/model/quote';
import type { PgSession } from '../../../adapters/postgres/session';
import { journalName } from '../copy/copy-statements';
import type { Journal } from '../journal';
import type { PlannedTable } from '../plan-model';
import { databaseState } from './journal-state';
import { withSession } from './sides';

const UNLOGGED = `SELECT n.nspname AS schema, c.relname AS name FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relpersistence = 'u' AND c.relkind = 'r'`;

interface EmptiedDeps {
  readonly open: () => Promise<PgSession>;
  readonly journal: Journal;
  readonly database: string;
  readonly tables: readonly PlannedTable[];
  readonly run: number;
  readonly signal: AbortSignal;
}

async function findEmptied(
  session: PgSession,
  { journal, database, tables, signal }: EmptiedDeps,
): Promise<PlannedTable[]> {
  const found = await session.query<{ schema: string; name: string }>(UNLOGGED, [], signal);
  const unlogged = new Set(found.map(({ schema, name }) => quoteQualified(schema, name)));
  const copied = databaseState(journal, database).tables;
  const emptied: PlannedTable[] = [];
  for (const table of tables) {
    const name = quoteQualified(table.targetSchema, table.targetName);
    if (!unlogged.has(name) || (copied.get(journalName(table))?.done?.rows ?? 0) === 0) continue;
    const rows = await session.query(`SELECT 1 FROM ONLY ${name} LIMIT 1`, [], signal);
    if (rows.length === 0) emptied.push(table);
  }
  return emptied;
}

/**
 * A server that comes back from a crash empties its unlogged tables: those whose rows were copied before are to be copied again. Fails with
 * `lost-connection` when there are any; the next attempt copies them.
 */
export async function expectUnemptied(deps: EmptiedDeps): Promise<void> {
  const { journal, database, run, signal } = deps;
  const emptied = await withSession(deps.open, signal, (session) => findEmptied(session, deps));
  if (emptied.length === 0) return;
  for (const table of emptied) await journal.add({ did: 'table-begun', database, table: journalName(table), run });
  throw new AppError({
    code: 'lost-connection',
    message: `The target came back from a crash and has emptied ${emptied.length} unlogged ${emptied.length === 1 ? 'table' : 'tables'}`,
    hint: 'Resume copies them again.',
    retry: true,
  });
}
