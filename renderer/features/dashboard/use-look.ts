import { useCallback, useEffect, useRef, useState } from 'react';
import type { Look } from '../../../shared/model/dashboard';
import { useScene } from './dashboard-context';

/** Milliseconds until the next try after one that failed, at least. */
const AFTER_FAILURE_MS = 3000;

export interface Looked<T> {
  /** What was seen last; stays while it is looked at again and when that fails. Null until the first answer to this question. */
  readonly value: T | null;
  /** Why the last look failed. */
  readonly error: unknown;
  /** Looks again now. */
  readonly again: () => void;
}

/**
 * Looks again and again while the page is open and can be seen. `ask` is the question: the same function as long as it is the same.
 * `leastMs`: how long to wait between looks at least, for what costs the server more; Infinity looks once, and when asked to. `quiet`: it is
 * not what the person looks at, and its cost not what the page tells.
 */
export function useLook<T>(
  open: boolean,
  ask: (where: { serverId: string; database: string }, signal: AbortSignal) => Promise<Look<T>>,
  leastMs = 0,
  quiet = false,
): Looked<T> {
  const { serverId, database, intervalMs, awake, paused, turn, spent } = useScene();
  const [state, setState] = useState<{ of: unknown; value: T | null; error: unknown }>({
    of: null,
    value: null,
    error: null,
  });
  const now = useRef<() => void>(() => undefined);
  const wait = Math.max(intervalMs, leastMs);
  const looking = open && awake;
  useEffect(() => {
    if (!looking) return undefined;
    const gone = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let busy = false;
    let wanted = false;
    const look = async (): Promise<void> => {
      if (busy) {
        wanted = true;
        return;
      }
      busy = true;
      clearTimeout(timer);
      let next = wait;
      try {
        const { value, ms } = await ask({ serverId, database }, gone.signal);
        if (gone.signal.aborted) return;
        if (!quiet) spent(ms);
        setState({ of: ask, value, error: null });
      } catch (error) {
        if (gone.signal.aborted) return;
        next = Math.max(wait, AFTER_FAILURE_MS);
        setState((before) => ({ of: ask, value: before.of === ask ? before.value : null, error }));
      } finally {
        busy = false;
      }
      if (wanted) {
        wanted = false;
        void look();
      } else if (!document.hidden && !paused && Number.isFinite(next)) timer = setTimeout(() => void look(), next);
    };
    const resume = (): void => {
      if (!document.hidden && !paused) void look();
    };
    now.current = () => void look();
    void look();
    document.addEventListener('visibilitychange', resume);
    return () => {
      gone.abort();
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', resume);
    };
  }, [looking, ask, serverId, database, wait, paused, turn, spent, quiet]);
  const again = useCallback(() => now.current(), []);
  return state.of === ask ? { value: state.value, error: state.error, again } : { value: null, error: null, again };
}
