import { describe, expect, it } from 'vitest';
import { configuration, create, detail, GREETING, list, remove, sideOf, until, type DtsWorld } from './dts-world';

const idsOf = async (world: DtsWorld, body: object): Promise<string[]> =>
  ((await list(world, body)).JobList ?? []).map(({ JobId = '' }) => JobId);

/** Tasks by the public service: created, listed, renamed, isolated. */
export function dtsTasks(world: DtsWorld): void {
  describe('tasks are', () => {
    it('created, several at once, of PostgreSQL only and in the region of the request', async () => {
      const { JobIds } = await world.dts.answer<{ JobIds: string[] }>('CreateMigrationService', {
        ...GREETING,
        Count: 3,
        JobName: 'three',
      });
      expect(new Set(JobIds).size).toBe(3);
      const refusals = [
        [{ SrcDatabaseType: 'mysql' }, 'InvalidParameterValue'],
        [{ DstDatabaseType: 'cynosdbmysql' }, 'InvalidParameterValue'],
        [{ InstanceClass: 'giant' }, 'InvalidParameterValue'],
        [{ Count: 16 }, 'InvalidParameterValue'],
        [{ SrcRegion: 'nowhere' }, 'UnsupportedRegion'],
        [{ DstRegion: 'ap-beijing' }, 'InvalidParameterValue'],
        [{ JobName: 'x'.repeat(129) }, 'InvalidParameterValue'],
        [{ Tags: [{ TagKey: 'a' }, { TagKey: 'a' }] }, 'InvalidParameterValue'],
      ] as const;
      for (const [change, code] of refusals) {
        expect([change, await world.dts.refusal('CreateMigrationService', { ...GREETING, ...change })]).toEqual([
          change,
          code,
        ]);
      }
      for (const JobId of JobIds) {
        await remove(world, JobId);
      }
    });

    it('listed by every filter, in both orders, page by page', async () => {
      const one = await create(world, { JobName: 'Elephants', Tags: [{ TagKey: 'team', TagValue: 'zoo' }] });
      const two = await create(world, {
        JobName: 'Giraffes',
        InstanceClass: 'small',
        Tags: [{ TagKey: 'team', TagValue: 'savanna' }],
      });
      await world.dts.answer(
        'ModifyMigrationJob',
        configuration(world, two, {
          RunMode: 'timed',
          ExpectRunTime: '2099-01-01 00:00:00',
          DstInfo: sideOf(
            world.target,
            'x',
            { AccessType: 'cdb', Region: 'ap-guangzhou' },
            { InstanceId: 'postgres-12345678' },
          ),
          SrcInfo: sideOf(world.source, 'x', { AccessType: 'ccn', Region: 'ap-shanghai' }),
        }),
      );
      const found = async (body: object, ids: string[]) =>
        expect([body, await idsOf(world, body)]).toEqual([body, ids]);
      await found({}, [two, one]);
      await found({ OrderSeq: 'asc' }, [one, two]);
      await found({ Limit: 1 }, [two]);
      await found({ Limit: 1, Offset: 1 }, [one]);
      await found({ Offset: 5 }, []);
      await found({ JobId: one }, [one]);
      await found({ JobName: 'raff' }, [two]);
      await found({ Status: ['created', 'running'] }, [two, one]);
      await found({ Status: ['success'] }, []);
      await found({ RunMode: 'timed' }, [two]);
      await found({ SrcRegion: 'ap-beijing' }, [one]);
      await found({ SrcRegion: 'ap-shanghai' }, [two]);
      await found({ SrcAccessType: ['ccn', 'dcg'] }, [two]);
      await found({ SrcInstanceId: 'postgres-12345678' }, []);
      await found({ SrcDatabaseType: ['mysql'] }, []);
      await found({ SrcDatabaseType: ['mysql', 'postgresql'] }, [two, one]);
      await found({ DstInstanceId: 'postgres-12345678' }, [two]);
      await found({ DstRegion: 'ap-guangzhou' }, [two, one]);
      await found({ DstAccessType: ['cdb'] }, [two]);
      await found({ DstDatabaseType: ['postgresql'] }, [two, one]);
      await found({ TagFilters: [{ TagKey: 'team' }] }, [two, one]);
      await found({ TagFilters: [{ TagKey: 'team', TagValue: ['zoo', 'sea'] }] }, [one]);
      await found({ TagFilters: [{ TagKey: 'team', TagValue: ['zoo'] }, { TagKey: 'stage' }] }, []);
      expect((await list(world, { Limit: 1 })).TotalCount).toBe(2);
      expect((await list(world, { JobId: two })).JobList?.[0]).toMatchObject({
        JobName: 'Giraffes',
        ExpectRunTime: '2099-01-01 00:00:00',
        TradeInfo: { InstanceClass: 'small', TradeStatus: 'notBilled' },
        DstInfo: { AccessType: 'cdb', Info: [{ InstanceId: 'postgres-12345678' }] },
        Action: { AllowedAction: ['modify', 'check', 'isolate'] },
      });
      for (const body of [{ Limit: 101 }, { Offset: -1 }, { OrderSeq: 'up' }])
        expect([body, await world.dts.refusal('DescribeMigrationJobs', body)]).toEqual([body, 'InvalidParameterValue']);
      await world.dts.answer('CreateMigrateCheckJob', { JobId: two });
      await until(world, two, 'checkNotPass');
      expect((await detail(world, two)).BriefMsg).toMatch(/There is no instance postgres-12345678/);
      for (const JobId of [one, two]) {
        await remove(world, JobId);
      }
    });

    it('renamed, resized, and isolated with a way back', async () => {
      const JobId = await create(world);
      await world.dts.answer('ModifyMigrateName', { JobId, JobName: '迁移 1' });
      expect(await world.dts.refusal('ModifyMigrateName', { JobId, JobName: '' })).toBe('InvalidParameterValue');
      await world.dts.answer('ModifyMigrateJobSpec', { JobId, NewInstanceClass: 'micro' });
      expect(await detail(world, JobId)).toMatchObject({ JobName: '迁移 1', TradeInfo: { InstanceClass: 'micro' } });
      expect(await world.dts.refusal('DestroyMigrateJob', { JobId })).toBe('OperationDenied.JobOperationDeniedError');
      await world.dts.answer('IsolateMigrateJob', { JobId });
      expect((await detail(world, JobId)).TradeInfo).toMatchObject({
        TradeStatus: 'isolated',
        OfflineTime: expect.stringMatching(/^2/),
      });
      for (const action of ['IsolateMigrateJob', 'CreateMigrateCheckJob', 'StartMigrateJob'])
        expect(await world.dts.refusal(action, { JobId })).toBe('OperationDenied.JobOperationDeniedError');
      expect(await world.dts.refusal('ModifyMigrateName', { JobId, JobName: 'x' })).toBe(
        'OperationDenied.JobOperationDeniedError',
      );
      await world.dts.answer('RecoverMigrateJob', { JobId });
      expect((await detail(world, JobId)).TradeInfo?.TradeStatus).toBe('notBilled');
      await world.dts.answer('IsolateMigrateJob', { JobId });
      await world.dts.answer('DestroyMigrateJob', { JobId });
      expect(await world.dts.refusal('DescribeMigrationDetail', { JobId })).toBe('ResourceNotFound.JobNotExist');
    });
  });
}
