/** `DBInstanceStatus` of the public API (postgres 2017-03-12). */
export const INSTANCE_STATUSES = [
  'applying',
  'init',
  'initing',
  'running',
  'limited run',
  'isolating',
  'isolated',
  'disisolating',
  'recycling',
  'recycled',
  'job running',
  'offline',
  'migrating',
  'expanding',
  'waitSwitch',
  'switching',
  'readonly',
  'restarting',
  'network changing',
  'upgrading',
  'primary-switching',
  'deployment changing',
  'cloning',
  'parameter modifying',
] as const;
export type InstanceStatus = (typeof INSTANCE_STATUSES)[number];

export interface InstanceView {
  readonly id: string;
  readonly name: string;
  readonly status: InstanceStatus;
  /** Why the last operation failed, in one sentence; empty is nothing. */
  readonly problem: string;
  readonly region: string;
  readonly zone: string;
  /** e.g. `17.10`. */
  readonly version: string;
  readonly major: number;
  readonly cpu: number;
  readonly memoryGb: number;
  readonly storageGb: number;
  readonly charset: string;
  readonly adminUser: string;
  /** Private address; empty until it has one. */
  readonly host: string;
  readonly port: number;
  readonly projectId: number;
  readonly tags: readonly { readonly key: string; readonly value: string }[];
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

export interface InstanceOptions {
  readonly regions: readonly { readonly code: string; readonly name: string }[];
  readonly zones: readonly { readonly code: string; readonly name: string; readonly region: string }[];
  /** Newest first. `installed`: binaries are on this machine already, otherwise they are fetched (about 60 MB). */
  readonly versions: readonly { readonly major: number; readonly version: string; readonly installed: boolean }[];
  readonly classes: readonly {
    readonly code: string;
    readonly cpu: number;
    readonly memoryGb: number;
    readonly minStorageGb: number;
    readonly maxStorageGb: number;
    readonly maxConnections: number;
  }[];
  readonly charsets: readonly string[];
  /** Of this machine. */
  readonly machine: { readonly cpus: number; readonly memoryBytes: number; readonly diskFreeBytes: number };
}

export type ControlPlaneState =
  | { readonly state: 'stopped' }
  | { readonly state: 'starting' }
  | { readonly state: 'running'; readonly endpoint: string; readonly version: string; readonly pid: number }
  | { readonly state: 'failed'; readonly problem: string };
