import type { TableProgress } from '../../../../shared/model/migration';

/** The tables of a run, and what they sum up to. */
export interface TableTally {
  has(key: string): boolean;
  get(key: string): TableProgress | undefined;
  add(table: TableProgress): void;
  /** Returns how much of the weight came behind us by it; nothing for a table that is not known. */
  change(key: string, change: Partial<TableProgress>): number;
  /** Tables that have changed since the last call. */
  takeChanged(): TableProgress[];
  readonly sums: TableSums;
}

interface TableSums {
  readonly tables: number;
  readonly tablesDone: number;
  readonly tablesFailed: number;
  readonly rows: number;
  readonly bytes: number;
  readonly totalBytes: number;
  /** Of all tables: their bytes and something for each. */
  readonly weight: number;
  /** How much of it is behind us. */
  readonly behind: number;
}

/** A table without rows costs something too: its weight beside its bytes. */
const TABLE_WEIGHT = 8192;
/** Until a table is done its share stays below one: sizes are estimates. */
const NEARLY = 0.99;

interface Known {
  told: TableProgress;
  /** Share of its weight that is behind us. */
  share: number;
}

export const tableKey = (database: string, schema: string, name: string): string => `${database}\n${schema}\n${name}`;

export const newTable = (
  database: string,
  schema: string,
  name: string,
  estimatedRows: number,
  totalBytes: number,
): TableProgress => ({
  database,
  schema,
  name,
  state: 'waiting',
  rows: 0,
  estimatedRows,
  bytes: 0,
  totalBytes,
  parts: 1,
  partsDone: 0,
  indexes: 0,
  indexesDone: 0,
  startedAt: null,
  endedAt: null,
  reason: '',
});

const weightOf = (table: TableProgress): number => table.totalBytes + TABLE_WEIGHT;

function shareOf(table: TableProgress): number {
  if (table.state === 'done' || table.state === 'failed' || table.state === 'indexing') return 1;
  return table.totalBytes > 0 ? Math.min(NEARLY, table.bytes / table.totalBytes) : 0;
}

export function createTableTally(): TableTally {
  const tables = new Map<string, Known>();
  const changed = new Set<string>();
  const sums = { tablesDone: 0, tablesFailed: 0, rows: 0, bytes: 0, totalBytes: 0, weight: 0, behind: 0 };
  return {
    has: (key) => tables.has(key),
    get: (key) => tables.get(key)?.told,
    add(table) {
      const key = tableKey(table.database, table.schema, table.name);
      tables.set(key, { told: table, share: 0 });
      sums.weight += weightOf(table);
      sums.totalBytes += table.totalBytes;
      changed.add(key);
    },
    change(key, change) {
      const known = tables.get(key);
      if (!known) return 0;
      const before = known.told;
      const next = { ...before, ...change };
      const share = shareOf(next);
      const gained = (share - known.share) * weightOf(next);
      sums.behind += gained;
      sums.bytes += next.bytes - before.bytes;
      sums.rows += next.rows - before.rows;
      sums.tablesDone += Number(next.state === 'done') - Number(before.state === 'done');
      sums.tablesFailed += Number(next.state === 'failed') - Number(before.state === 'failed');
      known.told = next;
      known.share = share;
      changed.add(key);
      return gained;
    },
    takeChanged() {
      const told = [...changed].flatMap((key) => tables.get(key)?.told ?? []);
      changed.clear();
      return told;
    },
    get sums() {
      return { tables: tables.size, ...sums };
    },
  };
}
