import { randomBytes } from 'node:crypto';
import { appendFile } from 'node:fs/promises';
import { AppError } from '../../../shared/errors';
import type { HistoryEntry } from '../../../shared/model/library';
import type { Logger } from '../../log';
import { blotSecrets } from './blot-secrets';
import { findHistory, readMarks, rewriteHistory } from './history-file';
import { entryLine, markOf, searchedText, type HistoryMark } from './history-lines';

/** UTF-16 units of one statement that are kept. */
const LONGEST = 1_000_000;
/** UTF-16 units of all statements that memory holds for searching. */
const ROOM = 24_000_000;
/** Bytes of the file. */
const LARGEST = 256 * 1024 * 1024;
/** Bytes of a page that is given out. */
const PAGE = 8 * 1024 * 1024;
/** Entries looked at before others get their turn. */
const TURN = 20_000;

export interface HistoryQuestion {
  readonly serverId?: string | undefined;
  readonly database?: string | undefined;
  readonly text: string;
  readonly outcome: 'any' | 'done' | 'failed';
  readonly before?: string | undefined;
  readonly limit: number;
}

export interface HistoryStore {
  /** Keeps a run. Never fails: what can't be written stands in the log. */
  record(run: Omit<HistoryEntry, 'id'>): void;
  /** Newest first. Fails with `storage`. */
  find(question: HistoryQuestion, signal: AbortSignal): Promise<{ entries: HistoryEntry[]; more: boolean }>;
  /** Takes out what `gone` says, from the disk as well. */
  remove(gone: (entry: { readonly id: string; readonly serverId: string }) => boolean): Promise<void>;
  /** Resolves when everything so far is on disk. */
  close(): Promise<void>;
}

export interface HistoryStoreOptions {
  readonly file: string;
  /** Entries that are kept. */
  readonly most: () => number;
  readonly log: Logger;
  readonly changed: () => void;
  readonly onBroken: (kept: string, reason: string) => void;
  /** Bytes; for tests. */
  readonly largest?: number;
  /** UTF-16 units; for tests. */
  readonly room?: number;
}

/**
 * The history: one line of JSON an entry, appended as it happens and by one writer; memory holds where each is. The file is written anew when
 * entries are removed or there are a tenth too many.
 */
