import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../../shared/errors';
import { takeBaseBackup, type BackupHeader } from '../../adapters/postgres/base-backup';
import { checkManifest } from './backup-manifest';
import { writeConfiguration } from './configuration';
import { engineOf, noteEngine } from './engine';
import type { ClusterNode } from './node';
import { makeFolders, own } from './owned-file';
import { endProcessesIn, fence } from './postmaster';
import { superuserProfile } from './session';
import { dropSlot, renewSlot } from './slots';
import { Unpacker } from './unpack';

export interface CopyOptions {
  readonly signal?: AbortSignal | undefined;
  /** Bytes that have arrived, and the server's estimate of all of them. */
  readonly onProgress?: ((doneBytes: number, totalBytes: number) => void) | undefined;
}

function refuseTablespaces({ tablespaces }: BackupHeader): void {
  if (tablespaces.length === 0) return;
  throw new AppError({
    code: 'unsupported',
    message: `The instance has tablespaces outside of its data folder (${tablespaces.join(', ')}): it cannot have a standby`,
    hint: 'Move what is in them with ALTER TABLE … SET TABLESPACE pg_default, and drop them.',
  });
}

/** What the disk refused, in words; anything else as it is. */
function writeError(error: unknown, folder: string): unknown {
  const { code = '', message = '' } = error instanceof Error ? (error as NodeJS.ErrnoException) : {};
  if (!['ENOSPC', 'EDQUOT', 'EIO', 'EROFS'].includes(code)) return error;
  return new AppError(
    {
      code: 'storage',
      message: code === 'ENOSPC' || code === 'EDQUOT' ? `The disk is full: ${folder} was not written` : message,
      retry: true,
    },
    { cause: error },
  );
}

/** Everything onto the disk, once at the end: one by one while the data comes would cost a wait for the disk per file. */
async function flush(paths: readonly string[]): Promise<void> {
  const waiting = [...paths];
  const worker = async (): Promise<void> => {
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      const handle = await open(path, 'r');
      try {
        await handle.sync();
      } finally {
        await handle.close();
      }
    }
  };
  await Promise.all(Array.from({ length: 4 }, worker));
}

async function receive(source: ClusterNode, folder: string, target: ClusterNode, options: CopyOptions): Promise<void> {
  const sums = source.major >= 13;
  const unpacker = new Unpacker(folder, target.account, sums);
  const manifest: Buffer[] = [];
  let done = 0;
  let total = 0;
  try {
    await takeBaseBackup(
      superuserProfile(source),
      { major: source.major, label: `howdah ${target.id}`, signal: options.signal },
      {
        begin(header) {
          refuseTablespaces(header);
          total = header.totalBytes;
        },
        async data(chunk) {
          await unpacker.write(chunk);
          done += chunk.length;
          options.onProgress?.(done, Math.max(total, done));
        },
        manifest: (chunk) => void manifest.push(Buffer.from(chunk)),
      },
    );
    await unpacker.finish();
  } finally {
    await unpacker.close();
  }
  if (sums) checkManifest(Buffer.concat(manifest), unpacker.files);
  await writeConfiguration(target, folder);
  await flush([...[...unpacker.files.keys()].map((path) => join(folder, path)), ...unpacker.folders]);
}

/**
 * Copies the data folder of a running primary into `${target.data}.new` and renames it to `target.data` when it is whole and checked. Makes the
 * target's slot on the source first, so that the log from here on is kept for it; takes it back when the copy fails. What an earlier attempt
 * left, and an old data folder of the target, is removed. Fails with `conflict` when a server runs there, `unsupported` for tablespaces,
 * `lost-connection` or `sql` when the source fails, `storage` when the disk is full, `cancelled`.
 */
export async function copyFrom(source: ClusterNode, target: ClusterNode, options: CopyOptions = {}): Promise<void> {
  await makeFolders(target);
  const building = `${target.data}.new`;
  await fence(target);
  await endProcessesIn([target.base, building]);
  await rm(building, { recursive: true, force: true });
  await rm(target.data, { recursive: true, force: true });
  await renewSlot(source, target.id);
  try {
    // Ours alone until it is whole: nothing that runs as the servers' account can lead us astray in there.
    await mkdir(building, { mode: 0o700 });
    await receive(source, building, target, options);
    const engine = await engineOf(source);
    if (engine) await noteEngine(target, engine);
    await own(building, target.account);
    await rename(building, target.data);
    await flush([target.base]);
  } catch (error) {
    await rm(building, { recursive: true, force: true });
    await dropSlot(source, target.id).catch(() => undefined);
    throw writeError(error, building);
  }
}
