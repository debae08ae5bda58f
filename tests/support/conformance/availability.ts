import { describe, expect, it } from 'vitest';
import { describeOne, tasksOf, untilAnswered, untilIdle, type World } from './world';

const HOUR = 3_600_000;

/** Replication, switches, specification and zones. */
export function availability(world: World): void {
  describe('operations that end with a switch', () => {
    it('are asked how they replicate, within the documented ranges', async () => {
      const GIB = 1024 ** 3;
      const set = (change: object) => ({
        DBInstanceId: world.pair,
        SyncMode: 'Semi-sync',
        MaxStandbyLatency: GIB,
        MaxStandbyLag: 10,
        MaxSyncStandbyLatency: 2 * GIB,
        MaxSyncStandbyLag: 8,
        ...change,
      });
      const { RequestId: _, ...async } = await world.postgres.answer('DescribeDBInstanceHAConfig', {
        DBInstanceId: world.pair,
      });
      expect(async).toEqual({ SyncMode: 'Async', MaxStandbyLatency: GIB, MaxStandbyLag: 10 });
      await world.postgres.answer('ModifyDBInstanceHAConfig', set({}));
      expect(await world.postgres.answer('DescribeDBInstanceHAConfig', { DBInstanceId: world.pair })).toMatchObject({
        SyncMode: 'Semi-sync',
        MaxSyncStandbyLatency: 2 * GIB,
        MaxSyncStandbyLag: 8,
      });
      const range = 'InvalidParameterValue.ParameterOutOfRange';
      expect(await world.postgres.refusal('ModifyDBInstanceHAConfig', set({ MaxStandbyLag: 4 }))).toBe(range);
      expect(await world.postgres.refusal('ModifyDBInstanceHAConfig', set({ MaxStandbyLag: 11 }))).toBe(range);
      expect(await world.postgres.refusal('ModifyDBInstanceHAConfig', set({ MaxStandbyLatency: GIB - 1 }))).toBe(range);
      expect(await world.postgres.refusal('ModifyDBInstanceHAConfig', set({ MaxStandbyLatency: 300 * GIB + 1 }))).toBe(
        range,
      );
      expect(await world.postgres.refusal('ModifyDBInstanceHAConfig', set({ SyncMode: 'Sync' }))).toBe(
        'InvalidParameterValue',
      );
      expect(await world.postgres.refusal('ModifyDBInstanceHAConfig', set({ MaxSyncStandbyLag: undefined }))).toBe(
        'InvalidParameterValue',
      );
      expect(await world.postgres.refusal('ModifyDBInstanceHAConfig', set({ DBInstanceId: world.single }))).toBe(
        'FailedOperation.NoAvailableStandby',
      );
    });

    it('change places only where there are two', async () => {
      expect(await world.postgres.refusal('SwitchDBInstancePrimary', { DBInstanceId: world.single })).toBe(
        'FailedOperation.NoAvailableStandby',
      );
      const refused = (change: object) =>
        world.postgres.refusal('SwitchDBInstancePrimary', { DBInstanceId: world.pair, ...change });
      expect(await refused({ SwitchTag: 7 })).toBe('InvalidParameterValue');
      expect(await refused({ SwitchTag: 1 })).toBe('MissingParameter');
      expect(await refused({ SwitchTag: 1, SwitchStartTime: '01:00:00', SwitchEndTime: '01:10:00' })).toBe(
        'InvalidParameterValue',
      );
      expect(await refused({ SwitchTag: 2, Force: true })).toBe('InvalidParameterValue');
      expect(await world.postgres.refusal('ModifySwitchTimePeriod', { DBInstanceId: world.pair, SwitchTag: 0 })).toBe(
        'OperationDenied.InstanceStatusLimitError',
      );
      await untilAnswered(world.postgres, 'SwitchDBInstancePrimary', { DBInstanceId: world.pair });
      expect((await untilIdle(world, world.pair)).DBNodeSet).toEqual([
        { Role: 'Primary', Zone: 'ap-guangzhou-4' },
        { Role: 'Standby', Zone: 'ap-guangzhou-3' },
      ]);
    });

    it('wait for their time when asked to, and are taken back', async () => {
      expect(await world.own.refusal('CancelWaitingOperation', { DBInstanceId: world.pair })).toBe(
        'OperationDenied.InstanceStatusLimitError',
      );
      const inHours = (hours: number): string => new Date(Date.now() + (8 + hours) * HOUR).toISOString().slice(11, 19);
      await untilAnswered(world.postgres, 'SwitchDBInstancePrimary', {
        DBInstanceId: world.pair,
        SwitchTag: 1,
        SwitchStartTime: inHours(6),
        SwitchEndTime: inHours(7),
      });
      expect((await tasksOf(world, world.pair)).find(({ Status }) => Status === 'WaitSwitch')).toMatchObject({
        TaskDetail: { SwitchTag: 1 },
      });
      await world.own.answer('CancelWaitingOperation', { DBInstanceId: world.pair });
      expect((await tasksOf(world, world.pair)).some(({ Status }) => Status === 'WaitSwitch')).toBe(false);
      expect((await untilIdle(world, world.pair)).DBNodeSet?.[0]?.Zone).toBe('ap-guangzhou-4');
    });

    it('wait for their time when asked to, and are hurried', async () => {
      await untilAnswered(world.postgres, 'SwitchDBInstancePrimary', { DBInstanceId: world.pair, SwitchTag: 2 });
      expect((await describeOne(world, world.pair)).DBInstanceStatus).toMatch(/^(waitSwitch|running)$/);
      const waits = (await tasksOf(world, world.pair)).find(({ Status }) => Status === 'WaitSwitch');
      expect(waits).toMatchObject({ TaskType: 'switch', TaskDetail: { SwitchTag: 2 } });
      expect(waits?.TaskId).toBeGreaterThan(0);
      expect(await world.postgres.refusal('ModifySwitchTimePeriod', { DBInstanceId: world.pair, SwitchTag: 1 })).toBe(
        'InvalidParameterValue.ParameterOutOfRange',
      );
      await world.postgres.answer('ModifySwitchTimePeriod', { DBInstanceId: world.pair, SwitchTag: 0 });
      expect((await untilIdle(world, world.pair)).DBNodeSet?.[0]?.Zone).toBe('ap-guangzhou-3');
      // It keeps the number that it was told under when it was asked for.
      expect((await tasksOf(world, world.pair)).find(({ TaskId }) => TaskId === waits?.TaskId)?.Status).toBe('Success');
    });

    it('get another specification and another zone', async () => {
      const spec = (change: object) => ({ DBInstanceId: world.single, Memory: 2, Storage: 20, ...change });
      expect(
        await world.postgres.answer('InquiryPriceUpgradeDBInstance', {
          DBInstanceId: world.single,
          Memory: 2,
          Storage: 20,
        }),
      ).toMatchObject({ Price: 0 });
      expect(await world.postgres.refusal('InquiryPriceUpgradeDBInstance', spec({ InstanceChargeType: 'FREE' }))).toBe(
        'InvalidParameterValue',
      );
      expect(await world.postgres.refusal('ModifyDBInstanceSpec', spec({ AutoVoucher: 2 }))).toBe(
        'InvalidParameterValue.ParameterOutOfRange',
      );
      expect(await world.postgres.refusal('ModifyDBInstanceSpec', spec({ Memory: 3 }))).toBe(
        'InvalidParameterValue.BadSpec',
      );
      expect(await world.postgres.refusal('ModifyDBInstanceSpec', spec({ Memory: 2, Cpu: 4 }))).toBe(
        'InvalidParameterValue.BadSpec',
      );
      expect(await world.postgres.refusal('ModifyDBInstanceSpec', spec({ Storage: 25 }))).toBe(
        'InvalidParameterValue.InvalidInstanceVolume',
      );
      expect(await world.postgres.refusal('ModifyDBInstanceSpec', spec({ Memory: 1, Storage: 10 }))).toBe(
        'FailedOperation.StorageMemoryCheckError',
      );
      expect(await world.postgres.refusal('ModifyDBInstanceSpec', spec({ Memory: 64 }))).toMatch(
        /^ResourceInsufficient\.ResourceNotEnough$/,
      );
      expect(
        await world.postgres.refusal(
          'ModifyDBInstanceSpec',
          spec({ SyncModifyParams: [{ Name: 'a', ExpectedValue: 'b' }] }),
        ),
      ).toBe('UnsupportedOperation');
      await world.postgres.answer('ModifyDBInstanceSpec', spec({}));
      expect(await untilIdle(world, world.single)).toMatchObject({
        DBInstanceClass: 'pg.it.small2',
        DBInstanceStorage: 20,
        DBInstanceMemory: 2,
      });
      const deploy = (SwitchTag: number, ...nodes: [string, string][]) => ({
        DBInstanceId: world.pair,
        SwitchTag,
        DBNodeSet: nodes.map(([Role, Zone]) => ({ Role, Zone })),
      });
      const refused = (...nodes: [string, string][]) =>
        world.postgres.refusal('ModifyDBInstanceDeployment', deploy(0, ...nodes));
      expect(await refused(['Standby', 'ap-guangzhou-3'])).toBe('InvalidParameterValue');
      expect(await refused()).toBe('InvalidParameterValue.ParameterOutOfRange');
      expect(await refused(['Primary', 'ap-beijing-3'])).toBe('InvalidParameterValue.IllegalZone');
      expect(await refused(['Primary', 'ap-guangzhou-3'], ['Standby', 'ap-guangzhou-4'])).toBe('InvalidParameterValue');
      await world.postgres.answer(
        'ModifyDBInstanceDeployment',
        deploy(0, ['Primary', 'ap-guangzhou-3'], ['Standby', 'ap-guangzhou-6']),
      );
      expect((await untilIdle(world, world.pair)).DBNodeSet?.map(({ Zone }) => Zone)).toEqual([
        'ap-guangzhou-3',
        'ap-guangzhou-6',
      ]);
    });
  });
}
