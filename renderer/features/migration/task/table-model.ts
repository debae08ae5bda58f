import type { TableProgress, TableState } from '../../../../shared/model/migration';
import { tookMs } from './model';

/** A table that was being copied when the task came to rest is `halted`. */
export const standingOfTable = ({ state }: Pick<TableProgress, 'state'>, atWork: boolean): TableState | 'halted' =>
  !atWork && (state === 'copying' || state === 'indexing') ? 'halted' : state;

/** Bytes a second of a table from its begin to its end or now; null before it has begun. */
export function rateOf(table: TableProgress, now: number): number | null {
  const took = tookMs(table.startedAt, table.endedAt, now);
  return took === null || took < 500 || table.bytes === 0 ? null : table.bytes / (took / 1000);
}
