import { chown, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SOCKET_PORT, SUPERUSER, type ClusterNode } from './node';

/** Our settings stand in a file of their own, so that a start shows at a glance what we decided. */
export const SETTINGS_FILE = 'howdah.conf';

const quoted = (value: string): string => `'${value.replaceAll("'", "''")}'`;

/** Everything the control plane decides about a server. */
export function serverSettings(node: ClusterNode): readonly (readonly [string, string])[] {
  return [
    // Reached through the gateway only: no network address of its own.
    ['listen_addresses', ''],
    ['port', String(SOCKET_PORT)],
    ['unix_socket_directories', node.socket],
    ['unix_socket_permissions', '0700'],
    ['password_encryption', 'scram-sha-256'],
    ...node.settings,
    ['wal_level', 'logical'],
    ['max_wal_senders', '27'],
    ['max_replication_slots', '20'],
    ['hot_standby', 'on'],
    ['wal_log_hints', 'on'],
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

/** Everyone comes through the gateway, which the server sees as a local socket: each must know a password, the internal superuser too. */
const HBA = `# Written by the control plane.
local   all           all                 scram-sha-256
local   replication   ${SUPERUSER}            scram-sha-256
`;

/** Writes the files that the control plane owns into a data folder that no server uses. */
export async function writeConfiguration(node: ClusterNode, data: string): Promise<void> {
  const settings = serverSettings(node).map(([name, value]) => `${name} = ${quoted(value)}\n`);
  const files: [string, string][] = [
    [SETTINGS_FILE, `# Written by the control plane at every start.\n${settings.join('')}`],
    ['pg_hba.conf', HBA],
  ];
  for (const [name, text] of files) {
    const file = join(data, name);
    await writeFile(file, text, { mode: 0o600 });
    if (node.account) await chown(file, node.account.uid, node.account.gid);
  }
}
