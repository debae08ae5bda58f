import { describe, expect, it } from 'vitest';
import { nextSecond } from '../cloud-client';
import { describeOne, untilIdle, type World } from './world';

/** Restart, recycle bin, end. */
export function lifecycle(world: World): void {
  describe('the end', () => {
    it('is the recycle bin, from which one comes back, and then none', async () => {
      const set = { DBInstanceIdSet: [world.single] };
      await world.postgres.answer('RestartDBInstance', { DBInstanceId: world.single });
      expect(await world.postgres.refusal('IsolateDBInstances', set)).toBe('OperationDenied.InstanceStatusLimitError');
      // Who may come in does not wait for the end of an operation. Another test may have asked for the same in this second.
      await nextSecond();
      await world.postgres.answer('ModifyDBInstanceSecurityGroups', {
        DBInstanceId: world.single,
        SecurityGroupIdSet: ['sg-dflt0041'],
      });
      await untilIdle(world, world.single);
      await world.postgres.answer('IsolateDBInstances', set);
      await expect
        .poll(() => describeOne(world, world.single), { timeout: 30_000 })
        .toMatchObject({ DBInstanceStatus: 'isolated' });
      for (const [action, body] of [
        ['OpenDBExtranetAccess', {}],
        ['SwitchDBInstancePrimary', {}],
        ['ModifyDBInstanceSpec', { Memory: 1, Storage: 10 }],
        ['RestartDBInstance', {}],
      ] as const) {
        expect([action, await world.postgres.refusal(action, { DBInstanceId: world.single, ...body })]).toEqual([
          action,
          'OperationDenied.InstanceStatusLimitError',
        ]);
      }
      const back = (change: object) => world.postgres.refusal('DisIsolateDBInstances', { ...set, ...change });
      expect(await back({ Period: 13 })).toBe('InvalidParameterValue');
      expect(await back({ AutoVoucher: true })).toBe('UnsupportedOperation');
      await world.postgres.answer('DisIsolateDBInstances', { ...set, Period: 1 });
      await untilIdle(world, world.single);
      expect(await world.postgres.refusal('DestroyDBInstance', { DBInstanceId: world.single })).toBe(
        'OperationDenied.InstanceStatusLimitError',
      );
      await world.postgres.answer('IsolateDBInstances', { DBInstanceIdSet: [world.single, world.single] });
      await expect
        .poll(() => describeOne(world, world.single), { timeout: 30_000 })
        .toMatchObject({ DBInstanceStatus: 'isolated' });
      await world.postgres.answer('DestroyDBInstance', { DBInstanceId: world.single });
      await expect
        .poll(() => world.postgres.outcome('DescribeDBInstanceAttribute', { DBInstanceId: world.single }), {
          timeout: 30_000,
        })
        .toMatchObject({
          ok: false,
          code: 'ResourceNotFound.InstanceNotFoundError',
        });
      expect(await world.postgres.refusal('DestroyDBInstance', { DBInstanceId: world.pair })).toBe('OperationDenied');
    });
  });
}
