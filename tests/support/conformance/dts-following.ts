import { describe, expect, it } from 'vitest';
import { configuration, create, detail, list, remove, shopOption, until, type DtsWorld } from './dts-world';

const DENIED = 'OperationDenied.JobOperationDeniedError';

/** Tasks that follow their source, by the public service. */
export function dtsFollowing(world: DtsWorld): void {
  describe('a task that follows its source', () => {
    const started = async (NewDbName: string, more: object = {}): Promise<string> => {
      const JobId = await create(world);
      const MigrateOption = shopOption('fullAndIncrement', NewDbName, more);
      await world.dts.answer('ModifyMigrationJob', configuration(world, JobId, { MigrateOption }));
      await world.dts.answer('CreateMigrateCheckJob', { JobId });
      await until(world, JobId, 'checkPass');
      await world.dts.answer('StartMigrateJob', { JobId });
      return JobId;
    };

    it('tells its gap, is completed, and leaves nothing on the source', async () => {
      await world.source.sql('ALTER SYSTEM SET wal_level = logical');
      await world.source.restart();
      const JobId = await started('followed', { Consistency: { Mode: 'full' } });
      expect(await world.dts.refusal('CompleteMigrateJob', { JobId })).toBe(DENIED);
      await until(world, JobId, 'readyComplete');
      await world.source.sql("INSERT INTO orders VALUES (5000, 'while it follows')", 'shop');
      const found = (await detail(world, JobId)).StepInfo;
      expect(found).toMatchObject({ MasterSlaveDistance: expect.any(Number), SecondsBehindMaster: expect.any(Number) });
      expect(found?.MasterSlaveDistance).toBeGreaterThanOrEqual(0);
      expect(found?.StepInfo?.map(({ StepId, Status }) => [StepId, Status]).slice(-2)).toEqual([
        ['follow', 'running'],
        ['complete', 'notStarted'],
      ]);
      expect(await list(world, { Status: ['readyComplete'] })).toMatchObject({ TotalCount: 1 });
      expect(await world.dts.refusal('CompleteMigrateJob', { JobId, CompleteMode: 'later' })).toBe(
        'InvalidParameterValue',
      );
      await world.dts.answer('CompleteMigrateJob', { JobId, CompleteMode: 'waitForSync' });
      await until(world, JobId, 'success');
      expect(await world.dts.refusal('CompleteMigrateJob', { JobId })).toBe(DENIED);
      expect(await world.target.sql('SELECT note FROM orders WHERE id = 5000', 'followed')).toEqual([
        { note: 'while it follows' },
      ]);
      expect(await world.source.sql('SELECT slot_name FROM pg_replication_slots')).toEqual([]);
      expect(await world.source.sql('SELECT pubname FROM pg_publication', 'shop')).toEqual([]);
    });

    it('is paused and told what that keeps, goes on, is stopped, and can be destroyed when nothing is left', async () => {
      const JobId = await started('given_up');
      await until(world, JobId, 'readyComplete');
      await world.dts.answer('PauseMigrateJob', { JobId });
      await until(world, JobId, 'manualPaused');
      expect((await detail(world, JobId)).BriefMsg).toContain('keeps its WAL');
      await world.dts.answer('ContinueMigrateJob', { JobId });
      await until(world, JobId, 'readyComplete');
      await world.dts.answer('StopMigrateJob', { JobId });
      await until(world, JobId, 'canceled');
      await remove(world, JobId);
      expect(await world.source.sql('SELECT slot_name FROM pg_replication_slots')).toEqual([]);
    });
  });
}
