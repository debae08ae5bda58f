import { createHash } from 'node:crypto';
import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { StructureEntry } from '../structure/entry';

/** What is kept for when changes are followed: above all what is made on the target only after its rows have caught up with the source. */
export interface Deferred {
  /** Tables of the source, by oid, that are not followed although they were chosen. */
  readonly leftOut: readonly number[];
  readonly foreignKeys: readonly StructureEntry[];
  readonly last: readonly StructureEntry[];
  /** Sizes of the tables of the target, in bytes. */
  readonly tables: readonly { readonly targetSchema: string; readonly targetName: string; readonly bytes: number }[];
}

const entry = z.object({
  key: z.string(),
  section: z.enum(['pre', 'post']),
  kind: z.string(),
  schema: z.string(),
  name: z.string(),
  owner: z.string(),
  sql: z.string(),
  origin: z.object({ id: z.number(), catalog: z.number(), oid: z.number(), belongsTo: z.array(z.number()) }),
});
const deferred: z.ZodType<Deferred> = z.object({
  leftOut: z.array(z.number()),
  foreignKeys: z.array(entry),
  last: z.array(entry),
  tables: z.array(z.object({ targetSchema: z.string(), targetName: z.string(), bytes: z.number() })),
});

const fileOf = (folder: string, database: string): string =>
  join(folder, `deferred-${createHash('sha256').update(database).digest('hex').slice(0, 16)}.json`);

/** Keeps it in the folder of the task: on disk when it resolves. */
export async function saveDeferred(folder: string, database: string, what: Deferred): Promise<void> {
  const file = fileOf(folder, database);
  const handle = await open(`${file}.new`, 'w', 0o600);
  try {
    await handle.writeFile(JSON.stringify(what));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${file}.new`, file);
}

/** Fails when it was never kept. */
export async function readDeferred(folder: string, database: string): Promise<Deferred> {
  return deferred.parse(JSON.parse(await readFile(fileOf(folder, database), 'utf8')));
}
