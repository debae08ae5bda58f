import { AppError, throwIfAborted } from '../../../../shared/errors';
import { quoteQualified } from '../../../../shared/model/quote';
import type { PgSession } from '../../../adapters/postgres/session';
import type { CopySessions } from '../copy/copy-sessions';
import { journalName, wasMoved } from '../copy/copy-statements';
import type { Durability } from '../copy/durability';
import { copyTable } from '../copy/copy-table';
import { partsOf } from '../copy/split';
import { formatLsn } from '../follow/change-stream';
import { NOT_COPIED } from '../follow/ddl/join-table';
import type { PlannedTable } from '../plan-model';
import { readKeyRange } from '../plan/key-range';
import { holdsRows, type ExistingTable } from './existing-tables';
import { failureKind, needsPerson, objectError, reasonOf, reasonText } from './failure';
import { databaseState, type DatabaseState, type TableState } from './journal-state';
import type { FreshState } from './follow-start';
import type { RunContext } from './run-context';
import { ATTEMPTS, backOff } from './sides';
import type { SourceState } from './source-state';
import { transactionStatus } from './transaction-status';

export interface TableCopiesDeps {
  readonly ctx: RunContext;
  readonly database: string;
  readonly source: SourceState;
  readonly sessions: CopySessions;
  readonly state: DatabaseState;
  readonly run: number;
  /** Tables that were there before, by their name in the journal. */
  readonly existing: ReadonlyMap<string, ExistingTable>;
  /** Why a table could not be made, by its oid on the source. */
  readonly unmade: ReadonlyMap<number, string>;
  /** A state of now, when the changes after it are kept: for tables that cannot be read in the state of the others. */
  readonly fresh: (() => Promise<FreshState>) | null;
  /** Tables, by their oid on the source, whose changes are followed already: their rows are there. */
  readonly followed: ReadonlySet<number>;
  /** Whether changes of the structure arrive as well while changes are followed. */
  readonly captured: () => Promise<boolean>;
  readonly durability: Pick<Durability, 'watch'>;
  /** To the target, for questions. */
  readonly asking: <T>(work: (session: PgSession) => Promise<T>) => Promise<T>;
  readonly signal: AbortSignal;
  /** The rows of a table are there, now or since an earlier run. */
  readonly onThere: (table: PlannedTable) => void;
  /** The table of the target is somebody else's: nothing is done to it. */
  readonly onLeftAlone: (table: PlannedTable, reason: string) => Promise<void>;
}

/** A table that was there before and that our rows may not go into. */
class LeftAlone extends AppError {
  constructor(message: string) {
    super({ code: 'conflict', message });
  }
}

interface Manner {
  readonly empty: boolean;
  readonly append: boolean;
  /** The rows were stored by the transaction whose end was not seen. */
  readonly stored?: number;
}

/** What became of the transaction that appended. Fails when the target does not remember. */
async function wasCommitted(session: PgSession, txid: string, signal: AbortSignal): Promise<boolean> {
  const status = await transactionStatus(session, txid, signal);
  if (status === null)
    throw objectError(
      'The target no longer knows whether the rows were stored: compare the table with the source and empty it, then resume',
    );
  return status === 'committed';
}

async function mannerOf(table: PlannedTable, before: TableState | undefined, deps: TableCopiesDeps): Promise<Manner> {
  const { ctx, signal, asking } = deps;
  const existing = deps.existing.get(journalName(table));
  if (table.extension !== undefined) return { empty: true, append: false };
  if (!existing) return { empty: before?.begun ?? false, append: false };
  if (existing.problem !== null) throw new LeftAlone(existing.problem);
  if (ctx.order.options.existingRows === 'append') {
    const commits = before?.commits ?? null;
    const stored = commits !== null && (await asking((session) => wasCommitted(session, commits.txid, signal)));
    return { empty: false, append: true, ...(stored ? { stored: commits.rows } : {}) };
  }
  if (before?.begun === true) return { empty: true, append: false };
  const rows = await asking((session) => holdsRows(session, table, existing.partitioned, signal));
  if (rows && ctx.order.options.existingRows === 'refuse')
    throw new LeftAlone(
      `${quoteQualified(table.targetSchema, table.targetName)} of the target holds rows already; empty it, or choose to truncate it or to append`,
    );
  return { empty: rows, append: false };
}

const MOVED =
  'The table was emptied or rewritten on the source after the snapshot was taken: what it held then, if anything, is gone. Resume copies it as it is then';

/** Tables whose rows are there and that wait until they are durable. */
const WAITING_MAX = 60;
/** As often a table that is emptied again and again is read from a state of its own. */
const EMPTIED_MAX = 50;
const EMPTIED = 'it was emptied or rewritten on the source after the snapshot was taken';

