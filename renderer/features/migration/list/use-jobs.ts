import { useMemo, useState } from 'react';
import type { MigrationJobView } from '../../../../shared/model/migration-api';
import { api } from '../../../api';
import { isMoving } from '../task/model';
import { usePolling, type Polling } from '../use-polling';

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
  const polling = useMemo<Polling>(
    () => ({
      async read(signal) {
        const { total, jobs } = await api.migration.list(
          {
            search: filter.search.trim(),
            statuses: filter.status === null ? [] : [filter.status],
            tag: filter.tag,
            offset: page * PAGE,
            limit: PAGE,
          },
          signal,
        );
        if (!signal.aborted) setKnown({ jobs, total, error: null });
        return jobs.some(isMoving) ? BUSY_MS : QUIET_MS;
      },
      fails: (error) => setKnown((before) => ({ ...before, error })),
      concerns: () => true,
      quietMs: QUIET_MS,
      leastMs: LEAST_MS,
    }),
    [filter, page],
  );
  return { ...known, refresh: usePolling(polling, visible) };
}
