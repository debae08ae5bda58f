import { useEffect, useState } from 'react';
import type { InstanceEventView, InstanceTask } from '../../../../shared/model/instance';
import { api, listen } from '../../../api';

/** Milliseconds between readings while a task runs, and while none does. */
const BUSY_MS = 1_000;
const QUIET_MS = 5_000;

export interface Log {
  /** Null until the first answer. */
  readonly tasks: readonly InstanceTask[] | null;
  readonly events: readonly InstanceEventView[];
  readonly error: unknown;
}

/** Tasks and events of an instance, kept fresh while they can be seen. */
export function useLog(plane: string, id: string, visible: boolean): Log {
  const [log, setLog] = useState<Log>({ tasks: null, events: [], error: null });
  useEffect(() => {
    if (!visible) return undefined;
    const gone = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const read = async () => {
      clearTimeout(timer);
      let wait = QUIET_MS;
      try {
        const [tasks, events] = await Promise.all([
          api.instances.tasks({ plane, id }, gone.signal),
          api.instances.events({ plane, id }, gone.signal),
        ]);
        if (gone.signal.aborted) return;
        if (tasks.some(({ status }) => status === 'running')) wait = BUSY_MS;
        setLog({ tasks, events, error: null });
      } catch (error) {
        if (gone.signal.aborted) return;
        setLog((before) => ({ ...before, error }));
      }
      if (!document.hidden) timer = setTimeout(() => void read(), wait);
    };
    const now = () => {
      if (!document.hidden) void read();
    };
    now();
    const stop = listen('instances', 'changed', now);
    document.addEventListener('visibilitychange', now);
    return () => {
      gone.abort();
      clearTimeout(timer);
      stop();
      document.removeEventListener('visibilitychange', now);
    };
  }, [plane, id, visible]);
  return log;
}
