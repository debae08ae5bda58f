import type { MigrationSide } from '../../../shared/contract/migration';
import type { ServerDefinition } from '../../../shared/model/server';
import type { Connections } from '../../ports';

/** A side as our own service takes it. A secret that is null: what the task has stored. */
export interface SideBody {
  readonly accessType: string;
  readonly region: string;
  readonly instanceId: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  readonly ssl: ServerDefinition['ssl'];
  readonly ssh: ServerDefinition['ssh'] | null;
  readonly connectTimeout: number;
  readonly options: string;
  readonly password: string | null;
  readonly sshPassword: string | null;
}

const PLAIN = { ssl: { mode: 'prefer', rootCert: '', cert: '', key: '', crl: '', sni: true }, ssh: null } as const;
/** Seconds; what a registration starts with as well. */
const CONNECT_TIMEOUT = 10;

/** A server that needs no password is one with an empty password: null would keep another side's. */
const registered = async (
  side: Extract<MigrationSide, { kind: 'server' }>,
  connections: Connections,
  signal: AbortSignal,
): Promise<SideBody> => {
  const profile = await connections.profile(side.serverId, side.database === '' ? null : side.database, signal);
  return {
    accessType: 'cvm',
    region: '',
    instanceId: '',
    host: profile.host,
    port: profile.port,
    user: profile.user,
    database: profile.database,
    ssl: profile.ssl,
    ssh: profile.ssh.enabled ? profile.ssh : null,
    connectTimeout: profile.connectTimeout,
    options: profile.options,
    password: profile.password ?? '',
    sshPassword: profile.sshPassword ?? '',
  };
};

/**
 * What the daemon needs to reach a side: a registered server with everything it is registered with, certificate and identity files by path
 * because the daemon runs on this machine. Fails as `Connections.profile` does.
 */
export async function sideBody(side: MigrationSide, connections: Connections, signal: AbortSignal): Promise<SideBody> {
  switch (side.kind) {
    case 'server':
      return registered(side, connections, signal);
    case 'instance':
      return {
        ...PLAIN,
        accessType: 'cdb',
        region: side.region,
        instanceId: side.instanceId,
        host: '',
        port: 0,
        user: side.user,
        database: side.database === '' ? 'postgres' : side.database,
        connectTimeout: CONNECT_TIMEOUT,
        options: '',
        password: side.password,
        sshPassword: null,
      };
    case 'host':
      return {
        accessType: side.accessType,
        region: side.region,
        instanceId: '',
        host: side.host,
        port: side.port,
        user: side.user,
        database: side.database,
        ssl: side.ssl,
        ssh: side.ssh?.enabled === true ? side.ssh : null,
        connectTimeout: CONNECT_TIMEOUT,
        options: '',
        password: side.password,
        sshPassword: side.sshPassword,
      };
  }
}
