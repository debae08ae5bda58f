import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { AppError } from '../../../shared/errors';
import type { Compression, DumpKind } from '../../../shared/model/import';

/** What a file is, from its first bytes. */
export interface DumpFile {
  readonly path: string;
  readonly name: string;
  readonly sizeBytes: number;
  readonly kind: DumpKind;
  readonly compression: Compression;
  /** Why the kind is `unknown` and what to do; empty otherwise. */
  readonly problem: string;
  /** Bytes of a byte order mark to skip. */
  readonly skip: number;
}

/** The content as a stream (decompressed), with the place in the file on disk for progress. */
export interface DumpStream {
  readonly stream: Readable;
  /** Bytes of the file read so far. */
  position(): number;
}

const HEAD = 64 * 1024;

const OTHER_FORMATS: readonly [number[], string][] = [
  [[0x28, 0xb5, 0x2f, 0xfd], 'It is compressed with Zstandard, which is not read here. Unpack it first: zstd -d FILE'],
  [[0x04, 0x22, 0x4d, 0x18], 'It is compressed with LZ4, which is not read here. Unpack it first: lz4 -d FILE'],
  [[0x50, 0x4b, 0x03, 0x04], 'It is a ZIP archive, which is not read here. Unpack it first: unzip FILE'],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a], 'It is compressed with xz, which is not read here. Unpack it first: xz -d FILE'],
  [[0x42, 0x5a, 0x68], 'It is compressed with bzip2, which is not read here. Unpack it first: bzip2 -d FILE'],
];
const UTF16 =
  'It is text in UTF-16. PostgreSQL reads UTF-8 and single-byte encodings: iconv -f UTF-16 -t UTF-8 FILE > NEW';
const NOT_A_DUMP =
  'It holds neither SQL nor an archive of pg_dump. Choose a file that pg_dump made (plain, custom or tar format) or an SQL script.';

const startsWith = (bytes: Uint8Array, magic: readonly number[]): boolean =>
  magic.every((byte, at) => bytes[at] === byte);

const STATEMENT =
  /^(?:abort|alter|analyze|begin|call|checkpoint|cluster|comment|commit|copy|create|delete|do|drop|grant|import|insert|lock|merge|reassign|refresh|reindex|reset|revoke|rollback|savepoint|security|select|set|show|start|table|truncate|update|vacuum|values|with)\b/i;

/** Whether a text starts as an SQL script does: a comment, a psql command or a statement's first word. */
function looksLikeSql(head: string): boolean {
  const text = head.trimStart();
  if (text.startsWith('--') || text.startsWith('/*') || /^\\(?:\w+|!)/.test(text)) return true;
  return STATEMENT.test(text);
}

type Recognised = Pick<DumpFile, 'kind' | 'problem' | 'skip'>;
const unknown = (problem: string): Recognised => ({ kind: 'unknown', problem, skip: 0 });

/** Recognises uncompressed content by its first bytes. */
export function recogniseBytes(head: Uint8Array): Recognised {
  if (head.length === 0) return unknown('The file is empty.');
  if (startsWith(head, [0x50, 0x47, 0x44, 0x4d, 0x50])) return { kind: 'custom', problem: '', skip: 0 };
  const text = Buffer.from(head.buffer, head.byteOffset, head.length);
  if (text.toString('latin1', 257, 262) === 'ustar') {
    return text.toString('latin1', 0, 7) === 'toc.dat'
      ? { kind: 'tar', problem: '', skip: 0 }
      : unknown(
          'It is a tar archive, but not one of pg_dump (its first file is not toc.dat). Unpack it and choose the dump inside.',
        );
  }
  for (const [magic, problem] of OTHER_FORMATS) if (startsWith(head, magic)) return unknown(problem);
  if (startsWith(head, [0xff, 0xfe]) || startsWith(head, [0xfe, 0xff])) return unknown(UTF16);
  const skip = startsWith(head, [0xef, 0xbb, 0xbf]) ? 3 : 0;
  if (head.includes(0)) return unknown(head[1] === 0 || head[0] === 0 ? UTF16 : NOT_A_DUMP);
  return looksLikeSql(text.toString('latin1', skip)) ? { kind: 'plain', problem: '', skip } : unknown(NOT_A_DUMP);
}

