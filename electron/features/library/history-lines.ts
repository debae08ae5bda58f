import { z } from 'zod';
import type { HistoryEntry } from '../../../shared/model/library';

const storedEntry = z.object({
  id: z.string(),
  serverId: z.string(),
  server: z.string(),
  database: z.string(),
  user: z.string(),
  sql: z.string(),
  at: z.number(),
  ms: z.number(),
  outcome: z.enum(['done', 'failed', 'cancelled', 'lost']),
  rows: z.number(),
  error: z.string(),
});

/** What a line of the history's file says; null when it is none of ours. */
export function readEntry(line: string): HistoryEntry | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  const parsed = storedEntry.safeParse(value);
  return parsed.success ? parsed.data : null;
}

export const entryLine = (entry: HistoryEntry): Buffer => Buffer.from(`${JSON.stringify(entry)}\n`, 'utf8');

/** Where a statement is in the file, and as much of it as a search needs. */
export interface HistoryMark {
  readonly id: string;
  readonly serverId: string;
  readonly database: string;
  readonly done: boolean;
  /** Bytes from the beginning of the file. */
  readonly offset: number;
  /** Bytes, with the end of the line. */
  readonly bytes: number;
  /** Statement and error in lower case, cut. */
  readonly text: string;
  /** All of it is in `text`. */
  readonly whole: boolean;
}

/** UTF-16 units of a statement that are kept in memory. */
const SEARCHED = 2000;

export const searchedText = (entry: HistoryEntry): string => `${entry.sql}\n${entry.error}`.toLowerCase();

/** @param room UTF-16 units that memory still has for texts */
export function markOf(entry: HistoryEntry, offset: number, bytes: number, room: number): HistoryMark {
  const most = Math.max(0, Math.min(SEARCHED, room));
  const length = entry.sql.length + entry.error.length + 1;
  const text = length <= most ? searchedText(entry) : entry.sql.slice(0, most).toLowerCase();
  return {
    id: entry.id,
    serverId: entry.serverId,
    database: entry.database,
    done: entry.outcome === 'done',
    offset,
    bytes,
    text,
    whole: length <= most,
  };
}
