import type { Charset } from '../../../shared/model/instance-rules';
import type { ServerAccount } from './account';

/** One server process and its folders. Everything that the cluster functions need to know of an instance. */
export interface ClusterNode {
  /** Folder of the instance in its zone; the server's account cannot write into it. */
  readonly base: string;
  readonly data: string;
  /** Where the server writes its log. */
  readonly log: string;
  /** Folder of its private Unix socket. */
  readonly socket: string;
  readonly account: ServerAccount | null;
  readonly major: number;
  readonly charset: Charset;
  /** Password of the internal superuser. */
  readonly superuserPassword: string;
  /** Settings that follow from the specification. */
  readonly settings: readonly (readonly [string, string])[];
}

/** The internal superuser; no admin account may have this name. */
export const SUPERUSER = 'postgres';
/** Port in the name of the private socket: each node has a socket folder of its own. */
export const SOCKET_PORT = 5432;

export const socketPath = (node: ClusterNode): string => `${node.socket}/.s.PGSQL.${SOCKET_PORT}`;
