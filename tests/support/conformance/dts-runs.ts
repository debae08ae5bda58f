import type {
  DescribeMigrateDBInstancesResponse,
  DescribeMigrationCheckJobResponse,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/dts/v20211206/dts_models';
import { describe, expect, it } from 'vitest';
import { configuration, create, detail, until, type DtsWorld } from './dts-world';

/** Tasks that run, by the public service. */
export function dtsRuns(world: DtsWorld): void {
  describe('a task runs', () => {
    it('from its checks to its end, and is paused, limited, resumed and stopped as its status allows', async () => {
      const JobId = await create(world);
      await world.dts.answer('ModifyMigrationJob', configuration(world, JobId));
      expect(await world.dts.answer('DescribeMigrationCheckJob', { JobId })).toMatchObject({
        Status: 'notStarted',
        StepInfo: [],
        CheckFlag: '',
      });
      await world.dts.answer('CreateMigrateCheckJob', { JobId });
      await until(world, JobId, 'checkPass');
      const checks = await world.dts.answer<DescribeMigrationCheckJobResponse>('DescribeMigrationCheckJob', { JobId });
      expect(checks).toMatchObject({ Status: 'success', CheckFlag: 'checkPass' });
      expect(checks.StepInfo?.map(({ StepId }) => StepId)).toEqual(
        expect.arrayContaining(['ConnectDBCheck', 'SrcPrivilegeCheck']),
      );
      const warned = checks.StepInfo?.find(({ StepStatus }) => StepStatus === 'warning')?.StepId;
      const passed = checks.StepInfo?.find(
        ({ StepStatus, DetailCheckItems = [] }) => StepStatus === 'pass' && DetailCheckItems.length > 0,
      )?.StepId;
      for (const step of [warned, passed])
        if (step) await world.dts.answer('SkipCheckItem', { JobId, StepIds: [step], ForeignKeyFlag: 'migrate' });
      expect(await world.dts.refusal('SkipCheckItem', { JobId, StepIds: ['OptimizeCheck'] })).toBe(
        'InvalidParameterValue',
      );
      expect(await world.dts.refusal('PauseMigrateJob', { JobId })).toBe('OperationDenied.JobOperationDeniedError');
      await world.dts.answer('StartMigrateJob', { JobId });
      await until(world, JobId, 'success');
      const done = await detail(world, JobId);
      expect(done.StepInfo?.StepInfo?.map(({ Status }) => Status)).toEqual(Array.from({ length: 7 }, () => 'success'));
      expect(await world.target.sql('SELECT count(*)::int AS n FROM orders', 'shop')).toEqual([{ n: 1000 }]);
      for (const action of [
        'StartMigrateJob',
        'PauseMigrateJob',
        'ContinueMigrateJob',
        'StopMigrateJob',
        'ResumeMigrateJob',
        'CompleteMigrateJob',
      ])
        expect([action, await world.dts.refusal(action, { JobId })]).toEqual([
          action,
          'OperationDenied.JobOperationDeniedError',
        ]);
    });

    it('at the speed that it is told, is paused and goes on, fails and is resumed, and is stopped', async () => {
      const JobId = await create(world);
      const DatabaseTable = {
        ObjectMode: 'partial',
        Databases: [{ DbName: 'shop', NewDbName: 'slow', DBMode: 'all' }],
      };
      await world.source.sql('INSERT INTO notes SELECT n FROM generate_series(1, 500000) n', 'shop');
      await world.dts.answer(
        'ModifyMigrationJob',
        configuration(world, JobId, {
          AutoRetryTimeRangeMinutes: 0,
          MigrateOption: {
            DatabaseTable,
            MigrateType: 'full',
            ExtraAttr: [{ Key: 'BytesPerSecond', Value: '100000' }],
          },
        }),
      );
      await world.dts.answer('CreateMigrateCheckJob', { JobId });
      await until(world, JobId, 'checkPass');
      await world.dts.answer('StartMigrateJob', { JobId });
      const copying = (): Promise<void> =>
        expect
          .poll(
            async () =>
              (await detail(world, JobId)).StepInfo?.StepInfo?.find(({ StepId }) => StepId === 'copy')?.Status,
            {
              timeout: 30_000,
            },
          )
          .toBe('running');
      await copying();
      await world.dts.answer('ModifyMigrateRateLimit', { JobId, DumpThread: 1, LoadThread: 0 });
      await world.dts.answer('ModifyMigrateRuntimeAttribute', {
        JobId,
        OtherOptions: [{ Key: 'IndexJobs', Value: '2' }],
      });
      expect((await detail(world, JobId)).RateLimitOption).toMatchObject({
        HasUserSetRateLimit: 'yes',
        DefaultDumpThread: 1,
        DefaultLoadThread: 2,
      });
      expect(await world.dts.refusal('ModifyMigrateRateLimit', { JobId, DumpRps: 10 })).toBe('UnsupportedOperation');
      expect(await world.dts.refusal('ModifyMigrateRateLimit', { JobId, SinkerThread: 17 })).toBe(
        'InvalidParameterValue',
      );
      await world.dts.answer('ModifyMigrateRateLimit', { JobId, SinkerThread: 2 });
      expect(
        await world.dts.refusal('ModifyMigrateRuntimeAttribute', {
          JobId,
          OtherOptions: [{ Key: 'Colour', Value: '2' }],
        }),
      ).toBe('InvalidParameterValue');
      expect(await world.dts.refusal('IsolateMigrateJob', { JobId })).toBe('OperationDenied.JobOperationDeniedError');
      await world.dts.answer('PauseMigrateJob', { JobId });
      await until(world, JobId, 'manualPaused');
      await world.dts.answer('ContinueMigrateJob', { JobId });
      await copying();
      world.target.kill('SIGKILL');
      await until(world, JobId, 'failed');
      await world.target.restart();
      expect((await detail(world, JobId)).ErrorInfo).toHaveLength(1);
      expect(await world.dts.refusal('ResumeMigrateJob', { JobId, ResumeOption: 'clearData' })).toBe(
        'InvalidParameterValue',
      );
      await world.dts.answer('ResumeMigrateJob', { JobId });
      await copying();
      await world.dts.answer('StopMigrateJob', { JobId });
      await until(world, JobId, 'canceled');
    });

    it('and is begun at its time, which can be taken back', async () => {
      const JobId = await create(world);
      await world.dts.answer(
        'ModifyMigrationJob',
        configuration(world, JobId, {
          RunMode: 'timed',
          ExpectRunTime: '2099-01-01 00:00:00',
          MigrateOption: {
            DatabaseTable: {
              ObjectMode: 'partial',
              Databases: [{ DbName: 'shop', NewDbName: 'later', DBMode: 'all' }],
            },
            MigrateType: 'structure',
          },
        }),
      );
      await world.dts.answer('CreateMigrateCheckJob', { JobId });
      await until(world, JobId, 'checkPass');
      await world.dts.answer('StartMigrateJob', { JobId });
      expect((await detail(world, JobId)).Status).toBe('readyRun');
      await world.dts.answer('StopMigrateJob', { JobId });
      expect((await detail(world, JobId)).Status).toBe('checkPass');
      await world.dts.answer('StartMigrateJob', { JobId });
      await world.dts.answer('StartMigrateJob', { JobId });
      await until(world, JobId, 'success');
      expect(await world.target.sql('SELECT count(*)::int AS n FROM orders', 'later')).toEqual([{ n: 0 }]);
    });

    it('between instances of the control plane, which are listed', async () => {
      const found = await world.dts.answer<DescribeMigrateDBInstancesResponse>('DescribeMigrateDBInstances', {
        DatabaseType: 'postgresql',
        MigrateRole: 'dst',
      });
      expect(found).toMatchObject({ TotalCount: 0, Instances: [] });
      expect(await world.dts.refusal('DescribeMigrateDBInstances', { DatabaseType: 'redis' })).toBe(
        'InvalidParameterValue',
      );
      expect(
        await world.dts.refusal('DescribeMigrateDBInstances', { DatabaseType: 'postgresql', AccountMode: 'other' }),
      ).toBe('UnsupportedOperation');
    });
  });
}
