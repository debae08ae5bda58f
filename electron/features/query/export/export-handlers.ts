import { basename } from 'node:path';
import type { query } from '../../../../shared/contract/query';
import type { Handlers } from '../../../../shared/contract/define';
import { AppError } from '../../../../shared/errors';
import type { QueryCore } from '../query-core';
import { saveCsv } from './save-csv';

/** Results written to files, streamed. */
export function exportHandlers({ deps, resultOf }: QueryCore): Pick<Handlers<typeof query>, 'save'> {
  return {
    async save({ resultId, fileToken, delimiter, header }) {
      const { result } = resultOf(resultId);
      if (!/^[\t -~]$/.test(delimiter) || delimiter === '"') {
        throw new AppError({
          code: 'invalid-input',
          message: 'The delimiter must be one ASCII character other than a quote',
          field: 'delimiter',
        });
      }
      if (!result.isComplete) {
        throw new AppError({
          code: 'conflict',
          message: 'Rows are still arriving',
          hint: 'Save when the statement has ended.',
        });
      }
      const path = deps.files.path(fileToken, 'write');
      const names = header ? result.columns.map((column) => column.name) : null;
      result.spool.retain();
      const taskId = deps.runner.start(
        { kind: 'save-result', title: basename(path), steps: [{ key: 'write', weight: 1 }] },
        (control) =>
          saveCsv(result.spool, { path, delimiter, header: names }, control).finally(() => result.spool.release()),
      );
      return { taskId };
    },
  };
}
