import { z } from 'zod';
import type { Draft, DraftInfo, HistoryEntry, Macro, RecentFile, SavedQuery, Snippet } from '../model/library';
import { call, push } from './define';

const id = z.string().min(1).max(64);
const name = z.string().min(1).max(200);
/** UTF-16 units: what a text of an editor may have. */
const sql = z.string().max(50_000_000);
const keys = z.string().max(50);

/** Texts that a person keeps: history, saved queries, snippets, macros, drafts of tabs, files. */
export const library = {
  calls: {
    /** Newest first. `text` is looked for in statements and errors, whatever the case. */
    history: call<{ entries: HistoryEntry[]; more: boolean }>()(
      z.object({
        serverId: z.string().max(64).optional(),
        database: z.string().max(63).optional(),
        text: z.string().max(1000),
        outcome: z.enum(['any', 'done', 'failed']),
        /** Entries before this one. */
        before: id.optional(),
        limit: z.number().int().min(1).max(1000),
      }),
    ),
    removeHistory: call<void>()(z.object({ ids: z.array(id).max(10_000) })),
    /** Of one server, or all. */
    clearHistory: call<void>()(z.object({ serverId: z.string().max(64).optional() })),
    saved: call<SavedQuery[]>()(z.object({})),
    /** Creates (empty id) or replaces. `conflict` with field `name` when the folder has that name. */
    saveQuery: call<SavedQuery>()(
      z.object({
        id: z.string().max(64),
        name,
        folder: z.string().max(1000),
        sql,
        serverId: z.string().max(64).nullable(),
        database: z.string().max(63),
      }),
    ),
    removeQuery: call<void>()(z.object({ id })),
    snippets: call<Snippet[]>()(z.object({})),
    saveSnippet: call<Snippet>()(
      z.object({ id: z.string().max(64), prefix: z.string().min(1).max(50), name, body: z.string().max(100_000) }),
    ),
    removeSnippet: call<void>()(z.object({ id })),
    macros: call<Macro[]>()(z.object({})),
    saveMacro: call<Macro>()(z.object({ id: z.string().max(64), name, sql: z.string().max(1_000_000), keys })),
    removeMacro: call<void>()(z.object({ id })),
    /** The draft of a tab; null when there is none. */
    draft: call<Draft | null>()(z.object({ id })),
    saveDraft: call<void>()(
      z.object({
        id,
        text: sql,
        cursor: z.number().int().min(0),
        fileToken: z.string().max(64).nullable(),
        changed: z.boolean(),
      }),
    ),
    /** Texts of tabs that none of this run has shown; newest first. */
    drafts: call<DraftInfo[]>()(z.object({})),
    /** A tab was closed for good. */
    dropDraft: call<void>()(z.object({ id })),
    /** Files that were opened or saved before, newest first. Their tokens are to be read. */
    recentFiles: call<RecentFile[]>()(z.object({})),
    /** The text of a file that was picked, or again of one with the token to write it; lines end with LF. UTF-8, or UTF-16 with a mark; `file` when it is neither. */
    readFile: call<{ text: string; name: string; writeToken: string; lineEnd: 'lf' | 'crlf' }>()(
      z.object({ fileToken: z.string().max(64) }),
    ),
    /** Writes a picked file whole, or leaves it as it was. `conflict` when somebody else changed it since it was read, unless `force`. */
    writeFile: call<{ name: string }>()(
      z.object({
        fileToken: z.string().max(64),
        text: sql,
        lineEnd: z.enum(['lf', 'crlf']),
        force: z.boolean(),
      }),
    ),
  },
  pushes: {
    /** One of the lists changed: ask again. */
    changed: push<{ what: 'history' | 'saved' | 'snippets' | 'macros' }>(),
  },
};
