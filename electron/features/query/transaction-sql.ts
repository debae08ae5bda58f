import { AppError } from '../../../shared/errors';
import type { TransactionDeed } from '../../../shared/model/query';
import { quoteIdent } from '../../../shared/model/quote';

/** Savepoints of the program itself, each within one statement of the person. */
export const STATEMENT_SAVEPOINT = 'howdah_statement';
export const ARRANGE_SAVEPOINT = 'howdah_arrange';

/** The statement of a transaction button. Fails with `invalid-input` when a savepoint's name is missing. */
export function transactionSql(deed: TransactionDeed, name = ''): string {
  switch (deed) {
    case 'begin':
      return 'BEGIN';
    case 'commit':
      return 'COMMIT';
    case 'rollback':
      return 'ROLLBACK';
    case 'savepoint':
      return `SAVEPOINT ${named(name)}`;
    case 'rollback-to':
      return `ROLLBACK TO SAVEPOINT ${named(name)}`;
    case 'release':
      return `RELEASE SAVEPOINT ${named(name)}`;
  }
}

function named(name: string): string {
  if (name === '' || name.includes('\0')) {
    throw new AppError({ code: 'invalid-input', message: 'A savepoint needs a name', field: 'name' });
  }
  return quoteIdent(name);
}
