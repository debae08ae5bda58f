import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../../shared/errors';
import type { Logger } from '../../log';

/** One JSON file on disk and its value in memory. One process, one document object, one writer. */
export interface JsonDocument<T> {
  /** The value as of the last change, whether it has reached the disk or not. */
  current(): T;
  /** Changes the value at once; resolves when it is on disk. Fails with `storage`; the value in memory is then the old one again. */
  update(change: (current: T) => T): Promise<T>;
  /** Resolves when everything asked for so far has been written or has failed. */
  settled(): Promise<void>;
}

export interface JsonDocumentOptions<T> {
  readonly file: string;
  readonly schema: z.ZodType<T>;
  /** Rises with every change of shape that the schema's defaults do not bridge. */
  readonly version: number;
  readonly defaults: T;
  readonly log: Logger;
  /** `upgrades[n]` makes data of version n + 1 from data of version n. */
  readonly upgrades?: Readonly<Record<number, (data: unknown) => unknown>>;
  /** Told when a file could not be read and was put aside. */
  readonly onBroken?: (kept: string, reason: string) => void;
}

const envelope = z.object({ version: z.number().int().min(0), data: z.unknown() });

function failure(file: string, doing: string, error: unknown): AppError {
  return new AppError(
    {
      code: 'storage',
      message: `${file} could not be ${doing}: ${error instanceof Error ? error.message : String(error)}`,
      hint: 'Check that the disk has space and that the folder belongs to you.',
      retry: true,
    },
    { cause: error },
  );
}

function parse<T>(text: string, options: JsonDocumentOptions<T>): T {
  const stored = envelope.parse(JSON.parse(text));
  if (stored.version > options.version) {
    throw new Error(`version ${stored.version} was written by a newer program; this one knows ${options.version}`);
  }
  let data = stored.data;
  for (let from = stored.version; from < options.version; from++) {
    const upgrade = options.upgrades?.[from];
    if (!upgrade) throw new Error(`there is no upgrade from version ${from}`);
    data = upgrade(data);
  }
  return options.schema.parse(data);
}

/**
 * Writes a file so that after a crash either the old or the new content is there, never a part: temporary file, fsync, rename, fsync of
 * the folder. Only the owner can read it.
 */
export async function writeFileAtomically(file: string, text: string): Promise<void> {
  const folder = dirname(file);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(text, 'utf8');
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  // Windows cannot open a folder; its rename is durable with the file's own flush.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Reads the document now. A missing file gives the defaults. A file that is not what it should be is kept as `<file>.broken-<time>`,
 * reported, and the defaults are used. A file that cannot be read at all (rights, a failing disk) is a `storage` failure: going on with
 * defaults would overwrite it.
 */
export function openJsonDocument<T>(options: JsonDocumentOptions<T>): JsonDocument<T> {
  const { file, log } = options;
  let value = options.defaults;
  let text: string | null;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw failure(file, 'read', error);
    text = null;
  }
  if (text !== null) {
    try {
      value = parse(text, options);
    } catch (error) {
      const kept = `${file}.broken-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`;
      try {
        renameSync(file, kept);
      } catch (renameError) {
        throw failure(file, 'put aside', renameError);
      }
      const reason = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
      log.write('error', 'a document is broken and was put aside', { file, kept, reason });
      options.onBroken?.(kept, reason);
    }
  }

  let queue: Promise<unknown> = Promise.resolve();
  let written = value;
  return {
    current: () => value,
    update(change) {
      const next = options.schema.parse(change(value));
      value = next;
      const write = queue.then(async () => {
        try {
          await writeFileAtomically(file, `${JSON.stringify({ version: options.version, data: next }, null, 1)}\n`);
          written = next;
        } catch (error) {
          // Later changes were made upon this one and will be tried by their own writes.
          if (value === next) value = written;
          throw failure(file, 'written', error);
        }
        return next;
      });
      queue = write.catch(() => undefined);
      return write;
    },
    settled: async () => void (await queue),
  };
}
