import type { MigrationJobView } from '../../../../shared/model/migration-api';
import type { JobStatus } from '../../../../shared/model/migration-words';

/** Statuses in which a migration moves, or is being brought to rest. */
export const RUNNING_STATUSES = ['running', 'pausing', 'stopping'] as const satisfies readonly JobStatus[];

/** What the status bar tells: how many run and how far they are together; null when any of them cannot tell. */
export function runningShare(jobs: readonly Pick<MigrationJobView, 'fraction'>[]): number | null {
  const fractions = jobs.map(({ fraction }) => fraction).filter((fraction) => fraction !== null);
  if (jobs.length === 0 || fractions.length < jobs.length) return null;
  return fractions.reduce((sum, fraction) => sum + fraction, 0) / jobs.length;
}

/** How a task ended that does not run any more; null: it rests, and a person had it so. */
export function endOf({ status }: Pick<MigrationJobView, 'status'>): 'success' | 'failed' | null {
  return status === 'success' || status === 'failed' ? status : null;
}
