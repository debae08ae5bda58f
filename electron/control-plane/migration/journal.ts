import { open, readFile } from 'node:fs/promises';
import { z } from 'zod';

/**
 * What a task has done, one JSON text a line, in the order it was done: a worker that was killed is followed by one that reads this and goes
 * on. Nothing is told here before it is true and flushed on the target.
 */
export const journalEntry = z.discriminatedUnion('did', [
  /** A database of the source is being copied under this snapshot; `run` counts the attempts. */
  z.object({
    did: z.literal('snapshot'),
    database: z.string(),
    run: z.number().int(),
    lsn: z.string(),
    /** By the clock of the worker, milliseconds since the epoch. */
    at: z.number().default(0),
  }),
  /**
   * The changes of the database are kept for the task from `lsn` on by this slot. Written before the slot is made (`lsn` empty: it may be there)
   * and after.
   */
  z.object({
    did: z.literal('slot'),
    database: z.string(),
    direction: z.enum(['forward', 'back']),
    slot: z.string(),
    publication: z.string(),
    lsn: z.string(),
    /** `system_identifier` of the server that has the slot. */
    system: z.string(),
  }),
  /** A person has decided on a halt. */
  z.object({
    did: z.literal('decided'),
    database: z.string(),
    halt: z.string(),
    choice: z.string(),
    statement: z.string(),
  }),
  /** The table is as the source had it at `lsn`: changes that were committed before it are not applied to it. */
  z.object({ did: z.literal('synced'), database: z.string(), table: z.string(), lsn: z.string() }),
  /** A step of the cut-over is done, or undone. */
  z.object({
    did: z.literal('cut-over'),
    database: z.string(),
    step: z.string(),
    undone: z.boolean(),
    note: z.string(),
  }),
  /** The database is about to be made on the target, where it was missing: if it is there now, it is ours. */
  z.object({ did: z.literal('database'), database: z.string() }),
  /** An entry of the structure: `key` is its section, kind, schema and name. */
  z.object({
    did: z.literal('entry'),
    database: z.string(),
    key: z.string(),
    outcome: z.enum(['done', 'failed', 'skipped']),
    reason: z.string(),
  }),
  /** Rows of the table may be on the target from here on: it is emptied before it is copied again. */
  z.object({ did: z.literal('table-begun'), database: z.string(), table: z.string(), run: z.number().int() }),
  /** Appending: the transaction that is about to be committed; whether it was is asked of the target (`txid_status`). */
  z.object({
    did: z.literal('table-commits'),
    database: z.string(),
    table: z.string(),
    txid: z.string(),
    rows: z.number(),
  }),
  z.object({
    did: z.literal('table-done'),
    database: z.string(),
    table: z.string(),
    rows: z.number(),
    bytes: z.number(),
    run: z.number().int(),
  }),
  z.object({ did: z.literal('table-failed'), database: z.string(), table: z.string(), reason: z.string() }),
  /** A step of a database is complete, e.g. `sequences`; with `undone` it is to be done again. */
  z.object({ did: z.literal('step'), database: z.string(), step: z.string(), undone: z.boolean().optional() }),
]);
export type JournalEntry = z.output<typeof journalEntry>;

export interface Journal {
  readonly entries: readonly JournalEntry[];
  /** On disk when it resolves. Entries that are written at once share one flush. */
  add(entry: JournalEntry): Promise<void>;
  close(): Promise<void>;
}

/** Whole lines of a journal; a last line that was cut off by a crash is left out. */
export function readJournal(text: string): JournalEntry[] {
  const lines = text.split('\n');
  lines.pop();
  return lines.filter((line) => line !== '').map((line) => journalEntry.parse(JSON.parse(line)));
}

/** Opens the journal of a task, made when it is missing. */
export async function openJournal(file: string): Promise<Journal> {
  const before = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const entries = readJournal(before);
  const handle = await open(file, 'a', 0o600);
  // What a crash cut off must not run into the next line.
  const whole = before.slice(0, before.lastIndexOf('\n') + 1);
  if (whole.length < before.length) await handle.truncate(Buffer.byteLength(whole));
  const pending: { readonly line: string; readonly done: () => void; readonly failed: (error: unknown) => void }[] = [];
  let writing: Promise<void> | null = null;

  const write = async (): Promise<void> => {
    while (pending.length > 0) {
      const batch = pending.splice(0);
      try {
        await handle.appendFile(batch.map(({ line }) => line).join(''));
        await handle.datasync();
        for (const { done } of batch) done();
      } catch (error) {
        for (const { failed } of batch) failed(error);
      }
    }
    writing = null;
  };
  return {
    entries,
    add(entry) {
      entries.push(entry);
      const line = `${JSON.stringify(journalEntry.parse(entry))}\n`;
      return new Promise((done, failed) => {
        pending.push({ line, done, failed });
        // After this turn: entries that come together are flushed together.
        writing ??= Promise.resolve().then(write);
      });
    },
    async close() {
      await writing;
      await handle.close();
    },
  };
}
