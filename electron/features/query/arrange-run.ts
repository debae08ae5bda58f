import type { RawSession } from '../../adapters/postgres/raw-session';
import type { WireColumn, WireNotice } from '../../adapters/postgres/wire-messages';
import { AppError } from '../../../shared/errors';
import { arrangedSql, isArranged } from '../../../shared/model/arrange';
import type { Arrangement } from '../../../shared/model/query';
import type { CatalogNames } from './catalog-names';
import { ask, sqlFailure, transactionOf } from './own-query';
import type { ResultSet } from './result-set';
import type { RunResults } from './run-results';
import { holdBack } from './script-run';
import { ARRANGE_SAVEPOINT } from './transaction-sql';

export interface ArrangeRun {
  readonly raw: RawSession;
  /** The result whose place is taken. */
  readonly result: ResultSet;
  readonly arrangement: Arrangement;
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
 * first ones come; resolves with the new result's id when all have. Until then, and when it fails, the old result stays. An open transaction is as it was before.
 */
export async function arrangeResult(run: ArrangeRun): Promise<string> {
  const { raw, result } = run;
  if (!result.origin.standsAlone || !result.isComplete) {
    throw new AppError({ code: 'unsupported', message: 'This result can not be sorted and filtered by the server' });
  }
  const sql = arrangedSql(result.origin.statement, result.columns, run.arrangement);
  const inTransaction = raw.transaction === 'transaction';
  if (inTransaction) {
    const { error } = await ask(raw, `SAVEPOINT ${ARRANGE_SAVEPOINT}`);
    if (error) throw sqlFailure(error);
  }
  try {
    return await replaceRows(run, sql);
  } finally {
    if (inTransaction && transactionOf(raw) !== 'lost') {
      if (transactionOf(raw) === 'failed') await ask(raw, `ROLLBACK TO SAVEPOINT ${ARRANGE_SAVEPOINT}`);
      await ask(raw, `RELEASE SAVEPOINT ${ARRANGE_SAVEPOINT}`);
    }
  }
}

async function replaceRows(run: ArrangeRun, sql: string): Promise<string> {
  const { raw, results, result: old } = run;
  const startedAt = performance.now();
  const arrangement = isArranged(run.arrangement) ? run.arrangement : null;
  let fresh: ResultSet | null = null;
  let placed = false;
  let failure: AppError | null = null;
  const place = (): void => {
    if (!fresh || placed) return;
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
