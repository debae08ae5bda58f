import { useCallback, useEffect, useRef, useState } from 'react';
import { errorInfo } from '../../../shared/errors';

export interface Loaded<T> {
  /** What was read last for this key; null before that. */
  readonly value: T | null;
  /** Why the last attempt failed; null after one that did not. */
  readonly error: unknown;
  readonly reload: () => void;
}

/**
 * Reads something from main and keeps it. Another key reads anew and forgets the old value; `reload` reads anew and keeps it meanwhile.
 * @param key what is read; null reads nothing
 * @param everyMs reads again so long after an answer while mounted; 0 never
 */
export function useLoaded<T>(key: string | null, read: (signal: AbortSignal) => Promise<T>, everyMs = 0): Loaded<T> {
  const [state, setState] = useState<{ key: string | null; value: T | null; error: unknown }>({
    key: null,
    value: null,
    error: null,
  });
  const [round, setRound] = useState(0);
  const reload = useCallback(() => setRound((before) => before + 1), []);
  const latest = useRef(read);
  useEffect(() => {
    latest.current = read;
  });
  useEffect(() => {
    if (key === null) return undefined;
    const ending = new AbortController();
    latest.current(ending.signal).then(
      (value) => {
        if (!ending.signal.aborted) setState({ key, value, error: null });
      },
      (error: unknown) => {
        if (ending.signal.aborted || errorInfo(error).code === 'cancelled') return;
        setState((before) => ({ key, value: before.key === key ? before.value : null, error }));
      },
    );
    return () => ending.abort();
  }, [key, round]);
  useEffect(() => {
    if (key === null || everyMs === 0 || state.key !== key) return undefined;
    // After the answer: a slow one is never overtaken by the next question.
    const timer = setTimeout(reload, everyMs);
    return () => clearTimeout(timer);
  }, [key, everyMs, reload, state]);
  return state.key === key && key !== null
    ? { value: state.value, error: state.error, reload }
    : { value: null, error: null, reload };
}
