import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { ImportPlan } from '../../../shared/contract/transfer';
import type { Finding, ImportReport } from '../../../shared/model/import';
import type { ServerView } from '../../../shared/model/server';
import { isOver, type TaskView } from '../../../shared/model/task';
import { errorInfo } from '../../../shared/errors';
import { api, listen } from '../../api';
import { followServers, readServers } from '../../api/servers';
import { useLive } from '../../ui/use-live';

/** The registered servers, kept up to date; null until they are known. */
export const useServerList = (): readonly ServerView[] | null => useLive(readServers, followServers);

export interface Loaded<T> {
  readonly value: T | null;
  readonly error: unknown;
  readonly busy: boolean;
  readonly again: () => void;
}

/** Asks whenever `key` changes (null: nothing to ask), aborting the question before. */
export function useAnswer<T>(key: string | null, ask: (signal: AbortSignal) => Promise<T>, delayMs = 0): Loaded<T> {
  const [state, setState] = useState<{ key: string | null; value: T | null; error: unknown }>({
    key: null,
    value: null,
    error: null,
  });
  const [round, setRound] = useState(0);
  const asked = `${round} ${key}`;
  const wanted = key !== null;
  // The question is a function of the key: the newest one is asked, but only a new key asks again.
  const latest = useRef(ask);
  useEffect(() => {
    latest.current = ask;
  });
  useEffect(() => {
    if (!wanted) return undefined;
    const stop = new AbortController();
    const timer = setTimeout(() => {
      latest
        .current(stop.signal)
        .then((value) => setState({ key: asked, value, error: null }))
        .catch((error: unknown) => {
          if (!stop.signal.aborted && errorInfo(error).code !== 'cancelled')
            setState({ key: asked, value: null, error });
        });
    }, delayMs);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [asked, wanted, delayMs]);
  const again = useCallback(() => setRound((n) => n + 1), []);
  const current = state.key === asked;
  return {
    value: key === null ? null : current ? state.value : null,
    error: current ? state.error : null,
    busy: key !== null && !current,
    again,
  };
}

export interface DatabaseName {
  readonly name: string;
  readonly encoding: string;
  readonly sizeBytes: number | null;
}

/** Databases of a server; asked again when the server was connected or disconnected. */
export function useDatabases(server: ServerView | undefined): Loaded<readonly DatabaseName[]> {
  return useAnswer(server ? `${server.id} ${server.status.connected}` : null, async () =>
    api.servers.databases({ id: server?.id ?? '' }),
  );
}

/** The checks of a plan, shortly after it changed. */
export function useFindings(plan: ImportPlan | null): Loaded<readonly Finding[]> {
  return useAnswer(
    plan && JSON.stringify(plan),
    (signal) => api.transfer.check({ plan: plan as ImportPlan }, signal),
    400,
  );
}

export function useCommands(plan: ImportPlan | null): readonly string[] {
  const { value } = useAnswer(
    plan && JSON.stringify(plan),
    (signal) => api.transfer.commands({ plan: plan as ImportPlan }, signal),
    200,
  );
  return value ?? [];
}

/** A task and, once it is over, what came of it. */
export interface ImportState {
  readonly task: TaskView | null;
  readonly plan: ImportPlan | null;
  readonly report: ImportReport | null;
  readonly error: unknown;
  readonly reload: () => void;
}

export function useImport(taskId: string | null): ImportState {
  const [task, setTask] = useState<TaskView | null>(null);
  const [result, setResult] = useState<{ plan: ImportPlan; report: ImportReport | null } | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [round, setRound] = useState(0);
  useEffect(() => {
    if (taskId === null) return undefined;
    api.tasks.get({ id: taskId }).then(setTask).catch(setError);
    return listen('tasks', 'changed', (changed) => {
      if (changed.id === taskId) setTask(changed);
    });
  }, [taskId]);
  const over = task !== null && isOver(task.state);
  useEffect(() => {
    if (taskId === null) return;
    api.transfer.result({ taskId }).then(setResult).catch(setError);
  }, [taskId, over, round]);
  const reload = useCallback(() => setRound((n) => n + 1), []);
  return useMemo(
    () => ({
      task: taskId === null ? null : task,
      plan: result?.plan ?? null,
      report: result?.report ?? null,
      error,
      reload,
    }),
    [taskId, task, result, error, reload],
  );
}
