import { basename } from 'node:path';
import type { query } from '../../../../shared/contract/query';
import type { Handlers } from '../../../../shared/contract/define';
import { AppError } from '../../../../shared/errors';
import type { QueryCore } from '../query-core';
import { saveResult } from './save-result';

const invalid = (field: string, message: string): AppError => new AppError({ code: 'invalid-input', message, field });

/** What may separate values, and what may stand for NULL, so that the file can be read back. */
function checkMarks(delimiter: string, nullText: string): void {
  if (!/^[\t -~]$/.test(delimiter) || delimiter === '"') {
    throw invalid('delimiter', 'The delimiter must be one ASCII character other than a quote');
  }
  if (nullText.includes(delimiter) || /["\r\n]/.test(nullText)) {
    throw invalid('nullText', 'What stands for NULL can hold no delimiter, no quote and no line break');
  }
}

/** Results written to files, streamed. */
export function exportHandlers({ deps, resultOf }: QueryCore): Pick<Handlers<typeof query>, 'save'> {
  return {
    async save({ resultId, fileToken, ...chosen }) {
      const { session, result } = resultOf(resultId);
      checkMarks(chosen.format === 'tsv' ? '\t' : chosen.delimiter, chosen.nullText);
      if (!result.isComplete) {
        throw new AppError({
          code: 'conflict',
          message: 'Rows are still arriving',
          hint: 'Save when the statement has ended.',
        });
      }
      const path = deps.files.path(fileToken, 'write');
      const table = chosen.table === '' ? (session.tableOf(result) ?? 'query_result') : chosen.table;
      result.spool.retain();
      const taskId = deps.runner.start(
        { kind: 'save-result', title: basename(path), steps: [{ key: 'write', weight: 1 }] },
        (control) => saveResult(result, path, { ...chosen, table }, control).finally(() => result.spool.release()),
      );
      return { taskId };
    },
  };
}
