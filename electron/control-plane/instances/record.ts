import { z } from 'zod';
import { DRILLS, INSTANCE_STATUSES, SYNC_MODES } from '../../../shared/model/instance';
import { CHARSETS } from '../../../shared/model/instance-rules';

export const OPERATION_KINDS = [
  'create',
  'restart',
  'recover',
  'isolate',
  'restore',
  'destroy',
  /** The primary is lost: the standby takes over behind the same addresses. */
  'failover',
  /** Planned: primary and standby change places. */
  'switch',
  /** Other zones, or another number of nodes. */
  'deployment',
  /** Another specification or disk. */
  'respec',
  /** Certificates made or taken away. */
  'ssl',
] as const;
export type OperationKind = (typeof OPERATION_KINDS)[number];

/** What an operation was asked for, beyond its kind; journalled with it. */
export const operationInput = z.object({
  /** `failover`: the node that was lost, and how that was seen, for people. `recover`: how its end was seen. */
  reason: z.string().default(''),
  /** `switch`: whatever the lag. */
  force: z.boolean().default(false),
  /** `deployment`: zone of the primary, then of the standby if there is one. */
  zones: z.array(z.string()).default([]),
  /** `respec`: the new values. */
  classCode: z.string().default(''),
  storageGb: z.number().int().default(0),
  /** `ssl`: the address that certificates are made for; empty turns TLS off. */
  connectAddress: z.string().default(''),
});
export type OperationInput = z.output<typeof operationInput>;

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
  input: operationInput,
  /** Facts that later steps and the way back need (`from`, `to`: node ids; `classCode` before a change). */
  facts: z.record(z.string(), z.string()).default({}),
});

export const finishedOperation = z.object({
  taskId: z.number().int(),
  /** Beyond the operations: what goes on beside them, and changes that were done when they were answered. */
  kind: z.enum([...OPERATION_KINDS, 'rebuild', 'drill', 'public', 'network']),
  startedAt: z.number(),
  endedAt: z.number(),
  ok: z.boolean(),
  message: z.string(),
});
export type FinishedOperation = z.output<typeof finishedOperation>;

/** One server of an instance. */
export const nodeRecord = z.object({
  /** `n1`, `n2`, …: never used twice in an instance. Also the name of its replication slot and of its standby connection. */
  id: z.string().regex(/^n\d{1,6}$/),
  zone: z.string(),
  /** Its folder below `zones/`. */
  folder: z.string(),
  role: z.enum(['primary', 'standby']),
  /** `building`: a standby without a whole copy yet. `lost`: what it holds may have diverged; it never serves again until it was rebuilt. */
  state: z.enum(['ready', 'building', 'lost']),
  /**
   * Of a standby: it holds everything that the primary ever acknowledged or showed. Set when the primary waits for it and it has caught up,
   * taken back before anything that may change that (a start of the primary, the end of waiting).
   */
  inSync: z.boolean().default(false),
  /** Port on the loopback address for what comes with TLS; 0 is none. */
  listenPort: z.number().int().default(0),
  problem: z.string(),
  createdAt: z.number(),
});
export type NodeRecord = z.output<typeof nodeRecord>;

/** An address of the instance in a subnet. */
export const networkRecord = z.object({
  vpcId: z.string(),
  subnetId: z.string(),
  host: z.string(),
  port: z.number().int(),
});

/** Something that happened, with or without an operation: the operations log of the instance. */
export const eventRecord = z.object({
  at: z.number(),
  level: z.enum(['info', 'warn', 'error']),
  /** Key of `instances.events.*` in the translations. */
  kind: z.string(),
  /** One sentence in English, for the API and the log. */
  text: z.string(),
});
export type InstanceEvent = z.output<typeof eventRecord>;

/** What a drill showed, or has shown so far. */
export const drillRecord = z.object({
  id: z.string(),
  scenario: z.enum(DRILLS),
  /** The zone that was taken down, of a drill of a whole zone. */
  zone: z.string(),
  startedAt: z.number(),
  endedAt: z.number().nullable(),
  detectedMs: z.number().nullable(),
  promotedMs: z.number().nullable(),
  servedMs: z.number().nullable(),
  wholeMs: z.number().nullable(),
  acknowledged: z.number(),
  lost: z.number(),
  problem: z.string(),
  /** The probe's table, as long as it may be there. */
  table: z.string(),
});
export type DrillRecord = z.output<typeof drillRecord>;

