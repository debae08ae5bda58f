import { AppError, throwIfAborted } from '../../../../shared/errors';
import { copyRows } from '../../../adapters/postgres/copy-pipe';
import type { CopySession } from '../../../adapters/postgres/copy-session';
import type { Journal } from '../journal';
import type { PlannedTable } from '../plan-model';
import type { CopySessions } from './copy-sessions';
import { copyStatements, targetName } from './copy-statements';
import type { RateLimit } from './rate-limit';
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
}

export interface TableCopyDeps {
  readonly sessions: CopySessions;
  readonly pool: WorkPool;
  readonly limit: RateLimit;
  readonly journal: Journal;
  readonly signal: AbortSignal;
  readonly onBytes: (table: PlannedTable, bytes: number) => void;
}

/** Rows and bytes as text between the servers. */
export interface TableCopied {
  readonly rows: number;
  readonly bytes: number;
}

/** Empties what an earlier attempt left. Refused by foreign keys of a table that was there before: then row by row. */
async function emptyTable(target: CopySession, table: PlannedTable): Promise<void> {
  try {
    await target.run(`TRUNCATE ONLY ${targetName(table)}`);
  } catch (error) {
    if (!(error instanceof AppError) || error.info.sqlstate !== '0A000') throw error;
    await target.run(`DELETE FROM ONLY ${targetName(table)}`);
  }
}

/**
 * Makes everything that was committed with `synchronous_commit = off` durable: a commit that waits for the disk flushes all before it. Only
 * then may the journal say that a table is done.
 */
async function flushTarget(target: CopySession): Promise<void> {
  await target.run('BEGIN; SET LOCAL synchronous_commit = on; SELECT pg_catalog.txid_current(); COMMIT');
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

/**
 * Copies one table, its parts side by side as the pool allows, each in a transaction of its own. The journal tells when it begins and when it is
 * whole. Fails with `CopyFailure`, `lost-connection`, `sql` or `cancelled`.
 */
export async function copyTable(copy: TableCopy, deps: TableCopyDeps): Promise<TableCopied> {
  const { table, database, run } = copy;
  const { journal, sessions, signal } = deps;
  const name = `${table.schema}.${table.name}`;
  const urgency = table.bytes;
  const inTurn = <T>(work: () => Promise<T>): Promise<T> =>
    deps.pool.add(urgency, () => {
      throwIfAborted(signal);
      return work();
    });

  const copyPart = (
    part: TablePart,
    last: (target: CopySession, rows: number) => Promise<void>,
  ): Promise<TableCopied> =>
    inTurn(() =>
      sessions.use(async ({ source, target }) => {
        const { read, write } = copyStatements(table, part);
        await target.run('BEGIN; SET LOCAL synchronous_commit = off');
        const copied = await copyRows({
          source,
          read,
          target,
          write,
          signal,
          onBytes(bytes) {
            deps.onBytes(table, bytes);
            return deps.limit.take(bytes);
          },
        });
        await last(target, copied.rows);
        await target.run('COMMIT');
        return copied;
      }),
    );

  await journal.add({ did: 'table-begun', database, table: name, run });
  if (copy.empty) await inTurn(() => sessions.use(({ target }) => emptyTable(target, table)));
  const noteCommit = async (target: CopySession, rows: number): Promise<void> => {
    if (!copy.append) return;
    await journal.add({ did: 'table-commits', database, table: name, txid: await transactionOf(target), rows });
  };
  const parts = await Promise.allSettled(copy.parts.map((part) => copyPart(part, noteCommit)));
  for (const part of parts) if (part.status === 'rejected') throw part.reason;
  const copied = parts.flatMap((part) => (part.status === 'fulfilled' ? [part.value] : []));
  await inTurn(() => sessions.use(({ target }) => flushTarget(target)));
  const sum = {
    rows: copied.reduce((all, { rows }) => all + rows, 0),
    bytes: copied.reduce((all, { bytes }) => all + bytes, 0),
  };
  await journal.add({ did: 'table-done', database, table: name, run, ...sum });
  return sum;
}
