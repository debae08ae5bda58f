import { closeSync, fstatSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { MigrationLogLine } from '../../../shared/model/migration';
import { logLine } from '../../../shared/model/migration-shapes';

/** What a task tells, one JSON text a line, in two files at most: the older one goes when the newer one is full. */
export interface JobLog {
  append(line: MigrationLogLine): void;
  /** Lines from a number on; `first` is the number of the first one, which is higher when older lines are gone. */
  read(
    from: number,
    limit: number,
  ): Promise<{ readonly total: number; readonly first: number; readonly rows: MigrationLogLine[] }>;
  close(): void;
}

export const LOG_FILE = 'log.jsonl';
const OLD_FILE = 'log.1.jsonl';
const FILE_MAX = 8 * 1024 * 1024;
/** Lines that are at hand without the disk: a window that follows the log asks for these. */
const AT_HAND = 2_000;
const TEXT_MAX = 16_384;

/** The first line of each file: the number of the line after it. */
const header = z.object({ first: z.number().int().min(0) });

function readFirst(text: string): number {
  try {
    return header.parse(JSON.parse(text.slice(0, text.indexOf('\n')))).first;
  } catch {
    return 0;
  }
}

function parseLine(text: string): MigrationLogLine {
  try {
    return logLine.parse(JSON.parse(text));
  } catch {
    return { at: 0, level: 'warning', text: 'This line of the log cannot be read' };
  }
}

/** Whole lines of a file after its header; what a crash cut off is left out. */
const linesOf = (text: string): string[] => text.split('\n').slice(1, -1);

function readSyncOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** Opens the log of a task. Never fails while it is written to: a full disk must not end a task. */
export function openJobLog(folder: string): JobLog {
  const file = join(folder, LOG_FILE);
  const old = join(folder, OLD_FILE);
  let recent: MigrationLogLine[] = [];
  let total = 0;
  let firstKept = 0;
  let firstOfFile = 0;
  let handle: number | null = null;

  const load = (): void => {
    const before = readSyncOrEmpty(old);
    const now = readSyncOrEmpty(file);
    const lines = linesOf(now);
    const oldLines = linesOf(before);
    firstOfFile = now === '' ? readFirst(before) + oldLines.length : readFirst(now);
    firstKept = before === '' ? firstOfFile : readFirst(before);
    total = firstOfFile + lines.length;
    recent = [...oldLines, ...lines].slice(-AT_HAND).map(parseLine);
  };

  const begin = (): number => {
    const opened = openSync(file, 'a', 0o600);
    const { size } = fstatSync(opened);
    if (size === 0) {
      firstOfFile = total;
      writeSync(opened, `${JSON.stringify({ first: total })}\n`);
    }
    // What a crash cut off must not run into the next line.
    else if (!readSyncOrEmpty(file).endsWith('\n')) writeSync(opened, '\n');
    return opened;
  };

  const rotate = (): void => {
    if (handle === null || fstatSync(handle).size < FILE_MAX) return;
    closeSync(handle);
    handle = null;
    renameSync(file, old);
    firstKept = firstOfFile;
    handle = begin();
  };

  load();
  return {
    append(line) {
      const kept = { ...line, text: line.text.slice(0, TEXT_MAX) };
      recent.push(kept);
      if (recent.length > 2 * AT_HAND) recent = recent.slice(-AT_HAND);
      try {
        handle ??= begin();
        rotate();
        writeSync(handle, `${JSON.stringify(kept)}\n`);
      } catch {
        // It stays at hand as long as the daemon runs.
      }
      total += 1;
    },
    async read(from, limit) {
      const firstAtHand = total - recent.length;
      const wanted = Math.max(from, Math.min(firstKept, firstAtHand));
      if (wanted >= firstAtHand) {
        const at = wanted - firstAtHand;
        return { total, first: wanted, rows: recent.slice(at, at + limit) };
      }
      const [before, now] = await Promise.all([old, file].map((each) => readFile(each, 'utf8').catch(() => '')));
      const lines = [...linesOf(before ?? ''), ...linesOf(now ?? '')];
      const at = Math.max(0, wanted - firstKept);
      return { total, first: wanted, rows: lines.slice(at, at + limit).map(parseLine) };
    },
    close() {
      if (handle !== null) closeSync(handle);
      handle = null;
    },
  };
}