/** Copies a table, a few times when connections are lost. Throws what ends the run, and what keeps this table from being copied. */
async function copyOne(table: PlannedTable, deps: TableCopiesDeps): Promise<void> {
  const { ctx, database, source, sessions, state, run, signal } = deps;
  const { telling, order, journal } = ctx;
  const { splitAbove } = order.options;
  const reason = deps.unmade.get(table.oid);
  if (reason !== undefined) throw objectError(reason);
  let before = state.tables.get(journalName(table));
  let moved = false;
  let emptied = 0;
  let own: FreshState | null = null;
  for (let attempt = 1; ; attempt += 1) {
    let splits = false;
    try {
      const snapshot = own?.snapshot ?? source.snapshot;
      const manner = await mannerOf(table, before, deps);
      if (manner.stored !== undefined) {
        const done = { rows: manner.stored, bytes: 0, run };
        await journal.add({ did: 'table-done', database, table: journalName(table), ...done });
        telling.table(database, table.schema, table.name, { rows: manner.stored });
        return;
      }
      splits = !manner.append && !moved && splitAbove > 0 && table.bytes > splitAbove;
      const needsRange = splits && ctx.source.versionNum < 140_000;
      const parts = partsOf(table, {
        splitAbove: splits ? splitAbove : 0,
        serverVersionNum: ctx.source.versionNum,
        keyRange: needsRange ? await source.aside((session) => readKeyRange(session, table, signal)) : null,
      });
      telling.table(database, table.schema, table.name, {
        state: 'copying',
        startedAt: Date.now(),
        rows: 0,
        bytes: 0,
        parts: parts.length,
        partsDone: 0,
        reason: '',
      });
      const copied = await copyTable(
        {
          database,
          table,
          parts,
          run,
          empty: manner.empty,
          append: manner.append,
          ...(own ? { syncedAt: own.lsn } : {}),
        },
        {
          sessions,
          snapshot,
          pool: ctx.copyPool,
          limit: ctx.limit,
          journal,
          signal,
          durability: deps.durability,
          onBytes: (_table, bytes) => telling.flowed(database, table.schema, table.name, bytes),
          onPart(_table, _part, { rows }) {
            const told = telling.tableOf(database, table.schema, table.name);
            if (told) {
              const change = { rows: told.rows + rows, partsDone: told.partsDone + 1 };
              telling.table(database, table.schema, table.name, change);
            }
          },
        },
      );
      telling.table(database, table.schema, table.name, copied);
      await own?.snapshot.release();
      return;
    } catch (error) {
      const held = (own ?? source).snapshot.held;
      await own?.snapshot.release();
      own = null;
      throwIfAborted(signal);
      if (wasMoved(error)) {
        if (moved || !splits) {
          emptied += 1;
          if (!deps.fresh || emptied > EMPTIED_MAX) throw objectError(MOVED);
          telling.log('info', `${database}: ${journalName(table)} is copied again: ${EMPTIED}`);
          before = databaseState(journal, database).tables.get(journalName(table));
          // Read at once: it may be emptied every second.
          own = await deps.fresh();
          attempt -= 1;
          moved = true;
          continue;
        }
        // Rows stand elsewhere: read as a whole it may still be as it was.
        moved = true;
      }
      const kind = wasMoved(error) ? 'busy' : failureKind(error);
      const again = (kind === 'away' || kind === 'busy') && !needsPerson(error) && held;
      if (!again || attempt >= ATTEMPTS) throw error;
      telling.log(
        'warning',
        `${database}: ${journalName(table)} is copied again: ${wasMoved(error) ? EMPTIED : reasonText(error)}`,
      );
      await backOff(attempt + 1, signal);
      // What this attempt left is read from the journal, like what an earlier worker did.
      before = databaseState(journal, database).tables.get(journalName(table));
    }
  }
}

/** A column or table is not there any more, or not yet: one of the sides is ahead in its structure. */
const hasChanged = (error: unknown): boolean => ['42703', '42P01'].includes(reasonOf(error).sqlstate ?? '');

/** The rows are copied while changes are followed, when the change of the structure has arrived as well. */
async function leaveForLater(table: PlannedTable, reason: string, deps: TableCopiesDeps): Promise<void> {
  const { ctx, database, run } = deps;
  const name = journalName(table);
  await ctx.journal.add({ did: 'synced', database, table: name, lsn: formatLsn(NOT_COPIED) });
  await ctx.journal.add({ did: 'table-done', database, table: name, rows: 0, bytes: 0, run });
  ctx.telling.log(
    'warning',
    `${database}: ${name} has changed while it was to be copied (${reason}); it is copied when that change has arrived`,
  );
}

/**
 * Copies the tables of a database, largest first. One that cannot be copied is told with the reason, and the others go on; how many is
 * returned. Throws what ends the run.
 */
export async function copyTables(deps: TableCopiesDeps): Promise<number> {
  const { ctx, database, source, state, signal } = deps;
  const { telling, journal } = ctx;
  let failed = 0;
  const one = async (table: PlannedTable): Promise<void> => {
    const { schema, name } = table;
    try {
      await copyOne(table, deps);
    } catch (error) {
      const kind = failureKind(error);
      if (signal.aborted || kind === 'cancelled' || kind === 'away') throw error;
      failed += 1;
      const reason = reasonText(error);
      if (hasChanged(error) && (await deps.captured())) {
        await leaveForLater(table, reason, deps);
        deps.onThere(table);
        return;
      }
      await journal.add({ did: 'table-failed', database, table: journalName(table), reason });
      telling.table(database, schema, name, { state: 'failed', endedAt: Date.now(), reason });
      telling.log('error', `${database}: ${journalName(table)} was not copied: ${reason}`);
      if (error instanceof LeftAlone) await deps.onLeftAlone(table, reason);
      return;
    }
    deps.onThere(table);
  };
  const active = new Set<Promise<void>>();
  const rows = source.plan.tables.filter(({ kind }) => kind === 'table').toSorted((a, b) => b.bytes - a.bytes);
  try {
    for (const table of rows) {
      if (state.tables.get(journalName(table))?.done || deps.followed.has(table.oid)) {
        deps.onThere(table);
        continue;
      }
      // More than are copied at once, so that the pool never waits for one to begin, nor for those that wait to be durable.
      while (active.size >= 2 * ctx.copyJobs() + WAITING_MAX) await Promise.race(active);
      throwIfAborted(signal);
      const copying = one(table).finally(() => active.delete(copying));
      active.add(copying);
    }
    while (active.size > 0) await Promise.race(active);
  } catch (error) {
    await Promise.allSettled(active);
    throw error;
  }
  return failed;
}
