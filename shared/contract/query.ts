import { z } from 'zod';
import type { ObjectRef } from '../model/catalog';
import type { Completion, NameMeaning } from '../model/completion';
import type { EditTarget, NotEditable, SaveOutcome } from '../model/edit';
import {
  COPY_FORMATS,
  FILTER_TESTS,
  SAVE_FORMATS,
  TRANSACTION_DEEDS,
  type QueryState,
  type Row,
  type SessionInfo,
} from '../model/query';
import { call, push } from './define';

const sessionId = z.string().min(1).max(64);
const resultId = z.string().min(1).max(64);
const column = z.number().int().min(0).max(2000);
const row = z.number().int().min(0);

const mode = z.object({ autocommit: z.boolean(), onError: z.enum(['stop', 'continue']) });

/** Who works in the session, when not as the registration says. The password stays in main, for as long as the session. */
const as = z.object({
  user: z.string().max(63),
  password: z.string().max(4096).optional(),
  role: z.string().max(63).optional(),
});

const explain = z.object({
  analyze: z.boolean(),
  verbose: z.boolean(),
  costs: z.boolean(),
  buffers: z.boolean(),
  timing: z.boolean(),
  summary: z.boolean(),
  settings: z.boolean(),
  wal: z.boolean(),
  genericPlan: z.boolean(),
  memory: z.boolean(),
  serialize: z.enum(['none', 'text', 'binary']),
});

const arrangement = z.object({
  sort: z.array(z.object({ column, descending: z.boolean() })).max(100),
  filters: z.array(z.object({ column, test: z.enum(FILTER_TESTS), value: z.string().max(1_000_000) })).max(100),
  where: z.string().max(1_000_000),
});

const newValue = z.union([z.string().max(200_000_000), z.null(), z.object({ default: z.literal(true) })]);
const values = z.record(z.coerce.number().int().min(0).max(2000), newValue);
const edits = z
  .array(
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('update'), row, values }),
      z.object({ kind: z.literal('delete'), row }),
      z.object({ kind: z.literal('insert'), values }),
    ]),
  )
  .min(1)
  .max(100_000);

