import type { MigrationOptions } from '../../../../shared/model/migration';

/** Most that can be done side by side, as the contract says. */
export const MOST_JOBS = 16;
const MIB = 1024 * 1024;

/** What stands in the fields; an empty text is *automatic* for the first two. */
export interface SpeedDraft {
  readonly copyJobs: number | string;
  readonly indexJobs: number | string;
  /** MiB a second; 0 for no limit. */
  readonly limit: number | string;
}

/** What the task was told, whatever it does at the moment. */
export const speedOf = ({
  copyJobs,
  indexJobs,
  bytesPerSecond,
}: Pick<MigrationOptions, 'copyJobs' | 'indexJobs' | 'bytesPerSecond'>): SpeedDraft => ({
  copyJobs: copyJobs === 0 ? '' : copyJobs,
  indexJobs: indexJobs === 0 ? '' : indexJobs,
  limit: Math.round((bytesPerSecond / MIB) * 100) / 100,
});

/** A number of jobs that can be told. Automatic can be kept, but not gone back to. */
export const isJobs = (value: number | string, told: number | string): boolean =>
  value === told || (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MOST_JOBS);
export const isLimit = (value: number | string): value is number => typeof value === 'number' && value >= 0;

export interface SpeedChange {
  readonly copyJobs?: number;
  readonly indexJobs?: number;
  /** Bytes. */
  readonly bytesPerSecond?: number;
}

/** What of a valid draft is other than told: nothing else is sent, so that what is automatic stays so. */
export function speedChange(told: SpeedDraft, draft: SpeedDraft): SpeedChange {
  const { copyJobs, indexJobs, limit } = draft;
  return {
    ...(typeof copyJobs === 'number' && copyJobs !== told.copyJobs ? { copyJobs } : {}),
    ...(typeof indexJobs === 'number' && indexJobs !== told.indexJobs ? { indexJobs } : {}),
    ...(isLimit(limit) && limit !== told.limit ? { bytesPerSecond: Math.round(limit * MIB) } : {}),
  };
}
