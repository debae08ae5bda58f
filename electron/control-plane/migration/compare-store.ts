import { randomInt } from 'node:crypto';
import { createReadStream, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { appendFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { RowDifference, TableCompare } from '../../../shared/model/migration-api';
import { writeFileAtomically } from '../../adapters/storage/json-document';
import type { Logger } from '../../log';
import { openKeptDocument } from '../network/kept-document';
import { compareRecord, rowDifference, tableCompare, type CompareRecord } from './compare-record';
import type { TableName } from './compare-tasks';

/** One comparison: its record, and what it has found, in a folder of its own within that of its task. */
export interface Compare {
  readonly id: string;
  readonly jobId: string;
  readonly folder: string;
  record(): CompareRecord;
  /** On disk when it resolves. */
  change(change: Partial<CompareRecord>): Promise<void>;
  readonly tables: readonly TableCompare[];
  /** Before each worker: what it finds is told apart from what an earlier one has found of tables that it did not finish. */
  nextAttempt(): Promise<void>;
  setTables(tables: readonly TableCompare[]): void;
  addDifferences(table: TableName, rows: readonly RowDifference[]): void;
  differences(table: TableName): Promise<RowDifference[]>;
  /** Forgets what was found. */
  clear(): Promise<void>;
  /** On disk when it resolves. */
  flush(): Promise<void>;
  remove(): Promise<void>;
}

const FOLDER = /^compare-([0-9a-z]{8})$/;
const LETTERS = '0123456789abcdefghijklmnopqrstuvwxyz';
const VERSION = 1;
const WRITE_EVERY_MS = 3_000;
/** Rows of a table that are answered. */
const LISTED = 1000;

const found = z.object({
  version: z.literal(VERSION),
  attempt: z.number().int(),
  tables: z.array(z.object({ attempt: z.number().int(), table: tableCompare })),
});
type Found = z.output<typeof found>;

const line = z.object({
  attempt: z.number().int(),
  database: z.string(),
  schema: z.string(),
  name: z.string(),
  rows: z.array(rowDifference),
});

const keyOf = ({ database, schema, name }: TableName): string => JSON.stringify([database, schema, name]);

function readFound(file: string, log: Logger): Found {
  const none: Found = { version: VERSION, attempt: 0, tables: [] };
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return none;
  }
  try {
    return found.parse(JSON.parse(text));
  } catch (error) {
    log.write('warn', 'what a comparison has found cannot be read and begins anew', { file, reason: String(error) });
    return none;
  }
}

/** Opens a comparison in its folder; null when there is none in it. */
function openCompare(jobId: string, folder: string, made: CompareRecord | null, log: Logger): Compare | null {
  const document = openKeptDocument<CompareRecord | null>({
    file: join(folder, 'task.json'),
    schema: compareRecord.nullable(),
    version: VERSION,
    defaults: null,
    log,
  });
  const known = document.current() ?? made;
  if (!known) return null;
  const { id } = known;
  const tablesFile = join(folder, 'tables.json');
  const rowsFile = join(folder, 'differences.jsonl');
  const kept = readFound(tablesFile, log);
  const tables = new Map(kept.tables.map((each) => [keyOf(each.table), each]));
  let { attempt } = kept;
  let gone = false;
  let changed = false;
  let timer: NodeJS.Timeout | null = null;
  let writing: Promise<void> = Promise.resolve();

  const record = (): CompareRecord => document.current() ?? known;
  /** One after the other; what cannot be kept is reported, and goes on in memory. */
  const inOrder = (work: () => Promise<void>): Promise<void> => {
    writing = writing.then(async () => {
      if (gone) return;
      try {
        await work();
      } catch (error) {
        log.write('warn', 'what a comparison has found could not be kept', { folder, reason: String(error) });
      }
    });
    return writing;
  };
  const flush = (): Promise<void> => {
    if (timer) clearTimeout(timer);
    timer = null;
    return inOrder(async () => {
      if (!changed) return;
      changed = false;
      await writeFileAtomically(
        tablesFile,
        JSON.stringify({ version: VERSION, attempt, tables: [...tables.values()] }),
      );
    });
  };
  const touch = (): void => {
    changed = true;
    timer ??= setTimeout(() => void flush(), WRITE_EVERY_MS).unref();
  };

  return {
    id,
    jobId,
    folder,
    record,
    async change(change) {
      if (!gone) await document.update((current) => ({ ...(current ?? known), ...change }));
    },
    get tables() {
      return [...tables.values()].map(({ table }) => table);
    },
    async nextAttempt() {
      attempt += 1;
      changed = true;
      await flush();
    },
    setTables(next) {
      for (const table of next) tables.set(keyOf(table), { attempt, table });
      touch();
    },
    addDifferences({ database, schema, name }, rows) {
      const text = `${JSON.stringify({ attempt, database, schema, name, rows })}\n`;
      void inOrder(() => appendFile(rowsFile, text, { mode: 0o600 }));
    },
    async differences(table) {
      await writing;
      const wanted = tables.get(keyOf(table));
      const rows: RowDifference[] = [];
      const file = createReadStream(rowsFile);
      const opened = new Promise<boolean>((resolve) => {
        file.once('open', () => resolve(true));
        file.once('error', () => resolve(false));
      });
      if (!wanted || !(await opened)) {
        file.destroy();
        return rows;
      }
      for await (const text of createInterface({ input: file })) {
        const read = line.safeParse(parsed(text));
        if (!read.success || read.data.attempt !== wanted.attempt || keyOf(read.data) !== keyOf(table)) continue;
        rows.push(...read.data.rows);
        if (rows.length >= LISTED) break;
      }
      return rows.slice(0, LISTED);
    },
    async clear() {
      tables.clear();
      changed = true;
      await flush();
      await inOrder(() => rm(rowsFile, { force: true }));
    },
    flush,
    async remove() {
      if (timer) clearTimeout(timer);
      gone = true;
      await writing;
      await document.settled();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A line that a crash has cut off is none. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The comparisons that lie in the folder of a task. What cannot be read is left where it is and reported. */
export function openCompares(jobId: string, jobFolder: string, log: Logger): Compare[] {
  let names: string[];
  try {
    names = readdirSync(jobFolder);
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    if (!FOLDER.test(name)) return [];
    const folder = join(jobFolder, name);
    const compare = openCompare(jobId, folder, null, log);
    if (!compare) log.write('error', 'a folder of comparisons holds none', { folder });
    return compare ?? [];
  });
}

/** A new comparison, on disk when it resolves. */
export async function addCompare(
  jobId: string,
  jobFolder: string,
  record: Omit<CompareRecord, 'id'>,
  log: Logger,
): Promise<Compare> {
  const letters = Array.from({ length: 8 }, () => LETTERS[randomInt(36)]).join('');
  const folder = join(jobFolder, `compare-${letters}`);
  const id = `${jobId}-cmp-${letters}`;
  mkdirSync(folder, { mode: 0o700 });
  const made = { ...record, id, name: record.name === '' ? id : record.name };
  const compare = openCompare(jobId, folder, made, log);
  if (!compare) throw new Error(`the comparison ${id} cannot be opened`);
  await compare.change({});
  return compare;
}
