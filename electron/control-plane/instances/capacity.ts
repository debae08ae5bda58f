import { cpus, totalmem } from 'node:os';
import { statfsSync } from 'node:fs';
import { AppError } from '../../../shared/errors';
import { findClass, type InstanceClass } from './classes';
import type { InstanceRecord } from './record';

export interface Machine {
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly diskFreeBytes: number;
}

/** What anyone may still write on the disk that holds a folder. */
export function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

export const machine = (folder: string): Machine => ({
  cpus: cpus().length,
  memoryBytes: totalmem(),
  diskFreeBytes: freeBytes(folder),
});

const GB = 1024 ** 3;
/** An empty cluster takes about 40 MB; a start must leave room to work. */
const DISK_AT_START = GB / 4;

/**
 * Why this machine cannot carry `count` more instances of a class; null when it can. A class may have as many CPUs as there are or twice
 * that many (an instance is rarely busy on all), memory of all instances together may not exceed the machine's. Storage is a watched limit,
 * not a reservation: what must be there is room to start.
 */
export function shortage(of: Machine, spec: InstanceClass, count: number, takenMemoryGb: number): string | null {
  if (spec.cpu > of.cpus * 2)
    return `The class needs ${spec.cpu} CPUs; this machine has ${of.cpus}. Choose a smaller class`;
  const memory = (takenMemoryGb + spec.memoryGb * count) * GB;
  if (memory > of.memoryBytes) {
    return `The instances would take ${takenMemoryGb + spec.memoryGb * count} GB of memory; this machine has ${Math.floor(of.memoryBytes / GB)} GB. Choose a smaller class, or isolate instances`;
  }
  if (DISK_AT_START * count > of.diskFreeBytes) {
    return `The disk has ${Math.floor(of.diskFreeBytes / 1024 ** 2)} MB left. Free space, or choose a state folder on another disk`;
  }
  return null;
}

/** Memory of all servers that run or may be started again, in GB, without those of one instance. */
export const memoryTaken = (records: readonly InstanceRecord[], without: string): number =>
  records
    .filter(({ id, status }) => id !== without && status !== 'isolated' && status !== 'offline')
    .reduce((sum, { classCode, nodes }) => sum + (findClass(classCode)?.memoryGb ?? 0) * nodes.length, 0);

/** Fails with `invalid-input` when the machine cannot carry an instance with so many servers of a class beside the others. */
export function mustFit(
  of: Machine,
  records: readonly InstanceRecord[],
  id: string,
  spec: InstanceClass,
  servers: number,
): void {
  const short = shortage(of, spec, servers, memoryTaken(records, id));
  if (short === null) return;
  throw new AppError({ code: 'invalid-input', message: short, apiCode: 'ResourceInsufficient.ResourceNotEnough' });
}
