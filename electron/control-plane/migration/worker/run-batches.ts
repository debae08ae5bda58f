import { z } from 'zod';
import { throwIfAborted } from '../../../../shared/errors';
import type { PgSession } from '../../../adapters/postgres/session';
import type { StructureEntry } from '../structure/entry';
import { prepareStructureSession, runEntries } from '../structure/run-entries';
import { failureKind } from './failure';
import { databaseState } from './journal-state';
import { tellEntry, type EntryDeps } from './settle-entry';
import { transactionStatus } from './transaction-status';

/** Statements of a batch, and characters of them. */
const BATCH = 100;
const TEXT_MAX = 1_000_000;
/** Fewer are not worth it. */
const WORTH = 4;

const MARK = 'batch ';
const mark = z.object({ txid: z.string(), keys: z.array(z.string()) });

function batchesOf(entries: readonly StructureEntry[]): StructureEntry[][] {
  const batches: StructureEntry[][] = [];
  let text = 0;
  for (const entry of entries) {
    const last = batches.at(-1);
    if (!last || last.length >= BATCH || text + entry.sql.length > TEXT_MAX) {
      batches.push([entry]);
      text = entry.sql.length;
    } else {
      last.push(entry);
      text += entry.sql.length;
    }
  }
  return batches;
}

async function settleAll(entries: readonly StructureEntry[], deps: EntryDeps): Promise<void> {
  const { journal, database } = deps;
  // Together: one flush of the journal for all.
  await Promise.all(
    entries.map(({ key }) => journal.add({ did: 'entry', database, key, outcome: 'done', reason: '' })),
  );
  for (const entry of entries) tellEntry(entry, 'done', '', deps);
}

/** A batch whose end an earlier worker did not see: what became of it the target knows. */
async function settleUnseen(session: PgSession, entries: readonly StructureEntry[], deps: EntryDeps): Promise<void> {
  const { database, journal, signal } = deps;
  const state = databaseState(journal, database);
  const byKey = new Map(entries.map((entry) => [entry.key, entry]));
  for (const step of [...state.steps].filter((each) => each.startsWith(MARK))) {
    const { txid, keys } = mark.parse(JSON.parse(step.slice(MARK.length)));
    const unseen = keys.filter((key) => !state.entries.has(key)).flatMap((key) => byKey.get(key) ?? []);
    if (unseen.length === 0) continue;
    const status = await transactionStatus(session, txid, signal);
    if (status === 'committed') await settleAll(unseen, deps);
  }
}

/** Whether all of it went through, in one transaction. A lost connection and the signal throw. */
async function runBatch(session: PgSession, batch: readonly StructureEntry[], deps: EntryDeps): Promise<boolean> {
  const { database, journal, signal } = deps;
  try {
    await session.query(`BEGIN;\n${batch.map(({ sql }) => sql).join('\n')}`, [], signal);
    const [row] = await session.query<{ txid: string }>('SELECT pg_catalog.txid_current()::text AS txid', [], signal);
    const keys = batch.map(({ key }) => key);
    await journal.add({ did: 'step', database, step: MARK + JSON.stringify({ txid: row?.txid ?? '', keys }) });
    await session.query('COMMIT', [], signal);
  } catch (error) {
    throwIfAborted(signal);
    if (session.closed || failureKind(error) === 'away' || failureKind(error) === 'cancelled') throw error;
    await session.query('ROLLBACK', [], signal);
    return false;
  }
  await settleAll(batch, deps);
  return true;
}

/**
 * Runs entries in their order, many in one transaction: that costs one flush of the target and of the journal instead of hundreds. Where
 * one fails, those of its batch are run one by one, as `runEntries` does. Returns how many failed; a lost connection and the signal throw.
 */
export async function runBatches(
  entries: readonly StructureEntry[],
  deps: EntryDeps & { readonly session: PgSession },
): Promise<{ failed: number }> {
  const { session, database, journal, signal } = deps;
  await prepareStructureSession(session, signal);
  await settleUnseen(session, entries, deps);
  const known = databaseState(journal, database).entries;
  const fresh = entries.filter(({ key }) => !known.has(key));
  if (fresh.length >= WORTH) {
    for (const batch of batchesOf(fresh)) {
      throwIfAborted(signal);
      if (!(await runBatch(session, batch, deps))) await runEntries(batch, deps);
    }
  }
  return runEntries(entries, deps);
}
