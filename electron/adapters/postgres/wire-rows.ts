import { AppError } from '../../../shared/errors';
import type { Row } from '../../../shared/model/query';

/** The longest text a JavaScript engine can hold, in bytes of UTF-8. */
const MAX_TEXT_BYTES = 0x1fff_ffe8;

/** Bytes of one DataRow message at `at`, header included. */
export const rowSize = (buffer: Buffer, at: number): number => 1 + buffer.readInt32BE(at + 1);

/**
 * The values of the DataRow message (header included) that stands whole at `at`. A value of more than `cellLimit` characters is cut to
 * `cellLimit + 1`, so that a cut one can be told.
 */
export function decodeRow(buffer: Buffer, at: number, cellLimit: number): Row {
  const count = buffer.readUInt16BE(at + 5);
  const row: (string | null)[] = Array.from({ length: count }, () => null);
  let position = at + 7;
  for (let column = 0; column < count; column += 1) {
    const length = buffer.readInt32BE(position);
    position += 4;
    if (length < 0) continue;
    row[column] = decodeValue(buffer, position, length, cellLimit);
    position += length;
  }
  return row;
}

/** How many bytes of a value hold its first `cellLimit + 1` characters, whatever they are. */
export const bytesOfCell = (length: number, cellLimit: number): number => Math.min(length, (cellLimit + 1) * 4);

export function decodeValue(buffer: Buffer, at: number, length: number, cellLimit: number): string {
  const bytes = bytesOfCell(length, cellLimit);
  if (bytes > MAX_TEXT_BYTES) {
    throw new AppError({
      code: 'unsupported',
      message: 'A value of more than 512 MiB can not be shown',
      hint: 'Save the result as CSV, or select a part of the value with substr().',
    });
  }
  const text = buffer.toString('utf8', at, at + bytes);
  return text.length > cellLimit ? text.slice(0, cellLimit + 1) : text;
}
