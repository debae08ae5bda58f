import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32c } from './crc32c';
import type { ClusterNode } from './node';

export interface ControlFacts {
  readonly systemIdentifier: bigint;
  /** The server was shut down in order, as a primary or as a standby: nothing has to be recovered. */
  readonly clean: boolean;
  /** Of a primary that was stopped in order: a standby that has replayed up to here (`waitReplayed`) holds everything. */
  readonly stoppedAt: bigint;
  readonly timeline: number;
}

/** States of DBState that a server leaves behind when it was stopped in order. Source: src/include/catalog/pg_control.h. */
const SHUTDOWNED = 1;
const SHUTDOWNED_IN_RECOVERY = 2;

/** Sizes up to the checksum at the end differ by version; it covers everything before it. */
const LARGEST = 400;
const SMALLEST = 200;

function isWhole(bytes: Buffer): boolean {
  // The position of the checksum is found instead of noted for nine versions: 32 bits fit by accident in one file of 80 million.
  for (let at = SMALLEST; at <= Math.min(LARGEST, bytes.length - 4); at += 4) {
    if (bytes.readUInt32LE(at) === crc32c(bytes.subarray(0, at))) return true;
  }
  return false;
}

const fileOf = ({ data }: Pick<ClusterNode, 'data'>): string => join(data, 'global', 'pg_control');

function factsIn(bytes: Buffer | null, major: number): ControlFacts | null {
  if (!bytes || bytes.length < LARGEST || !isWhole(bytes)) return null;
  const state = bytes.readUInt32LE(16);
  // Up to 10 the place of the checkpoint before stands in between.
  const copy = major >= 11 ? 40 : 48;
  return {
    systemIdentifier: bytes.readBigUInt64LE(0),
    clean: state === SHUTDOWNED || state === SHUTDOWNED_IN_RECOVERY,
    // Where the record of the shutdown begins; who has replayed one byte more has replayed it whole.
    stoppedAt: bytes.readBigUInt64LE(32) + 1n,
    timeline: bytes.readUInt32LE(copy + 8),
  };
}

/**
 * What pg_control tells of a stopped server: this reads the file itself because the embedded builds ship no pg_controldata. Null when there is
 * none or it is damaged. Source: struct ControlFileData of 10 to 18.
 */
export async function controlFacts(node: Pick<ClusterNode, 'data' | 'major'>): Promise<ControlFacts | null> {
  return factsIn(await readFile(fileOf(node)).catch(() => null), node.major);
}

/** The same without waiting, for what has to be known before anything else begins. */
export function controlFactsNow(node: Pick<ClusterNode, 'data' | 'major'>): ControlFacts | null {
  try {
    return factsIn(readFileSync(fileOf(node)), node.major);
  } catch {
    return null;
  }
}
