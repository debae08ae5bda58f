import type { FileHandle } from 'node:fs/promises';
import { AppError, assertNever, throwIfAborted } from '../../../../shared/errors';
import { replaceFile } from '../../../adapters/storage/replace-file';
import type { TaskControl } from '../../../ports';
import type { ResultSet } from '../result-set';
import { parquetKinds, parquetWriter } from './parquet-writer';
import type { ResultWriter, SaveOptions } from './result-writer';
import { csvWriter, textWriter } from './text-writers';
import { xlsxWriter } from './xlsx-writer';

async function writerOf(result: ResultSet, options: SaveOptions, signal: AbortSignal): Promise<ResultWriter> {
  const { columns } = result;
  const { format } = options;
  switch (format) {
    case 'csv':
    case 'tsv':
      return csvWriter(columns, options);
    case 'json':
    case 'jsonl':
    case 'insert':
    case 'markdown':
      return textWriter(format, columns, options);
    case 'xlsx':
      return xlsxWriter(columns, options);
    case 'parquet': {
      const { kinds, asText } = await parquetKinds(result.spool, result.wireColumns, signal);
      return parquetWriter(columns, kinds, asText);
    }
    default:
      return assertNever(format);
  }
}

/**
 * Writes all rows to a file beside the target and puts it in the target's place at the end, so that a failed or cancelled save leaves the old
 * file as it was. Fails with `file`.
 */
export async function saveResult(
  result: ResultSet,
  path: string,
  options: SaveOptions,
  control: TaskControl,
): Promise<void> {
  control.step('write');
  try {
    const writer = await writerOf(result, options, control.signal);
    await replaceFile(path, (file) => writeRows(result, writer, file, control));
    for (const note of writer.notes()) control.log('warning', note);
  } catch (error) {
    throwIfAborted(control.signal);
    throw fileError(error);
  }
  control.log('info', `${result.spool.rowCount} rows written to ${path}`);
}

async function writeRows(
  { spool }: ResultSet,
  writer: ResultWriter,
  file: FileHandle,
  control: TaskControl,
): Promise<void> {
  const sink = (bytes: Uint8Array): Promise<void> => file.writeFile(bytes);
  const total = spool.bytes;
  let done = 0;
  await writer.begin(sink);
  for await (const range of spool.ranges()) {
    throwIfAborted(control.signal);
    await writer.rows(range, sink);
    done += range.end - range.start;
    control.bytes(done, total);
    control.progress(total === 0 ? 1 : done / total);
  }
  await writer.end(sink);
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
