import { useCallback, useEffect, useRef } from 'react';
import { listen } from '../../api';

/** How something of the tasks is kept fresh: readings at their time, and one soon after a push. */
export interface Polling {
  /** Reads once and keeps what it read, unless the signal is aborted by then; answers the milliseconds until the next time. */
  read(signal: AbortSignal): Promise<number>;
  /** What was read before stays. */
  fails(error: unknown): void;
  /** Whether a push about these tasks is of interest. */
  concerns(ids: readonly string[]): boolean;
  /** Milliseconds between readings after one that failed. */
  readonly quietMs: number;
  /** A running task tells of itself often; it is followed no faster than this, in milliseconds. */
  readonly leastMs: number;
}

/** Reads again and again while it can be seen. `polling` is the same object as long as the question is. Answers what reads at once. */
export function usePolling(polling: Polling, visible: boolean): () => void {
  const again = useRef<() => void>(() => undefined);
  useEffect(() => {
    if (!visible) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let reading: AbortController | null = null;
    let readAt = 0;
    const read = async () => {
      clearTimeout(timer);
      reading?.abort();
      const mine = new AbortController();
      reading = mine;
      readAt = Date.now();
      let wait = polling.quietMs;
      try {
        wait = await polling.read(mine.signal);
      } catch (error) {
        if (!mine.signal.aborted) polling.fails(error);
      }
      if (!mine.signal.aborted && !document.hidden) timer = setTimeout(() => void read(), wait);
    };
    const now = () => {
      if (!document.hidden) void read();
    };
    const soon = ({ ids }: { readonly ids: readonly string[] }) => {
      if (!polling.concerns(ids)) return;
      clearTimeout(timer);
      timer = setTimeout(now, Math.max(0, readAt + polling.leastMs - Date.now()));
    };
    again.current = now;
    now();
    const stop = listen('migration', 'changed', soon);
    document.addEventListener('visibilitychange', now);
    return () => {
      clearTimeout(timer);
      reading?.abort();
      stop();
      document.removeEventListener('visibilitychange', now);
    };
  }, [polling, visible]);
  return useCallback(() => again.current(), []);
}
