import { useMemo, useState } from 'react';
import type { MigrationProgress } from '../../../../shared/model/migration';
import type { MigrationJobDetail } from '../../../../shared/model/migration-api';
import { api } from '../../../api';
import { usePolling, type Polling } from '../use-polling';
import { isAtWork, isMoving } from './model';
import { isCopied } from './follow-model';
import { followHistory, followSample, streamOf, type FollowSample } from './follow-history';
import { copyHistory, type Sample } from './rate-history';

/** Milliseconds between readings while the task moves, and while it does not; pushes tell the rest, no more often than this. */
const BUSY_MS = 1_000;
const QUIET_MS = 10_000;

export interface LiveJob {
  /** Null until the first answer. */
  readonly job: MigrationJobDetail | null;
  /** Null before the first run. */
  readonly progress: MigrationProgress | null;
  readonly samples: readonly Sample[];
  /** What was seen of its following. */
  readonly followed: readonly FollowSample[];
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
    samples: copyHistory.of(id),
    followed: [],
    error: null,
    readings: 0,
  }));
  const polling = useMemo<Polling>(
    () => ({
      async read(signal) {
        const [job, progress] = await Promise.all([
          api.migration.detail({ id }, signal),
          api.migration.progress({ id }, signal),
        ]);
        if (!signal.aborted) {
          const samples =
            job.status === 'running' && progress !== null && !isCopied(progress)
              ? copyHistory.remember(id, sampleOf(progress))
              : copyHistory.of(id);
          const follow = progress?.follow ?? null;
          const followed =
            follow === null
              ? []
              : isAtWork(job)
                ? followHistory.remember(streamOf(id, follow), followSample(follow, Date.now()))
                : followHistory.of(streamOf(id, follow));
          setLive(({ readings }) => ({ job, progress, samples, followed, error: null, readings: readings + 1 }));
        }
        return isMoving(job) ? BUSY_MS : QUIET_MS;
      },
      fails: (error) => setLive((before) => ({ ...before, error })),
      concerns: (ids) => ids.includes(id),
      quietMs: QUIET_MS,
      leastMs: BUSY_MS,
    }),
    [id],
  );
  return { ...live, refresh: usePolling(polling, visible) };
}

const sampleOf = ({ bytesPerSecond, rowsPerSecond }: MigrationProgress): Sample => ({
  at: Date.now(),
  bytesPerSecond,
  rowsPerSecond,
});
