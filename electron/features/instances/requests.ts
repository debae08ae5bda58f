import type { CreateInstanceInput, SwitchWhen } from '../../../shared/contract/instances';

const tagList = (tags: CreateInstanceInput['tags']) => tags.map(({ key, value }) => ({ TagKey: key, TagValue: value }));

/** `SwitchTag` and its times. */
export function switchTime(when: SwitchWhen): object {
  if (when.at === 'now') return { SwitchTag: 0 };
  if (when.at === 'window') return { SwitchTag: 2 };
  return { SwitchTag: 1, SwitchStartTime: when.start, SwitchEndTime: when.end };
}

/** The nodes of an instance and their zones. */
export const nodeSet = (zone: string, standbyZone: string | null): object[] => [
  { Role: 'Primary', Zone: zone },
  ...(standbyZone === null ? [] : [{ Role: 'Standby', Zone: standbyZone }]),
];

/** `CreateInstances`. What was left empty is left to the control plane. */
export const createRequest = (input: CreateInstanceInput): object => ({
  SpecCode: input.classCode,
  Storage: input.storageGb,
  InstanceCount: input.count,
  Period: 1,
  Charset: input.charset,
  AdminName: input.adminUser,
  AdminPassword: input.adminPassword,
  Zone: input.zone,
  DBNodeSet: nodeSet(input.zone, input.standbyZone),
  DBMajorVersion: String(input.major),
  InstanceChargeType: 'POSTPAID_BY_HOUR',
  Name: input.name,
  TagList: tagList(input.tags),
  SyncMode: input.syncMode,
  ProjectId: input.projectId,
  DeletionProtection: input.deletionProtection,
  ...(input.vpcId === '' ? {} : { VpcId: input.vpcId }),
  ...(input.subnetId === '' ? {} : { SubnetId: input.subnetId }),
  ...(input.securityGroupIds.length === 0 ? {} : { SecurityGroupIds: input.securityGroupIds }),
});

/** What turns the tags of an instance into others: `ModifyResourceTags` takes what comes and what goes. */
export function tagChanges(
  before: CreateInstanceInput['tags'],
  after: CreateInstanceInput['tags'],
): { replace: CreateInstanceInput['tags']; remove: string[] } {
  return {
    replace: after.filter(({ key, value }) => !before.some((old) => old.key === key && old.value === value)),
    remove: before.filter(({ key }) => !after.some((next) => next.key === key)).map(({ key }) => key),
  };
}
