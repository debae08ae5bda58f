import type { DBInstance } from 'tencentcloud-sdk-nodejs/tencentcloud/services/postgres/v20170312/postgres_models';
import { describe, expect, it } from 'vitest';
import { request } from '../cloud-client';
import { postgresService } from '../sdk-call';
import { describeOne, untilIdle, type World } from './world';

/** Two instances: made, found, renamed. */
export function instances(world: World): void {
  describe('two instances', () => {
    it('are created, with one node and with two', async () => {
      const one = await world.postgres.answer<{ DBInstanceIdSet: string[]; DealNames: string[] }>(
        'CreateInstances',
        request({ Name: 'single', ProjectId: 3, TagList: [{ TagKey: 'team', TagValue: 'shop' }] }),
      );
      const two = await world.postgres.answer<{ DBInstanceIdSet: string[] }>(
        'CreateInstances',
        request({
          Name: 'pair',
          DBNodeSet: [
            { Role: 'Primary', Zone: 'ap-guangzhou-3' },
            { Role: 'Standby', Zone: 'ap-guangzhou-4' },
          ],
          SyncMode: 'Async',
          SecurityGroupIds: ['sg-dflt0041'],
          VpcId: 'vpc-dflt0041',
          InstanceChargeType: 'POSTPAID_BY_HOUR',
          DeletionProtection: true,
        }),
      );
      [world.single = ''] = one.DBInstanceIdSet;
      [world.pair = ''] = two.DBInstanceIdSet;
      expect(await world.postgres.answer('DescribeOrders', { DealNames: one.DealNames })).toMatchObject({
        TotalCount: 1,
        Deals: [{ DBInstanceIdSet: [world.single], PayMode: 0, Count: 1 }],
      });
      expect(await untilIdle(world, world.single)).toMatchObject({
        DBInstanceName: 'single',
        ProjectId: 3,
        TagList: [{ TagKey: 'team', TagValue: 'shop' }],
        DBNodeSet: [{ Role: 'Primary', Zone: 'ap-guangzhou-3' }],
        DeletionProtection: false,
      });
      expect(await untilIdle(world, world.pair)).toMatchObject({
        DBNodeSet: [
          { Role: 'Primary', Zone: 'ap-guangzhou-3' },
          { Role: 'Standby', Zone: 'ap-guangzhou-4' },
        ],
        DeletionProtection: true,
      });
    });

    it('are listed, filtered, ordered and paged', async () => {
      const list = async (body: object) => {
        const { TotalCount, DBInstanceSet } = await world.postgres.answer<{
          TotalCount: number;
          DBInstanceSet: DBInstance[];
        }>('DescribeDBInstances', body);
        return [TotalCount, DBInstanceSet.map(({ DBInstanceName }) => DBInstanceName)];
      };
      const filter = (Name: string, ...Values: string[]) => list({ Filters: [{ Name, Values }] });
      const { DBInstanceNetInfo = [] } = await describeOne(world, world.pair);
      expect(await list({ OrderBy: 'Name' })).toEqual([2, ['pair', 'single']]);
      expect(await list({ OrderBy: 'Name', OrderByType: 'DESC' })).toEqual([2, ['single', 'pair']]);
      expect(await list({ OrderBy: 'Name', Offset: 1, Limit: 1 })).toEqual([2, ['single']]);
      expect(await list({ OrderBy: 'Name', Offset: 7 })).toEqual([2, []]);
      expect(await filter('db-instance-name', 'PAI')).toEqual([1, ['pair']]);
      expect(await filter('db-instance-id', world.single, 'postgres-00000000')).toEqual([1, ['single']]);
      expect(await filter('db-project-id', '3')).toEqual([1, ['single']]);
      expect(await filter('db-tag-key', 'team')).toEqual([1, ['single']]);
      expect(await filter('db-pay-mode', 'prepaid')).toEqual([0, []]);
      expect((await filter('db-pay-mode', 'postpaid'))[0]).toBe(2);
      expect(await filter('db-private-ip', DBInstanceNetInfo[0]?.Ip ?? '')).toEqual([1, ['pair']]);
      expect(await filter('db-public-address', '1.2.3.4')).toEqual([0, []]);
      expect(await filter('db-dedicated-cluster-id', 'x')).toEqual([0, []]);
      expect(
        await world.postgres.refusal('DescribeDBInstances', { Filters: [{ Name: 'db-colour', Values: [] }] }),
      ).toBe('InvalidParameterValue');
      expect(await world.postgres.refusal('DescribeDBInstances', { OrderBy: 'Colour' })).toBe('InvalidParameterValue');
      expect(await world.postgres.refusal('DescribeDBInstances', { Offset: -1 })).toBe(
        'InvalidParameterValue.ParameterOutOfRange',
      );
      expect(
        (await postgresService(world.plane, 'ap-beijing').answer<{ TotalCount: number }>('DescribeDBInstances'))
          .TotalCount,
      ).toBe(0);
      expect(await postgresService(world.plane, 'eu-moon').refusal('DescribeDBInstances')).toBe('UnsupportedRegion');
    });

    it('take names, projects, protection and windows', async () => {
      await world.postgres.answer('ModifyDBInstanceName', { DBInstanceId: world.single, InstanceName: '订单-2' });
      for (const name of ['two words', 'x'.repeat(61), '']) {
        expect(
          await world.postgres.refusal('ModifyDBInstanceName', { DBInstanceId: world.single, InstanceName: name }),
        ).toMatch(/^InvalidParameterValue/);
      }
      expect(
        await world.postgres.answer('ModifyDBInstancesProject', {
          DBInstanceIdSet: [world.single, world.pair],
          ProjectId: '8',
        }),
      ).toMatchObject({ Count: 2 });
      expect(
        await world.postgres.refusal('ModifyDBInstancesProject', {
          DBInstanceIdSet: [world.single],
          ProjectId: 'shop',
        }),
      ).toBe('InvalidParameterValue.IllegalProjectId');
      expect(
        await world.postgres.refusal('ModifyDBInstancesProject', {
          DBInstanceIdSet: [world.single, 'postgres-00000000'],
          ProjectId: '9',
        }),
      ).toBe('ResourceNotFound.InstanceNotFoundError');
      expect(await describeOne(world, world.single)).toMatchObject({ DBInstanceName: '订单-2', ProjectId: 8 });
      await world.postgres.answer('ModifyDBInstanceDeletionProtection', {
        DBInstanceId: world.single,
        DeletionProtection: true,
      });
      expect(await world.postgres.refusal('IsolateDBInstances', { DBInstanceIdSet: [world.single] })).toBe(
        'OperationDenied',
      );
      await world.postgres.answer('ModifyDBInstanceDeletionProtection', {
        DBInstanceId: world.single,
        DeletionProtection: false,
      });
      const window = {
        DBInstanceId: world.single,
        MaintainStartTime: '22:30',
        MaintainDuration: 2,
        MaintainWeekDays: ['sunday', 'monday'],
      };
      await world.postgres.answer('ModifyMaintainTimeWindow', window);
      expect(await world.postgres.answer('DescribeMaintainTimeWindow', { DBInstanceId: world.single })).toMatchObject({
        ...window,
        MaintainWeekDays: ['monday', 'sunday'],
      });
      const refused = (change: object) =>
        world.postgres.refusal('ModifyMaintainTimeWindow', { DBInstanceId: world.single, ...change });
      expect(await refused({})).toBe('InvalidParameter.ParametersNotSet');
      expect(await refused({ MaintainDuration: 5 })).toBe('InvalidParameterValue.ParameterOutOfRange');
      expect(await refused({ MaintainStartTime: '25:00' })).toBe('InvalidParameterValue');
      expect(await refused({ MaintainWeekDays: ['someday'] })).toBe('InvalidParameterValue');
    });
  });
}
