import { randomBytes } from 'node:crypto';
import { open, realpath, rename, rm, stat, type FileHandle } from 'node:fs/promises';

/**
 * Writes a file whole, or leaves it as it was: beside it first, then in its place. Its rights stay, and a link goes on pointing to it. Fails as
 * `write` does or the file system.
 */
export async function replaceFile(target: string, write: (file: FileHandle) => Promise<void>): Promise<void> {
  const path = await realpath(target).catch(() => target);
  const mode = await stat(path).then(
    (found) => found.mode & 0o777,
    () => null,
  );
  const partial = `${path}.${randomBytes(4).toString('hex')}.partial`;
  try {
    const file = await open(partial, 'wx', mode ?? 0o666);
    try {
      // The process's mask may have taken some away.
      if (mode !== null) await file.chmod(mode);
      await write(file);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}
