import { resolve } from 'node:path';
import type { Charset } from '../../../shared/model/instance-rules';
import type { ServerAccount } from './account';

/** Where a standby streams from. */
export interface PrimaryLink {
  /** Socket folder of the primary. */
  readonly socket: string;
  /** Its port (`portOf`), where that is not the usual one. */
  readonly port?: number;
  /** Password of the primary's internal superuser. */
  readonly password: string;
}

/** How a node takes part in replication. */
export interface Replication {
  /** Node ids of the standbys that a primary keeps a slot for. */
  readonly standbys: readonly string[];
  /** Node id of the standby that commits of a primary wait for. */
  readonly synchronous: string | null;
  /** For a standby: where it streams from; null lets it wait. */
  readonly primary: PrimaryLink | null;
}

/** A server without standbys. */
export const ALONE: Replication = { standbys: [], synchronous: null, primary: null };

/** One server process and its folders. Everything that the cluster functions need to know of an instance. */
export interface ClusterNode {
  /** `n1`, `n2`, …: also the name of its replication slot and of its standby connection. */
  readonly id: string;
  readonly role: 'primary' | 'standby';
  /** Folder of the node in its zone; the server's account cannot write into it. */
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
  /** Certificate and key, names of files in `base`. Needs `listen`: PostgreSQL offers no TLS on Unix sockets. */
  readonly tls: { readonly cert: string; readonly key: string } | null;
  /**
   * A loopback address of its own beside the socket, for what passes the gateway with TLS: where the system has many (Linux), the port can stay
   * `SOCKET_PORT`; another one is in the socket's name too. Absent or null: socket only.
   */
  readonly listen?: { readonly host: string; readonly port: number } | null;
  readonly replication: Replication;
}

/** The internal superuser; no admin account may have this name. */
export const SUPERUSER = 'postgres';
/** Port in the name of the private socket: each node has a socket folder of its own. */
export const SOCKET_PORT = 5432;

export const portOf = (node: Pick<ClusterNode, 'listen'>): number => node.listen?.port ?? SOCKET_PORT;

export const socketPath = (node: Pick<ClusterNode, 'socket' | 'listen'>): string =>
  `${node.socket}/.s.PGSQL.${portOf(node)}`;

/** Full path of a file in the node's folder, given its name. */
export const inBase = (node: Pick<ClusterNode, 'base'>, name: string): string => resolve(node.base, name);
