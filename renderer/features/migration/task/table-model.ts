import type { TableProgress } from '../../../../shared/model/migration';
import { tookMs } from './model';

/** Bytes a second of a table from its begin to its end or now; null before it has begun. */
export function rateOf(table: TableProgress, now: number): number | null {
  const took = tookMs(table.startedAt, table.endedAt, now);
  return took === null || took < 500 || table.bytes === 0 ? null : table.bytes / (took / 1000);
}
