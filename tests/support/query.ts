import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SaveOptions } from '../../electron/features/query/export/result-writer';
import { createQueryFeature, type QueryFeature } from '../../electron/features/query/query-feature';
import { createLogger } from '../../electron/log';
import type { TaskControl, TaskRunner } from '../../electron/ports';
import { AppError, type ErrorInfo, errorInfo } from '../../shared/errors';
import type { HistoryEntry } from '../../shared/model/library';
import type { QueryMessage, QueryState, Row } from '../../shared/model/query';
import type { TestServer } from './postgres';

/** A task of the query feature as it ended. */
export interface EndedTask {
  readonly error: ErrorInfo | null;
}

export interface QueryBench {
  readonly feature: QueryFeature;
  readonly tempFolder: string;
  /** Every state that was pushed, in order. */
  readonly pushed: QueryState[];
  readonly lost: string[];
  /** Runs that were noted for the history. */
  readonly history: Omit<HistoryEntry, 'id'>[];
  /** Opens a session on a database and returns its id. */
  open(database?: string): Promise<string>;
  /** Runs a script and waits for its end. */
  run(sessionId: string, sql: string): Promise<QueryState>;
  /** Starts a script without waiting. */
  start(sessionId: string, sql: string): Promise<void>;
  /** Waits until the session's state is as wanted. */
  until(sessionId: string, wanted: (state: QueryState) => boolean): Promise<QueryState>;
  state(sessionId: string): Promise<QueryState>;
  rows(resultId: string, from: number, count: number, cellLimit?: number): Promise<Row[]>;
  /** What tasks have logged. */
  readonly logged: { readonly level: string; readonly text: string }[];
  /** Saves a result to a path, as CSV with a header unless told otherwise; resolves when the task is over. */
  save(resultId: string, path: string, options?: Partial<SaveOptions>, abort?: AbortSignal): Promise<EndedTask>;
  /** The person disconnects the server. */
  disconnect(): void;
  close(): Promise<void>;
}

const none = new AbortController().signal;

/** Waits until a condition holds; fails after the time with the text. */
export async function eventually(
  condition: () => boolean | Promise<boolean>,
  what: string,
  ms = 20_000,
): Promise<void> {
  for (const deadline = Date.now() + ms; !(await condition());) {
    if (Date.now() > deadline) throw new Error(`timed out: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** The query feature over a real server, driven as the window drives it. `folder`: where rows go, default a fresh one. */
export async function queryBench(server: TestServer, folder?: string): Promise<QueryBench> {
  const tempFolder = folder ?? (await mkdtemp(join(tmpdir(), 'howdah-query-')));
  const pushed: QueryState[] = [];
  const lost: string[] = [];
  const logged: { level: string; text: string }[] = [];
  const history: Omit<HistoryEntry, 'id'>[] = [];
  const paths = new Map<string, string>();
  const disconnects = new Set<(serverId: string) => void>();
  const ends = new Map<string, Promise<EndedTask>>();
  let taskSignal: AbortSignal = none;
  const runner: TaskRunner = {
    start(_request, work) {
      const id = `task-${ends.size}`;
      const control: TaskControl = {
        id,
        signal: taskSignal,
        log: (level, text) => void logged.push({ level, text }),
        step: () => undefined,
        progress: () => undefined,
        bytes: () => undefined,
        skipStep: () => undefined,
      };
      ends.set(
        id,
        work(control).then(
          () => ({ error: null }),
          (error: unknown) => ({ error: errorInfo(error) }),
        ),
      );
      return id;
    },
  };
  const feature = createQueryFeature({
    connections: {
      profile: async (_serverId, database) => server.profile(database ?? 'postgres'),
      name: () => 'test',
      onDisconnect(listener) {
        disconnects.add(listener);
        return () => disconnects.delete(listener);
      },
      reportLost: (_serverId, reason) => void lost.push(reason),
    },
    runner,
    files: {
      add: (path) => path,
      path(token) {
        const path = paths.get(token);
        if (!path) throw new AppError({ code: 'not-found', message: 'no such token' });
        return path;
      },
    },
    history: { record: (entry) => void history.push(entry) },
    emit: (_name, state) => void pushed.push(state),
    log: createLogger(null),
    tempFolder,
  });
  const { handlers } = feature;
  const context = { signal: none };
  const bench: QueryBench = {
    feature,
    tempFolder,
    pushed,
    lost,
    history,
    logged,
    open: async (database = 'postgres') => (await handlers.open({ serverId: 's', database }, context)).sessionId,
    async start(sessionId, sql) {
      await handlers.run({ sessionId, sql }, context);
    },
    async until(sessionId, wanted) {
      await eventually(async () => wanted(await bench.state(sessionId)), 'the state that was waited for');
      return bench.state(sessionId);
    },
    async run(sessionId, sql) {
      await bench.start(sessionId, sql);
      return bench.until(sessionId, (state) => !state.running);
    },
    state: (sessionId) => handlers.state({ sessionId }, context),
    rows: (resultId, from, count, cellLimit) =>
      handlers.fetch({ resultId, from, count, ...(cellLimit === undefined ? {} : { cellLimit }) }, context),
    async save(resultId, path, options = {}, abort = none) {
      paths.set(path, path);
      taskSignal = abort;
      const chosen = { format: 'csv', delimiter: ',', header: true, nullText: '', table: '', ...options } as const;
      const { taskId } = await handlers.save({ resultId, fileToken: path, ...chosen }, context);
      const end = ends.get(taskId);
      if (!end) throw new Error('the task was not started');
      return end;
    },
    disconnect: () => {
      for (const each of disconnects) each('s');
    },
    async close() {
      await feature.close();
      if (folder === undefined) await rm(tempFolder, { recursive: true, force: true });
    },
  };
  return bench;
}

/** Messages of the kinds that tell of trouble. */
export const errorsOf = (state: QueryState): QueryMessage[] =>
  state.messages.filter(({ severity }) => severity === 'ERROR' || severity === 'FATAL');

/** All values of a state's result. */
export async function valuesOf(bench: QueryBench, state: QueryState, index = 0): Promise<Row[]> {
  const result = state.results[index];
  if (!result) throw new Error(`there is no result ${index}`);
  return bench.rows(result.resultId, 0, 10_000);
}
