import { randomBytes } from 'node:crypto';
import { basename } from 'node:path';
import { sweepSpoolFiles } from '../../adapters/postgres/spool-file';
import type { query } from '../../../shared/contract/query';
import type { Emit, Handlers } from '../../../shared/contract/define';
import { AppError } from '../../../shared/errors';
import { formatRows } from '../../../shared/model/csv-format';
import type { ResultColumn, Row } from '../../../shared/model/query';
import type { Logger } from '../../log';
import type { Connections, FileTokens, TaskRunner } from '../../ports';
import type { ResultSet } from './result-set';
import { QuerySession } from './query-session';
import { saveCsv } from './save-csv';

export interface QueryFeatureDeps {
  readonly connections: Connections;
  readonly runner: TaskRunner;
  readonly files: FileTokens;
  readonly emit: Emit<typeof query>;
  readonly log: Logger;
  /** Folder of this program alone, where rows that don't fit into memory go. Must exist. */
  readonly tempFolder: string;
}

export interface QueryFeature {
  readonly handlers: Handlers<typeof query>;
  /** Ends every session. */
  close(): Promise<void>;
}

const MAX_COPIED_ROWS = 100_000;
const COPY_PAGE = 5_000;

/** Query tabs: sessions, runs, and the results that the window pulls. */
export function createQueryFeature(deps: QueryFeatureDeps): QueryFeature {
  const sessions = new Map<string, QuerySession>();
  void sweepSpoolFiles(deps.tempFolder);
  const bug = (error: unknown): string => deps.log.bug('query', error);

  const stopListening = deps.connections.onDisconnect((serverId) => {
    for (const session of sessions.values()) if (session.serverId === serverId) session.disconnect().catch(bug);
  });

  const sessionOf = (sessionId: string): QuerySession => {
    const session = sessions.get(sessionId);
    if (!session) throw new AppError({ code: 'not-found', message: 'This session is closed' });
    return session;
  };
  const resultOf = (resultId: string): { session: QuerySession; result: ResultSet } => {
    const session = sessions.get(resultId.split('.')[0] ?? '');
    const result = session?.result(resultId);
    if (!session || !result) throw new AppError({ code: 'not-found', message: 'This result is no longer held' });
    return { session, result };
  };

  const handlers: Handlers<typeof query> = {
    async open({ serverId, database }, { signal }) {
      const id = randomBytes(8).toString('hex');
      const session = new QuerySession(id, serverId, database, {
        connections: deps.connections,
        tempFolder: deps.tempFolder,
        changed: (state) => deps.emit('state', state),
        bug,
      });
      const info = await session.open(signal);
      sessions.set(id, session);
      return info;
    },
    async close({ sessionId }) {
      const session = sessions.get(sessionId);
      sessions.delete(sessionId);
      await session?.close();
    },
    run: async ({ sessionId, sql }) => ({ runId: sessionOf(sessionId).run(sql) }),
    cancel: async ({ sessionId }) => sessionOf(sessionId).cancel(),
    state: async ({ sessionId }) => sessionOf(sessionId).state(),
    fetch: async ({ resultId, from, count, cellLimit }) => resultOf(resultId).result.spool.rows(from, count, cellLimit),
    async copyText({ resultId, from, to, columns, format, header }) {
      const { session, result } = resultOf(resultId);
      const chosen = chosenColumns(result.columns, columns);
      const rows = await readRows(result, from, to, columns);
      const table = session.tableOf(result) ?? 'query_result';
      return { text: formatRows(chosen, rows, format, { header, table }), rows: rows.length };
    },
    async saveCsv({ resultId, fileToken, delimiter, header }) {
      const { result } = resultOf(resultId);
      if (!/^[\t -~]$/.test(delimiter) || delimiter === '"') {
        throw new AppError({
          code: 'invalid-input',
          message: 'The delimiter must be one ASCII character other than a quote',
          field: 'delimiter',
        });
      }
      if (!result.isComplete) {
        throw new AppError({
          code: 'conflict',
          message: 'Rows are still arriving',
          hint: 'Save when the statement has ended.',
        });
      }
      const path = deps.files.path(fileToken, 'write');
      const names = header ? result.columns.map((column) => column.name) : null;
      result.spool.retain();
      const taskId = deps.runner.start(
        { kind: 'save-result', title: basename(path), steps: [{ key: 'write', weight: 1 }] },
        (control) =>
          saveCsv(result.spool, { path, delimiter, header: names }, control).finally(() => result.spool.release()),
      );
      return { taskId };
    },
  };

  return {
    handlers,
    async close() {
      stopListening();
      await Promise.all([...sessions.values()].map((session) => session.close()));
      sessions.clear();
    },
  };
}

function chosenColumns(all: readonly ResultColumn[], indexes: readonly number[]): ResultColumn[] {
  return indexes.map((index) => {
    const column = all[index];
    if (!column) throw new AppError({ code: 'invalid-input', message: 'There is no such column', field: 'columns' });
    return column;
  });
}

/** Rows `from` … `to` (inclusive), the chosen columns only. */
async function readRows(result: ResultSet, from: number, to: number, columns: readonly number[]): Promise<Row[]> {
  const last = Math.min(to, result.spool.rowCount - 1);
  if (last - from >= MAX_COPIED_ROWS) {
    throw new AppError({
      code: 'invalid-input',
      message: 'More than 100,000 rows do not go to the clipboard',
      hint: 'Save the result as CSV instead.',
    });
  }
  const rows: Row[] = [];
  while (from + rows.length <= last) {
    const at = from + rows.length;
    const page = await result.spool.rows(at, Math.min(COPY_PAGE, last - at + 1));
    for (const row of page) rows.push(columns.map((column) => row[column] ?? null));
  }
  return rows;
}
