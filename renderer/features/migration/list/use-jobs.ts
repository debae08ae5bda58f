import { useCallback, useEffect, useRef, useState } from 'react';
import type { MigrationJobView } from '../../../../shared/model/migration-api';
import { api, listen } from '../../../api';
import { isMoving } from '../task/model';

/** Tasks on one page. */
export const PAGE = 50;

/** Milliseconds between readings while a task moves, and while none does: a push tells the rest. */
const BUSY_MS = 2_000;
const QUIET_MS = 15_000;
/** A running task tells of itself often; the list follows no faster than this. */
const LEAST_MS = 1_000;

export interface JobFilter {
  readonly search: string;
  /** Null takes all. */
  readonly status: string | null;
  readonly tag: { readonly key: string; readonly value: string } | null;
}

export const NO_FILTER: JobFilter = { search: '', status: null, tag: null };

export const isFiltered = ({ search, status, tag }: JobFilter): boolean =>
  search.trim() !== '' || status !== null || tag !== null;

export interface Jobs {
  /** One page, newest first; null until the first answer. */
  readonly jobs: readonly MigrationJobView[] | null;
  readonly total: number;
  /** Why the last reading failed; the page before it stays. */
  readonly error: unknown;
  readonly refresh: () => void;
}

/** A page of the tasks (from 0), kept fresh while it can be seen. */
export function useJobs(filter: JobFilter, page: number, visible: boolean): Jobs {
  const [known, setKnown] = useState<Omit<Jobs, 'refresh'>>({ jobs: null, total: 0, error: null });
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
        const { total, jobs } = await api.migration.list(
          {
            search: filter.search.trim(),
            statuses: filter.status === null ? [] : [filter.status],
            tag: filter.tag,
            offset: page * PAGE,
            limit: PAGE,
          },
          mine.signal,
        );
        if (mine.signal.aborted) return;
        if (jobs.some(isMoving)) wait = BUSY_MS;
        setKnown({ jobs, total, error: null });
      } catch (error) {
        if (mine.signal.aborted) return;
        setKnown((before) => ({ ...before, error }));
      }
      if (!document.hidden) timer = setTimeout(() => void read(), wait);
    };
    const now = () => {
      if (!document.hidden) void read();
    };
    const soon = () => {
      clearTimeout(timer);
      timer = setTimeout(now, Math.max(0, readAt + LEAST_MS - Date.now()));
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
  }, [filter, page, visible]);

  const refresh = useCallback(() => again.current(), []);
  return { ...known, refresh };
}
