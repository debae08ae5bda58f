import { NEW_SERVER } from '../../../shared/model/server';
import { openSession, type PgSession } from '../../adapters/postgres/session';
import type { ConnectionProfile } from '../../ports';
import { portOf, SUPERUSER, type ClusterNode } from './node';

/** The internal superuser over the node's private socket. */
export const superuserProfile = (node: ClusterNode, database = 'postgres'): ConnectionProfile => ({
  host: node.socket,
  port: portOf(node),
  database,
  user: SUPERUSER,
  password: node.superuserPassword,
  role: '',
  ssl: { ...NEW_SERVER.ssl, mode: 'disable' },
  ssh: NEW_SERVER.ssh,
  sshPassword: null,
  applicationName: 'howdah control plane',
  connectTimeout: 10,
  statementTimeout: 0,
  keepAlive: 0,
  options: '',
  readOnly: false,
});

/** Opens a session of the internal superuser over the node's private socket. */
export const openSuperuser = (node: ClusterNode, signal?: AbortSignal, database?: string): Promise<PgSession> =>
  openSession(superuserProfile(node, database), signal);

/** Runs work in a session of the internal superuser. */
export async function asSuperuser<T>(
  node: ClusterNode,
  work: (session: PgSession) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const session = await openSuperuser(node, signal);
  try {
    return await work(session);
  } finally {
    await session.end();
  }
}
