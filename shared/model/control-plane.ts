import { z } from 'zod';

/**
 * What the daemon and its clients agree on beside the public API: where its state is, which files tell that it runs, and the actions of
 * the service of its own. Pure: environment and platform come in as values.
 */

/** Version of the public `postgres` service. */
export const POSTGRES_API = '2017-03-12';

/**
 * Version of our own service `howdah`: what the public API has no action for. Same signature, same error form; requests and answers below.
 * Times are milliseconds since the epoch. Optional parameters that are left out mean: all. `CancelWaitingOperation {DBInstanceId}` and
 * `ShutdownDaemon` answer nothing.
 */
export const HOWDAH_API = '2026-11-01';

/** Exit code of a daemon that found another one on its state folder. */
export const BUSY_EXIT = 3;

export const ENDPOINT_FILE = 'endpoint.json';
export const KEY_FILE = 'key-pair.json';

/** Written by the daemon when it is ready, removed at its orderly end. */
export const endpointDocument = z.object({
  endpoint: z.string().regex(/^127\.0\.0\.1:\d{1,5}$/),
  pid: z.number().int().positive(),
  /** Tells the process from a later one with the same id. */
  start: z.string(),
  version: z.string(),
});
export type EndpointDocument = z.output<typeof endpointDocument>;

export const keyDocument = z.object({
  secretId: z.string().min(8),
  secretKey: z.string().min(16),
  /** Secret of the nodes' internal superusers and of the gateway's control channel; never leaves the daemon. */
  nodeSecret: z.string().min(32),
});
export type KeyDocument = z.output<typeof keyDocument>;

/** What both sides compute over a challenge: proves knowledge of the key without sending it. */
export const proofText = (nonce: string, endpoint: string): string => `howdah-identity\n${endpoint}\n${nonce}`;

export interface StateFolderFacts {
  readonly platform: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly isRoot: boolean;
}

/** HOWDAH_STATE, else /var/lib/howdah for root, else the person's data folder. */
export function defaultStateFolder({ platform, env, home, isRoot }: StateFolderFacts): string {
  const chosen = env['HOWDAH_STATE'];
  if (chosen) return chosen;
  if (platform === 'win32') return `${env['LOCALAPPDATA'] ?? `${home}\\AppData\\Local`}\\Howdah\\control-plane`;
  if (isRoot) return '/var/lib/howdah';
  if (platform === 'darwin') return `${home}/Library/Application Support/Howdah/control-plane`;
  return `${env['XDG_DATA_HOME'] ?? `${home}/.local/share`}/howdah/control-plane`;
}

/** `DescribeMachine`: what this machine is and carries. */
export interface DescribeMachineResponse {
  readonly Cpus: number;
  readonly MemoryBytes: number;
  readonly DiskFreeBytes: number;
  readonly DaemonVersion: string;
  readonly Pid: number;
  readonly InstalledVersions: readonly {
    readonly DBMajorVersion: string;
    readonly Installed: boolean;
    /** `embedded`: fetched already; `machine`: a server of the machine, used when it cannot be fetched; empty: neither. */
    readonly Origin: 'embedded' | 'machine' | '';
  }[];
  readonly ClassLimits: readonly { readonly SpecCode: string; readonly MaxConnections: number }[];
}

/** `DescribeInstanceNotes {DBInstanceId?}`: of one instance (then its servers are measured), or of all (then `Nodes` is as the records say). */
export interface DescribeInstanceNotesResponse {
  readonly InstanceNoteSet: readonly InstanceNote[];
}

/** What the public `DBInstance` has no field for. */
export interface InstanceNote {
  readonly DBInstanceId: string;
  readonly AdminName: string;
  /** Why the last operation failed or what happened by itself; empty is nothing. */
  readonly Problem: string;
  /** Empty when none runs. */
  readonly Operation: string;
  readonly Step: string;
  /** What the step is doing, for people; empty is nothing to tell. */
  readonly StepNote: string;
  /** 0 … 100; null when no operation runs. */
  readonly Progress: number | null;
  /** The primary stands first. */
  readonly Nodes: readonly InstanceNodeNote[];
  /** Since when commits do not wait for the standby although they should. */
  readonly DegradedAt: number | null;
  /** An operation that waits for its time. */
  readonly Waiting: { readonly Kind: string; readonly From: number; readonly Until: number } | null;
  /** Bytes on disk of the serving node; null before the first look. */
  readonly DiskUsed: number | null;
  /** Metered so far: hours of existence, and gigabyte-hours of disk. */
  readonly InstanceHours: number;
  readonly GbHours: number;
  /** When the certificate of the serving node ends; null without TLS. */
  readonly CertificateValidUntil: number | null;
}

