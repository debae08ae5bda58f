import { z } from 'zod';
import { JOB_STATUSES, migrationOptions } from '../../../shared/model/migration';
import { endpoint } from './endpoint';
import { workerEnd } from './worker-protocol';

const tag = z.object({ key: z.string(), value: z.string() });

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
});
export type JobRecord = z.output<typeof jobRecord>;
