import { statSync } from 'node:fs';
import { freeBytes } from './capacity';

/** Less than this and nothing can grow: a table does so by pages, the log by segments of 16 MB. */
const FULL = 1024 ** 2;
/** What the other disk must have for a change of places to help. */
const ROOM = 64 * 1024 ** 2;

/**
 * Whether the disk of a primary is full while its standby, on another one, has room. A server whose log cannot grow ends by itself; one whose
 * tables cannot goes on answering, with an error to every write.
 */
export function isFullBeside(primaryData: string, standbyData: string): boolean {
  try {
    if (statSync(primaryData).dev === statSync(standbyData).dev) return false;
    return freeBytes(primaryData) < FULL && freeBytes(standbyData) >= ROOM;
  } catch {
    return false;
  }
}
