import type { DBInstance } from 'tencentcloud-sdk-nodejs/tencentcloud/services/postgres/v20170312/postgres_models';
import { CLASSES } from '../instances/classes';
import type { InstanceRecord } from '../instances/record';
import { defaultSubnet, defaultVpc, findRegion, findZone } from '../instances/regions';
import { shouldServe } from '../instances/status';
import { kernelVersion } from './catalogue-actions';

/** Times of the API are Beijing time, `2026-11-01 08:00:00`; "never" is a row of zeros. */
export const apiTime = (ms: number | null): string =>
  ms === null ? '0000-00-00 00:00:00' : new Date(ms + 8 * 3_600_000).toISOString().replace('T', ' ').slice(0, 19);

/** An instance as the public API shows it. */
export function dbInstance(record: InstanceRecord): DBInstance {
  const region = findRegion(record.region);
  const zone = findZone(record.zone);
  const spec = CLASSES.find((each) => each.code === record.classCode);
  const network = {
    VpcId: region ? defaultVpc(region) : '',
    SubnetId: zone ? defaultSubnet(zone) : '',
  };
  return {
    Region: record.region,
    Zone: record.zone,
    ...network,
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
    DBNodeSet: [{ Role: 'Primary', Zone: record.zone }],
    DBInstanceNetInfo: record.address
      ? [
          {
            Address: '',
            Ip: record.address.host,
            Port: record.address.port,
            NetType: 'private',
            Status: shouldServe(record.status) ? 'opened' : 'closed',
            ...network,
            ProtocolType: 'postgresql',
          },
        ]
      : [],
  };
}
