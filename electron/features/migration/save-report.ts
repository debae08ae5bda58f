import { writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { AppError } from '../../../shared/errors';
import { reportResponse } from '../../adapters/control-plane/migration-responses';
import type { CallPlane } from '../../adapters/control-plane/plane';
import { reportHtml } from './report-html';
import type { ReportLanguage } from './report-words';

/** Writes the report of a task: a page for people, or JSON when the file's name ends so. Fails with `file`. */
export async function saveReport(
  own: CallPlane,
  { id, file, language }: { readonly id: string; readonly file: string; readonly language: ReportLanguage },
  signal: AbortSignal,
): Promise<void> {
  const body = { JobId: id };
  const { Report } = await own({ action: 'DescribeMigrationReport', body, response: reportResponse, signal });
  const text =
    extname(file).toLowerCase() === '.json' ? `${JSON.stringify(Report, null, 2)}\n` : reportHtml(Report, language);
  try {
    await writeFile(file, text, { mode: 0o600, signal });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError({ code: 'file', message: `The report was not written: ${reason}` }, { cause: error });
  }
}
