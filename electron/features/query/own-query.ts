import type { RawSession } from '../../adapters/postgres/raw-session';
import type { WireNotice } from '../../adapters/postgres/wire-messages';
import { AppError } from '../../../shared/errors';
import type { TransactionState } from '../../../shared/model/query';

const ignore = (): void => undefined;

export interface OwnAnswer {
  /** Command tag; empty when it failed. */
  readonly tag: string;
  readonly error: WireNotice | null;
}

/** Runs a small statement of the program's own whose rows nobody needs. Fails with `lost-connection` only. */
export async function ask(raw: RawSession, sql: string): Promise<OwnAnswer> {
  let tag = '';
  let failure: WireNotice | null = null;
  await raw.query(sql, {
    columns: ignore,
    rows: ignore,
    complete(completed) {
      tag = completed;
    },
    error(error) {
      failure = error;
    },
  });
  return { tag, error: failure };
}

/** What the server said, as the failure of a call. */
export const sqlFailure = (error: WireNotice): AppError =>
  new AppError({
    code: error.sqlstate === '57014' ? 'cancelled' : 'sql',
    message: error.message,
    sqlstate: error.sqlstate,
    ...(error.detail === '' ? {} : { detail: error.detail }),
    ...(error.hint === '' ? {} : { hint: error.hint }),
  });

/** The state now, by a call: a check of the property before a query would be taken for one after it. */
export const transactionOf = (raw: RawSession): TransactionState => raw.transaction;
