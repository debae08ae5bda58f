import type { query } from '../../../../shared/contract/query';
import type { Handlers } from '../../../../shared/contract/define';
import { AppError } from '../../../../shared/errors';
import type { QueryCore } from '../query-core';

/** Rows of results, changed by a person. */
export function editHandlers(
  _core: QueryCore,
): Pick<Handlers<typeof query>, 'editTarget' | 'editSql' | 'saveEdits' | 'lookup'> {
  const notYet = (): never => {
    throw new AppError({ code: 'unsupported', message: 'Not yet' });
  };
  return {
    editTarget: async () => ({ reason: 'not-a-table' }),
    editSql: async () => notYet(),
    saveEdits: async () => notYet(),
    lookup: async () => [],
  };
}