export interface InstanceNodeNote {
  readonly NodeId: string;
  readonly Zone: string;
  readonly Role: 'primary' | 'standby';
  readonly State: 'ready' | 'building' | 'lost' | 'down';
  readonly Problem: string;
  /** `sync`, `async`, …; empty for the primary and while not connected. */
  readonly Sync: string;
  readonly LagBytes: number | null;
  readonly LagSeconds: number | null;
  /** 0 when it does not run, or was not looked at. */
  readonly Pid: number;
}

/** `DescribeInstanceEvents {DBInstanceId}`: newest first. */
export interface DescribeInstanceEventsResponse {
  readonly EventSet: readonly {
    readonly At: number;
    readonly Level: 'info' | 'warn' | 'error';
    /** Key of `instances.events.*` in the translations. */
    readonly Kind: string;
    readonly Text: string;
  }[];
}

/** `DescribeSessions {DBInstanceId?}`: who is connected through the gateway. */
export interface DescribeSessionsResponse {
  readonly SessionSet: readonly SessionNote[];
}
export interface SessionNote {
  readonly DBInstanceId: string;
  /** `host:port`. */
  readonly Client: string;
  readonly Since: number;
  readonly BytesIn: number;
  readonly BytesOut: number;
  readonly State: 'starting' | 'waiting' | 'open';
  readonly User: string;
  readonly Database: string;
  readonly Application: string;
  readonly Tls: boolean;
  /** By which address it came. */
  readonly Address: 'private' | 'public';
}

/** `StartZoneDrill {Zone}`: takes down all servers of a zone at once; a drill for every instance with a node there. */
export interface StartZoneDrillResponse {
  readonly DrillSet: readonly { readonly DBInstanceId: string; readonly DrillId: string }[];
}

/** `StartDrill {DBInstanceId, Scenario}`: takes the primary down for real. */
export interface StartDrillResponse {
  readonly DrillId: string;
}
/** `DescribeDrills {DBInstanceId}`: newest first, of this run of the daemon. */
export interface DescribeDrillsResponse {
  readonly DrillSet: readonly DrillNote[];
}
/** Times in milliseconds after the blow; null: not (yet) happened. */
export interface DrillNote {
  readonly DrillId: string;
  readonly Scenario: 'kill' | 'stop' | 'hang';
  readonly StartedAt: number;
  readonly EndedAt: number | null;
  readonly DetectedMs: number | null;
  readonly PromotedMs: number | null;
  readonly ServedMs: number | null;
  readonly WholeMs: number | null;
  readonly Acknowledged: number;
  readonly Lost: number;
  readonly Problem: string;
}

/** `PreviewSecurityGroups {SecurityGroupIds, Source, Port}`: what an address would get from these groups, the first with priority. */
export interface PreviewSecurityGroupsResponse {
  readonly Action: 'ACCEPT' | 'DROP';
  /** Null: no rule fits, so it is dropped. */
  readonly SecurityGroupId: string | null;
  /** Position in its group, from 0. */
  readonly PolicyIndex: number | null;
}

/** `DescribeRateCard`, `ModifyRateCard` (which answers nothing): hundredths of the currency's unit for one hour of each node. Zero by default. */
export interface RateCard {
  /** e.g. `CNY`. */
  readonly Currency: string;
  readonly CpuHour: number;
  readonly MemoryGbHour: number;
  readonly StorageGbHour: number;
}

/** `DescribeCertificateAuthority`: the certificate that signs those of the instances. */
export interface DescribeCertificateAuthorityResponse {
  /** PEM. */
  readonly Certificate: string;
}
