import { useCallback, useEffect, useState } from 'react';
import type { Finding } from '../../../../shared/model/migration';
import type { MigrationJobDetail } from '../../../../shared/model/migration-api';
import { errorInfo } from '../../../../shared/errors';
import { api, listen } from '../../../api';

export interface Followed<T> {
  readonly value: T | null;
  readonly error: unknown;
  readonly reload: () => void;
}

/** Something of a task that is read again whenever the task changes. One question at a time; the last one counts. */
function useOfJob<T>(jobId: string | null, read: (id: string, signal: AbortSignal) => Promise<T>): Followed<T> {
  const [state, setState] = useState<{ id: string; value: T | null; error: unknown } | null>(null);
  const [round, setRound] = useState(0);
  const reload = useCallback(() => setRound((count) => count + 1), []);
  useEffect(() => {
    if (jobId === null) return undefined;
    return listen('migration', 'changed', ({ ids }) => {
      if (ids.includes(jobId)) reload();
    });
  }, [jobId, reload]);
  useEffect(() => {
    if (jobId === null) return undefined;
    const ending = new AbortController();
    read(jobId, ending.signal).then(
      (value) => {
        if (!ending.signal.aborted) setState({ id: jobId, value, error: null });
      },
      (error: unknown) => {
        if (!ending.signal.aborted && errorInfo(error).code !== 'cancelled')
          setState((before) => ({ id: jobId, value: before?.id === jobId ? before.value : null, error }));
      },
    );
    return () => ending.abort();
  }, [jobId, round, read]);
  const current = state !== null && state.id === jobId;
  return { value: current ? state.value : null, error: current ? state.error : null, reload };
}

const readJob = (id: string, signal: AbortSignal) => api.migration.detail({ id }, signal);

const readFindings = (id: string, signal: AbortSignal) => api.migration.findings({ id }, signal);

/** What the checks of a task found last. */
export const useFindings = (
  jobId: string | null,
): Followed<{ readonly findings: readonly Finding[]; readonly skipped: readonly string[] }> =>
  useOfJob(jobId, readFindings);

export const useJobDetail = (jobId: string | null): Followed<MigrationJobDetail> => useOfJob(jobId, readJob);

/** A task and what its checks found so far. */
export interface Verification {
  readonly job: MigrationJobDetail;
  readonly findings: readonly Finding[];
  readonly skipped: readonly string[];
}

/** One after the other: findings that are read after the checks were seen to be over are all of them. */
async function readVerification(id: string, signal: AbortSignal): Promise<Verification> {
  const job = await api.migration.detail({ id }, signal);
  return { job, ...(await api.migration.findings({ id }, signal)) };
}

export const useVerification = (jobId: string): Followed<Verification> => useOfJob(jobId, readVerification);
