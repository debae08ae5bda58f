import { useCallback, useEffect, useState } from 'react';
import { errorInfo } from '../../../shared/errors';

export interface Loaded<T> {
  /** What came last for the same question; stays while it is read again, null while another is asked. */
  readonly value: T | null;
  readonly error: unknown;
  readonly reload: () => void;
}

/**
 * Reads something when it is wanted and when asked again; an answer that is no longer wanted is aborted. `read` is the question: it must be
 * stable, and another one has another answer.
 */
export function useLoaded<T>(wanted: boolean, read: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  const [state, setState] = useState<{ of: unknown; value: T | null; error: unknown }>({
    of: null,
    value: null,
    error: null,
  });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    if (!wanted) return undefined;
    const controller = new AbortController();
    read(controller.signal).then(
      (value) => {
        if (!controller.signal.aborted) setState({ of: read, value, error: null });
      },
      (error: unknown) => {
        if (controller.signal.aborted || errorInfo(error).code === 'cancelled') return;
        setState({ of: read, value: null, error });
      },
    );
    return () => controller.abort();
  }, [wanted, read, turn]);
  const reload = useCallback(() => setTurn((last) => last + 1), []);
  return state.of === read ? { value: state.value, error: state.error, reload } : { value: null, error: null, reload };
}
