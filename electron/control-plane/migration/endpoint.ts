import { z } from 'zod';
import { SSL_MODES } from '../../../shared/model/server';
import type { ConnectionProfile } from '../../ports';

/** How a server is reached; the words of the public service. `cdb`: an instance of this control plane. */
export const ACCESS_TYPES = ['extranet', 'cvm', 'dcg', 'vpncloud', 'ccn', 'cdb'] as const;

const path = z.string().max(4096).default('');

/** One side of a task without its secrets. */
export const endpoint = z.object({
  accessType: z.enum(ACCESS_TYPES),
  region: z.string().max(64).default(''),
  supplier: z.string().max(64).default('others'),
  /** Of `cdb`: host and port are asked for whenever a connection is made, because they may change. */
  instanceId: z.string().max(64).default(''),
  host: z.string().max(1024).default(''),
  port: z.number().int().min(0).max(65_535).default(5432),
  user: z.string().min(1).max(63),
  /** Where one logs in to ask about the server. */
  database: z.string().min(1).max(63).default('postgres'),
  ssl: z
    .object({ mode: z.enum(SSL_MODES), rootCert: path, cert: path, key: path, crl: path, sni: z.boolean() })
    .default({ mode: 'prefer', rootCert: '', cert: '', key: '', crl: '', sni: true }),
  ssh: z
    .object({
      enabled: z.boolean(),
      host: z.string().max(1024),
      port: z.number().int(),
      user: z.string().max(256),
      auth: z.enum(['password', 'identity']),
      identityFile: path,
      keepAlive: z.number().min(0),
      hostKey: z.string().max(256),
    })
    .nullable()
    .default(null),
  /** Seconds. */
  connectTimeout: z.number().min(0).max(600).default(10),
  options: z.string().max(4096).default(''),
});
export type Endpoint = z.output<typeof endpoint>;

export const endpointSecrets = z.object({ password: z.string().nullable(), sshPassword: z.string().nullable() });
export type EndpointSecrets = z.output<typeof endpointSecrets>;

/** One side with everything that a connection needs. Never logged, never on disk in the clear. */
export const reachable = endpoint.extend(endpointSecrets.shape);
export type Reachable = z.output<typeof reachable>;

const NO_SSH = {
  enabled: false,
  host: '',
  port: 22,
  user: '',
  auth: 'password' as const,
  identityFile: '',
  keepAlive: 0,
  hostKey: '',
};

/** The sessions of a task are found again on a server by this name. */
export const applicationName = (jobId: string): string => `howdah ${jobId}`;

export function profileOf(side: Reachable, database: string, jobId: string): ConnectionProfile {
  return {
    host: side.host,
    port: side.port,
    database,
    user: side.user,
    password: side.password,
    role: '',
    ssl: side.ssl,
    ssh: side.ssh ?? NO_SSH,
    sshPassword: side.sshPassword,
    applicationName: applicationName(jobId),
    connectTimeout: side.connectTimeout,
    statementTimeout: 0,
    keepAlive: 30,
    options: side.options,
    readOnly: false,
  };
}
