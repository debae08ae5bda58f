import { z } from 'zod';
import type { DescribeMachineResponse, InstanceNote } from '../../../shared/model/control-plane';
import { findBinaries, RELEASES } from '../cluster/binaries';
import { CLASSES } from '../instances/classes';
import { action, type ActionTable } from './action';

/**
 * The service of our own (`HOWDAH_API`), for what the public API has no action for: who the daemon is, what the machine carries, why an
 * operation failed, who is connected, and the daemon's end.
 */
export const HOWDAH_ACTIONS: ActionTable = {
  ProveIdentity: action(z.strictObject({ Nonce: z.string().min(16).max(128) }), async ({ Nonce }, { deps }) => ({
    Proof: deps.prove(Nonce),
  })),

  DescribeMachine: action(z.strictObject({}), async (_, { deps }): Promise<DescribeMachineResponse> => {
    const { cpus, memoryBytes, diskFreeBytes } = deps.machine();
    return {
      Cpus: cpus,
      MemoryBytes: memoryBytes,
      DiskFreeBytes: diskFreeBytes,
      DaemonVersion: deps.daemonVersion,
      Pid: process.pid,
      InstalledVersions: RELEASES.map(({ major }) => ({
        DBMajorVersion: String(major),
        Installed: findBinaries(major) !== null,
      })),
      ClassLimits: CLASSES.map(({ code, maxConnections }) => ({ SpecCode: code, MaxConnections: maxConnections })),
    };
  }),

  DescribeInstanceNotes: action(z.strictObject({}), async (_, { deps }) => ({
    InstanceNoteSet: deps.instances.list().map((record): InstanceNote => ({
      DBInstanceId: record.id,
      AdminName: record.adminUser,
      Problem: record.problem,
      Operation: record.operation?.kind ?? '',
      Step: record.operation?.step ?? '',
    })),
  })),

  DescribeSessions: action(z.strictObject({ DBInstanceId: z.string().optional() }), async (request, { deps }) => {
    const sessions = await deps.gateway.sessions();
    return {
      SessionSet: sessions
        .filter(({ routeId }) => request.DBInstanceId === undefined || routeId === request.DBInstanceId)
        .map(({ routeId, client, since, bytesIn, bytesOut }) => ({
          DBInstanceId: routeId,
          Client: client,
          Since: since,
          BytesIn: bytesIn,
          BytesOut: bytesOut,
        })),
    };
  }),

  ShutdownDaemon: action(
    z.strictObject({}),
    async (_, { deps }) => {
      deps.shutdown();
      return {};
    },
    true,
  ),
};
