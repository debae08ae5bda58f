import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../../shared/errors';
import { replaceFile } from '../../adapters/storage/replace-file';

/** Bytes of a file that an editor can take. */
const LARGEST = 100_000_000;

const ENCODINGS = ['utf8', 'utf8-mark', 'utf16le', 'utf16be'] as const;

export const fileState = z.object({
  path: z.string(),
  encoding: z.enum(ENCODINGS),
  /** SHA-256 of the bytes as they were read or written last; empty when they never were. */
  stamp: z.string(),
  lineEnd: z.enum(['lf', 'crlf']),
});
/** A file that a text belongs to. */
export type FileState = Readonly<z.infer<typeof fileState>>;

export interface ReadText {
  /** Lines end with LF. */
  readonly text: string;
  readonly state: FileState;
}

const stampOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

function fault(message: string, error: unknown, hint: string): AppError {
  const detail = error instanceof Error ? error.message : String(error);
  return new AppError({ code: 'file', message, detail, hint, retry: true }, { cause: error });
}

function decoded(bytes: Buffer): { text: string; encoding: FileState['encoding'] } {
  const begins = (...mark: number[]): boolean => mark.every((byte, at) => bytes[at] === byte);
  if (begins(0xff, 0xfe))
    return { text: new TextDecoder('utf-16le', { fatal: true }).decode(bytes), encoding: 'utf16le' };
  if (begins(0xfe, 0xff)) {
    const little = Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2))).swap16();
    return { text: new TextDecoder('utf-16le', { fatal: true }).decode(little), encoding: 'utf16be' };
  }
  const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  return { text, encoding: begins(0xef, 0xbb, 0xbf) ? 'utf8-mark' : 'utf8' };
}

function encoded(text: string, encoding: FileState['encoding']): Buffer {
  if (encoding === 'utf8') return Buffer.from(text, 'utf8');
  const marked = Buffer.from(`\uFEFF${text}`, encoding === 'utf8-mark' ? 'utf8' : 'utf16le');
  return encoding === 'utf16be' ? marked.swap16() : marked;
}

/** Reads a file of text: UTF-8, or UTF-16 with a mark. Fails with `file`. */
export async function readTextFile(path: string): Promise<ReadText> {
  let bytes: Buffer;
  try {
    const { size } = await stat(path);
    if (size > LARGEST) throw new Error(`It has ${size} bytes; an editor takes ${LARGEST}.`);
    bytes = await readFile(path);
  } catch (error) {
    throw fault('The file could not be read', error, 'Check that it is there and that you may read it.');
  }
  let found: ReturnType<typeof decoded>;
  try {
    found = decoded(bytes);
  } catch (error) {
    throw fault('The file is neither UTF-8 nor UTF-16 text', error, 'Save it as UTF-8 with the program that made it.');
  }
  const windows = found.text.split('\r\n').length - 1;
  const all = found.text.split('\n').length - 1;
  return {
    text: found.text.replaceAll('\r\n', '\n'),
    state: {
      path,
      encoding: found.encoding,
      stamp: stampOf(bytes),
      lineEnd: windows > 0 && windows * 2 >= all ? 'crlf' : 'lf',
    },
  };
}

async function stampNow(path: string): Promise<string> {
  try {
    return stampOf(await readFile(path));
  } catch {
    return '';
  }
}

/**
 * Writes a file whole, or leaves it as it was; its rights stay, and a link goes on pointing to it. Fails with `file`; with `conflict` when its
 * content is not what `state` knows, unless `force`.
 */
export async function writeTextFile(
  state: FileState,
  text: string,
  lineEnd: 'lf' | 'crlf',
  force: boolean,
): Promise<FileState> {
  if (!force && state.stamp !== '') {
    const now = await stampNow(state.path);
    if (now !== '' && now !== state.stamp) {
      throw new AppError({
        code: 'conflict',
        message: `${basename(state.path)} was changed by another program since it was read`,
        hint: 'Read it again, or write over it.',
      });
    }
  }
  const lines = text.replaceAll('\r\n', '\n');
  const bytes = encoded(lineEnd === 'crlf' ? lines.replaceAll('\n', '\r\n') : lines, state.encoding);
  try {
    await replaceFile(state.path, (file) => file.writeFile(bytes));
  } catch (error) {
    throw fault('The file could not be written', error, 'Choose another place or make room, then save again.');
  }
  return { ...state, stamp: stampOf(bytes), lineEnd };
}
