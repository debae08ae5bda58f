import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { importPlan, type ImportPlan } from '../../../shared/contract/transfer';
import { AppError } from '../../../shared/errors';
import type { ImportReport } from '../../../shared/model/import';

/** Plans and reports of imports, one file each, so that a finished import can be looked at again after a restart. */

export interface ImportRecord {
  readonly plan: ImportPlan;
  /** The file's name or the database, as the person knows it. */
  readonly source: string;
  readonly report: ImportReport | null;
}

const count = z.number();
const reportSchema: z.ZodType<ImportReport> = z.object({
  taskId: z.string(),
  outcome: z.enum(['succeeded', 'succeeded-with-errors', 'failed', 'cancelled']),
  error: z.custom<ImportReport['error']>(
    (value) => value === null || (typeof value === 'object' && 'message' in value),
  ),
  tables: z.array(
    z.object({ schema: z.string(), name: z.string(), sourceRows: count.nullable(), targetRows: count.nullable() }),
  ),
  objects: z.array(z.object({ kind: z.string(), source: count.nullable(), target: count })),
  skipped: z.array(
    z.object({ line: count, statement: z.string(), message: z.string(), sqlstate: z.string(), harmless: z.boolean() }),
  ),
  counts: z.object({ errors: count, harmless: count, warnings: count }),
  adapted: z.array(z.object({ reason: z.string(), count })),
  commands: z.array(z.string()),
  targetState: z.string(),
  seconds: count,
  canUndo: z.boolean(),
});
const recordSchema = z.object({ plan: importPlan, source: z.string(), report: reportSchema.nullable() });

export interface ImportHistory {
  get(taskId: string): Promise<ImportRecord>;
  put(taskId: string, record: ImportRecord): Promise<void>;
}

export function openImportHistory(folder: string): ImportHistory {
  const known = new Map<string, ImportRecord>();
  const fileOf = (taskId: string): string => {
    if (!/^[\w-]{1,64}$/.test(taskId)) throw unknown();
    return join(folder, `${taskId}.json`);
  };
  return {
    async get(taskId) {
      const held = known.get(taskId);
      if (held) return held;
      const text = await readFile(fileOf(taskId), 'utf8').catch(() => {
        throw unknown();
      });
      const record = recordSchema.parse(JSON.parse(text));
      known.set(taskId, record);
      return record;
    },
    async put(taskId, record) {
      const file = fileOf(taskId);
      known.set(taskId, record);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const next = `${file}.new`;
      try {
        await writeFile(next, JSON.stringify(record), { mode: 0o600 });
        await rename(next, file);
      } catch {
        // A full disk must not turn a finished import into a failed one; the report stays in memory.
        await rm(next, { force: true });
      }
    },
  };
}

const unknown = (): AppError => new AppError({ code: 'not-found', message: 'There is no such import' });
