import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { signalProcess } from '../processes';
import { inBase, portOf, SOCKET_PORT, SUPERUSER, type ClusterNode, type PrimaryLink } from './node';
import { writeOwned } from './owned-file';
import { findPostmaster } from './postmaster';

/** Our settings stand in a file of their own, so that a start shows at a glance what we decided. */
export const SETTINGS_FILE = 'howdah.conf';

type Settings = readonly (readonly [string, string])[];

const quoted = (value: string): string => `'${value.replaceAll("'", "''")}'`;
const lines = (settings: Settings): string => settings.map(([name, value]) => `${name} = ${quoted(value)}\n`).join('');

/** Password file of a standby's connection to its primary. */
const PASSWORD_FILE = 'primary.pass';

/** A value of a libpq connection string. */
const conninfoValue = (value: string): string => `'${value.replaceAll(/['\\]/g, String.raw`\$&`)}'`;

/** How a standby reaches its primary: by its socket, the password in a file, because settings can be read by whoever may SHOW them. */
function primaryConnection(node: ClusterNode, { socket, port = SOCKET_PORT }: PrimaryLink): string {
  const parts: [string, string][] = [
    ['host', socket],
    ['port', String(port)],
    ['user', SUPERUSER],
    ['passfile', inBase(node, PASSWORD_FILE)],
    ['application_name', node.id],
    ['connect_timeout', '5'],
  ];
  return parts.map(([name, value]) => `${name}=${conninfoValue(value)}`).join(' ');
}

/** What makes a server follow another one; settings from version 12 on, lines of recovery.conf before. */
function followSettings(node: ClusterNode): Settings {
  const { primary } = node.replication;
  return [
    ...(node.role === 'standby' && primary
      ? ([
          ['primary_conninfo', primaryConnection(node, primary)],
          ['primary_slot_name', node.id],
        ] as const)
      : []),
    // After a fail-over the new primary is on a timeline of its own.
    ['recovery_target_timeline', 'latest'],
  ];
}

function tlsSettings({ base, major, tls }: ClusterNode): Settings {
  if (!tls) return [['ssl', 'off']];
  return [
    ['ssl', 'on'],
    ['ssl_cert_file', inBase({ base }, tls.cert)],
    ['ssl_key_file', inBase({ base }, tls.key)],
    ...(major >= 12 ? ([['ssl_min_protocol_version', 'TLSv1.2']] as const) : []),
  ];
}

/** What `synchronous_standby_names` is to say for one standby. */
export const synchronousNames = (id: string | null): string => (id === null ? '' : `"${id}"`);

/** Everything the control plane decides about a server. `waitFor` replaces the synchronous standby of the node. */
export function serverSettings(
  node: ClusterNode,
  waitFor: string = synchronousNames(node.role === 'primary' ? node.replication.synchronous : null),
): Settings {
  return [
    // Reached through the gateway only: no address that other machines can reach.
    ['listen_addresses', node.listen?.host ?? ''],
    ['port', String(portOf(node))],
    ['unix_socket_directories', node.socket],
    ['unix_socket_permissions', '0700'],
    ['password_encryption', 'scram-sha-256'],
    // A standby that is away keeps log on its primary: a new copy is cheaper than a full disk. The specification may say otherwise below.
    ...(node.major >= 13 ? ([['max_slot_wal_keep_size', '4GB']] as const) : []),
    ...node.settings,
    ['wal_level', 'logical'],
    ['max_wal_senders', '27'],
    ['max_replication_slots', '20'],
    ['hot_standby', 'on'],
    ['wal_log_hints', 'on'],
    // Else a promotion may wait for 5 s. Measured on 10 to 18.
    ['wal_retrieve_retry_interval', '100ms'],
    // How far a standby has replayed is told this often even when nothing is written.
    ['wal_receiver_status_interval', '1s'],
    ['synchronous_standby_names', waitFor],
    // After the crash of one process the server would come back by itself and show commits that wait for the standby, which may not have them:
    // it ends instead, and the control plane decides who serves.
    ...(node.role === 'primary' && node.replication.standbys.length > 0
      ? ([['restart_after_crash', 'off']] as const)
      : []),
    ...(node.major >= 12 ? followSettings(node) : []),
    ...tlsSettings(node),
    ['logging_collector', 'on'],
    ['log_destination', 'stderr'],
    ['log_directory', node.log],
    ['log_filename', 'postgresql-%a.log'],
    ['log_truncate_on_rotation', 'on'],
    ['log_rotation_age', '1d'],
    ['log_rotation_size', '0'],
    ['log_file_mode', '0600'],
    ['log_line_prefix', '%m [%p] %q%u@%d '],
    ['lc_messages', 'C'],
    ['timezone', 'UTC'],
    ['log_timezone', 'UTC'],
  ];
}

/**
 * Everyone comes through the gateway, which the server sees as a local socket, or for TLS as this machine: each must know a password, the
 * internal superuser too, who never comes by the network. Only standbys of ours may replicate.
 */
const hba = ({ listen }: ClusterNode): string => `# Written by the control plane.
local   all           all                   scram-sha-256
local   replication   ${SUPERUSER}              scram-sha-256
${
  listen
    ? `host    all           ${SUPERUSER}   samehost   reject
host    all           all        samehost   scram-sha-256
`
    : ''
}`;

/** The file whose presence makes a server start as a standby. */
const standbyFile = (major: number): string => (major >= 12 ? 'standby.signal' : 'recovery.conf');

/** Whether the server that starts on this data folder follows another one: a standby that was never promoted. */
export const isStandbyData = (node: Pick<ClusterNode, 'data' | 'major'>): boolean =>
  existsSync(join(node.data, standbyFile(node.major)));

/** Writes our settings alone. */
export async function writeSettings(node: ClusterNode, data: string, waitFor?: string): Promise<void> {
  const text = `# Written by the control plane at every start.\n${lines(serverSettings(node, waitFor))}`;
  await writeOwned(join(data, SETTINGS_FILE), text, node.account);
}

/**
 * Writes the files that the control plane owns into a data folder. A standby gets the file that makes it one. A primary never loses it here:
 * where it is still there the server was not promoted, and to start it without a promotion would fork its timeline unseen (`startServer`
 * promotes it).
 */
export async function writeConfiguration(node: ClusterNode, data: string): Promise<void> {
  const { primary } = node.replication;
  if (node.role === 'standby' && primary) {
    const password = primary.password.replaceAll(/[:\\]/g, String.raw`\$&`);
    await writeOwned(inBase(node, PASSWORD_FILE), `*:*:*:${SUPERUSER}:${password}\n`, node.account);
  }
  await writeSettings(node, data);
  await writeOwned(join(data, 'pg_hba.conf'), hba(node), node.account);
  const file = join(data, standbyFile(node.major));
  if (node.role === 'standby' || existsSync(file)) {
    const settings = [['standby_mode', 'on'] as const, ...followSettings(node)];
    await writeOwned(file, node.major >= 12 ? '' : lines(settings), node.account);
  } else await rm(file, { force: true });
}

/** Makes a running server read its configuration again. Nothing happens when it does not run. */
export async function reload(node: Pick<ClusterNode, 'data'>): Promise<void> {
  const server = findPostmaster(node.data);
  if (server) signalProcess(server, 'SIGHUP');
}
