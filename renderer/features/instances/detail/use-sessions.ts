import { useEffect, useState } from 'react';
import type { InstanceSession } from '../../../../shared/model/instance';
import { api } from '../../../api';

/** Milliseconds between readings. */
const READ_MS = 2_000;

export interface Sessions {
  /** Newest first; null until the first answer. */
  readonly sessions: readonly InstanceSession[] | null;
  readonly error: unknown;
}

/** The connections of an instance, read again and again while they can be seen. */
export function useSessions(plane: string, id: string, visible: boolean): Sessions {
  const [state, setState] = useState<Sessions>({ sessions: null, error: null });
  useEffect(() => {
    if (!visible) return undefined;
    const gone = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const read = async () => {
      clearTimeout(timer);
      try {
        const found = await api.instances.sessions({ plane, id }, gone.signal);
        setState({ sessions: found.toSorted((a, b) => b.since - a.since), error: null });
      } catch (error) {
        if (gone.signal.aborted) return;
        setState((before) => ({ ...before, error }));
      }
      if (!document.hidden && !gone.signal.aborted) timer = setTimeout(() => void read(), READ_MS);
    };
    const now = () => {
      if (!document.hidden) void read();
    };
    now();
    document.addEventListener('visibilitychange', now);
    return () => {
      gone.abort();
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', now);
    };
  }, [plane, id, visible]);
  return state;
}
