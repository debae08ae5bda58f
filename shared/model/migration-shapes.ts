import { z } from 'zod';
import {
  BLOCKERS,
  CUT_OVER_STEPS,
  FOLLOW_STATES,
  HALT_CHOICES,
  STEPS,
  type FollowProgress,
  type Halt,
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

const state = z.enum(['notStarted', 'running', 'success', 'failed', 'skipped']);

const halt: z.ZodType<Halt> = z.object({
  database: z.string(),
  id: z.string(),
  kind: z.enum(['ddl', 'structure', 'drift']),
  text: z.string(),
  statement: z.string(),
  schema: z.string(),
  table: z.string(),
  choices: z.array(z.enum(HALT_CHOICES)),
  at: z.number(),
});

const perhaps = count.nullable();

export const followProgress: z.ZodType<FollowProgress> = z.object({
  direction: z.enum(['forward', 'back']),
  databases: z.array(
    z.object({
      database: z.string(),
      state: z.enum(FOLLOW_STATES),
      slot: z.string(),
      applied: z.string(),
      written: z.string(),
      lagBytes: count,
      lagSeconds: perhaps,
      retainedBytes: perhaps,
      walStatus: z.string(),
      transactions: count,
      inserted: count,
      updated: count,
      deleted: count,
      truncated: count,
      drifted: count,
      quietSeconds: count,
      halts: z.array(halt),
      problem: z.string(),
    }),
  ),
  lagBytes: count,
  lagSeconds: perhaps,
  retainedBytes: perhaps,
  rowsInPerSecond: count,
  rowsOutPerSecond: count,
  bytesInPerSecond: count,
  estimateSeconds: perhaps,
  fallingBehind: z.boolean(),
  walAlarm: z.boolean(),
  blockers: z.array(z.enum(BLOCKERS)),
  cutOver: z.array(z.object({ step: z.enum(CUT_OVER_STEPS), state, note: z.string(), startedAt: time, endedAt: time })),
});

export const migrationProgress: z.ZodType<MigrationProgress> = z.object({
  steps: z.array(
    z.object({
      step: z.enum(STEPS),
      state,
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
  follow: followProgress.nullable().default(null),
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
