import { z } from 'zod';
import { openJsonDocument, type JsonDocument } from '../../adapters/storage/json-document';
import type { LibraryDeps } from './library-feature';
import { OWN_SNIPPETS } from './own-snippets';

const keptTexts = z.object({
  saved: z
    .array(
      z.object({
        id: z.string(),
        name: z.string(),
        folder: z.string(),
        sql: z.string(),
        serverId: z.string().nullable(),
        database: z.string(),
        changedAt: z.number(),
      }),
    )
    .default([]),
  snippets: z
    .array(z.object({ id: z.string(), prefix: z.string(), name: z.string(), body: z.string() }))
    .default([...OWN_SNIPPETS]),
  macros: z.array(z.object({ id: z.string(), name: z.string(), sql: z.string(), keys: z.string() })).default([]),
  /** Paths of files, newest first. */
  recent: z.array(z.string()).default([]),
});
export type KeptTexts = z.infer<typeof keptTexts>;

/** What a person keeps under names, in one document. */
export const openKeptTexts = (file: string, { log, onBroken }: LibraryDeps): JsonDocument<KeptTexts> =>
  openJsonDocument({
    file,
    schema: keptTexts,
    version: 1,
    defaults: { saved: [], snippets: [...OWN_SNIPPETS], macros: [], recent: [] },
    log,
    onBroken,
  });
