import { z } from 'zod';
import {
  STEPS,
  type MigrationLogLine,
  type MigrationProgress,
  type ObjectOutcome,
  type TableProgress,
} from './migration';

/** What workers tell, what the daemon keeps of it and answers, as whoever takes it in checks it. */

const count = z.number().min(0);
const time = z.number().nullable();

export const logLine: z.ZodType<MigrationLogLine> = z.object({
  at: z.number(),
  level: z.enum(['info', 'warning', 'error']),
  text: z.string(),
});

export const migrationProgress: z.ZodType<MigrationProgress> = z.object({
  steps: z.array(
    z.object({
      step: z.enum(STEPS),
      state: z.enum(['notStarted', 'running', 'success', 'failed', 'skipped']),
      fraction: z.number().nullable(),
      startedAt: time,
      endedAt: time,
      note: z.string(),
    }),
  ),
  totals: z.object({
    tables: count,
    tablesDone: count,
    tablesFailed: count,
    rows: count,
    bytes: count,
    totalBytes: count,
    objects: count,
    objectsDone: count,
    objectsFailed: count,
    indexes: count,
    indexesDone: count,
  }),
  bytesPerSecond: count,
  rowsPerSecond: count,
  estimateSeconds: z.number().nullable(),
  snapshotSince: time,
  copyJobs: count,
  indexJobs: count,
});

export const tableProgress: z.ZodType<TableProgress> = z.object({
  database: z.string(),
  schema: z.string(),
  name: z.string(),
  state: z.enum(['waiting', 'copying', 'indexing', 'done', 'failed']),
  rows: count,
  estimatedRows: z.number(),
  bytes: count,
  totalBytes: count,
  parts: count,
  partsDone: count,
  indexes: count,
  indexesDone: count,
  startedAt: time,
  endedAt: time,
  reason: z.string(),
});

export const objectOutcome: z.ZodType<ObjectOutcome> = z.object({
  database: z.string(),
  key: z.string(),
  kind: z.string(),
  schema: z.string(),
  name: z.string(),
  outcome: z.enum(['done', 'failed', 'skipped']),
  reason: z.string(),
  statement: z.string(),
  at: z.number(),
});