export const accountNote = z.object({
  remark: z.string(),
  createdAt: z.number(),
  updatedAt: z.number(),
  passwordUpdatedAt: z.number(),
});

export const instanceRecord = z.object({
  id: z.string().regex(/^postgres-[0-9a-z]{8}$/),
  name: z.string(),
  region: z.string(),
  /** Zone of the primary. */
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
  /** The primary stands first. */
  nodes: z.array(nodeRecord).min(1).max(3),
  nextNode: z.number().int().min(2),
  syncMode: z.enum(SYNC_MODES),
  /** When a standby may take over, and up to when commits wait for it. Seconds and bytes; both null: commits wait for ever. */
  ha: z.object({
    maxStandbyLag: z.number(),
    maxStandbyLatency: z.number(),
    maxSyncStandbyLag: z.number().nullable(),
    maxSyncStandbyLatency: z.number().nullable(),
  }),
  /** Since when a semi-synchronous instance does not wait for its standby any more. */
  degradedAt: z.number().nullable(),
  /** Private addresses, the first one kept for life; empty until it has one. At most two. */
  networks: z.array(networkRecord).max(2),
  publicAddress: z.object({ host: z.string(), port: z.number().int() }).nullable(),
  /** Where migration tasks reach it: open while its clients are held. Null: no task has asked for one. */
  taskAddress: z.object({ host: z.string(), port: z.number().int() }).nullable().default(null).optional(),
  /** The migration task for which its clients wait, whatever its server does; empty: they do not. */
  heldBy: z.string().default('').optional(),
  /** Further names that its certificates hold: addresses that have led to it, or are about to. */
  certifiedFor: z.array(z.string()).default([]).optional(),
  /** Ordered: the first has priority. */
  securityGroupIds: z.array(z.string()),
  ssl: z.object({ enabled: z.boolean(), connectAddress: z.string() }),
  /** Beijing time. */
  maintenance: z.object({
    weekdays: z.array(z.enum(['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'])),
    /** `HH:MM`. */
    start: z.string(),
    /** Hours, 1 to 4. */
    duration: z.number().int(),
  }),
  /** An operation that waits for its time; `until` null: the maintenance window. */
  waiting: z
    .object({
      kind: z.enum(['switch', 'deployment', 'respec']),
      input: operationInput,
      /** Milliseconds since the epoch. */
      from: z.number(),
      until: z.number(),
      /** The number it was given when it was asked for, and keeps; 0: none yet. */
      taskId: z.number().int().default(0).optional(),
      /** 1: between two times that were asked for; 2: in the maintenance window. */
      tag: z
        .union([z.literal(1), z.literal(2)])
        .default(2)
        .optional(),
    })
    .nullable(),
  /** What the server does not know of its accounts, by role name. */
  accounts: z.record(z.string(), accountNote),
  /** Metered use up to `at`: milliseconds of existence, and gigabyte-milliseconds of disk. */
  meter: z.object({ at: z.number(), instanceMs: z.number(), gbMs: z.number() }),
  createdAt: z.number(),
  updatedAt: z.number(),
  isolatedAt: z.number().nullable(),
  operation: operationRecord.nullable(),
  /** Newest first. */
  history: z.array(finishedOperation),
  /** Newest first. */
  events: z.array(eventRecord),
  /** Newest first. */
  drills: z.array(drillRecord).default([]).optional(),
});
export type InstanceRecord = z.output<typeof instanceRecord>;

/** The node that serves, or will. */
export function primaryOf(record: InstanceRecord): NodeRecord {
  const found = record.nodes.find(({ role }) => role === 'primary') ?? record.nodes[0];
  if (!found) throw new Error(`instance ${record.id} has no node`);
  return found;
}

export const standbysOf = (record: InstanceRecord): NodeRecord[] =>
  record.nodes.filter(({ role }) => role === 'standby');
