import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { AppError } from '../../../shared/errors';
import { freeBytes } from './capacity';
import type { OperationContext } from './operation-context';

/** Beyond the data itself: what is written while it is copied. */
const RESERVE = 64 * 1024 ** 2;
const MEGABYTE = 1024 ** 2;

/** The folder, or the nearest one above it that is there. */
function nearest(folder: string): string {
  for (let found = folder; ; found = dirname(found)) if (existsSync(found) || dirname(found) === found) return found;
}

/** Fails with `conflict` when the disk, or one of the disks, cannot take a copy of so much data in each of these folders. */
export function mustTakeCopies(folders: readonly string[], used: number): void {
  const copies = new Map<number, number>();
  for (const folder of folders) {
    const there = nearest(folder);
    const disk = statSync(there).dev;
    const count = (copies.get(disk) ?? 0) + 1;
    copies.set(disk, count);
    const free = freeBytes(there);
    if (free >= (used + RESERVE) * count) continue;
    throw new AppError({
      code: 'conflict',
      message: `A copy of the data takes ${Math.ceil(used / MEGABYTE)} MB; the disk has ${Math.floor(free / MEGABYTE)} MB left${count > 1 ? ` for ${count} copies` : ''}`,
      hint: 'Free space on the disk that holds the state folder.',
      apiCode: 'ResourceInsufficient.ResourceNotEnough',
    });
  }
}

/** Fails with `conflict` when the disk of a node cannot take another copy of the data. Said before the copy begins: a full disk hurts everybody. */
export async function mustHaveRoom(context: OperationContext, id: string): Promise<void> {
  mustTakeCopies([context.node(id).base], await context.measureDisk());
}