function fileError(path: string, error: unknown): AppError {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  const [message, hint] =
    code === 'ENOENT'
      ? [`${path} does not exist`, 'Choose the file again: it may have been moved or deleted.']
      : code === 'EACCES' || code === 'EPERM'
        ? [`${path} may not be read by your account`, 'Change its permissions or copy it to a folder of yours.']
        : [
            `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
            'Check the disk it is on.',
          ];
  return new AppError({ code: 'file', message, hint }, { cause: error });
}

/** A damaged gzip file, told from a file that cannot be read. */
export function readError(path: string, error: unknown): AppError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (!code.startsWith('Z_')) return fileError(path, error);
  return new AppError(
    {
      code: 'file',
      message:
        code === 'Z_BUF_ERROR'
          ? `${basename(path)} is cut off: the compressed data ends too early`
          : `${basename(path)} is damaged: ${error instanceof Error ? error.message : code}`,
      hint: 'Copy or download the file again; `gzip -t FILE` tells whether it is whole.',
    },
    { cause: error },
  );
}

/** Recognises a file by its content. Fails with `file` when it is missing or unreadable; directories are of kind `directory`. */
export async function recogniseFile(path: string): Promise<DumpFile> {
  const base = { path, name: basename(path), compression: 'none' as Compression };
  try {
    const facts = await stat(path);
    if (facts.isDirectory())
      return {
        ...base,
        sizeBytes: 0,
        kind: 'directory',
        skip: 0,
        problem:
          'It is a folder. Dumps in directory format are not read here: make one in custom format (pg_dump -Fc).',
      };
    if (!facts.isFile()) throw new Error('it is not a regular file');
    const handle = await open(path, 'r');
    let head: Uint8Array;
    try {
      const buffer = Buffer.alloc(HEAD);
      const { bytesRead } = await handle.read(buffer, 0, HEAD, 0);
      head = buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
    const sizeBytes = facts.size;
    if (!startsWith(head, [0x1f, 0x8b])) return { ...base, sizeBytes, ...recogniseBytes(head) };
    const inner = await gunzipHead(path);
    return {
      ...base,
      sizeBytes,
      compression: 'gzip',
      ...(inner instanceof AppError ? unknown(describe(inner)) : recogniseBytes(inner)),
    };
  } catch (error) {
    throw error instanceof AppError ? error : fileError(path, error);
  }
}

const describe = (error: AppError): string => `${error.message}. ${error.info.hint ?? ''}`;

async function gunzipHead(path: string): Promise<Uint8Array | AppError> {
  const source = createReadStream(path);
  const stream = source.pipe(createGunzip());
  source.on('error', (error) => stream.destroy(error));
  const parts: Buffer[] = [];
  let length = 0;
  try {
    for await (const part of stream as AsyncIterable<Buffer>) {
      parts.push(part);
      length += part.length;
      if (length >= HEAD) break;
    }
    return Buffer.concat(parts).subarray(0, HEAD);
  } catch (error) {
    return length > 0 ? Buffer.concat(parts) : readError(path, error);
  } finally {
    source.destroy();
    stream.destroy();
  }
}

/** Opens the content for reading from its start, without a byte order mark. Errors of the stream go through `readError`. */
export function openDumpStream(file: DumpFile): DumpStream {
  const source = createReadStream(file.path, {
    highWaterMark: 256 * 1024,
    start: file.compression === 'none' ? file.skip : 0,
  });
  const position = (): number => source.bytesRead;
  if (file.compression === 'none') return { stream: source, position };
  const stream = source.pipe(createGunzip({ chunkSize: 256 * 1024 }));
  source.on('error', (error) => stream.destroy(error));
  stream.on('close', () => source.destroy());
  return { stream, position };
}
