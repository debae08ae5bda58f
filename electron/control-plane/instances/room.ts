import { existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { AppError } from '../../../shared/errors';
import type { OperationContext } from './operation-context';

/** Beyond the data itself: what is written while it is copied. */
const RESERVE = 64 * 1024 ** 2;
const MEGABYTE = 1024 ** 2;

/** Fails with `conflict` when the disk of a node cannot take another copy of the data. Said before the copy begins: a full disk hurts everybody. */
export function mustHaveRoom(context: OperationContext, id: string): void {
  const used = context.diskUsed();
  if (used === null) return;
  let folder = context.node(id).base;
  while (!existsSync(folder)) folder = dirname(folder);
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  if (free >= used + RESERVE) return;
  throw new AppError({
    code: 'conflict',
    message: `A copy of the data takes ${Math.ceil(used / MEGABYTE)} MB; the disk has ${Math.floor(free / MEGABYTE)} MB left`,
    hint: 'Free space on the disk that holds the state folder.',
  });
}
