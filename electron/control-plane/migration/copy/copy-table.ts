import { AppError, throwIfAborted } from '../../../../shared/errors';
import { copyRows, CopyFailure } from '../../../adapters/postgres/copy-pipe';
import type { CopySession } from '../../../adapters/postgres/copy-session';
import type { Journal } from '../journal';
import type { PlannedTable } from '../plan-model';
import type { CopyPair, CopySessions } from './copy-sessions';
import { copyStatements, journalName, readUnderSnapshot, targetName } from './copy-statements';
import type { Durability } from './durability';
import type { RateLimit } from './rate-limit';
import type { Snapshot } from './snapshot';
import type { TablePart } from './split';
import type { WorkPool } from './work-pool';

export interface TableCopy {
  readonly database: string;
  readonly table: PlannedTable;
  readonly parts: readonly TablePart[];
  /** Whether rows of an earlier attempt may be there, or the person wants the table emptied. */
  readonly empty: boolean;
  /** The table holds rows of others that must stay: its rows come in one transaction whose fate can be asked for later. */
  readonly append: boolean;
  /** Which attempt this is, for the journal. */
  readonly run: number;
  /** The rows are as the source had them here, and not as at the snapshot of the attempt. */
  readonly syncedAt?: string;
}

export interface TableCopyDeps {
  readonly sessions: CopySessions;
  readonly snapshot: Snapshot;
  readonly pool: WorkPool;
  readonly limit: RateLimit;
  readonly journal: Journal;
  readonly signal: AbortSignal;
  readonly durability: Pick<Durability, 'watch'>;
  readonly onBytes: (table: PlannedTable, bytes: number) => void;
  /** A part is on the target. */
  readonly onPart?: (table: PlannedTable, part: TablePart, copied: TableCopied) => void;
}

/** Rows and bytes as text between the servers. */
export interface TableCopied {
  readonly rows: number;
  readonly bytes: number;
}

/**
 * Empties what an earlier attempt left. Refused by foreign keys of a table that was there before: then row by row. Of a table that an
 * extension has made only the rows that travel go: the others are the extension's own.
 */
async function emptyTable(target: CopySession, table: PlannedTable): Promise<void> {
  const byRow = `DELETE FROM ONLY ${targetName(table)}`;
  if (table.extension !== undefined) {
    await target.run(table.rowFilter === '' ? byRow : `${byRow} WHERE ${table.rowFilter}`);
    return;
  }
  try {
    await target.run(`TRUNCATE ONLY ${targetName(table)}`);
  } catch (error) {
    const state = error instanceof AppError ? error.info.sqlstate : undefined;
    // The target's table is partitioned where the source's is not.
    if (state === '42809') await target.run(`TRUNCATE ${targetName(table)}`);
    else if (state === '0A000') await target.run(byRow);
    else throw error;
  }
}

/** The transaction in which rows are appended, as the target names it. */
async function transactionOf(target: CopySession): Promise<string> {
  let text = '';
  // The number comes back by COPY: these sessions read no rows otherwise.
  await target.run('COPY (SELECT pg_catalog.txid_current()) TO STDOUT', {
    data: (bytes) => (text += bytes.toString('latin1').replace(/^d[^]{4}/, '')),
  });
  return text.trim();
}

const PART_ATTEMPTS = 4;

/** Whether the source was lost while it still sent: then the target has stored nothing of the part. */
const lostWhileReading = (error: unknown): boolean =>
  error instanceof CopyFailure && error.side === 'source' && error.reason.code === 'lost-connection';

/**
 * Copies one table, its parts side by side as the pool allows, each in a transaction of its own. The journal tells when it begins and when it is
 * whole. Fails with `CopyFailure`, `lost-connection`, `sql` or `cancelled`.
 */
export async function copyTable(copy: TableCopy, deps: TableCopyDeps): Promise<TableCopied> {
  const { table, database, run } = copy;
  const { journal, sessions, signal } = deps;
  const name = journalName(table);
  const urgency = table.bytes;
  const inTurn = <T>(work: () => Promise<T>): Promise<T> =>
    deps.pool.add(urgency, () => {
      throwIfAborted(signal);
      return work();
    });

  const makeDurable = await deps.durability.watch();
  const send = async (pair: CopyPair, part: TablePart): Promise<TableCopied> => {
    const { source, target } = pair;
    const { read, write } = copyStatements(table, part);
    const reading = readUnderSnapshot(table, part, read, deps.snapshot.id());
    if (copy.append) await target.run('BEGIN');
    pair.flowing = true;
    const copied = await copyRows({
      source,
      read: reading,
      target,
      write,
      signal,
      onBytes(bytes) {
        pair.moved += bytes;
        deps.onBytes(table, bytes);
        return deps.limit.take(bytes);
      },
    }).finally(() => (pair.flowing = false));
    if (copy.append) {
      const txid = await transactionOf(target);
      // A target that crashes gives a number out again unless its log tells of it: another transaction would be taken for this one.
      await makeDurable();
      await journal.add({ did: 'table-commits', database, table: name, txid, rows: copied.rows });
      await target.run('COMMIT');
    }
    return copied;
  };
  const copyPart = async (part: TablePart): Promise<TableCopied> => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const copied = await inTurn(() => sessions.use((pair) => send(pair, part)));
        deps.onPart?.(table, part, copied);
        return copied;
      } catch (error) {
        // Other parts of a large table need not be copied anew for it.
        if (copy.parts.length === 1 || attempt >= PART_ATTEMPTS || !lostWhileReading(error)) throw error;
      }
    }
  };

  await journal.add({ did: 'table-begun', database, table: name, run });
  if (copy.empty) await inTurn(() => sessions.use(({ target }) => emptyTable(target, table)));
  const parts = await Promise.allSettled(copy.parts.map(copyPart));
  for (const part of parts) if (part.status === 'rejected') throw part.reason;
  const copied = parts.flatMap((part) => (part.status === 'fulfilled' ? [part.value] : []));
  await makeDurable();
  const sum = {
    rows: copied.reduce((all, { rows }) => all + rows, 0),
    bytes: copied.reduce((all, { bytes }) => all + bytes, 0),
  };
  if (copy.syncedAt !== undefined) await journal.add({ did: 'synced', database, table: name, lsn: copy.syncedAt });
  await journal.add({ did: 'table-done', database, table: name, run, ...sum });
  return sum;
}
