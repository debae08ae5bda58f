import { z } from 'zod';
import {
  DRILLS,
  SYNC_MODES,
  WEEKDAYS,
  type ClassView,
  type ControlPlaneState,
  type DrillView,
  type InstanceDetail,
  type InstanceEventView,
  type InstanceOptions,
  type InstanceSession,
  type InstanceTask,
  type InstanceView,
  type PriceView,
} from '../model/instance';
import { call, push } from './define';

const text = (max: number) => z.string().max(max);
const plane = text(64).default('local');
const id = z.string().min(1).max(64);
/** One instance of one control plane. */
const one = { plane, id };
const tags = z.array(z.object({ key: text(127), value: text(255) })).max(20);
const network = z.object({ vpcId: text(64), subnetId: text(64), host: text(64) });

/** When an operation that ends with a switch does so: at once, between two times of the day (`HH:MM:SS`, Beijing), or in the maintenance window. */
const when = z
  .discriminatedUnion('at', [
    z.object({ at: z.literal('now') }),
    z.object({ at: z.literal('times'), start: text(8), end: text(8) }),
    z.object({ at: z.literal('window') }),
  ])
  .default({ at: 'now' });
export type SwitchWhen = z.output<typeof when>;

/** Semantic rules (name, user, password, …) are in shared/model/instance-rules and checked again by the control plane. */
export const createInstanceInput = z.object({
  plane,
  name: text(200),
  region: text(64),
  /** Zone of the primary. */
  zone: text(64),
  /** Zone of the standby (may be the same); null is a single node. */
  standbyZone: text(64).nullable().default(null),
  major: z.number().int(),
  classCode: text(64),
  storageGb: z.number().int(),
  charset: text(32),
  adminUser: text(200),
  adminPassword: text(200),
  count: z.number().int(),
  tags,
  syncMode: z.enum(SYNC_MODES).default('Semi-sync'),
  /** Empty: the default network of the zone. */
  vpcId: text(64).default(''),
  subnetId: text(64).default(''),
  /** Empty: the region's default group. */
  securityGroupIds: z.array(text(64)).max(20).default([]),
  projectId: z.number().int().min(0).default(0),
  deletionProtection: z.boolean().default(false),
});
export type CreateInstanceInput = z.output<typeof createInstanceInput>;

export const instances = {
  calls: {
    /** Starts the local control plane when it isn't running. */
    controlPlane: call<ControlPlaneState>()(z.object({})),
    options: call<InstanceOptions>()(z.object({ plane })),
    price: call<PriceView>()(
      z.object({
        plane,
        zone: text(64),
        classCode: text(64),
        storageGb: z.number().int(),
        count: z.number().int(),
        /** Servers of each: two with a standby. */
        nodes: z.number().int().min(1).max(2).default(1),
      }),
    ),
    /** What can be had in a zone for a major version: `options` tells it for one of each only. */
    classes: call<ClassView[]>()(z.object({ plane, zone: text(64), major: z.number().int() })),
    /** Returns when the control plane accepted; `list` shows the progress. */
    create: call<{ ids: string[] }>()(createInstanceInput),
    list: call<InstanceView[]>()(z.object({ plane })),
    detail: call<InstanceDetail>()(z.object(one)),
    /** Newest first. */
    tasks: call<InstanceTask[]>()(z.object(one)),
    /** Newest first; none where the control plane is a cloud. */
    events: call<InstanceEventView[]>()(z.object(one)),
    sessions: call<InstanceSession[]>()(z.object(one)),
    restart: call<void>()(z.object(one)),
    /** Into the recycle bin: stopped, data kept. */
    isolate: call<void>()(z.object(one)),
    /** Out of the recycle bin. */
    restore: call<void>()(z.object(one)),
    /** Deletes an isolated instance and its data. */
    destroy: call<void>()(z.object(one)),
    rename: call<void>()(z.object({ ...one, name: text(200) })),
    setProject: call<void>()(z.object({ plane, ids: z.array(id).min(1).max(100), projectId: z.number().int().min(0) })),
    setTags: call<void>()(z.object({ ...one, tags })),
    setDeletionProtection: call<void>()(z.object({ ...one, enabled: z.boolean() })),
    setMaintenance: call<void>()(
      z.object({ ...one, weekdays: z.array(z.enum(WEEKDAYS)), start: text(5), duration: z.number().int() }),
    ),
    setHa: call<void>()(
      z.object({
        ...one,
        syncMode: z.enum(SYNC_MODES),
        maxStandbyLag: z.number(),
        maxStandbyLatency: z.number(),
        maxSyncStandbyLag: z.number().nullable(),
        maxSyncStandbyLatency: z.number().nullable(),
      }),
    ),
    switchPrimary: call<void>()(z.object({ ...one, force: z.boolean(), when })),
    /** Begins the operation that waits for its time; `cancelWaiting` takes it back. */
    switchNow: call<void>()(z.object(one)),
    cancelWaiting: call<void>()(z.object(one)),
    drill: call<{ drillId: string }>()(z.object({ ...one, scenario: z.enum(DRILLS) })),
    drills: call<DrillView[]>()(z.object(one)),
    /** All servers of the zone at once; a drill for each instance with a node there. */
    drillZone: call<{ id: string; drillId: string }[]>()(z.object({ plane, zone: text(64) })),
    /** Specification and disk. */
    adjust: call<void>()(z.object({ ...one, classCode: text(64), storageGb: z.number().int(), when })),
    /** Zones of primary and standby; `standbyZone` null is a single node. */
    deploy: call<void>()(z.object({ ...one, zone: text(64), standbyZone: text(64).nullable(), when })),
    openPublic: call<void>()(z.object(one)),
    closePublic: call<void>()(z.object(one)),
    addNetwork: call<void>()(z.object({ ...one, network })),
    removeNetwork: call<void>()(z.object({ ...one, network })),
    setSsl: call<void>()(z.object({ ...one, enabled: z.boolean(), connectAddress: text(64) })),
    /** The certificate authority's certificate (PEM), saved where the person chose (a token of the save dialog). */
    saveCertificate: call<void>()(z.object({ ...one, fileToken: text(64) })),
    /** Registers the instance in the object tree (once) and returns the server's id. The password is the admin account's, if known. */
    register: call<{ serverId: string }>()(z.object({ ...one, password: text(200).optional() })),
    /** Whether the local control plane starts when the person logs in. */
    startAtLogin: call<{ enabled: boolean; available: boolean }>()(z.object({})),
    setStartAtLogin: call<void>()(z.object({ enabled: z.boolean() })),
  },
  pushes: {
    /** The list may have changed: ask again. */
    changed: push<Record<string, never>>(),
  },
};
