import type { ReplicationSession } from '../../../../adapters/postgres/replication-session';

/** Output plugins of servers that have no pgoutput. */
export type OldPlugin = 'wal2json' | 'test_decoding';

/** Options of START_REPLICATION for a plugin, with their brackets. */
export function startOptions(plugin: OldPlugin): string {
  throw new Error(`not ready: ${plugin}`);
}

/** Which plugin the server can load; null when neither. Makes a slot of the name and drops it. */
export function pluginOf(session: ReplicationSession, slot: string): Promise<OldPlugin | null> {
  return Promise.reject(new Error(`not ready: ${slot} ${session.backendPid}`));
}
