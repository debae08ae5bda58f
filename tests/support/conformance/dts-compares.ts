import type {
  DescribeCompareDiffItemsResponse,
  DescribeCompareReportResponse,
  DescribeCompareTasksResponse,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/dts/v20211206/dts_models';
import { describe, expect, it } from 'vitest';
import { configuration, create, detail, shopOption, until, type DtsWorld } from './dts-world';

const NO_COMPARE = 'dts-00000000-cmp-00000000';

/** Consistency checks by the public service. */
export function dtsCompares(world: DtsWorld): void {
  const tasks = (body: object): Promise<DescribeCompareTasksResponse> =>
    world.dts.answer<DescribeCompareTasksResponse>('DescribeCompareTasks', body);
  const made = async (JobId: string, more: object = {}): Promise<string> =>
    (await world.dts.answer<{ CompareTaskId: string }>('CreateCompareTask', { JobId, ...more })).CompareTaskId;
  const finished = async (JobId: string, CompareTaskId: string): Promise<void> => {
    await world.dts.answer('StartCompare', { JobId, CompareTaskId });
    const status = async () => (await tasks({ JobId, CompareTaskId })).Items?.[0]?.Status;
    await expect.poll(status, { timeout: 60_000, interval: 50 }).toMatch(/^(success|failed)$/);
    expect(await status()).toBe('success');
  };

  describe('source and target are compared', () => {
    it('from the making of a comparison to its end, by what is asked for', async () => {
      const JobId = await create(world);
      expect(await world.dts.refusal('CreateCompareTask', { JobId })).toBe('OperationDenied.JobOperationDeniedError');
      expect(await tasks({ JobId })).toMatchObject({ TotalCount: 0, Items: [] });
      await world.dts.answer('ModifyMigrationJob', {
        ...configuration(world, JobId),
        MigrateOption: shopOption('full', 'compared'),
      });
      await world.dts.answer('CreateMigrateCheckJob', { JobId });
      await until(world, JobId, 'checkPass');
      await world.dts.answer('StartMigrateJob', { JobId });
      await until(world, JobId, 'success');
      expect((await detail(world, JobId)).CompareTask).toEqual({ CompareTaskId: '', Status: 'notexist' });

      const CompareTaskId = await made(JobId);
      expect(CompareTaskId).toMatch(/^dts-[0-9a-z]{8}-cmp-[0-9a-z]{8}$/);
      expect((await tasks({ JobId })).Items).toMatchObject([
        {
          JobId,
          CompareTaskId,
          TaskName: CompareTaskId,
          Status: 'created',
          Method: 'dataCheck',
          Config: { ObjectMode: 'all' },
          Conclusion: '',
        },
      ]);
      expect((await detail(world, JobId)).CompareTask).toEqual({ CompareTaskId, Status: 'unstart' });
      await world.dts.answer('ModifyCompareTaskName', { JobId, CompareTaskId, TaskName: 'before the weekend' });
      await finished(JobId, CompareTaskId);
      expect((await tasks({ JobId, Status: ['success'] })).Items).toMatchObject([
        { TaskName: 'before the weekend', Conclusion: 'same', CompareProcess: { Status: 'success', Percent: 100 } },
      ]);
      expect((await detail(world, JobId)).CompareTask).toEqual({ CompareTaskId, Status: 'consistent' });
      const report = (id: string, more: object = {}): Promise<DescribeCompareReportResponse> =>
        world.dts.answer<DescribeCompareReportResponse>('DescribeCompareReport', {
          JobId,
          CompareTaskId: id,
          ...more,
        });
      expect(await report(CompareTaskId)).toMatchObject({
        Abstract: { Conclusion: 'same', TotalTables: 2, CheckedTables: 2, DifferentTables: 0, DifferentRows: 0 },
        Detail: { Difference: { TotalCount: 0 }, Skipped: { TotalCount: 0 } },
      });

      await world.target.sql(
        "UPDATE orders SET note = 'another' WHERE id = 7; DELETE FROM orders WHERE id = 8; INSERT INTO orders VALUES (-1, '')",
        'compared',
      );
      const custom = {
        ObjectMode: 'custom',
        Objects: {
          ObjectMode: 'partial',
          ObjectItems: [
            {
              DbName: 'shop',
              DbMode: 'partial',
              SchemaName: 'public',
              TableMode: 'partial',
              Tables: [{ TableName: 'orders' }],
            },
          ],
        },
      };
      const second = await made(JobId, { TaskName: 'orders', Options: { Method: 'rowsCount' } });
      await world.dts.answer('ModifyCompareTask', {
        JobId,
        CompareTaskId: second,
        TaskName: 'orders',
        ...custom,
        Options: { Method: 'dataCheck', ThreadCount: 2 },
      });
      expect((await tasks({ JobId, CompareTaskId: second })).Items).toMatchObject([
        { Config: custom.Objects, Options: { Method: 'dataCheck', ThreadCount: 2 } },
      ]);
      await finished(JobId, second);
      expect(await report(second, { DifferenceTable: 'order' })).toMatchObject({
        Abstract: { Conclusion: 'different', TotalTables: 1, DifferentTables: 1, DifferentRows: 3 },
        Detail: {
          Difference: { TotalCount: 1, Items: [{ Db: 'shop', Schema: 'public', Table: 'orders' }] },
          FullProgress: { Items: [{ Table: 'orders', Conclusion: 'different', RowCount: 3 }] },
        },
      });
      expect(await report(second, { DifferenceDB: 'elsewhere' })).toMatchObject({
        Detail: { Difference: { TotalCount: 0 } },
      });
      const items = (more: object = {}): Promise<DescribeCompareDiffItemsResponse> =>
        world.dts.answer<DescribeCompareDiffItemsResponse>('DescribeCompareDiffItems', {
          JobId,
          CompareTaskId: second,
          ...more,
        });
      const found = await items({ DBName: 'shop', SchemaName: 'public', TableName: 'orders' });
      expect(found.TotalCount).toBe(3);
      expect(
        Object.fromEntries(
          (found.Items ?? []).map(({ Identifier = '', DiffType, SrcItem, DstItem }) => [
            Identifier,
            [DiffType, SrcItem, DstItem],
          ]),
        ),
      ).toEqual({
        'id=7': ['data', ['note=order 7'], ['note=another']],
        'id=8': ['dstLack', [], []],
        'id=-1': ['srcLack', [], []],
      });
      expect((await items({ Offset: 2, Limit: 1 })).Items).toHaveLength(1);
      expect(await items({ TableName: 'notes' })).toMatchObject({ TotalCount: 0, Items: [] });
      expect((await detail(world, JobId)).CompareTask).toEqual({ CompareTaskId: second, Status: 'inconsistent' });

      expect(await world.dts.refusal('ModifyCompareTask', { JobId, CompareTaskId: second })).toBe(
        'OperationDenied.JobOperationDeniedError',
      );
      expect(await world.dts.refusal('StopCompare', { JobId, CompareTaskId: second })).toBe(
        'OperationDenied.JobOperationDeniedError',
      );
      // What has ended can be begun anew.
      await world.target.sql(
        "UPDATE orders SET note = 'order 7' WHERE id = 7; INSERT INTO orders VALUES (8, 'order 8'); DELETE FROM orders WHERE id = -1",
        'compared',
      );
      await finished(JobId, second);
      expect(await items()).toMatchObject({ TotalCount: 0 });
      await world.dts.answer('DeleteCompareTask', { JobId, CompareTaskId: second });
      expect((await tasks({ JobId })).TotalCount).toBe(1);

      const third = await made(JobId, { Options: { Method: 'sampleDataCheck', SampleRate: 50 } });
      const holding = world.target.sql('BEGIN; LOCK orders; SELECT pg_sleep(20)', 'compared').catch(() => []);
      await expect
        .poll(() =>
          world.target.sql(
            "SELECT count(*)::int AS n FROM pg_stat_activity WHERE query LIKE 'BEGIN; LOCK%' AND wait_event = 'PgSleep'",
          ),
        )
        .toEqual([{ n: 1 }]);
      await world.dts.answer('StartCompare', { JobId, CompareTaskId: third });
      expect(await world.dts.refusal('StartCompare', { JobId, CompareTaskId: third })).toBe(
        'OperationDenied.JobOperationDeniedError',
      );
      expect(await world.dts.refusal('DeleteCompareTask', { JobId, CompareTaskId: third })).toBe(
        'OperationDenied.JobOperationDeniedError',
      );
      await world.dts.answer('StopCompare', { JobId, CompareTaskId: third, ForceStop: false });
      await expect.poll(async () => (await tasks({ JobId, CompareTaskId: third })).Items?.[0]?.Status).toBe('canceled');
      await world.target.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'BEGIN; LOCK%'");
      await holding;
    });

    it('or says what it does not do', async () => {
      const JobId = await create(world);
      for (const action of [
        'StartCompare',
        'StopCompare',
        'DeleteCompareTask',
        'DescribeCompareReport',
        'DescribeCompareDiffItems',
        'ModifyCompareTask',
      ])
        expect([action, await world.dts.refusal(action, { JobId, CompareTaskId: NO_COMPARE })]).toEqual([
          action,
          'ResourceNotFound.ResourceNotFound',
        ]);
      const refusals: readonly (readonly [object, string])[] = [
        [{ ObjectMode: 'custom' }, 'MissingParameter'],
        [{ ObjectMode: 'custom', Objects: { ObjectMode: 'partial' } }, 'MissingParameter'],
        [{ Options: { Type: 'independent' } }, 'UnsupportedOperation'],
        [{ Options: { CompareMode: ['structureCheck'] } }, 'UnsupportedOperation'],
        [{ Options: { ReCheckTime: 3 } }, 'UnsupportedOperation'],
        [{ Options: { Method: 'sampleDataCheck', SampleRate: 0 } }, 'InvalidParameterValue'],
        [{ Options: { Method: 'guess' } }, 'InvalidParameterValue'],
        [{ Options: { ThreadCount: 9 } }, 'InvalidParameterValue'],
        [{ ObjectMode: 'custom', Objects: { ObjectMode: 'all', AdvancedObjects: ['index'] } }, 'UnsupportedOperation'],
      ];
      for (const [body, code] of refusals)
        expect([body, await world.dts.refusal('CreateCompareTask', { JobId, ...body })]).toEqual([body, code]);
    });
  });
}
