import { useCallback, useEffect, useRef, useState } from 'react';
import { errorInfo } from '../../../shared/errors';

export interface Asked<T> {
  readonly value: T | null;
  readonly error: unknown;
  readonly busy: boolean;
  readonly again: () => void;
}

/** Asks whenever `key` changes (null: nothing to ask), and ends the question before. What was answered stays until the next answer. */
export function useAsked<T>(key: string | null, ask: (signal: AbortSignal) => Promise<T>, delayMs = 0): Asked<T> {
  const [answer, setAnswer] = useState<{ key: string; value: T | null; error: unknown } | null>(null);
  const [round, setRound] = useState(0);
  const latest = useRef(ask);
  useEffect(() => {
    latest.current = ask;
  });
  const asked = key === null ? null : `${round} ${key}`;
  useEffect(() => {
    if (asked === null) return undefined;
    const ending = new AbortController();
    const timer = setTimeout(() => {
      latest.current(ending.signal).then(
        (value) => {
          if (!ending.signal.aborted) setAnswer({ key: asked, value, error: null });
        },
        (error: unknown) => {
          if (!ending.signal.aborted && errorInfo(error).code !== 'cancelled')
            setAnswer({ key: asked, value: null, error });
        },
      );
    }, delayMs);
    return () => {
      clearTimeout(timer);
      ending.abort();
    };
  }, [asked, delayMs]);
  const again = useCallback(() => setRound((count) => count + 1), []);
  const current = answer !== null && answer.key === asked;
  return {
    value: asked === null ? null : (answer?.value ?? null),
    error: current ? answer.error : null,
    busy: asked !== null && !current,
    again,
  };
}
