import { z } from 'zod';
import type { ControlPlaneState, InstanceOptions, InstanceView } from '../model/instance';
import { call, push } from './define';

const id = z.string().min(1).max(64);

/** Semantic rules (name, user, password, …) are in shared/model/instance-rules and checked again by the control plane. */
export const createInstanceInput = z.object({
  name: z.string().max(200),
  region: z.string().max(64),
  zone: z.string().max(64),
  major: z.number().int(),
  classCode: z.string().max(64),
  storageGb: z.number().int(),
  charset: z.string().max(32),
  adminUser: z.string().max(200),
  adminPassword: z.string().max(200),
  count: z.number().int(),
  tags: z.array(z.object({ key: z.string().max(63), value: z.string().max(255) })).max(20),
});
export type CreateInstanceInput = z.output<typeof createInstanceInput>;

export const instances = {
  calls: {
    /** Starts the control plane when it isn't running. */
    controlPlane: call<ControlPlaneState>()(z.object({})),
    options: call<InstanceOptions>()(z.object({})),
    /** Returns when the control plane accepted; `list` shows the progress. */
    create: call<{ ids: string[] }>()(createInstanceInput),
    list: call<InstanceView[]>()(z.object({})),
    restart: call<void>()(z.object({ id })),
    /** Into the recycle bin: stopped, data kept. */
    isolate: call<void>()(z.object({ id })),
    /** Out of the recycle bin. */
    restore: call<void>()(z.object({ id })),
    /** Deletes an isolated instance and its data. */
    destroy: call<void>()(z.object({ id })),
    /** Registers the instance in the object tree (once) and returns the server's id. The password is the admin account's, if known. */
    register: call<{ serverId: string }>()(z.object({ id, password: z.string().max(200).optional() })),
  },
  pushes: {
    /** The list may have changed: ask again. */
    changed: push<Record<string, never>>(),
  },
};
