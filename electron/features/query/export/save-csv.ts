import { randomBytes } from 'node:crypto';
import { open, rename, unlink } from 'node:fs/promises';
import type { RowSpool } from '../../../adapters/postgres/row-spool';
import { CsvWriter, csvHeader } from '../../../adapters/postgres/wire-csv';
import { AppError, throwIfAborted } from '../../../../shared/errors';
import type { TaskControl } from '../../../ports';

export interface CsvTarget {
  readonly path: string;
  readonly delimiter: string;
  /** Column names for the first line; null writes none. */
  readonly header: readonly string[] | null;
}

/**
 * Writes all rows to a file beside the target and puts it in the target's place at the end, so that a failed or cancelled save leaves the old
 * file as it was. Fails with `file`.
 */
export async function saveCsv(spool: RowSpool, target: CsvTarget, control: TaskControl): Promise<void> {
  const partial = `${target.path}.${randomBytes(4).toString('hex')}.partial`;
  control.step('write');
  try {
    await writeRows(spool, partial, target, control);
    await rename(partial, target.path);
  } catch (error) {
    await unlink(partial).catch(() => undefined);
    throwIfAborted(control.signal);
    throw fileError(error);
  }
  control.log('info', `${spool.rowCount} rows written to ${target.path}`);
}

async function writeRows(spool: RowSpool, path: string, target: CsvTarget, control: TaskControl): Promise<void> {
  const total = spool.bytes;
  const writer = new CsvWriter(target.delimiter);
  const file = await open(path, 'wx');
  try {
    if (target.header) await file.writeFile(csvHeader(target.header, target.delimiter));
    let done = 0;
    for await (const range of spool.ranges()) {
      throwIfAborted(control.signal);
      await file.writeFile(writer.lines(range));
      done += range.end - range.start;
      control.bytes(done, total);
      control.progress(total === 0 ? 1 : done / total);
    }
    await file.sync();
  } finally {
    await file.close();
  }
}

function fileError(error: unknown): unknown {
  if (error instanceof AppError || !(error instanceof Error) || !('code' in error)) return error;
  const full = error.code === 'ENOSPC' || error.code === 'EDQUOT';
  return new AppError(
    {
      code: 'file',
      message: full ? 'The disk is full: the file was not written' : 'The file could not be written',
      detail: error.message,
      hint: 'Choose another place or make room, then save again. The result is still held.',
      retry: true,
    },
    { cause: error },
  );
}
