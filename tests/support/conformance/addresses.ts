import { describe, expect, it } from 'vitest';
import type { InstanceNote } from '../../../shared/model/control-plane';
import { describeOne, tasksOf, untilIdle, type World } from './world';

/** Public and private addresses, certificates, security groups. */
export function addresses(world: World): void {
  describe('addresses', () => {
    it('are opened to the outside and closed', async () => {
      expect(await world.postgres.refusal('CloseDBExtranetAccess', { DBInstanceId: world.single })).toBe(
        'OperationDenied.InstanceStatusLimitError',
      );
      expect(await world.postgres.refusal('OpenDBExtranetAccess', { DBInstanceId: world.single, IsIpv6: 1 })).toBe(
        'OperationDenied.InstanceIpv6NotSupportedError',
      );
      const { TaskId } = await world.postgres.answer<{ TaskId: number }>('OpenDBExtranetAccess', {
        DBInstanceId: world.single,
      });
      expect((await tasksOf(world, world.single)).find((task) => task.TaskId === TaskId)).toMatchObject({
        TaskType: 'public',
        Status: 'Success',
      });
      const { DBInstanceNetInfo = [] } = await untilIdle(world, world.single);
      expect(DBInstanceNetInfo.map(({ NetType }) => NetType)).toEqual(['private', 'public']);
      expect(
        await world.postgres.answer('DescribeDBInstances', {
          Filters: [{ Name: 'db-public-address', Values: [DBInstanceNetInfo[1]?.Ip ?? ''] }],
        }),
      ).toMatchObject({ TotalCount: 1 });
      expect(await world.postgres.refusal('OpenDBExtranetAccess', { DBInstanceId: world.single, IsIpv6: 0 })).toBe(
        'OperationDenied.InstanceStatusLimitError',
      );
      await world.postgres.answer('CloseDBExtranetAccess', { DBInstanceId: world.single, IsIpv6: 0 });
      expect((await untilIdle(world, world.single)).DBInstanceNetInfo).toHaveLength(1);
    });

    it('are in one or two networks', async () => {
      const { Vpc } = await world.vpc.answer<{ Vpc: { VpcId: string } }>('CreateVpc', {
        VpcName: 'shop',
        CidrBlock: '127.210.0.0/16',
      });
      const { Subnet } = await world.vpc.answer<{ Subnet: { SubnetId: string } }>('CreateSubnet', {
        VpcId: Vpc.VpcId,
        SubnetName: 'counter',
        CidrBlock: '127.210.8.0/24',
        Zone: 'ap-guangzhou-3',
      });
      const network = { DBInstanceId: world.single, VpcId: Vpc.VpcId, SubnetId: Subnet.SubnetId };
      const add = (change: object) => ({ ...network, IsAssignVip: true, ...change });
      expect(await world.postgres.refusal('CreateDBInstanceNetworkAccess', add({ Vip: '127.210.9.9' }))).toBe(
        'InvalidParameterValue',
      );
      expect(await world.postgres.refusal('CreateDBInstanceNetworkAccess', add({ Vip: '127.210.8.1' }))).toBe(
        'InvalidParameterValue',
      );
      expect(await world.postgres.refusal('CreateDBInstanceNetworkAccess', add({ SubnetId: 'subnet-0' }))).toBe(
        'InvalidParameter.VpcNotFoundError',
      );
      await world.postgres.answer('CreateDBInstanceNetworkAccess', add({ Vip: '127.210.8.77' }));
      const { DBInstanceNetInfo = [] } = await untilIdle(world, world.single);
      expect(DBInstanceNetInfo[1]).toMatchObject({
        Ip: '127.210.8.77',
        VpcId: Vpc.VpcId,
        SubnetId: Subnet.SubnetId,
        NetType: 'private',
      });
      expect(await world.vpc.answer('DescribeSubnets', { SubnetIds: [Subnet.SubnetId] })).toMatchObject({
        SubnetSet: [{ AvailableIpAddressCount: 252, TotalIpAddressCount: 253 }],
      });
      expect(await world.postgres.refusal('CreateDBInstanceNetworkAccess', add({ IsAssignVip: false }))).toBe(
        'FailedOperation.NetworkNumLimitError',
      );
      expect(await world.vpc.refusal('DeleteSubnet', { SubnetId: Subnet.SubnetId })).toBe('ResourceInUse');
      expect(await world.postgres.refusal('DeleteDBInstanceNetworkAccess', { ...network, Vip: '127.210.8.78' })).toBe(
        'InvalidParameterValue',
      );
      await world.postgres.answer('DeleteDBInstanceNetworkAccess', { ...network, Vip: '127.210.8.77' });
      const [left] = (await untilIdle(world, world.single)).DBInstanceNetInfo ?? [];
      const last = { DBInstanceId: world.single, VpcId: left?.VpcId, SubnetId: left?.SubnetId, Vip: left?.Ip };
      expect(await world.postgres.refusal('DeleteDBInstanceNetworkAccess', last)).toBe(
        'FailedOperation.NetworkNumLimitError',
      );
      await world.vpc.answer('DeleteSubnet', { SubnetId: Subnet.SubnetId });
      await world.vpc.answer('DeleteVpc', { VpcId: Vpc.VpcId });
    });

    it('have a certificate when one is asked for', async () => {
      const off = { DBInstanceId: world.single, SSLEnabled: false };
      expect(await world.postgres.answer('DescribeDBInstanceSSLConfig', { DBInstanceId: world.single })).toMatchObject({
        SSLEnabled: false,
        CACert: '',
      });
      expect(await world.postgres.refusal('ModifyDBInstanceSSLConfig', off)).toBe(
        'OperationDenied.InstanceStatusLimitError',
      );
      expect(await world.postgres.refusal('ModifyDBInstanceSSLConfig', { ...off, SSLEnabled: true })).toBe(
        'MissingParameter',
      );
      expect(
        await world.postgres.refusal('ModifyDBInstanceSSLConfig', {
          ...off,
          SSLEnabled: true,
          ConnectAddress: '10.0.0.1',
        }),
      ).toBe('InvalidParameterValue');
      const ConnectAddress = (await describeOne(world, world.single)).DBInstanceNetInfo?.[0]?.Ip;
      await world.postgres.answer('ModifyDBInstanceSSLConfig', {
        DBInstanceId: world.single,
        SSLEnabled: true,
        ConnectAddress,
      });
      await untilIdle(world, world.single);
      expect(await world.postgres.answer('DescribeDBInstanceSSLConfig', { DBInstanceId: world.single })).toMatchObject({
        SSLEnabled: true,
        ConnectAddress,
        CACert: expect.stringContaining('BEGIN CERTIFICATE'),
      });
      const { InstanceNoteSet } = await world.own.answer<{ InstanceNoteSet: InstanceNote[] }>('DescribeInstanceNotes');
      const ends = InstanceNoteSet.map((note) => [note.DBInstanceId, note.CertificateValidUntil]);
      const inAYear = Date.now() + 365 * 24 * 3_600_000;
      expect(ends.filter(([, end]) => Number(end) > inAYear).map(([id]) => id)).toEqual([world.single]);
      await world.postgres.answer('ModifyDBInstanceSSLConfig', off);
      await untilIdle(world, world.single);
    });

    it('are guarded by groups', async () => {
      const { SecurityGroup } = await world.vpc.answer<{ SecurityGroup: { SecurityGroupId: string } }>(
        'CreateSecurityGroup',
        {
          GroupName: 'guard',
          GroupDescription: '',
        },
      );
      const guard = SecurityGroup.SecurityGroupId;
      const bind = (...SecurityGroupIdSet: string[]) => ({ DBInstanceId: world.single, SecurityGroupIdSet });
      expect(await world.postgres.refusal('ModifyDBInstanceSecurityGroups', bind())).toBe(
        'InvalidParameterValue.ParameterOutOfRange',
      );
      expect(await world.postgres.refusal('ModifyDBInstanceSecurityGroups', bind('sg-00000000'))).toBe(
        'InvalidParameterValue',
      );
      expect(await world.postgres.refusal('ModifyDBInstanceSecurityGroups', bind(guard, guard))).toBe(
        'InvalidParameterValue',
      );
      expect(await world.postgres.refusal('ModifyDBInstanceSecurityGroups', { SecurityGroupIdSet: [guard] })).toBe(
        'MissingParameter',
      );
      expect(await world.postgres.refusal('DescribeDBInstanceSecurityGroups', { ReadOnlyGroupId: 'pgrogrp-1' })).toBe(
        'UnsupportedOperation',
      );
      await world.postgres.answer('ModifyDBInstanceSecurityGroups', bind(guard, 'sg-dflt0041'));
      const { SecurityGroupSet } = await world.postgres.answer<{
        SecurityGroupSet: { SecurityGroupId: string; Inbound: unknown[] }[];
      }>('DescribeDBInstanceSecurityGroups', { DBInstanceId: world.single });
      expect(SecurityGroupSet.map(({ SecurityGroupId }) => SecurityGroupId)).toEqual([guard, 'sg-dflt0041']);
      expect(SecurityGroupSet[1]?.Inbound).toEqual([
        { Action: 'ACCEPT', CidrIp: '0.0.0.0/0', PortRange: '5432', IpProtocol: 'TCP', Description: '' },
      ]);
      expect(await world.vpc.refusal('DeleteSecurityGroup', { SecurityGroupId: guard })).toBe('ResourceInUse');
      expect(
        await world.vpc.answer('DescribeSecurityGroupAssociationStatistics', { SecurityGroupIds: [guard] }),
      ).toMatchObject({
        SecurityGroupAssociationStatisticsSet: [
          { TotalCount: 1, InstanceStatistics: [{ InstanceType: 'postgres', InstanceCount: 1 }] },
        ],
      });
      await world.postgres.answer('ModifyDBInstanceSecurityGroups', bind('sg-dflt0041'));
      await world.vpc.answer('DeleteSecurityGroup', { SecurityGroupId: guard });
    });
  });
}
