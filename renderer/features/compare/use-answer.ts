import { useCallback, useEffect, useRef, useState } from 'react';
import { errorInfo } from '../../../shared/errors';

export interface Answer<T> {
  readonly value: T | null;
  readonly error: unknown;
  readonly busy: boolean;
  readonly again: () => void;
}

/** Asks whenever `key` changes (null: nothing to ask), giving up the question before. */
export function useAnswer<T>(key: string | null, ask: (signal: AbortSignal) => Promise<T>): Answer<T> {
  const [state, setState] = useState<{ asked: string; value: T | null; error: unknown }>({
    asked: '',
    value: null,
    error: null,
  });
  const [round, setRound] = useState(0);
  const asked = key === null ? '' : `${round} ${key}`;
  const latest = useRef(ask);
  useEffect(() => {
    latest.current = ask;
  });
  useEffect(() => {
    if (asked === '') return undefined;
    const stop = new AbortController();
    latest
      .current(stop.signal)
      .then((value) => setState({ asked, value, error: null }))
      .catch((error: unknown) => {
        if (!stop.signal.aborted && errorInfo(error).code !== 'cancelled') setState({ asked, value: null, error });
      });
    return () => stop.abort();
  }, [asked]);
  const again = useCallback(() => setRound((now) => now + 1), []);
  const isCurrent = asked !== '' && state.asked === asked;
  return {
    value: isCurrent ? state.value : null,
    error: isCurrent ? state.error : null,
    busy: asked !== '' && !isCurrent,
    again,
  };
}
