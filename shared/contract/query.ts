import { z } from 'zod';
import { COPY_FORMATS, type QueryState, type Row, type SessionInfo } from '../model/query';
import { call, push } from './define';

const sessionId = z.string().min(1).max(64);
const resultId = z.string().min(1).max(64);

export const query = {
  calls: {
    open: call<SessionInfo>()(z.object({ serverId: z.string().min(1).max(64), database: z.string().min(1).max(63) })),
    /** Ends the session and frees every result it holds. */
    close: call<void>()(z.object({ sessionId })),
    /**
     * Runs a script statement by statement, as psql does. Returns when the run was accepted; everything else comes as `state`.
     * Results of the session's earlier run are freed. `conflict` when a run is under way.
     */
    run: call<{ runId: number }>()(z.object({ sessionId, sql: z.string().max(50_000_000) })),
    /** Cancels on the server. Returns when the server has ended the run. */
    cancel: call<void>()(z.object({ sessionId })),
    state: call<QueryState>()(z.object({ sessionId })),
    /**
     * Rows `from` (0-based) … `from + count - 1`: fewer at the end, or when they are so large that they'd fill the memory, but one at least.
     * Any row held can be asked for at any time. A value of more than `cellLimit` characters is cut to `cellLimit + 1`.
     */
    fetch: call<Row[]>()(
      z.object({
        resultId,
        from: z.number().int().min(0),
        count: z.number().int().min(1).max(10_000),
        cellLimit: z.number().int().min(1).max(1_000_000).optional(),
      }),
    ),
    /** A part of a result as text for the clipboard; at most 100,000 rows. Columns by index. */
    copyText: call<{ text: string; rows: number }>()(
      z.object({
        resultId,
        from: z.number().int().min(0),
        to: z.number().int().min(0),
        columns: z.array(z.number().int().min(0)).max(2000),
        format: z.enum(COPY_FORMATS),
        header: z.boolean(),
      }),
    ),
    /** Writes the whole result to a file picked before (`app.pickSaveFile`), streamed; a task. */
    saveCsv: call<{ taskId: string }>()(
      z.object({ resultId, fileToken: z.string().max(64), delimiter: z.string().length(1), header: z.boolean() }),
    ),
  },
  pushes: {
    state: push<QueryState>(),
  },
};
