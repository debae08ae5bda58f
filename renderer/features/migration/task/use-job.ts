import { useCallback, useEffect, useRef, useState } from 'react';
import type { MigrationProgress } from '../../../../shared/model/migration';
import type { MigrationJobDetail } from '../../../../shared/model/migration-api';
import { api, listen } from '../../../api';
import { isMoving } from './model';
import { historyOf, remember, type Sample } from './rate-history';

/** Milliseconds between readings while the task moves, and while it does not; pushes tell the rest, no more often than this. */
const BUSY_MS = 1_000;
const QUIET_MS = 10_000;

export interface LiveJob {
  /** Null until the first answer. */
  readonly job: MigrationJobDetail | null;
  /** Null before the first run. */
  readonly progress: MigrationProgress | null;
  readonly samples: readonly Sample[];
  /** Why the last reading failed; what was read before stays. */
  readonly error: unknown;
  /** Grows with every reading, for lists that are read along. */
  readonly readings: number;
  readonly refresh: () => void;
}

/** Everything of one task that is small, kept fresh while it can be seen. */
export function useJob(id: string, visible: boolean): LiveJob {
  const [live, setLive] = useState<Omit<LiveJob, 'refresh'>>(() => ({
    job: null,
    progress: null,
    samples: historyOf(id),
    error: null,
    readings: 0,
  }));
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
      let wait = QUIET_MS;
      try {
        const [job, progress] = await Promise.all([
          api.migration.detail({ id }, mine.signal),
          api.migration.progress({ id }, mine.signal),
        ]);
        if (mine.signal.aborted) return;
        if (isMoving(job)) wait = BUSY_MS;
        const samples =
          job.status === 'running' && progress !== null ? remember(id, sampleOf(progress)) : historyOf(id);
        setLive(({ readings }) => ({ job, progress, samples, error: null, readings: readings + 1 }));
      } catch (error) {
        if (mine.signal.aborted) return;
        setLive((before) => ({ ...before, error }));
      }
      if (!document.hidden) timer = setTimeout(() => void read(), wait);
    };
    const now = () => {
      if (!document.hidden) void read();
    };
    const soon = ({ ids }: { readonly ids: readonly string[] }) => {
      if (!ids.includes(id)) return;
      clearTimeout(timer);
      timer = setTimeout(now, Math.max(0, readAt + BUSY_MS - Date.now()));
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
  }, [id, visible]);

  const refresh = useCallback(() => again.current(), []);
  return { ...live, refresh };
}

const sampleOf = ({ bytesPerSecond, rowsPerSecond }: MigrationProgress): Sample => ({
  at: Date.now(),
  bytesPerSecond,
  rowsPerSecond,
});
