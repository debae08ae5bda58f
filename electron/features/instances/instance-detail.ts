import { AppError } from '../../../shared/errors';
import { SYNC_MODES, WEEKDAYS, type CostView, type InstanceDetail, type Weekday } from '../../../shared/model/instance';
import { boundGroupsResponse } from '../../adapters/control-plane/network-responses';
import { rateCardResponse, type InstanceNoteResponse } from '../../adapters/control-plane/own-responses';
import type { Plane } from '../../adapters/control-plane/plane';
import {
  accountNamesResponse,
  haResponse,
  instanceResponse,
  maintenanceResponse,
  sslResponse,
  type DbInstanceResponse,
} from '../../adapters/control-plane/responses';
import { readNotes, readTasks, type TaskOfInstance } from './instance-reads';
import { instanceView, ownNodes, privateNetworks, publicNodes } from './instance-view';
import { isStill } from './watch';

/** Of the disk, free of charge for backups. Source: the purchase page. */
const FREE_BACKUP = 0.5;

export async function readInstance(plane: Plane, id: string, signal: AbortSignal): Promise<DbInstanceResponse> {
  const body = { DBInstanceId: id };
  const action = 'DescribeDBInstanceAttribute';
  return (await plane.call({ action, body, response: instanceResponse, signal })).DBInstance;
}

/**
 * The rest of the page stays when one part is refused: by the status of the instance (one that is being made has no settings yet), by the
 * rights of the key pair, or because the cloud doesn't offer it.
 */
async function orNull<T>(part: Promise<T>): Promise<T | null> {
  try {
    return await part;
  } catch (error) {
    const refused = error instanceof AppError && error.info.apiCode !== undefined;
    if (refused && !error.info.apiCode?.startsWith('RequestLimitExceeded')) return null;
    throw error;
  }
}

/** The admin account where nothing but the list of accounts tells it: the oldest one with all rights. */
export async function findAdmin(plane: Plane, id: string, signal: AbortSignal): Promise<string> {
  const answer = await orNull(
    plane.call({
      action: 'DescribeAccounts',
      body: { DBInstanceId: id, Limit: 100, OrderBy: 'createTime', OrderByType: 'asc' },
      response: accountNamesResponse,
      signal,
    }),
  );
  const accounts = answer?.Details ?? [];
  return (accounts.find(({ UserType }) => UserType === 'tencentDBSuper') ?? accounts[0])?.UserName ?? '';
}

/** What was metered, as an inquiry of today would price it. */
async function readCost(
  plane: Plane,
  instance: DbInstanceResponse,
  note: InstanceNoteResponse | undefined,
  signal: AbortSignal,
): Promise<CostView | null> {
  if (!plane.callOwn || note?.InstanceHours == null || note.GbHours === null) return null;
  const call = plane.callOwn({ action: 'DescribeRateCard', body: {}, response: rateCardResponse, signal });
  const rates = await orNull(call);
  if (!rates) return null;
  const { DBInstanceCpu: cpu, DBInstanceMemory: memoryGb } = instance;
  const servers =
    note.InstanceHours * (cpu * rates.CpuHour + memoryGb * rates.MemoryGbHour) + note.GbHours * rates.StorageGbHour;
  return { amount: servers * Math.max(1, note.Nodes.length), currency: rates.Currency };
}

const weekdaysOf = (names: readonly string[]): Weekday[] =>
  WEEKDAYS.filter((day) => names.some((name) => name.toLowerCase() === day));

const waitingOf = (tasks: readonly TaskOfInstance[]): InstanceDetail['waiting'] => {
  const task = tasks.find(({ status }) => status === 'waiting');
  if (!task) return null;
  // The public API tells one time only: when it goes on.
  const at = task.switchAt ?? task.startedAt;
  return { kind: task.kind, from: at, until: at };
};

/** Everything that the page of one instance shows. Fails with `control-plane` and the API's code when there is no such instance. */
export async function readDetail(plane: Plane, id: string, signal: AbortSignal): Promise<InstanceDetail> {
  const body = { DBInstanceId: id };
  const [instance, [note], ha, ssl, maintenance, groups] = await Promise.all([
    readInstance(plane, id, signal),
    readNotes(plane, id, signal),
    orNull(plane.call({ action: 'DescribeDBInstanceHAConfig', body, response: haResponse, signal })),
    orNull(plane.call({ action: 'DescribeDBInstanceSSLConfig', body, response: sslResponse, signal })),
    orNull(plane.call({ action: 'DescribeMaintainTimeWindow', body, response: maintenanceResponse, signal })),
    orNull(plane.call({ action: 'DescribeDBInstanceSecurityGroups', body, response: boundGroupsResponse, signal })),
  ]);
  const asksTasks = !note && (!isStill(instance.DBInstanceStatus) || instance.DBInstanceStatus === 'waitSwitch');
  const tasks = asksTasks ? ((await orNull(readTasks(plane, id, signal))) ?? []) : [];
  const view = instanceView(
    plane.id,
    instance,
    note,
    tasks.find(({ status }) => status === 'running'),
  );
  return {
    ...view,
    adminUser: note?.AdminName ?? (await findAdmin(plane, id, signal)),
    kernelVersion: instance.DBKernelVersion ?? '',
    nodes: note?.Nodes.length ? ownNodes(note) : publicNodes(instance),
    syncMode: SYNC_MODES.find((mode) => mode === ha?.SyncMode) ?? null,
    ha:
      ha?.MaxStandbyLag == null || ha.MaxStandbyLatency == null
        ? null
        : {
            maxStandbyLag: ha.MaxStandbyLag,
            maxStandbyLatency: ha.MaxStandbyLatency,
            maxSyncStandbyLag: ha.MaxSyncStandbyLag ?? null,
            maxSyncStandbyLatency: ha.MaxSyncStandbyLatency ?? null,
          },
    degradedAt: note?.DegradedAt ?? null,
    networks: privateNetworks(instance),
    securityGroupIds: (groups?.SecurityGroupSet ?? []).map(({ SecurityGroupId }) => SecurityGroupId),
    ssl: {
      enabled: ssl?.SSLEnabled ?? false,
      connectAddress: ssl?.ConnectAddress ?? '',
      validUntil: note?.CertificateValidUntil ?? null,
    },
    maintenance: {
      weekdays: weekdaysOf(maintenance?.MaintainWeekDays ?? []),
      start: (maintenance?.MaintainStartTime ?? '').slice(0, 5),
      duration: maintenance?.MaintainDuration ?? 1,
    },
    waiting: note?.Waiting
      ? { kind: note.Waiting.Kind, from: note.Waiting.From, until: note.Waiting.Until }
      : waitingOf(tasks),
    diskUsed: note?.DiskUsed ?? null,
    freeBackupGb: Math.floor(instance.DBInstanceStorage * FREE_BACKUP),
    instanceHours: note?.InstanceHours ?? null,
    gbHours: note?.GbHours ?? null,
    cost: await readCost(plane, instance, note, signal),
    local: plane.callOwn !== null,
  };
}
