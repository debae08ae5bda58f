import { describe, expect, it } from 'vitest';
import { configuration, create, detail, list, remove, sideOf, SOURCE_PASSWORD, type DtsWorld } from './dts-world';

const pairs = (from: Readonly<Record<string, string>>) => Object.entries(from).map(([Key, Value]) => ({ Key, Value }));

/** What a task may be told, and how it is told back. */
export function dtsConfiguration(world: DtsWorld): void {
  describe('a configuration', () => {
    it('comes back as it was given, but for the passwords', async () => {
      const JobId = await create(world);
      const Databases = [
        { DbName: 'a', NewDbName: 'b', DBMode: 'all' },
        {
          DbName: 'shop',
          NewDbName: 'shop',
          DBMode: 'partial',
          SchemaName: 'public',
          NewSchemaName: 'sales',
          SchemaMode: 'partial',
          TableMode: 'partial',
          Tables: [{ TableName: 'Order"s', NewTableName: 'orders' }],
          ViewMode: 'partial',
          Views: [{ ViewName: 'v', NewViewName: 'v' }],
          FunctionMode: 'partial',
          Functions: ['total(integer)'],
        },
        { RoleMode: 'partial', Roles: [{ RoleName: 'clerk', NewRoleName: 'clerk' }] },
      ];
      const RowFilter = JSON.stringify([{ database: 'shop', schema: 'public', table: 'Order"s', filter: 'id > 5' }]);
      const Sequences = JSON.stringify([{ database: 'shop', schema: 'public', sequences: ['s'] }]);
      const extras = {
        CopyJobs: '3',
        SplitAbove: '0',
        ExistingRows: 'truncate',
        KeepOwners: 'false',
        RowFilter,
        Sequences,
      };
      const access = {
        Database: 'template1',
        SslMode: 'verify-full',
        SslRootCert: '/etc/ca.pem',
        SshHost: 'bastion',
        SshPort: '2222',
        SshUser: 'me',
        SshPassword: 'Elephant of the tunnel',
      };
      await world.dts.answer(
        'ModifyMigrationJob',
        configuration(world, JobId, {
          JobName: 'whole',
          Tags: [{ TagKey: 'k', TagValue: 'v' }],
          AutoRetryTimeRangeMinutes: 720,
          MigrateOption: {
            DatabaseTable: { ObjectMode: 'partial', Databases },
            MigrateType: 'structure',
            ExtraAttr: pairs(extras),
            RateLimit: { LoadThread: 2 },
          },
          SrcInfo: sideOf(world.source, SOURCE_PASSWORD, { ExtraAttr: pairs(access) }),
        }),
      );
      const found = await detail(world, JobId);
      expect(found).toMatchObject({
        JobName: 'whole',
        Tags: [{ TagKey: 'k', TagValue: 'v' }],
        MigrateOption: { MigrateType: 'structure' },
      });
      expect(found.MigrateOption?.DatabaseTable.Databases).toEqual(Databases);
      expect(found.MigrateOption?.RateLimit).toEqual({ DumpThread: 3, LoadThread: 2 });
      expect(found.MigrateOption?.ExtraAttr).toEqual(expect.arrayContaining(pairs(extras)));
      const { SshPassword: _, ...shown } = access;
      expect(found.SrcInfo?.ExtraAttr).toEqual(expect.arrayContaining(pairs(shown)));
      const { Job } = await world.own.answer<{ Job: { source: object } }>('DescribeMigrationJob', { JobId });
      expect(Job.source).toMatchObject({ hasPassword: true, hasSshPassword: true });
      const { RequestId: _id, ...item } = await list(world, { JobId });
      expect(JSON.stringify([found, Job, item])).not.toContain('Elephant of');
      await remove(world, JobId);
    });

    it('that makes no sense is refused with its reason', async () => {
      const JobId = await create(world);
      const option = (change: object) => ({
        MigrateOption: { DatabaseTable: { ObjectMode: 'all' }, MigrateType: 'full', ...change },
      });
      const table = (item: object) =>
        option({
          DatabaseTable: {
            ObjectMode: 'partial',
            Databases: [{ DbName: 'shop', DBMode: 'partial', SchemaName: 'public', ...item }],
          },
        });
      const src = (change: object, info: object = {}) => ({ SrcInfo: sideOf(world.source, 'x', change, info) });
      const extra = (Key: string, Value = '') => ({ ExtraAttr: [{ Key, Value }] });
      const wrongs: readonly (readonly [object, string, RegExp])[] = [
        [src({ DatabaseType: 'mysql' }), 'InvalidParameterValue', /only postgresql/],
        [src({ NodeType: 'cluster' }), 'InvalidParameterValue', /NodeType/],
        [src({ AccessType: 'pigeon' }), 'InvalidParameterValue', /AccessType/],
        [src({ AccessType: 'cdb' }), 'MissingParameter', /InstanceId/],
        [src({ Info: [{}, {}] }), 'InvalidParameterValue', /one server/],
        [src({}, { Host: '' }), 'MissingParameter', /Host/],
        [src({}, { Port: 0 }), 'MissingParameter', /Port/],
        [src({}, { User: '' }), 'MissingParameter', /User/],
        [src({}, { Port: 70_000 }), 'InvalidParameterValue', /Port/],
        [src({}, { EncryptConn: 'maybe' }), 'InvalidParameterValue', /EncryptConn/],
        [src({}, { AccountMode: 'other' }), 'UnsupportedOperation', /other accounts/],
        [src(extra('Colour')), 'InvalidParameterValue', /Colour/],
        [src(extra('SslMode', 'trust')), 'InvalidParameterValue', /SslMode/],
        [src(extra('ConnectTimeout', 'soon')), 'InvalidParameterValue', /ConnectTimeout/],
        [option(extra('Colour')), 'InvalidParameterValue', /Colour/],
        [option(extra('CopyJobs', '17')), 'InvalidParameterValue', /copyJobs/],
        [option(extra('ExistingRows', 'eat')), 'InvalidParameterValue', /ExistingRows/],
        [option(extra('KeepOwners', 'maybe')), 'InvalidParameterValue', /KeepOwners/],
        [option(extra('RowFilter', '{')), 'InvalidParameterValue', /RowFilter/],
        [option({ MigrateType: 'sync' }), 'InvalidParameterValue', /MigrateType/],
        [option({ MigrateWay: 'physical' }), 'UnsupportedOperation', /logically/],
        [option({ Consistency: { Mode: 'full', ObjectMode: 'custom' } }), 'UnsupportedOperation', /everything/],
        [option({ Consistency: { Mode: 'half' } }), 'InvalidParameterValue', /Mode/],
        [option(extra('OnDrift', 'cry')), 'InvalidParameterValue', /OnDrift/],
        [option(extra('FollowDdl', 'maybe')), 'InvalidParameterValue', /FollowDdl/],
        [option(extra('ApplyJobs', '17')), 'InvalidParameterValue', /applyJobs/],
        [option(extra('WalCeiling', '-1')), 'InvalidParameterValue', /WalCeiling/],
        [option({ RateLimit: { SinkerThread: 17 } }), 'InvalidParameterValue', /SinkerThread/],
        [option({ IsOverrideRoot: true }), 'InvalidParameterValue', /MySQL/],
        [option({ RateLimit: { DumpRps: 5 } }), 'UnsupportedOperation', /bytes/],
        [option({ DatabaseTable: { ObjectMode: 'partial', Databases: [] } }), 'MissingParameter', /Databases/],
        [table({ SchemaName: '' }), 'MissingParameter', /SchemaName/],
        [table({ TableMode: 'all', ViewMode: 'partial' }), 'InvalidParameterValue', /name what travels/],
        [table({ Tables: [{ TableName: 'a', TmpTables: ['b'] }] }), 'InvalidParameterValue', /TmpTables/],
        [table({ Views: [{ ViewName: 'a', NewViewName: 'b' }] }), 'InvalidParameterValue', /another name/],
        [{ RunMode: 'timed' }, 'InvalidParameterValue', /time/],
        [{ RunMode: 'timed', ExpectRunTime: '2001-01-01 00:00:00' }, 'InvalidParameterValue', /over/],
        [{ RunMode: 'timed', ExpectRunTime: 'tomorrow' }, 'InvalidParameterValue', /ExpectRunTime/],
        [{ AutoRetryTimeRangeMinutes: 3 }, 'InvalidParameterValue', /5 to 720/],
      ];
      for (const [change, code, words] of wrongs) {
        const result = await world.dts.outcome('ModifyMigrationJob', configuration(world, JobId, { ...change }));
        const found = result.ok ? ['answered', ''] : [result.code, result.message];
        expect([change, found[0]]).toEqual([change, code]);
        expect(found[1]).toMatch(words);
      }
      expect((await detail(world, JobId)).MigrateOption).toBeUndefined();
      expect(await world.dts.refusal('CreateMigrateCheckJob', { JobId })).toBe(
        'OperationDenied.JobOperationDeniedError',
      );
      await remove(world, JobId);
    });

    it('of the incremental type, the default, comes back with what is its own', async () => {
      const JobId = await create(world);
      const DatabaseTable = { ObjectMode: 'partial', Databases: [{ DbName: 'shop', DBMode: 'all' }] };
      const extras = { FollowDdl: 'false', OnDrift: 'log', WalAlarm: '1000', WalCeiling: '0' };
      await world.dts.answer(
        'ModifyMigrationJob',
        configuration(world, JobId, {
          MigrateOption: {
            DatabaseTable,
            Consistency: { Mode: 'full' },
            ExtraAttr: pairs(extras),
            RateLimit: { SinkerThread: 3 },
          },
        }),
      );
      const { MigrateOption } = await detail(world, JobId);
      expect(MigrateOption).toMatchObject({
        MigrateType: 'fullAndIncrement',
        Consistency: { Mode: 'full' },
        RateLimit: { SinkerThread: 3 },
      });
      expect(MigrateOption?.ExtraAttr).toEqual(expect.arrayContaining(pairs({ ...extras, ApplyJobs: '3' })));
      await remove(world, JobId);
    });
  });
}
