import { randomBytes } from 'node:crypto';
import { open, unlink, readdir, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../../shared/errors';

const PREFIX = 'rows-';

/** A file of equal blocks that nobody else can open by its name and that is gone with the process where the system allows it. */
export interface SpoolFile {
  write(slot: number, block: Buffer): Promise<void>;
  read(slot: number, size: number): Promise<Buffer>;
  close(): Promise<void>;
}

/** Fails with `storage` when the folder can't be written to. */
export async function openSpoolFile(folder: string, blockSize: number): Promise<SpoolFile> {
  const path = join(folder, `${PREFIX}${process.pid}-${randomBytes(8).toString('hex')}`);
  let file: FileHandle;
  try {
    file = await open(path, 'wx+', 0o600);
  } catch (error) {
    throw spoolError(error);
  }
  // Windows keeps the name of an open file; there it goes when the file is closed, or at the next start.
  const unlinked =
    process.platform !== 'win32' &&
    (await unlink(path).then(
      () => true,
      () => false,
    ));
  return {
    async write(slot, block) {
      for (let done = 0; done < block.length;) {
        const { bytesWritten } = await file
          .write(block, done, block.length - done, slot * blockSize + done)
          .catch((error: unknown) => {
            throw spoolError(error);
          });
        done += bytesWritten;
      }
    },
    async read(slot, size) {
      const block = Buffer.allocUnsafe(size);
      for (let done = 0; done < size;) {
        const { bytesRead } = await file.read(block, done, size - done, slot * blockSize + done);
        if (bytesRead === 0) throw new AppError({ code: 'storage', message: 'Rows that were kept on disk are gone' });
        done += bytesRead;
      }
      return block;
    },
    async close() {
      await file.close();
      if (!unlinked) await unlink(path).catch(() => undefined);
    },
  };
}

function spoolError(error: unknown): AppError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const full = code === 'ENOSPC' || code === 'EDQUOT';
  return new AppError(
    {
      code: 'storage',
      message: full
        ? 'The disk is full: no more rows can be kept'
        : 'Rows could not be written to the temporary folder',
      detail: error instanceof Error ? error.message : String(error),
      hint: full
        ? 'Free some space or ask for fewer rows. The rows that arrived before stay usable.'
        : 'Check that the temporary folder exists and may be written to.',
    },
    { cause: error },
  );
}

/** Removes what programs that no longer run left behind. */
export async function sweepSpoolFiles(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const pid = Number(/^rows-(\d+)-/.exec(name)?.[1]);
    if (pid > 0 && pid !== process.pid && !isAlive(pid)) await unlink(join(folder, name)).catch(() => undefined);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
