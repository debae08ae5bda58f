import { chmod, lstat, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../../shared/errors';

/** Temporary folders that only this account may enter: password files and sorted archives live there while a program runs. */

const PREFIX = 'job-';

export interface PrivateFolder {
  readonly path: string;
  /** Writes a file that only this account may read and returns its path. */
  write(name: string, text: string): Promise<string>;
  remove(): Promise<void>;
}

/** Threat: in a shared temporary folder somebody else may have made the parent first, and could swap what is in it. */
async function checkOwn(parent: string): Promise<void> {
  const { uid, mode } = await lstat(parent);
  const me = process.getuid?.();
  if (me === undefined || (uid === me && (mode & 0o022) === 0)) return;
  throw new AppError({
    code: 'denied',
    message: `${parent} belongs to somebody else or may be written by others`,
    hint: 'Remove it, or choose another temporary folder by TMPDIR.',
  });
}

/** Fails with `denied` when others may write to the parent. */
export async function makePrivateFolder(parent: string): Promise<PrivateFolder> {
  await mkdir(parent, { recursive: true, mode: 0o700 });
  await checkOwn(parent);
  const path = await mkdtemp(join(parent, `${PREFIX}${process.pid}-`));
  await chmod(path, 0o700);
  return {
    path,
    async write(name, text) {
      const file = join(path, name);
      await writeFile(file, text, { mode: 0o600, flag: 'wx' });
      return file;
    },
    remove: () => rm(path, { recursive: true, force: true }),
  };
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Removes what a killed program left behind. Folders of programs that still run stay. */
export async function sweepPrivateFolders(parent: string): Promise<void> {
  const names = await readdir(parent).catch(() => []);
  for (const name of names) {
    const pid = Number(new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1] ?? 0);
    if (pid > 0 && (pid === process.pid || isRunning(pid))) continue;
    if (pid > 0) await rm(join(parent, name), { recursive: true, force: true });
  }
}
