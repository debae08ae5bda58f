import { createReadStream } from 'node:fs';
import { appendFile, mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { TaskLogLine } from '../../../shared/model/task';

/** Lines kept in memory of a running task; older ones are read back from the file. */
const RING = 5_000;
/** Every how many lines the byte offset is remembered. */
const STRIDE = 1_000;
const MAX_LINE = 20_000;
const MAX_LINES = 1_000_000;

const lineSchema = z.object({
  level: z.enum(['debug', 'info', 'harmless', 'warning', 'error']),
  at: z.number(),
  text: z.string(),
});

/** The log of one task: a file with one JSON line each, the newest lines in memory as well. */
export interface TaskLog {
  append(line: TaskLogLine): void;
  /** Lines ever appended. */
  count(): number;
  /** At most `count` lines from index `from`. */
  read(from: number, count: number): Promise<TaskLogLine[]>;
  /** Resolves when what was appended is in the file. */
  flush(): Promise<void>;
  remove(): Promise<void>;
}

/** `count` is the number of lines the file already holds (0 for a new task). */
export function openTaskLog(file: string, count = 0): TaskLog {
  let total = count;
  let ring: TaskLogLine[] = [];
  /** Byte offset of line n * STRIDE. Filled while appending; of an older file on the first read. */
  const offsets: number[] = [0];
  let indexed = count === 0;
  let bytes = 0;
  let pending: string[] = [];
  let writing: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | null = null;

  const flush = (): Promise<void> => {
    if (timer) clearTimeout(timer);
    timer = null;
    if (pending.length > 0) {
      const text = pending.join('');
      pending = [];
      writing = writing
        .then(async () => {
          await mkdir(dirname(file), { recursive: true, mode: 0o700 });
          await appendFile(file, text, { mode: 0o600 });
        })
        // A full disk must not end the task that writes its log: the newest lines are in memory.
        .catch(() => undefined);
    }
    return writing;
  };

  async function readFile(from: number, wanted: number): Promise<TaskLogLine[]> {
    await flush();
    const block = indexed ? Math.min(Math.floor(from / STRIDE), offsets.length - 1) : 0;
    let index = block * STRIDE;
    let at = offsets[block] ?? 0;
    const stream = createReadStream(file, { start: at });
    const lines = createInterface({ input: stream, crlfDelay: Infinity });
    const found: TaskLogLine[] = [];
    try {
      for await (const text of lines) {
        if (!indexed && index % STRIDE === 0) offsets[index / STRIDE] = at;
        at += Buffer.byteLength(text) + 1;
        if (index >= from && found.length < wanted) {
          const parsed = lineSchema.safeParse(safeJson(text));
          found.push(parsed.success ? parsed.data : { level: 'info', at: 0, text });
        }
        index++;
        if (found.length >= wanted && indexed) break;
      }
      indexed = true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    } finally {
      lines.close();
      stream.destroy();
    }
    return found;
  }

  return {
    append(line) {
      if (total >= MAX_LINES) return;
      const last = total === MAX_LINES - 1;
      const text = last ? `The log is full at ${MAX_LINES} lines.` : line.text;
      const kept = { ...line, text: text.length > MAX_LINE ? `${text.slice(0, MAX_LINE)} …` : text };
      if (total % STRIDE === 0) offsets[total / STRIDE] = bytes;
      const json = `${JSON.stringify(kept)}\n`;
      bytes += Buffer.byteLength(json);
      total++;
      ring.push(kept);
      if (ring.length > RING * 2) ring = ring.slice(-RING);
      pending.push(json);
      if (pending.length >= 500) void flush();
      else timer ??= setTimeout(() => void flush(), 200).unref();
    },
    count: () => total,
    async read(from, wanted) {
      const first = total - ring.length;
      if (from >= total) return [];
      if (from >= first) return ring.slice(from - first, from - first + wanted);
      return readFile(from, Math.min(wanted, total - from));
    },
    flush,
    async remove() {
      await flush();
      await rm(file, { force: true });
    },
  };
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
