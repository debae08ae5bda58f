import type {
  DBInstance,
  DBInstanceNetInfo,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/postgres/v20170312/postgres_models';
import { CLASSES } from '../instances/classes';
import type { InstanceRecord } from '../instances/record';
import { defaultSubnet, defaultVpc, findRegion, findZone } from '../instances/regions';
import { shouldServe } from '../instances/status';
import { kernelVersion } from './catalogue-actions';
import { apiTime } from './common';

/** The network of its first address; before it has one, where it will probably be. */
function firstNetwork(record: InstanceRecord): { VpcId: string; SubnetId: string } {
  const [first] = record.networks;
  if (first) return { VpcId: first.vpcId, SubnetId: first.subnetId };
  const region = findRegion(record.region);
  const zone = findZone(record.zone);
  return { VpcId: region ? defaultVpc(region) : '', SubnetId: zone ? defaultSubnet(zone) : '' };
}

/** Private addresses, the first one first; then the public one when it is open. */
function netInfo(record: InstanceRecord): DBInstanceNetInfo[] {
  const Status = shouldServe(record.status) ? 'opened' : 'closed';
  const common = { Address: '', Status, ProtocolType: 'postgresql' };
  return [
    ...record.networks.map(({ vpcId, subnetId, host, port }) => ({
      ...common,
      Ip: host,
      Port: port,
      NetType: 'private',
      VpcId: vpcId,
      SubnetId: subnetId,
    })),
    ...(record.publicAddress
      ? [
          {
            ...common,
            Ip: record.publicAddress.host,
            Port: record.publicAddress.port,
            NetType: 'public',
            VpcId: '',
            SubnetId: '',
          },
        ]
      : []),
  ];
}

/** An instance as the public API shows it. */
export function dbInstance(record: InstanceRecord): DBInstance {
  const spec = CLASSES.find((each) => each.code === record.classCode);
  return {
    Region: record.region,
    Zone: record.zone,
    ...firstNetwork(record),
    DBInstanceId: record.id,
    DBInstanceName: record.name,
    DBInstanceStatus: record.status,
    DBInstanceMemory: spec?.memoryGb ?? 0,
    DBInstanceStorage: record.storageGb,
    DBInstanceCpu: spec?.cpu ?? 0,
    DBInstanceClass: record.classCode,
    DBMajorVersion: String(record.major),
    DBVersion: record.version,
    DBKernelVersion: kernelVersion(record.version),
    DBInstanceType: 'primary',
    DBInstanceVersion: 'standard',
    DBCharset: record.charset,
    CreateTime: apiTime(record.createdAt),
    UpdateTime: apiTime(record.updatedAt),
    ExpireTime: apiTime(null),
    IsolatedTime: apiTime(record.isolatedAt),
    OfflineTime: apiTime(null),
    PayType: 'postpaid',
    AutoRenew: 0,
    ProjectId: record.projectId,
    TagList: record.tags.map(({ key, value }) => ({ TagKey: key, TagValue: value })),
    ReadOnlyInstanceNum: 0,
    DBEngine: 'postgresql',
    SupportIpv6: 0,
    IsSupportTDE: 0,
    ExpandedCpu: 0,
    DeletionProtection: record.deletionProtection,
    DBInstanceStorageType: 'PHYSICAL_LOCAL_SSD',
    DBNodeSet: record.nodes.map(({ role, zone }) => ({ Role: role === 'primary' ? 'Primary' : 'Standby', Zone: zone })),
    DBInstanceNetInfo: netInfo(record),
  };
}
