import { z } from 'zod';
import { COMPARE_MODES, JOB_STATUSES, migrationOptions } from '../../../shared/model/migration';
import { endpoint } from './endpoint';
import { course, NO_COURSE, WORKER_PHASES, workerEnd } from './worker-protocol';

const tag = z.object({ key: z.string(), value: z.string() });

/** What a task has left on its source and is still to be taken away. */
const toClean = z.object({
  since: z.number(),
  attempts: z.number().int(),
  /** When it is tried for the next time. */
  nextAt: z.number(),
  /** Why the last attempt failed; empty before. */
  problem: z.string(),
});

/** What the daemon knows of a task, one document each. Passwords lie sealed beside it. Times are milliseconds since the epoch. */
export const jobRecord = z.object({
  /** `dts-` and eight letters or digits. */
  id: z.string(),
  name: z.string(),
  region: z.string(),
  /** Where the source is, as told at the creation; the endpoint tells it later. */
  sourceRegion: z.string().default(''),
  /** Instance class of the public service: small, medium, large, xlarge, 2xlarge. */
  size: z.string(),
  tags: z.array(tag),
  status: z.enum(JOB_STATUSES),
  createdAt: z.number(),
  updatedAt: z.number(),
  startedAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  isolatedAt: z.number().nullable(),
  runMode: z.enum(['immediate', 'timed']),
  at: z.number().nullable(),
  retryMinutes: z.number().int(),
  source: endpoint.nullable(),
  target: endpoint.nullable(),
  hasPassword: z.object({ source: z.boolean(), sourceSsh: z.boolean(), target: z.boolean(), targetSsh: z.boolean() }),
  options: migrationOptions.nullable(),
  checkedAt: z.number().nullable(),
  /** Groups of checks whose warnings the person goes on in spite of. */
  skipped: z.array(z.string()),
  /** How the last worker ended; null while one is at it and before the first. */
  end: workerEnd.nullable(),
  /** Attempts in a row that ended with something being away, since `waitingSince`. */
  attempts: z.number().int(),
  waitingSince: z.number().nullable(),
  /** Newest first. */
  events: z.array(z.object({ at: z.number(), kind: z.string(), text: z.string() })),
  /** How far the cut-over was brought: on disk before a worker is told. */
  course: course.default(NO_COURSE),
  /** A person wants the cut-over taken back; the worker has not told yet that it is. */
  takingBack: z.boolean().default(false),
  /** With `course.back`: clients are (or may be) on the source again. */
  ledBack: z.boolean().default(false),
  /** The last one that a worker told; null until everything is copied for the first time. */
  phase: z.enum(WORKER_PHASES).nullable().default(null),
  /** Since when nobody takes the changes that the source keeps; null while somebody does, or none are kept. */
  restingSince: z.number().nullable().default(null),
  /** What a cut-over compares whose person says nothing about it. */
  compareAtEnd: z.enum(COMPARE_MODES).nullable().default('rowCount'),
  /** Null: nothing is left. */
  toClean: toClean.nullable().default(null),
});
export type JobRecord = z.output<typeof jobRecord>;
