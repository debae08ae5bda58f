import { isIP } from 'node:net';
import { z } from 'zod';
import type {
  DescribeCertificateAuthorityResponse,
  DescribeDrillsResponse,
  DescribeInstanceEventsResponse,
  DescribeInstanceNotesResponse,
  DescribeMachineResponse,
  DescribeSessionsResponse,
  PreviewSecurityGroupsResponse,
  StartDrillResponse,
  StartZoneDrillResponse,
} from '../../../shared/model/control-plane';
import { DRILLS } from '../../../shared/model/instance';
import { decide } from '../../../shared/model/security-rules';
import { CLASSES } from '../instances/classes';
import type { InstanceRecord } from '../instances/record';
import { action, type ActionTable, type ApiDeps } from './action';
import { invalid, mustHaveStandby, mustInstance, mustServe, one } from './common';
import { ApiError } from './errors';
import { installedVersions } from './installed-versions';
import { drillNote, eventNote, instanceNote, sessionNote } from './notes';
import { rateCard } from './rates';

const maybeOne = z.strictObject({ DBInstanceId: z.string().optional() });

const recordsOf = (deps: ApiDeps, id: string | undefined) =>
  id === undefined ? deps.instances.list() : [mustInstance(deps, id)];

/** When the certificate of the serving node ends; null without TLS. */
const certificateEnd = async (deps: ApiDeps, record: InstanceRecord): Promise<number | null> =>
  (await deps.instances.certificateOf(record.id))?.validUntil ?? null;

/** Which rule of which group decides; the groups' rules stand one after the other. */
function preview(deps: ApiDeps, ids: readonly string[], source: string, port: number): PreviewSecurityGroupsResponse {
  const groups = ids.map((id) => {
    const group = deps.networks.group(id);
    if (!group) throw invalid(`There is no security group ${id}`);
    return group;
  });
  const { action: Action, index } = decide(deps.networks.rulesOf(ids), source, port);
  let before = 0;
  for (const { id, inbound } of groups) {
    if (index !== null && index < before + inbound.length) {
      return { Action, SecurityGroupId: id, PolicyIndex: index - before };
    }
    before += inbound.length;
  }
  return { Action, SecurityGroupId: null, PolicyIndex: null };
}

/**
 * The service of our own (`HOWDAH_API`), for what the public API has no action for: who the daemon is, what the machine carries, how the
 * servers of an instance do, who is connected, drills, prices, and the daemon's end.
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
      InstalledVersions: await installedVersions(),
      ClassLimits: CLASSES.map(({ code, maxConnections }) => ({ SpecCode: code, MaxConnections: maxConnections })),
    };
  }),

  DescribeInstanceNotes: action(
    maybeOne,
    async ({ DBInstanceId }, { deps }): Promise<DescribeInstanceNotesResponse> => {
      const records = recordsOf(deps, DBInstanceId);
      const nodes = DBInstanceId === undefined ? null : await deps.instances.nodes(DBInstanceId);
      const notes = records.map(async (record) =>
        instanceNote(record, {
          nodes,
          diskUsed: deps.instances.diskUsed(record.id),
          certificateUntil: await certificateEnd(deps, record),
        }),
      );
      return { InstanceNoteSet: await Promise.all(notes) };
    },
  ),

  DescribeInstanceEvents: action(one, async ({ DBInstanceId }, { deps }): Promise<DescribeInstanceEventsResponse> => ({
    EventSet: mustInstance(deps, DBInstanceId).events.map(eventNote),
  })),

  DescribeSessions: action(maybeOne, async ({ DBInstanceId }, { deps }): Promise<DescribeSessionsResponse> => {
    if (DBInstanceId !== undefined) mustInstance(deps, DBInstanceId);
    const all = (await deps.gateway.sessions()).map(sessionNote);
    return { SessionSet: all.filter((each) => DBInstanceId === undefined || each.DBInstanceId === DBInstanceId) };
  }),

  StartDrill: action(
    z.strictObject({ DBInstanceId: z.string(), Scenario: z.enum(DRILLS) }),
    async ({ DBInstanceId, Scenario }, { deps }): Promise<StartDrillResponse> => {
      const record = mustServe(deps, DBInstanceId, 'a drill');
      mustHaveStandby(record);
      return { DrillId: await deps.instances.drill(record.id, Scenario) };
    },
    true,
  ),

  StartZoneDrill: action(
    z.strictObject({ Zone: z.string() }),
    async ({ Zone }, { deps }): Promise<StartZoneDrillResponse> => ({
      DrillSet: (await deps.instances.drillZone(Zone)).map(({ id, drillId }) => ({
        DBInstanceId: id,
        DrillId: drillId,
      })),
    }),
    true,
  ),

  DescribeDrills: action(one, async ({ DBInstanceId }, { deps }): Promise<DescribeDrillsResponse> => ({
    DrillSet: deps.instances.drills(mustInstance(deps, DBInstanceId).id).map(drillNote),
  })),

  CancelWaitingOperation: action(
    one,
    async ({ DBInstanceId }, { deps }) => {
      const record = mustInstance(deps, DBInstanceId);
      if (!record.waiting) {
        throw new ApiError(
          'OperationDenied.InstanceStatusLimitError',
          `Nothing of the instance ${record.id} waits for its time`,
        );
      }
      await deps.instances.cancelWaiting(record.id);
      return {};
    },
    true,
  ),

  PreviewSecurityGroups: action(
    z.strictObject({
      SecurityGroupIds: z.array(z.string()).min(1).max(20),
      Source: z.string().max(64),
      Port: z.number().int().min(1).max(65_535),
    }),
    async ({ SecurityGroupIds, Source, Port }, { deps }): Promise<PreviewSecurityGroupsResponse> => {
      if (isIP(Source) === 0) throw invalid(`${JSON.stringify(Source)} is no address`);
      return preview(deps, SecurityGroupIds, Source, Port);
    },
  ),

  DescribeRateCard: action(z.strictObject({}), async (_, { deps }) => ({ ...deps.rates.current() })),

  ModifyRateCard: action(
    z.strictObject(rateCard.shape),
    async (card, { deps }) => {
      await deps.rates.change(card);
      return {};
    },
    true,
  ),

  DescribeCertificateAuthority: action(
    z.strictObject({}),
    async (_, { deps }): Promise<DescribeCertificateAuthorityResponse> => ({
      Certificate: await deps.instances.certificateAuthority(),
    }),
  ),

  ShutdownDaemon: action(
    z.strictObject({}),
    async (_, { deps }) => {
      deps.shutdown();
      return {};
    },
    true,
  ),
};
