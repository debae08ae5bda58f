import type { RowDifference, TableCompare } from '../../../../shared/model/migration-api';
import type { WorkerEvent } from '../worker-protocol';

/** What a comparison tells, beside the log. */
export interface CompareTelling {
  table(table: TableCompare): void;
  differences(database: string, schema: string, name: string, rows: readonly RowDifference[]): void;
  /** Tells what waits. */
  flush(): void;
}

const EVERY_MS = 250;
/** Tables of one event. */
const AT_ONCE = 500;

/** Gathers what changes of tables into at most four events a second; rows that differ are told before their table is told as compared. */
export function createCompareTelling(emit: (event: WorkerEvent) => unknown): CompareTelling {
  const changed = new Map<string, TableCompare>();
  let timer: NodeJS.Timeout | null = null;

  const flush = (): void => {
    if (timer) clearTimeout(timer);
    timer = null;
    const tables = [...changed.values()];
    changed.clear();
    for (let at = 0; at < tables.length; at += AT_ONCE)
      emit({ event: 'compared', tables: tables.slice(at, at + AT_ONCE) });
  };
  return {
    table(table) {
      changed.set(JSON.stringify([table.database, table.schema, table.name]), table);
      timer ??= setTimeout(flush, EVERY_MS);
    },
    differences: (database, schema, name, rows) =>
      void emit({ event: 'differences', database, schema, name, rows: [...rows] }),
    flush,
  };
}
