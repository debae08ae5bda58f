import { z } from 'zod';

/**
 * What the daemon and its clients agree on beside the public API: where its state is, which files tell that it runs, and the actions of
 * the service of its own. Pure: environment and platform come in as values.
 */

/** Version of the public `postgres` service. */
export const POSTGRES_API = '2017-03-12';

/**
 * Version of our own service `howdah`: what the public API has no action for. Same signature, same error form.
 * `ProveIdentity`, `DescribeMachine`, `DescribeInstanceNotes`, `ShutdownDaemon`.
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
  readonly InstalledVersions: readonly { readonly DBMajorVersion: string; readonly Installed: boolean }[];
  readonly ClassLimits: readonly { readonly SpecCode: string; readonly MaxConnections: number }[];
}

/** `DescribeInstanceNotes`: what the public `DBInstance` has no field for. */
export interface InstanceNote {
  readonly DBInstanceId: string;
  readonly AdminName: string;
  /** Why the last operation failed or what happened by itself; empty is nothing. */
  readonly Problem: string;
  /** Empty when none runs. */
  readonly Operation: string;
  readonly Step: string;
}
