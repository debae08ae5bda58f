import { z } from 'zod';
import { COMPARE_MODES, COMPARE_RESULTS, COMPARE_STATUSES, type CompareStatus } from '../../../shared/model/migration';
import type { CompareView, RowDifference, TableCompare } from '../../../shared/model/migration-api';

/** A comparison as it is kept in the folder of its task. */

const tableName = z.object({ database: z.string(), schema: z.string(), name: z.string() });

export const compareRecord = z.object({
  id: z.string(),
  name: z.string(),
  status: z.enum(COMPARE_STATUSES),
  mode: z.enum(COMPARE_MODES),
  samplePercent: z.number().int().min(1).max(100),
  /** Pairs of sessions at work; 0: as many as the task copies tables at once. */
  threads: z.number().int().min(0).default(0),
  /** Of the source; empty is every table of the task. */
  tables: z.array(tableName),
  createdAt: z.number(),
  startedAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  problem: z.string(),
  hint: z.string(),
});
export type CompareRecord = z.output<typeof compareRecord>;

const count = z.number().min(0);

export const tableCompare: z.ZodType<TableCompare> = z.object({
  database: z.string(),
  schema: z.string(),
  name: z.string(),
  result: z.enum(COMPARE_RESULTS),
  mode: z.enum(COMPARE_MODES),
  rows: count,
  estimatedRows: count,
  sourceRows: count.nullable(),
  targetRows: count.nullable(),
  chunks: count,
  chunksDone: count,
  differences: count,
  startedAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  reason: z.string(),
});

const text = z.string().nullable();

export const rowDifference: z.ZodType<RowDifference> = z.object({
  kind: z.enum(['missing', 'extra', 'changed']),
  key: z.array(z.object({ column: z.string(), value: text })),
  columns: z.array(z.object({ column: z.string(), source: text, target: text })),
});

/** A worker is, or should be, at work. */
export const COMPARING: ReadonlySet<CompareStatus> = new Set(['readyRun', 'running', 'stopping']);

export const isOver = ({ result }: TableCompare): boolean => result !== 'waiting' && result !== 'comparing';

/** Of all rows by their estimates, 0 … 1; each table counts, also an empty one. */
function fractionOf(tables: readonly TableCompare[]): number {
  let all = 0;
  let done = 0;
  for (const table of tables) {
    const weight = Math.max(1, table.estimatedRows);
    const part = table.chunks === 0 ? 0 : Math.min(1, table.chunksDone / table.chunks);
    all += weight;
    done += weight * (isOver(table) ? 1 : part);
  }
  return all === 0 ? 0 : done / all;
}

export function compareView(record: CompareRecord, tables: readonly TableCompare[]): CompareView {
  const of = (...results: readonly string[]): number => tables.filter(({ result }) => results.includes(result)).length;
  const sum = (value: (table: TableCompare) => number): number => tables.reduce((all, each) => all + value(each), 0);
  const { id, name, status, mode, samplePercent, createdAt, startedAt, endedAt, problem, hint } = record;
  return {
    id,
    name,
    status,
    mode,
    samplePercent,
    createdAt,
    startedAt,
    endedAt,
    fraction: status === 'success' ? 1 : startedAt === null ? null : fractionOf(tables),
    tables: tables.length,
    equal: of('equal'),
    different: of('different'),
    failed: of('failed', 'unfit'),
    rows: sum(({ rows }) => rows),
    differences: sum(({ differences }) => differences),
    problem,
    hint,
  };
}
