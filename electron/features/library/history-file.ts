import { randomBytes } from 'node:crypto';
import { copyFile, mkdir, open, readdir, rename, rm, truncate, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { HistoryEntry } from '../../../shared/model/library';
import { markOf, readEntry, type HistoryMark } from './history-lines';

const CHUNK = 1 << 20;
const LINE_END = 10;

/** What a file was found to hold. */
export interface FoundHistory {
  readonly marks: HistoryMark[];
  /** Bytes of the file. */
  readonly size: number;
  /** Lines that are none of ours; such a file was copied to `kept`. */
  readonly broken: number;
  readonly kept: string;
}

/** Every line of a file with its place; a last one without an end is given as `torn`. */
async function* linesOf(handle: FileHandle): AsyncGenerator<{ line: Buffer; offset: number; torn: boolean }> {
  const chunk = Buffer.alloc(CHUNK);
  let rest: Buffer = Buffer.alloc(0);
  let offset = 0;
  for (;;) {
    const { bytesRead } = await handle.read(chunk, 0, CHUNK, offset + rest.length);
    if (bytesRead === 0) break;
    const bytes = Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
    let from = 0;
    for (;;) {
      const end = bytes.indexOf(LINE_END, from);
      if (end < 0) break;
      yield { line: bytes.subarray(from, end), offset: offset + from, torn: false };
      from = end + 1;
    }
    offset += from;
    rest = bytes.subarray(from);
  }
  if (rest.length > 0) yield { line: rest, offset, torn: true };
}

/** Temporary files of a run that was killed while it wrote. */
async function sweep(file: string): Promise<void> {
  const folder = dirname(file);
  for (const name of await readdir(folder)) {
    if (name.startsWith(`${basename(file)}.`) && name.endsWith('.tmp')) await rm(join(folder, name), { force: true });
  }
}

/**
 * Reads where everything is. A last line that was cut off by the end of a run is taken away; with other lines that can't be read, a copy of
 * the file is put aside.
 * @param room UTF-16 units of statements that may be kept in memory
 */
export async function findHistory(file: string, room: number): Promise<FoundHistory> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await sweep(file);
  const handle = await open(file, 'a+', 0o600);
  const marks: HistoryMark[] = [];
  let left = room;
  let size = 0;
  let broken = 0;
  let cut = false;
  try {
    await handle.chmod(0o600);
    for await (const { line, offset, torn } of linesOf(handle)) {
      if (torn) {
        cut = true;
        break;
      }
      size = offset + line.length + 1;
      const entry = readEntry(line.toString('utf8'));
      if (entry === null) {
        broken += 1;
        continue;
      }
      const mark = markOf(entry, offset, line.length + 1, left);
      left -= mark.text.length;
      marks.push(mark);
    }
  } finally {
    await handle.close();
  }
  const kept = broken === 0 ? '' : `${file}.broken-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`;
  if (broken > 0) await copyFile(file, kept);
  if (cut) await truncate(file, size);
  return { marks, size, broken, kept };
}

/** Reads entries in the order given; those that are not there any more are left out. */
export async function readMarks(file: string, marks: readonly HistoryMark[]): Promise<HistoryEntry[]> {
  if (marks.length === 0) return [];
  const handle = await open(file, 'r');
  try {
    const entries: HistoryEntry[] = [];
    for (const { offset, bytes } of marks) {
      const line = Buffer.alloc(bytes);
      await handle.read(line, 0, bytes, offset);
      const entry = readEntry(line.toString('utf8'));
      if (entry !== null) entries.push(entry);
    }
    return entries;
  } finally {
    await handle.close();
  }
}

/** Writes the file anew with these entries only: after a crash either the old or the new one is there. Returns where they are now. */
export async function rewriteHistory(file: string, marks: readonly HistoryMark[]): Promise<HistoryMark[]> {
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  const from = await open(file, 'r');
  try {
    const to = await open(temporary, 'wx', 0o600);
    const placed: HistoryMark[] = [];
    try {
      let size = 0;
      let at = 0;
      while (at < marks.length) {
        const parts: HistoryMark[] = [];
        let start = -1;
        let end = -1;
        // Neighbours are copied at once.
        for (let mark = marks[at]; mark !== undefined; mark = marks[++at]) {
          if (start >= 0 && (mark.offset !== end || end - start > CHUNK)) break;
          if (start < 0) start = mark.offset;
          end = mark.offset + mark.bytes;
          parts.push(mark);
        }
        const bytes = Buffer.alloc(end - start);
        await from.read(bytes, 0, bytes.length, start);
        await to.writeFile(bytes);
        for (const mark of parts) placed.push({ ...mark, offset: size + mark.offset - start });
        size += bytes.length;
      }
      await to.sync();
    } finally {
      await to.close();
    }
    await rename(temporary, file);
    return placed;
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  } finally {
    await from.close();
  }
}
