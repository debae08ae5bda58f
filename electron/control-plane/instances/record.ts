import { z } from 'zod';
import { INSTANCE_STATUSES } from '../../../shared/model/instance';
import { CHARSETS } from '../../../shared/model/instance-rules';

export const OPERATION_KINDS = ['create', 'restart', 'recover', 'isolate', 'restore', 'destroy'] as const;
export type OperationKind = (typeof OPERATION_KINDS)[number];

/** The journal of a running operation: written before each step, so that the next start goes on from there. */
export const operationRecord = z.object({
  /** `TaskId` and `FlowId` of the API. */
  taskId: z.number().int(),
  kind: z.enum(OPERATION_KINDS),
  /** Name of the step that is about to be done or was being done. Every step may be done twice. */
  step: z.string(),
  /** What the step is doing, for people, e.g. how much is fetched. */
  note: z.string(),
  startedAt: z.number(),
  /** SCRAM verifier of the admin account, until the account is made. Never a password. */
  adminVerifier: z.string().nullable(),
});

export const finishedOperation = z.object({
  taskId: z.number().int(),
  kind: z.enum(OPERATION_KINDS),
  startedAt: z.number(),
  endedAt: z.number(),
  ok: z.boolean(),
  message: z.string(),
});

export const instanceRecord = z.object({
  id: z.string().regex(/^postgres-[0-9a-z]{8}$/),
  name: z.string(),
  region: z.string(),
  zone: z.string(),
  major: z.number().int(),
  /** e.g. `17.10`. */
  version: z.string(),
  classCode: z.string(),
  storageGb: z.number().int(),
  charset: z.enum(CHARSETS),
  adminUser: z.string(),
  projectId: z.number().int(),
  tags: z.array(z.object({ key: z.string(), value: z.string() })),
  deletionProtection: z.boolean(),
  status: z.enum(INSTANCE_STATUSES),
  /** Why the last operation failed, or what happened by itself. */
  problem: z.string(),
  /** Private address; null until it has one, kept for life. */
  address: z.object({ host: z.string(), port: z.number().int() }).nullable(),
  createdAt: z.number(),
  updatedAt: z.number(),
  isolatedAt: z.number().nullable(),
  operation: operationRecord.nullable(),
  /** Newest first. */
  history: z.array(finishedOperation),
});
export type InstanceRecord = z.output<typeof instanceRecord>;