export function createHistoryStore(options: HistoryStoreOptions): HistoryStore {
  const { file, log, changed } = options;
  const largest = options.largest ?? LARGEST;
  let marks: HistoryMark[] = [];
  let size = 0;
  let room = options.room ?? ROOM;
  let waiting: HistoryEntry[] = [];
  let queue: Promise<unknown> = Promise.resolve();
  let loading: Promise<void> | null = null;
  let count = 0;
  const run = randomBytes(4).toString('hex');

  const load = async (): Promise<void> => {
    const found = await findHistory(file, options.room ?? ROOM);
    marks = found.marks;
    size = found.size;
    room = (options.room ?? ROOM) - marks.reduce((sum, { text }) => sum + text.length, 0);
    if (found.broken === 0) return;
    const reason = `${found.broken} lines could not be read`;
    log.write('error', 'the history is broken and was put aside', { file, kept: found.kept, reason });
    options.onBroken(found.kept, reason);
    await rewrite(marks);
  };
  const loaded = (): Promise<void> => {
    loading ??= load().catch((error: unknown) => {
      loading = null;
      throw error;
    });
    return loading;
  };
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = queue.then(loaded).then(work);
    queue = done.catch(() => undefined);
    return done;
  };

  const rewrite = async (left: readonly HistoryMark[]): Promise<void> => {
    marks = await rewriteHistory(file, left);
    const last = marks.at(-1);
    size = last === undefined ? 0 : last.offset + last.bytes;
    room = (options.room ?? ROOM) - marks.reduce((sum, { text }) => sum + text.length, 0);
  };
  /** Writes the file anew without the oldest when there are too many. */
  const trim = async (): Promise<void> => {
    const most = options.most();
    if (marks.length <= most + Math.ceil(most / 10) && size <= largest) return;
    let first = Math.max(0, marks.length - most);
    // Half of the room at most, so that it isn't written anew with every entry.
    const fits = size <= largest ? largest : largest / 2;
    let bytes = marks.slice(first).reduce((sum, mark) => sum + mark.bytes, 0);
    while (bytes > fits && first < marks.length) {
      bytes -= marks[first]?.bytes ?? 0;
      first += 1;
    }
    await rewrite(marks.slice(first));
  };
  const append = async (): Promise<void> => {
    const entries = waiting;
    waiting = [];
    if (entries.length === 0) return;
    const lines = entries.map(entryLine);
    try {
      await appendFile(file, Buffer.concat(lines), { mode: 0o600 });
    } catch (error) {
      // A part may have been written: what is there is found out anew.
      loading = null;
      throw error;
    }
    for (const [index, entry] of entries.entries()) {
      const bytes = lines[index]?.length ?? 0;
      const mark = markOf(entry, size, bytes, room);
      room -= mark.text.length;
      size += bytes;
      marks.push(mark);
    }
    await trim();
    changed();
  };

  /** The newest entries before `before` that the question takes, as many as asked for and one more. */
  const search = async (question: HistoryQuestion, signal: AbortSignal): Promise<HistoryMark[]> => {
    const { serverId, database, outcome, before, limit } = question;
    const text = question.text.trim().toLowerCase();
    const found: HistoryMark[] = [];
    const all = marks;
    let at = before === undefined ? all.length : all.findLastIndex(({ id }) => id === before);
    while (at > 0 && found.length <= limit) {
      at -= 1;
      if (at % TURN === 0) await new Promise<void>((next) => setImmediate(next));
      if (signal.aborted) throw new AppError({ code: 'cancelled', message: 'Cancelled' });
      const mark = all[at];
      if (mark === undefined) continue;
      if (serverId !== undefined && mark.serverId !== serverId) continue;
      if (database !== undefined && mark.database !== database) continue;
      if (outcome !== 'any' && mark.done !== (outcome === 'done')) continue;
      if (text === '' || mark.text.includes(text) || (!mark.whole && (await holds(mark, text)))) found.push(mark);
    }
    return found;
  };
  const holds = async (mark: HistoryMark, text: string): Promise<boolean> => {
    const [entry] = await readMarks(file, [mark]);
    return entry !== undefined && searchedText(entry).includes(text);
  };
  const storage = (error: unknown): never => {
    if (error instanceof AppError) throw error;
    throw new AppError(
      {
        code: 'storage',
        message: `The history could not be read or written: ${error instanceof Error ? error.message : String(error)}`,
        hint: 'Check that the disk has space and that the folder belongs to you.',
        retry: true,
      },
      { cause: error },
    );
  };

  return {
    record(happened) {
      if (options.most() === 0) return;
      count += 1;
      const { sql, said: error } = blotSecrets(happened.sql.slice(0, LONGEST), happened.error.slice(0, 10_000));
      waiting.push({ ...happened, sql, error, id: `${happened.at.toString(36)}-${run}-${count.toString(36)}` });
      inTurn(append).catch((failure: unknown) => {
        log.write('error', 'a run could not be kept in the history', { reason: String(failure) });
      });
    },
    find: (question, signal) =>
      inTurn(async () => {
        const found = await search(question, signal);
        const page = found.slice(0, question.limit);
        let bytes = 0;
        // Large texts make shorter pages; one of them is always there.
        const taken = page.filter((mark, at) => (bytes += mark.bytes) <= PAGE || at === 0);
        return { entries: await readMarks(file, taken), more: found.length > taken.length };
      }).catch(storage),
    remove: (gone) =>
      inTurn(async () => {
        const left = marks.filter((mark) => !gone(mark));
        if (left.length === marks.length) return;
        await rewrite(left);
        changed();
      }).catch(storage),
    close: async () => void (await queue),
  };
}
