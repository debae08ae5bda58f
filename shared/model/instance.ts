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

/** `SyncMode` of the public API. */
export const SYNC_MODES = ['Semi-sync', 'Async'] as const;
export type SyncMode = (typeof SYNC_MODES)[number];

/** An instance as the list shows it. */
export interface InstanceView {
  /** The control plane it belongs to: `local`, or the id of a registered one. */
  readonly plane: string;
  readonly id: string;
  readonly name: string;
  readonly status: InstanceStatus;
  /** Why the last operation failed, in one sentence; empty is nothing. */
  readonly problem: string;
  /** The step that a running operation is at, and how far it is, 0 … 100; empty and null when none runs. */
  readonly step: string;
  readonly progress: number | null;
  /** What the step is doing, in the control plane's words, e.g. how much of a download has come; empty is nothing. */
  readonly note: string;
  readonly region: string;
  /** Zone of the primary. */
  readonly zone: string;
  /** Zones of the standbys; empty for a single node. */
  readonly standbyZones: readonly string[];
  /** e.g. `17.10`. */
  readonly version: string;
  readonly major: number;
  readonly classCode: string;
  readonly cpu: number;
  readonly memoryGb: number;
  readonly storageGb: number;
  readonly charset: string;
  readonly adminUser: string;
  /** Private address; empty until it has one. */
  readonly host: string;
  readonly port: number;
  /** Empty when it is off. */
  readonly publicHost: string;
  readonly publicPort: number;
  readonly vpcId: string;
  readonly subnetId: string;
  readonly projectId: number;
  readonly tags: readonly { readonly key: string; readonly value: string }[];
  readonly deletionProtection: boolean;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly isolatedAt: number | null;
}

export interface NetworkView {
  readonly vpcId: string;
  readonly subnetId: string;
  readonly host: string;
  readonly port: number;
}

/** A server of an instance. Where the control plane does not tell (a cloud), `state` is `ready` and the lag unknown. */
export interface NodeView {
  readonly id: string;
  readonly zone: string;
  readonly role: 'primary' | 'standby';
  readonly state: 'ready' | 'building' | 'lost' | 'down';
  readonly problem: string;
  /** `sync`, `async`, …; empty for the primary and while not connected. */
  readonly sync: string;
  readonly lagBytes: number | null;
  readonly lagSeconds: number | null;
}

export const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** Everything of one instance that its page shows. */
export interface InstanceDetail extends InstanceView {
  readonly kernelVersion: string;
  readonly nodes: readonly NodeView[];
  /** Null where the control plane does not tell. */
  readonly syncMode: SyncMode | null;
  /** Seconds and bytes. Both `maxSync…` null: commits wait for the standby for ever. Null where the control plane does not tell. */
  readonly ha: {
    readonly maxStandbyLag: number;
    readonly maxStandbyLatency: number;
    readonly maxSyncStandbyLag: number | null;
    readonly maxSyncStandbyLatency: number | null;
  } | null;
  /** Since when a semi-synchronous instance does not wait for its standby any more. */
  readonly degradedAt: number | null;
  readonly networks: readonly NetworkView[];
  readonly securityGroupIds: readonly string[];
  readonly ssl: {
    readonly enabled: boolean;
    readonly connectAddress: string;
    /** When the certificate ends, in milliseconds since the epoch; null is unknown. */
    readonly validUntil: number | null;
  };
  readonly maintenance: { readonly weekdays: readonly Weekday[]; readonly start: string; readonly duration: number };
  /** An operation that waits for its time. */
  readonly waiting: { readonly kind: string; readonly from: number; readonly until: number } | null;
  /** Bytes; null is unknown. */
  readonly diskUsed: number | null;
  /** 50 % of the disk is free of charge for backups. */
  readonly freeBackupGb: number;
  /** Metered so far: hours of existence, and gigabyte-hours of disk. */
  readonly instanceHours: number | null;
  readonly gbHours: number | null;
  /** What has been metered costs this by the rates and the specification of today; null where they are not known. */
  readonly cost: CostView | null;
  /** Whether this control plane offers what only a local one can: drill, events, sessions. */
  readonly local: boolean;
}

/** One row of the operations log. */
export interface InstanceTask {
  readonly id: number;
  readonly kind: string;
  readonly status: 'running' | 'done' | 'failed' | 'waiting';
  readonly progress: number;
  readonly step: string;
  readonly steps: readonly string[];
  readonly message: string;
  readonly startedAt: number;
  readonly endedAt: number | null;
}

export interface InstanceEventView {
  readonly at: number;
  readonly level: 'info' | 'warn' | 'error';
  readonly kind: string;
  readonly text: string;
}

/** A client's connection through the gateway. */
export interface InstanceSession {
  readonly client: string;
  readonly since: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly state: 'starting' | 'waiting' | 'open';
  readonly user: string;
  readonly database: string;
  readonly application: string;
  readonly tls: boolean;
  /** By which address it came: `private`, `public`. */
  readonly address: 'private' | 'public';
}

export const DRILLS = ['kill', 'stop', 'hang'] as const;
export type Drill = (typeof DRILLS)[number];

/** What a drill showed. Times in milliseconds after the blow; null: not (yet) happened. */
export interface DrillView {
  readonly id: string;
  readonly scenario: Drill;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly detectedMs: number | null;
  readonly promotedMs: number | null;
  readonly servedMs: number | null;
  readonly wholeMs: number | null;
  readonly acknowledged: number;
  readonly lost: number;
  readonly problem: string;
}

/** A specification as the control plane sells it. */
export interface ClassView {
  readonly code: string;
  readonly cpu: number;
  readonly memoryGb: number;
  readonly minStorageGb: number;
  readonly maxStorageGb: number;
  /** 0 is unknown. */
  readonly maxConnections: number;
}

export interface InstanceOptions {
  readonly plane: string;
  readonly regions: readonly { readonly code: string; readonly name: string; readonly publicAddress: boolean }[];
  readonly zones: readonly { readonly code: string; readonly name: string; readonly region: string }[];
  /** Newest first. `installed`: binaries are on this machine already, otherwise they are fetched (20 to 30 MB). */
  readonly versions: readonly { readonly major: number; readonly version: string; readonly installed: boolean }[];
  /** Of the first zone and the newest version: a cloud may sell others elsewhere. */
  readonly classes: readonly ClassView[];
  readonly charsets: readonly string[];
  /** Of the machine that it runs on; null for a cloud. */
  readonly machine: { readonly cpus: number; readonly memoryBytes: number; readonly diskFreeBytes: number } | null;
}

/** Price of an hour as the control plane says; a local one has the rate card of its settings, zero by default. */
export interface PriceView {
  /** In hundredths of the currency's unit, for one hour of all instances asked for. */
  readonly hourly: number;
  readonly currency: string;
}

/** Hundredths of the currency's unit. */
export interface CostView {
  readonly amount: number;
  readonly currency: string;
}

export type ControlPlaneState =
  | { readonly state: 'stopped' }
  | { readonly state: 'starting' }
  | { readonly state: 'running'; readonly endpoint: string; readonly version: string; readonly pid: number }
  | { readonly state: 'failed'; readonly problem: string };
