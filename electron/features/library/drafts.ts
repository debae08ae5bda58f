import { createHash } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../../shared/errors';
import { writeFileAtomically } from '../../adapters/storage/json-document';
import type { Logger } from '../../log';
import { fileState, type FileState } from './text-files';

/** What stands before the text in a draft's file. */
const head = z.object({
  version: z.literal(1),
  id: z.string(),
  cursor: z.number(),
  changed: z.boolean(),
  at: z.number(),
  length: z.number(),
  file: fileState.nullable(),
});

/** A text of a tab as it is on disk. */
export interface StoredDraft {
  readonly text: string;
  readonly cursor: number;
  readonly changed: boolean;
  readonly file: FileState | null;
}

export interface ListedDraft {
  readonly id: string;
  readonly head: string;
  readonly length: number;
  readonly at: number;
  readonly file: FileState | null;
}

export interface Drafts {
  /** Null when there is none, or none that can be read; what can't be read is put aside before another is written. */
  read(id: string): Promise<StoredDraft | null>;
  /** Resolves when it is on disk. While one is written, the latest waits and those between are left out. */
  save(id: string, draft: StoredDraft): Promise<void>;
  drop(id: string): Promise<void>;
  /** Those that no tab of this run has asked for, newest first. */
  left(): Promise<ListedDraft[]>;
  close(): Promise<void>;
}

const ENDING = '.draft';
/** Drafts without a tab that are kept however old they are; of more, those older than `OLD` go. */
const KEPT = 200;
const OLD = 30 * 24 * 3600 * 1000;
/** Bytes at the beginning of a file that hold its head and the beginning of its text. */
const PEEK = 8192;
/** UTF-16 units of a text that lists show. */
const SHOWN = 500;

const nameOf = (id: string): string =>
  `${/^[a-z0-9-]+$/.test(id) ? id : createHash('sha256').update(id).digest('hex')}${ENDING}`;

function failure(error: unknown): AppError {
  return new AppError(
    {
      code: 'storage',
      message: `The text of a tab could not be kept: ${error instanceof Error ? error.message : String(error)}`,
      hint: 'Check that the disk has space and that the folder belongs to you.',
      retry: true,
    },
    { cause: error },
  );
}

interface Work {
  latest: StoredDraft | null;
  done: Promise<void>;
}

/** One file a draft: a line of JSON, then the text as it is. */
export function createDrafts({ folder, log }: { readonly folder: string; readonly log: Logger }): Drafts {
  const used = new Set<string>();
  /** What is being written, by draft. */
  const works = new Map<string, Work>();
  /** Those whose file could not be read: it may hold a text, so nothing is written over it. */
  const unread = new Set<string>();
  const pathOf = (id: string): string => join(folder, nameOf(id));

  const putAside = async (id: string): Promise<void> => {
    if (!unread.has(id)) return;
    await rename(pathOf(id), `${pathOf(id)}.${Date.now()}.broken`);
    unread.delete(id);
  };

  const write = async (id: string, draft: StoredDraft | null): Promise<void> => {
    await putAside(id);
    if (draft === null) {
      await rm(pathOf(id), { force: true });
      return;
    }
    const { text, cursor, changed, file } = draft;
    const line = JSON.stringify({ version: 1, id, cursor, changed, at: Date.now(), length: text.length, file });
    await writeFileAtomically(pathOf(id), `${line}\n${text}`);
  };
  const set = (id: string, draft: StoredDraft | null): Promise<void> => {
    const running = works.get(id);
    if (running) {
      running.latest = draft;
      return running.done;
    }
    const work: Work = { latest: draft, done: Promise.resolve() };
    works.set(id, work);
    work.done = (async () => {
      try {
        let written: StoredDraft | null | undefined;
        while (written !== work.latest) {
          written = work.latest;
          await write(id, written);
        }
      } catch (error) {
        throw failure(error);
      } finally {
        works.delete(id);
      }
    })();
    return work.done;
  };

  const parse = (bytes: Buffer): { info: z.infer<typeof head>; text: Buffer } | null => {
    const end = bytes.indexOf(10);
    if (end < 0) return null;
    try {
      return { info: head.parse(JSON.parse(bytes.subarray(0, end).toString('utf8'))), text: bytes.subarray(end + 1) };
    } catch {
      return null;
    }
  };

  const peek = async (name: string): Promise<ListedDraft | null> => {
    const handle = await open(join(folder, name), 'r');
    try {
      const bytes = Buffer.alloc(PEEK);
      const { bytesRead } = await handle.read(bytes, 0, PEEK, 0);
      const found = parse(bytes.subarray(0, bytesRead));
      if (found === null) return null;
      const { id, at, length, file } = found.info;
      // The last character may be cut.
      return {
        id,
        at,
        length,
        file,
        head: found.text
          .toString('utf8')
          .slice(0, SHOWN)
          .replace(/\uFFFD$/, ''),
      };
    } finally {
      await handle.close();
    }
  };

  return {
    async read(id) {
      used.add(id);
      const running = works.get(id);
      if (running) return running.latest;
      let bytes: Buffer;
      try {
        bytes = await readFile(pathOf(id));
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
        unread.add(id);
        throw failure(error);
      }
      const found = parse(bytes);
      if (found === null) {
        unread.add(id);
        log.write('error', 'a draft could not be read', { file: pathOf(id) });
        return null;
      }
      const { cursor, changed, file } = found.info;
      return { text: found.text.toString('utf8'), cursor, changed, file };
    },
    async save(id, draft) {
      used.add(id);
      // Nothing is no work to keep.
      await set(id, draft.text === '' && draft.file === null ? null : draft);
    },
    drop: (id) => set(id, null),
    async left() {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const listed: ListedDraft[] = [];
      for (const name of await readdir(folder)) {
        const path = join(folder, name);
        if (name.endsWith('.tmp')) {
          const { mtimeMs } = await stat(path);
          // Left over by a run that was killed while it wrote.
          if (Date.now() - mtimeMs > 60_000) await rm(path, { force: true });
          continue;
        }
        const draft = name.endsWith(ENDING) ? await peek(name) : null;
        if (draft !== null && !used.has(draft.id)) listed.push(draft);
      }
      listed.sort((a, b) => b.at - a.at);
      const kept = listed.filter(({ at }, index) => index < KEPT || Date.now() - at < OLD);
      for (const { id } of listed.filter((draft) => !kept.includes(draft))) await set(id, null);
      return kept;
    },
    close: async () => {
      await Promise.allSettled([...works.values()].map(({ done }) => done));
    },
  };
}
