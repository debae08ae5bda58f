import { useCallback, useEffect, useState } from 'react';
import { errorInfo } from '../../../shared/errors';

export interface Loaded<T> {
  /** What came last; stays while it is read again. */
  readonly value: T | null;
  readonly error: unknown;
  readonly reload: () => void;
}

/** Reads something when it is wanted and when asked again; an answer that is no longer wanted is aborted. `read` must be stable. */
export function useLoaded<T>(wanted: boolean, read: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  const [state, setState] = useState<{ value: T | null; error: unknown }>({ value: null, error: null });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    if (!wanted) return undefined;
    const controller = new AbortController();
    read(controller.signal).then(
      (value) => {
        if (!controller.signal.aborted) setState({ value, error: null });
      },
      (error: unknown) => {
        if (controller.signal.aborted || errorInfo(error).code === 'cancelled') return;
        setState({ value: null, error });
      },
    );
    return () => controller.abort();
  }, [wanted, read, turn]);
  return { ...state, reload: useCallback(() => setTurn((last) => last + 1), []) };
}
