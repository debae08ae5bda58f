import type { InstanceNoteResponse } from '../../adapters/control-plane/own-responses';
import type { DbInstanceResponse } from '../../adapters/control-plane/responses';
import {
  INSTANCE_STATUSES,
  type InstanceStatus,
  type InstanceTask,
  type InstanceView,
  type NetworkView,
  type NodeView,
} from '../../../shared/model/instance';

const statusOf = (text: string): InstanceStatus => INSTANCE_STATUSES.find((each) => each === text) ?? 'job running';

/** `2026-11-01 08:00:00` of the API is Beijing time. */
export const timeOf = (text: string): number => Date.parse(`${text.replace(' ', 'T')}+08:00`);

/** Null for the API's "never", a row of zeros, and for what is no time at all. */
export function timeOrNull(text: string | null | undefined): number | null {
  const found = text == null || text.startsWith('0000') ? Number.NaN : timeOf(text);
  return Number.isNaN(found) ? null : found;
}

/** Private addresses in the order of the API: the first one is kept for life. */
export const privateNetworks = (instance: DbInstanceResponse): NetworkView[] =>
  (instance.DBInstanceNetInfo ?? [])
    .filter(({ NetType, Ip }) => (NetType === 'private' || NetType === 'inner') && Ip)
    .map(({ VpcId, SubnetId, Ip, Port }) => ({
      vpcId: VpcId ?? '',
      subnetId: SubnetId ?? '',
      host: Ip ?? '',
      port: Port ?? 5432,
    }));

/** Servers as the public API tells them: who is where, and nothing of how they are. */
export const publicNodes = ({ DBNodeSet, Zone }: DbInstanceResponse): NodeView[] =>
  (DBNodeSet?.length ? DBNodeSet : [{ Role: 'Primary', Zone }]).map((node, at) => ({
    id: `n${at + 1}`,
    zone: node.Zone,
    role: node.Role.toLowerCase() === 'primary' ? 'primary' : 'standby',
    state: 'ready',
    problem: '',
    sync: '',
    lagBytes: null,
    lagSeconds: null,
  }));

/** Servers as our own service measures them. */
export const ownNodes = (note: InstanceNoteResponse): NodeView[] =>
  note.Nodes.map((node) => ({
    id: node.NodeId,
    zone: node.Zone,
    role: node.Role,
    state: node.State,
    problem: node.Problem,
    sync: node.Sync,
    lagBytes: node.LagBytes,
    lagSeconds: node.LagSeconds,
  }));

/** An instance of the API as the window shows it. `task`: the operation that runs on it, if that is known. */
export function instanceView(
  plane: string,
  instance: DbInstanceResponse,
  note: InstanceNoteResponse | undefined,
  task: InstanceTask | undefined,
): InstanceView {
  const [network] = privateNetworks(instance);
  const open = (instance.DBInstanceNetInfo ?? []).find(
    ({ NetType, Status }) => NetType === 'public' && Status === 'opened',
  );
  const nodes = note?.Nodes.length ? ownNodes(note) : publicNodes(instance);
  const isolated = instance.DBInstanceStatus === 'isolated' ? timeOrNull(instance.IsolatedTime) : null;
  return {
    plane,
    id: instance.DBInstanceId,
    name: instance.DBInstanceName,
    status: statusOf(instance.DBInstanceStatus),
    problem: note?.Problem ?? '',
    step: note?.Step || (task?.step ?? ''),
    progress: note?.Progress ?? task?.progress ?? null,
    note: note?.StepNote ?? '',
    region: instance.Region,
    zone: instance.Zone,
    standbyZones: nodes.filter(({ role }) => role === 'standby').map(({ zone }) => zone),
    version: instance.DBVersion,
    major: Number(instance.DBMajorVersion),
    classCode: instance.DBInstanceClass ?? '',
    cpu: instance.DBInstanceCpu,
    memoryGb: instance.DBInstanceMemory,
    storageGb: instance.DBInstanceStorage,
    charset: instance.DBCharset,
    adminUser: note?.AdminName ?? '',
    host: network?.host ?? '',
    port: network?.port ?? 5432,
    publicHost: open ? open.Address || open.Ip || '' : '',
    publicPort: open?.Port ?? 0,
    vpcId: network?.vpcId || (instance.VpcId ?? ''),
    subnetId: network?.subnetId || (instance.SubnetId ?? ''),
    projectId: instance.ProjectId ?? 0,
    tags: (instance.TagList ?? []).map(({ TagKey, TagValue }) => ({ key: TagKey, value: TagValue })),
    deletionProtection: instance.DeletionProtection ?? false,
    createdAt: timeOf(instance.CreateTime),
    isolatedAt: isolated,
  };
}
