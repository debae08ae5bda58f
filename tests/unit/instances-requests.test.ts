import { describe, expect, it } from 'vitest';
import { dbInstanceResponse } from '../../electron/adapters/control-plane/responses';
import { instanceView, timeOrNull } from '../../electron/features/instances/instance-view';
import { createRequest, nodeSet, switchTime, tagChanges } from '../../electron/features/instances/requests';
import { createInstanceInput } from '../../shared/contract/instances';

const input = createInstanceInput.parse({
  name: 'shop',
  region: 'ap-guangzhou',
  zone: 'ap-guangzhou-3',
  major: 17,
  classCode: 'pg.it.small2',
  storageGb: 20,
  charset: 'UTF8',
  adminUser: 'shop',
  adminPassword: 'x',
  count: 1,
  tags: [{ key: 'team', value: 'shop' }],
});

describe('requests', () => {
  it('leave to the control plane what was left empty', () => {
    const body = createRequest(input);
    expect(body).toMatchObject({
      DBNodeSet: [{ Role: 'Primary', Zone: 'ap-guangzhou-3' }],
      TagList: [{ TagKey: 'team', TagValue: 'shop' }],
      SyncMode: 'Semi-sync',
      InstanceChargeType: 'POSTPAID_BY_HOUR',
    });
    expect(body).not.toHaveProperty('VpcId');
    expect(body).not.toHaveProperty('SecurityGroupIds');
  });

  it('name both nodes and the chosen network', () => {
    const chosen = { standbyZone: 'ap-guangzhou-4', vpcId: 'vpc-1', subnetId: 'subnet-1', securityGroupIds: ['sg-1'] };
    expect(createRequest({ ...input, ...chosen })).toMatchObject({
      DBNodeSet: nodeSet('ap-guangzhou-3', 'ap-guangzhou-4'),
      VpcId: 'vpc-1',
      SubnetId: 'subnet-1',
      SecurityGroupIds: ['sg-1'],
    });
    expect(nodeSet('a-1', 'a-2')).toEqual([
      { Role: 'Primary', Zone: 'a-1' },
      { Role: 'Standby', Zone: 'a-2' },
    ]);
  });

  it('tell when a switch may happen', () => {
    expect(switchTime({ at: 'now' })).toEqual({ SwitchTag: 0 });
    expect(switchTime({ at: 'window' })).toEqual({ SwitchTag: 2 });
    expect(switchTime({ at: 'times', start: '01:00:00', end: '02:00:00' })).toEqual({
      SwitchTag: 1,
      SwitchStartTime: '01:00:00',
      SwitchEndTime: '02:00:00',
    });
  });

  it('change only the tags that differ', () => {
    const before = [
      { key: 'team', value: 'shop' },
      { key: 'env', value: 'test' },
      { key: 'old', value: '1' },
    ];
    const after = [
      { key: 'team', value: 'shop' },
      { key: 'env', value: 'prod' },
      { key: 'new', value: '' },
    ];
    expect(tagChanges(before, after)).toEqual({
      replace: [
        { key: 'env', value: 'prod' },
        { key: 'new', value: '' },
      ],
      remove: ['old'],
    });
    expect(tagChanges(before, before)).toEqual({ replace: [], remove: [] });
  });
});

describe('an instance of a cloud', () => {
  const instance = dbInstanceResponse.parse({
    DBInstanceId: 'postgres-12345678',
    DBInstanceName: 'shop',
    DBInstanceStatus: 'audit-switching',
    Region: 'ap-guangzhou',
    Zone: 'ap-guangzhou-3',
    DBInstanceClass: 'pg.it.small2',
    DBInstanceMemory: 2,
    DBInstanceStorage: 20,
    DBInstanceCpu: 1,
    DBMajorVersion: '15',
    DBVersion: '15.8',
    DBCharset: 'UTF8',
    CreateTime: '2026-11-01 08:00:00',
    IsolatedTime: '0000-00-00 00:00:00',
    TagList: null,
    DBNodeSet: [
      { Role: 'Primary', Zone: 'ap-guangzhou-3' },
      { Role: 'Standby', Zone: 'ap-guangzhou-4' },
    ],
    DBInstanceNetInfo: [
      { Address: 'x.sql.tencentcdb.com', Ip: '', Port: 28_000, NetType: 'public', Status: 'opened' },
      {
        Address: '',
        Ip: '10.0.0.5',
        Port: 5432,
        NetType: 'private',
        Status: 'opened',
        VpcId: 'vpc-1',
        SubnetId: 's-1',
      },
    ],
  });

  it('is shown with what the public API tells', () => {
    expect(instanceView('cloud', instance, undefined, undefined)).toMatchObject({
      plane: 'cloud',
      // A status of the cloud that the pages have no word for.
      status: 'job running',
      problem: '',
      standbyZones: ['ap-guangzhou-4'],
      host: '10.0.0.5',
      publicHost: 'x.sql.tencentcdb.com',
      publicPort: 28_000,
      vpcId: 'vpc-1',
      tags: [],
      createdAt: Date.UTC(2026, 10, 1),
      isolatedAt: null,
    });
  });

  it('has a public address only while that is open', () => {
    const closed = {
      ...instance,
      DBInstanceNetInfo: [{ NetType: 'public', Status: 'closed', Address: 'x', Port: 1 }],
    };
    expect(instanceView('cloud', closed, undefined, undefined)).toMatchObject({
      publicHost: '',
      publicPort: 0,
      host: '',
    });
  });

  it('knows the times that are none', () => {
    expect(timeOrNull('0000-00-00 00:00:00')).toBeNull();
    expect(timeOrNull('')).toBeNull();
    expect(timeOrNull(null)).toBeNull();
    expect(timeOrNull('2026-11-01 08:00:00')).toBe(Date.UTC(2026, 10, 1));
  });
});
