import type { RawSession } from '../../adapters/postgres/raw-session';
import type { WireColumn, WireNotice } from '../../adapters/postgres/wire-messages';
import { AppError, throwIfAborted } from '../../../shared/errors';
import { arrangedSql, isArranged } from '../../../shared/model/arrange';
import type { Arrangement } from '../../../shared/model/query';
import type { CatalogNames } from './catalog-names';
import { ask, sqlFailure, transactionOf } from './own-query';
import type { ResultSet } from './result-set';
import type { RunResults } from './run-results';
import { holdBack, standardStrings } from './script-run';
import { ARRANGE_SAVEPOINT } from './transaction-sql';

export interface ArrangeRun {
  readonly raw: RawSession;
  /** The result whose place is taken. */
  readonly result: ResultSet;
  readonly arrangement: Arrangement;
  /** Fires when the person cancels; then no new result takes the old one's place. */
  readonly signal: AbortSignal;
  readonly results: RunResults;
  readonly names: CatalogNames;
  readonly cancel: () => void;
  /** The new result is in its place; hears its id. */
  readonly placed: (resultId: string) => void;
  /** Rows came. */
  readonly changed: () => void;
  /** The server failed after the first rows had come. */
  readonly failed: (error: WireNotice) => void;
}

/**
 * Runs a result's statement again within another one that sorts and filters, and puts the rows in place of the old ones as soon as the
 * first ones come; resolves with the new result's id when all have. Until then, and when it fails, the old result stays. An open transaction is
 * as it was before. Threat: the person asked for an order, not for what the statement's functions do: it can only read.
 */
export async function arrangeResult(run: ArrangeRun): Promise<string> {
  const { raw, result } = run;
  if (!result.origin.standsAlone || !result.isComplete) {
    throw new AppError({ code: 'unsupported', message: 'This result can not be sorted and filtered by the server' });
  }
  const sql = arrangedSql(result.origin.statement, result.columns, run.arrangement, standardStrings(raw));
  const inTransaction = raw.transaction !== 'idle';
  const opening = inTransaction ? [`SAVEPOINT ${ARRANGE_SAVEPOINT}`, 'SET TRANSACTION READ ONLY'] : ['BEGIN READ ONLY'];
  let opened = 0;
  try {
    for (const each of opening) {
      const { error } = await ask(raw, each);
      if (error) throw sqlFailure(error);
      opened += 1;
    }
    return await cancelledBy(run, () => replaceRows(run, sql));
  } finally {
    if (opened > 0 && transactionOf(raw) !== 'lost') await takeBack(raw, inTransaction);
  }
}

/** A cancel that hit the savepoint would break the person's transaction: only the query is cancelled. */
async function cancelledBy<T>({ signal, cancel }: ArrangeRun, work: () => Promise<T>): Promise<T> {
  throwIfAborted(signal);
  signal.addEventListener('abort', cancel);
  try {
    return await work();
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

async function takeBack(raw: RawSession, inTransaction: boolean): Promise<void> {
  const statements = inTransaction
    ? [`ROLLBACK TO SAVEPOINT ${ARRANGE_SAVEPOINT}`, `RELEASE SAVEPOINT ${ARRANGE_SAVEPOINT}`]
    : ['ROLLBACK'];
  const done = async (): Promise<boolean> => {
    for (const sql of statements) if ((await ask(raw, sql)).error) return false;
    return true;
  };
  // A cancel that comes late may hit the first: the second time is what it was not meant for.
  if (!(await done())) await done();
}

async function replaceRows(run: ArrangeRun, sql: string): Promise<string> {
  const { raw, results, result: old } = run;
  const startedAt = performance.now();
  const arrangement = isArranged(run.arrangement) ? run.arrangement : null;
  let fresh: ResultSet | null = null;
  let placed = false;
  let failure: AppError | null = null;
  const place = (): void => {
    if (!fresh || placed || run.signal.aborted) return;
    placed = true;
    results.replace(old, fresh);
    run.placed(fresh.resultId);
  };
  const begin = (columns: readonly WireColumn[]): ResultSet =>
    results.make({ ...old.origin, arrangement }, columns, run.names, startedAt);
  try {
    await raw.query(sql, {
      columns(columns) {
        fresh = begin(columns);
      },
      rows(chunk, start, end, count) {
        if (!fresh) return;
        fresh.spool.append(chunk, start, end, count);
        const full = fresh.spool.failure;
        if (full && !failure) {
          failure = new AppError(full.info);
          run.cancel();
        }
        holdBack(raw, fresh);
        place();
        run.changed();
      },
      complete(tag) {
        place();
        fresh?.finish(tag);
      },
      error(error) {
        failure ??= sqlFailure(error);
        if (placed) run.failed(error);
      },
    });
  } finally {
    endUnplaced(results, fresh, placed);
  }
  if (!placed) throwIfAborted(run.signal);
  return idOf(fresh, failure);
}

function endUnplaced(results: RunResults, fresh: ResultSet | null, placed: boolean): void {
  fresh?.finish('');
  if (fresh && !placed) results.release(fresh);
}

function idOf(fresh: ResultSet | null, failure: AppError | null): string {
  if (failure) throw failure;
  if (!fresh) throw new AppError({ code: 'unsupported', message: 'The server sent no rows for this statement' });
  return fresh.resultId;
}