export const query = {
  calls: {
    open: call<SessionInfo>()(
      z.object({
        serverId: z.string().min(1).max(64),
        database: z.string().min(1).max(63),
        as: as.optional(),
        mode: mode.optional(),
      }),
    ),
    /** Ends the session and frees every result it holds. */
    close: call<void>()(z.object({ sessionId })),
    /** The session that is there, e.g. for a tab that was moved to another window. `not-found` when it is closed. */
    attach: call<SessionInfo>()(z.object({ sessionId })),
    /**
     * Runs a script statement by statement, as psql does. Returns when the run was accepted; everything else comes as `state`.
     * Results of the session's earlier run are freed. `conflict` when a run is under way. With `explain` each statement is explained
     * instead; with `analyze` outside of a transaction, what the statements changed is rolled back.
     */
    run: call<{ runId: number }>()(
      z.object({ sessionId, sql: z.string().max(50_000_000), explain: explain.optional() }),
    ),
    /** Cancels on the server. Returns when the server has ended the run. */
    cancel: call<void>()(z.object({ sessionId })),
    /** Cuts a connection whose server does not end the run; the next run connects again. */
    drop: call<void>()(z.object({ sessionId })),
    state: call<QueryState>()(z.object({ sessionId })),
    setMode: call<void>()(z.object({ sessionId, mode })),
    /** Ends, opens or marks a transaction; results stay. `name` is the savepoint's. `conflict` when a run is under way. */
    transact: call<void>()(
      z.object({ sessionId, deed: z.enum(TRANSACTION_DEEDS), name: z.string().max(63).optional() }),
    ),
    /** `SET ROLE`, or back to the session's user when empty. */
    setRole: call<void>()(z.object({ sessionId, role: z.string().max(63) })),
    /** Roles that the session's user may set, by name. */
    roles: call<{ roles: string[] }>()(z.object({ sessionId })),
    /**
     * Sets again what was lost with the connection and can be: settings, and the channels that were listened to. Without `again` the loss is
     * only no longer told.
     */
    restore: call<void>()(z.object({ sessionId, again: z.boolean() })),
    /** Keeps a result over the runs that follow, or no longer. One that is of an earlier run goes at once then. */
    pin: call<void>()(z.object({ resultId, pinned: z.boolean() })),
    /**
     * Lets the server sort and filter a result: its statement runs again inside of another one, and its rows come in place of the old ones,
     * under a new result id. `unsupported` when the statement is not a query that stands alone.
     */
    arrange: call<{ resultId: string }>()(z.object({ resultId, arrangement })),
    /**
     * Rows `from` (0-based) … `from + count - 1`: fewer at the end, or when they are so large that they'd fill the memory, but one at least.
     * Any row held can be asked for at any time. A value of more than `cellLimit` characters is cut to `cellLimit + 1`.
     */
    fetch: call<Row[]>()(
      z.object({
        resultId,
        from: row,
        count: z.number().int().min(1).max(10_000),
        cellLimit: z.number().int().min(1).max(1_000_000).optional(),
      }),
    ),
    /**
     * A part of a result as text for the clipboard; at most 100,000 rows. Columns by index. `staged` are rows with cells that are other than those of
     * the result, and rows behind its last one.
     */
    copyText: call<{ text: string; rows: number }>()(
      z.object({
        resultId,
        from: row,
        to: row,
        columns: z.array(column).max(2000),
        format: z.enum(COPY_FORMATS),
        header: z.boolean(),
        staged: z
          .array(z.object({ row, values: z.record(z.string().regex(/^\d{1,4}$/), z.string().nullable()) }))
          .max(100_000)
          .optional(),
      }),
    ),
    /** Writes the whole result to a file picked before (`app.pickSaveFile`), streamed; a task. */
    save: call<{ taskId: string }>()(
      z.object({
        resultId,
        fileToken: z.string().max(64),
        format: z.enum(SAVE_FORMATS),
        /** Column names in the first line, where the format lets one choose. */
        header: z.boolean(),
        /** For CSV. */
        delimiter: z.string().length(1),
        /** What stands for NULL in CSV and TSV. */
        nullText: z.string().max(100),
        /** Quoted name for INSERT statements; empty: the result's own table. */
        table: z.string().max(200),
      }),
    ),
    /** Whether and how the rows of a result can be edited. */
    editTarget: call<{ target: EditTarget } | { reason: NotEditable }>()(z.object({ resultId })),
    /** The statements that `saveEdits` would run, for a person to read. */
    editSql: call<{ statements: string[] }>()(z.object({ resultId, edits })),
    /**
     * Saves staged edits in one transaction, or within the one that is open (then back to where it was when something fails). Rows that are not
     * what they were when they were read are told as conflicts, and nothing is saved, unless `overwrite`; what was told is what they are compared
     * with from then on. Saved inserts become the rows after the result's last one. Fails with `sql`: `field` says which edit, and which of its
     * values, as `edits.3.values.1`, `detail` the statement.
     */
    saveEdits: call<SaveOutcome>()(z.object({ resultId, edits, overwrite: z.boolean() })),
    /** Rows of the table that a foreign key points at, for choosing one: the key and what describes it. */
    lookup: call<{ value: string; label: string }[]>()(
      z.object({ resultId, column, text: z.string().max(1000), limit: z.number().int().min(1).max(1000) }),
    ),
    /** What reads the rows of a table or view in the order of its key; `limit` 0 is all. `not-found` when there is no such relation. */
    tableQuery: call<{ schema: string; name: string; sql: string }>()(
      z.object({ sessionId, oid: z.number().int().min(1), limit: z.number().int().min(0) }),
    ),
    /** What can stand at an offset of a text; names come over a connection of its own. */
    complete: call<Completion>()(
      z.object({ sessionId, text: z.string().max(1_000_000), offset: z.number().int().min(0), asked: z.boolean() }),
    ),
    /** What the name at an offset of one statement means, with its aliases; null when nothing is known of it. */
    meaning: call<NameMeaning | null>()(
      z.object({ sessionId, text: z.string().max(1_000_000), offset: z.number().int().min(0) }),
    ),
    /** The object that a name means in the session's search path, e.g. `['public', 'orders']`; null when there is none. */
    resolveName: call<ObjectRef | null>()(z.object({ sessionId, path: z.array(z.string().max(63)).min(1).max(3) })),
  },
  pushes: {
    state: push<QueryState>(),
  },
};
