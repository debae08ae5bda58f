import type { DbInstanceResponse } from '../../adapters/control-plane/responses';
import { INSTANCE_STATUSES, type InstanceStatus, type InstanceView } from '../../../shared/model/instance';

export interface Note {
  readonly AdminName: string;
  readonly Problem: string;
}

const statusOf = (text: string): InstanceStatus => INSTANCE_STATUSES.find((each) => each === text) ?? 'job running';

/** `2026-11-01 08:00:00` of the API is Beijing time. */
export const timeOf = (text: string): number => Date.parse(`${text.replace(' ', 'T')}+08:00`);

/** An instance of the API as the window shows it. */
export function instanceView(instance: DbInstanceResponse, note: Note | undefined): InstanceView {
  const network = (instance.DBInstanceNetInfo ?? []).find(({ NetType }) => NetType === 'private');
  return {
    id: instance.DBInstanceId,
    name: instance.DBInstanceName,
    status: statusOf(instance.DBInstanceStatus),
    problem: note?.Problem ?? '',
    region: instance.Region,
    zone: instance.Zone,
    version: instance.DBVersion,
    major: Number(instance.DBMajorVersion),
    cpu: instance.DBInstanceCpu,
    memoryGb: instance.DBInstanceMemory,
    storageGb: instance.DBInstanceStorage,
    charset: instance.DBCharset,
    adminUser: note?.AdminName ?? '',
    host: network?.Ip ?? '',
    port: network?.Port ?? 5432,
    projectId: instance.ProjectId ?? 0,
    tags: (instance.TagList ?? []).map(({ TagKey, TagValue }) => ({ key: TagKey, value: TagValue })),
    createdAt: timeOf(instance.CreateTime),
  };
}
