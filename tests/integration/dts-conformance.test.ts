import type {
  DescribeMigrateDBInstancesResponse,
  DescribeMigrationCheckJobResponse,
  DescribeMigrationDetailResponse,
  DescribeMigrationJobsResponse,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/dts/v20211206/dts_models';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStateFolder, startControlPlane, stopEverything } from '../support/control-plane';
import { dtsService } from '../support/dts-client';
import { startServer, type TestServer } from '../support/postgres';
import { ownService, type OwnService, type Service } from '../support/sdk-call';
import { requestFields, sample, wrong } from '../support/sdk-types';

/** Every action of dts 2021-12-06 by the official SDK, unchanged, with good and bad input; every answer is of the type that the SDK declares. */

let state = '';
let dts: Service;
let own: OwnService;
let source: TestServer;
let target: TestServer;

beforeAll(async () => {
  state = await openStateFolder();
  const [plane, first, second] = await Promise.all([
    startControlPlane(state),
    startServer({ major: 17, password: 'Elephant of the source' }),
    startServer({ major: 17, password: 'Elephant of the target' }),
  ]);
  [dts, own, source, target] = [dtsService(plane), ownService(plane), first, second];
  await source.createDatabase('shop');
  await source.sql('CREATE TABLE orders (id int PRIMARY KEY, note text)', 'shop');
  await source.sql("INSERT INTO orders SELECT n, 'order ' || n FROM generate_series(1, 1000) n", 'shop');
  await source.sql('CREATE TABLE notes (id int PRIMARY KEY)', 'shop');
});
afterAll(async () => {
  await Promise.all([source?.stop(), target?.stop(), state === '' ? undefined : stopEverything(state)]);
});

/** Actions that exist, check their input, and are refused always: a full copy ends by itself. */
const ALWAYS_REFUSED = ['CompleteMigrateJob'];
const NO_JOB = 'dts-00000000';
/** What the declarations call optional and the documentation does not. */
const NEEDED: Readonly<Record<string, object>> = { DestroyMigrateJob: { JobId: 'x' } };
const GREETING = {
  SrcDatabaseType: 'postgresql',
  DstDatabaseType: 'postgresql',
  SrcRegion: 'ap-beijing',
  DstRegion: 'ap-guangzhou',
  InstanceClass: 'medium',
};

const names = (): string[] => [...dts.sdk.actions.keys()];
async function supported(): Promise<string[]> {
  const found: string[] = [];
  for (const name of names()) if ((await dts.refusal(name, { Colour: 'red' })) === 'UnknownParameter') found.push(name);
  return found;
}

function smallest(name: string): Record<string, unknown> {
  const fields = requestFields(dts.sdk, name).filter(({ required }) => required);
  return { ...Object.fromEntries(fields.map((field) => [field.name, sample(dts.sdk, field.type)])), ...NEEDED[name] };
}

async function create(change: object = {}): Promise<string> {
  const { JobIds } = await dts.answer<{ JobIds: string[] }>('CreateMigrationService', { ...GREETING, ...change });
  return JobIds[0] ?? '';
}

const sideOf = (server: TestServer, password: string, change: object = {}, info: object = {}) => ({
  Region: 'ap-guangzhou',
  AccessType: 'extranet',
  DatabaseType: 'postgresql',
  NodeType: 'simple',
  Info: [{ Host: '127.0.0.1', Port: server.port, User: 'postgres', Password: password, ...info }],
  ...change,
});

/** A configuration that copies the database of the source. */
const configuration = (JobId: string, change: Record<string, unknown> = {}) => ({
  JobId,
  RunMode: 'immediate',
  MigrateOption: {
    DatabaseTable: { ObjectMode: 'partial', Databases: [{ DbName: 'shop', DBMode: 'all' }] },
    MigrateType: 'full',
  },
  SrcInfo: sideOf(source, 'Elephant of the source'),
  DstInfo: sideOf(target, 'Elephant of the target'),
  ...change,
});

const detail = (JobId: string) => dts.answer<DescribeMigrationDetailResponse>('DescribeMigrationDetail', { JobId });
const list = (body: object = {}) => dts.answer<DescribeMigrationJobsResponse>('DescribeMigrationJobs', body);
const idsOf = async (body: object): Promise<string[]> =>
  ((await list(body)).JobList ?? []).map(({ JobId = '' }) => JobId);
const until = (JobId: string, status: string): Promise<void> =>
  expect.poll(async () => (await detail(JobId)).Status, { timeout: 60_000, interval: 50 }).toBe(status);

describe('every action', () => {
  it('is answered, or says why it is not', async () => {
    expect(names().length).toBeGreaterThanOrEqual(84);
    const refused: string[] = [];
    for (const name of names()) {
      const result = await dts.outcome(name, { Colour: 'red' });
      if (result.ok) throw new Error(`${name} takes what it does not know`);
      if (result.code === 'UnknownParameter') continue;
      expect([name, result.code]).toEqual([name, 'UnsupportedOperation']);
      expect(result.message).toMatch(new RegExp(`^${name} is not available: .{20,}`));
      refused.push(name);
    }
    expect(refused.filter((name) => /Migrat/.test(name) && !/Compare/.test(name))).toEqual([]);
    expect(refused).toEqual(
      expect.arrayContaining(['CreateSyncJob', 'CreateSubscribe', 'CreateCompareTask', 'StopCompare']),
    );
    expect(names().length - refused.length).toBe(21);
    expect(await dts.refusal('DescribeElephants')).toBe('InvalidAction');
    expect(await dts.refusal('toString')).toBe('InvalidAction');
  });

  it('refuses bad input with its code and the name of the parameter', async () => {
    const told: string[] = [];
    const expectRefusal = async (name: string, body: object, code: string, parameter: string): Promise<void> => {
      const result = await dts.outcome(name, body);
      if (!result.ok && result.code === code && result.message.includes(parameter)) return;
      const found = result.ok ? 'answered' : `${result.code}: ${result.message}`;
      told.push(`${name} ${JSON.stringify(body)} is ${found}, not ${code}`);
    };
    for (const name of await supported()) {
      const good = smallest(name);
      await expectRefusal(name, { ...good, Colour: 'red' }, 'UnknownParameter', 'Colour');
      for (const field of requestFields(dts.sdk, name)) {
        const { [field.name]: _, ...rest } = good;
        if (field.required) await expectRefusal(name, rest, 'MissingParameter', field.name);
        await expectRefusal(name, { ...good, [field.name]: wrong(field.type) }, 'InvalidParameter', field.name);
      }
    }
    expect(told).toEqual([]);
  });

  it('knows every parameter that is documented', async () => {
    const told: string[] = [];
    for (const name of await supported()) {
      const fields = requestFields(dts.sdk, name);
      const all = Object.fromEntries(fields.map((field) => [field.name, sample(dts.sdk, field.type)]));
      const result = await dts.outcome(name, all);
      const code = result.ok ? '' : result.code;
      if (/^(UnknownParameter|InvalidParameter|MissingParameter|InternalError|InvalidAction)$/.test(code)) {
        told.push(`${name} ${JSON.stringify(all)} is ${code}`);
      }
    }
    expect(told).toEqual([]);
  });

  it('that is about a task says that there is none', async () => {
    const told: string[] = [];
    for (const name of await supported()) {
      if (!requestFields(dts.sdk, name).some((field) => field.name === 'JobId') || name === 'DescribeMigrationJobs')
        continue;
      const result = await dts.outcome(name, { ...smallest(name), JobId: NO_JOB });
      const code = result.ok ? 'answered' : result.code;
      // Some input is looked at before the task is.
      if (!/^(ResourceNotFound\.JobNotExist|InvalidParameterValue)$/.test(code)) told.push(`${name}: ${code}`);
    }
    expect(told).toEqual([]);
    expect(await dts.refusal('ModifyMigrationJob', configuration(NO_JOB))).toBe('ResourceNotFound.JobNotExist');
  });
});

describe('tasks are', () => {
  it('created, several at once, of PostgreSQL only and in the region of the request', async () => {
    const { JobIds } = await dts.answer<{ JobIds: string[] }>('CreateMigrationService', {
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
      expect([change, await dts.refusal('CreateMigrationService', { ...GREETING, ...change })]).toEqual([change, code]);
    }
    for (const JobId of JobIds) {
      await dts.answer('IsolateMigrateJob', { JobId });
      await dts.answer('DestroyMigrateJob', { JobId });
    }
  });

  it('listed by every filter, in both orders, page by page', async () => {
    const one = await create({ JobName: 'Elephants', Tags: [{ TagKey: 'team', TagValue: 'zoo' }] });
    const two = await create({
      JobName: 'Giraffes',
      InstanceClass: 'small',
      Tags: [{ TagKey: 'team', TagValue: 'savanna' }],
    });
    await dts.answer(
      'ModifyMigrationJob',
      configuration(two, {
        RunMode: 'timed',
        ExpectRunTime: '2099-01-01 00:00:00',
        DstInfo: sideOf(
          target,
          'x',
          { AccessType: 'cdb', Region: 'ap-guangzhou' },
          { InstanceId: 'postgres-12345678' },
        ),
        SrcInfo: sideOf(source, 'x', { AccessType: 'ccn', Region: 'ap-shanghai' }),
      }),
    );
    const found = async (body: object, ids: string[]) => expect([body, await idsOf(body)]).toEqual([body, ids]);
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
    expect((await list({ Limit: 1 })).TotalCount).toBe(2);
    expect((await list({ JobId: two })).JobList?.[0]).toMatchObject({
      JobName: 'Giraffes',
      ExpectRunTime: '2099-01-01 00:00:00',
      TradeInfo: { InstanceClass: 'small', TradeStatus: 'notBilled' },
      DstInfo: { AccessType: 'cdb', Info: [{ InstanceId: 'postgres-12345678' }] },
      Action: { AllowedAction: ['modify', 'check', 'isolate'] },
    });
    for (const body of [{ Limit: 101 }, { Offset: -1 }, { OrderSeq: 'up' }])
      expect([body, await dts.refusal('DescribeMigrationJobs', body)]).toEqual([body, 'InvalidParameterValue']);
    await dts.answer('CreateMigrateCheckJob', { JobId: two });
    await until(two, 'checkNotPass');
    expect((await detail(two)).BriefMsg).toMatch(/There is no instance postgres-12345678/);
    for (const JobId of [one, two]) {
      await dts.answer('IsolateMigrateJob', { JobId });
      await dts.answer('DestroyMigrateJob', { JobId });
    }
  });

  it('renamed, resized, and isolated with a way back', async () => {
    const JobId = await create();
    await dts.answer('ModifyMigrateName', { JobId, JobName: '迁移 1' });
    expect(await dts.refusal('ModifyMigrateName', { JobId, JobName: '' })).toBe('InvalidParameterValue');
    await dts.answer('ModifyMigrateJobSpec', { JobId, NewInstanceClass: 'micro' });
    expect(await detail(JobId)).toMatchObject({ JobName: '迁移 1', TradeInfo: { InstanceClass: 'micro' } });
    expect(await dts.refusal('DestroyMigrateJob', { JobId })).toBe('OperationDenied.JobOperationDeniedError');
    await dts.answer('IsolateMigrateJob', { JobId });
    expect((await detail(JobId)).TradeInfo).toMatchObject({
      TradeStatus: 'isolated',
      OfflineTime: expect.stringMatching(/^2/),
    });
    for (const action of ['IsolateMigrateJob', 'CreateMigrateCheckJob', 'StartMigrateJob'])
      expect(await dts.refusal(action, { JobId })).toBe('OperationDenied.JobOperationDeniedError');
    expect(await dts.refusal('ModifyMigrateName', { JobId, JobName: 'x' })).toBe(
      'OperationDenied.JobOperationDeniedError',
    );
    await dts.answer('RecoverMigrateJob', { JobId });
    expect((await detail(JobId)).TradeInfo?.TradeStatus).toBe('notBilled');
    await dts.answer('IsolateMigrateJob', { JobId });
    await dts.answer('DestroyMigrateJob', { JobId });
    expect(await dts.refusal('DescribeMigrationDetail', { JobId })).toBe('ResourceNotFound.JobNotExist');
  });
});

describe('a configuration', () => {
  it('comes back as it was given, but for the passwords', async () => {
    const JobId = await create();
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
    const pairs = (from: Readonly<Record<string, string>>) =>
      Object.entries(from).map(([Key, Value]) => ({ Key, Value }));
    await dts.answer(
      'ModifyMigrationJob',
      configuration(JobId, {
        JobName: 'whole',
        Tags: [{ TagKey: 'k', TagValue: 'v' }],
        AutoRetryTimeRangeMinutes: 720,
        MigrateOption: {
          DatabaseTable: { ObjectMode: 'partial', Databases },
          MigrateType: 'structure',
          ExtraAttr: pairs(extras),
          RateLimit: { LoadThread: 2 },
        },
        SrcInfo: sideOf(source, 'Elephant of the source', { ExtraAttr: pairs(access) }),
      }),
    );
    const found = await detail(JobId);
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
    const { Job } = await own.answer<{ Job: { source: object } }>('DescribeMigrationJob', { JobId });
    expect(Job.source).toMatchObject({ hasPassword: true, hasSshPassword: true });
    const { RequestId: _id, ...item } = await list({ JobId });
    expect(JSON.stringify([found, Job, item])).not.toContain('Elephant of');
    await dts.answer('IsolateMigrateJob', { JobId });
    await dts.answer('DestroyMigrateJob', { JobId });
  });

  it('that makes no sense is refused with its reason', async () => {
    const JobId = await create();
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
    const src = (change: object, info: object = {}) => ({ SrcInfo: sideOf(source, 'x', change, info) });
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
      [option({ Consistency: { Mode: 'full' } }), 'UnsupportedOperation', /comparison/],
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
      const result = await dts.outcome('ModifyMigrationJob', configuration(JobId, { ...change }));
      const found = result.ok ? ['answered', ''] : [result.code, result.message];
      expect([change, found[0]]).toEqual([change, code]);
      expect(found[1]).toMatch(words);
    }
    expect((await detail(JobId)).MigrateOption).toBeUndefined();
    expect(await dts.refusal('CreateMigrateCheckJob', { JobId })).toBe('OperationDenied.JobOperationDeniedError');
    await dts.answer('IsolateMigrateJob', { JobId });
    await dts.answer('DestroyMigrateJob', { JobId });
  });

  it('of the incremental type, the default, is verified and not run', async () => {
    const JobId = await create();
    const DatabaseTable = { ObjectMode: 'partial', Databases: [{ DbName: 'shop', DBMode: 'all' }] };
    await source.sql('ALTER SYSTEM SET wal_level = logical');
    await source.restart();
    await dts.answer('ModifyMigrationJob', configuration(JobId, { MigrateOption: { DatabaseTable } }));
    await dts.answer('CreateMigrateCheckJob', { JobId });
    await until(JobId, 'checkPass');
    const result = await dts.outcome('StartMigrateJob', { JobId });
    expect(result).toMatchObject({
      ok: false,
      code: 'UnsupportedOperation',
      message: expect.stringContaining('structure or full'),
    });
  });
});

describe('a task runs', () => {
  it('from its checks to its end, and is paused, limited, resumed and stopped as its status allows', async () => {
    const JobId = await create();
    await dts.answer('ModifyMigrationJob', configuration(JobId));
    expect(await dts.answer('DescribeMigrationCheckJob', { JobId })).toMatchObject({
      Status: 'notStarted',
      StepInfo: [],
      CheckFlag: '',
    });
    await dts.answer('CreateMigrateCheckJob', { JobId });
    await until(JobId, 'checkPass');
    const checks = await dts.answer<DescribeMigrationCheckJobResponse>('DescribeMigrationCheckJob', { JobId });
    expect(checks).toMatchObject({ Status: 'success', CheckFlag: 'checkPass' });
    expect(checks.StepInfo?.map(({ StepId }) => StepId)).toEqual(
      expect.arrayContaining(['ConnectDBCheck', 'SrcPrivilegeCheck']),
    );
    const warned = checks.StepInfo?.find(({ StepStatus }) => StepStatus === 'warning')?.StepId;
    const passed = checks.StepInfo?.find(
      ({ StepStatus, DetailCheckItems = [] }) => StepStatus === 'pass' && DetailCheckItems.length > 0,
    )?.StepId;
    for (const step of [warned, passed])
      if (step) await dts.answer('SkipCheckItem', { JobId, StepIds: [step], ForeignKeyFlag: 'migrate' });
    expect(await dts.refusal('SkipCheckItem', { JobId, StepIds: ['OptimizeCheck'] })).toBe('InvalidParameterValue');
    expect(await dts.refusal('PauseMigrateJob', { JobId })).toBe('OperationDenied.JobOperationDeniedError');
    await dts.answer('StartMigrateJob', { JobId });
    await until(JobId, 'success');
    const done = await detail(JobId);
    expect(done.StepInfo?.StepInfo?.map(({ Status }) => Status)).toEqual(Array.from({ length: 7 }, () => 'success'));
    expect(await target.sql('SELECT count(*)::int AS n FROM orders', 'shop')).toEqual([{ n: 1000 }]);
    for (const action of [
      'StartMigrateJob',
      'PauseMigrateJob',
      'ContinueMigrateJob',
      'StopMigrateJob',
      'ResumeMigrateJob',
      'CompleteMigrateJob',
    ])
      expect([action, await dts.refusal(action, { JobId })]).toEqual([
        action,
        'OperationDenied.JobOperationDeniedError',
      ]);
  });

  it('at the speed that it is told, is paused and goes on, fails and is resumed, and is stopped', async () => {
    const JobId = await create();
    const DatabaseTable = { ObjectMode: 'partial', Databases: [{ DbName: 'shop', NewDbName: 'slow', DBMode: 'all' }] };
    await source.sql('INSERT INTO notes SELECT n FROM generate_series(1, 500000) n', 'shop');
    await dts.answer(
      'ModifyMigrationJob',
      configuration(JobId, {
        AutoRetryTimeRangeMinutes: 0,
        MigrateOption: { DatabaseTable, MigrateType: 'full', ExtraAttr: [{ Key: 'BytesPerSecond', Value: '100000' }] },
      }),
    );
    await dts.answer('CreateMigrateCheckJob', { JobId });
    await until(JobId, 'checkPass');
    await dts.answer('StartMigrateJob', { JobId });
    const copying = (): Promise<void> =>
      expect
        .poll(async () => (await detail(JobId)).StepInfo?.StepInfo?.find(({ StepId }) => StepId === 'copy')?.Status, {
          timeout: 30_000,
        })
        .toBe('running');
    await copying();
    await dts.answer('ModifyMigrateRateLimit', { JobId, DumpThread: 1, LoadThread: 0 });
    await dts.answer('ModifyMigrateRuntimeAttribute', { JobId, OtherOptions: [{ Key: 'IndexJobs', Value: '2' }] });
    expect((await detail(JobId)).RateLimitOption).toMatchObject({
      HasUserSetRateLimit: 'yes',
      DefaultDumpThread: 1,
      DefaultLoadThread: 2,
    });
    expect(await dts.refusal('ModifyMigrateRateLimit', { JobId, DumpRps: 10 })).toBe('UnsupportedOperation');
    expect(await dts.refusal('ModifyMigrateRateLimit', { JobId, SinkerThread: 10 })).toBe('UnsupportedOperation');
    expect(
      await dts.refusal('ModifyMigrateRuntimeAttribute', { JobId, OtherOptions: [{ Key: 'Colour', Value: '2' }] }),
    ).toBe('InvalidParameterValue');
    expect(await dts.refusal('IsolateMigrateJob', { JobId })).toBe('OperationDenied.JobOperationDeniedError');
    await dts.answer('PauseMigrateJob', { JobId });
    await until(JobId, 'manualPaused');
    await dts.answer('ContinueMigrateJob', { JobId });
    await copying();
    target.kill('SIGKILL');
    await until(JobId, 'failed');
    await target.restart();
    expect((await detail(JobId)).ErrorInfo).toHaveLength(1);
    expect(await dts.refusal('ResumeMigrateJob', { JobId, ResumeOption: 'clearData' })).toBe('InvalidParameterValue');
    await dts.answer('ResumeMigrateJob', { JobId });
    await copying();
    await dts.answer('StopMigrateJob', { JobId });
    await until(JobId, 'canceled');
  });

  it('and is begun at its time, which can be taken back', async () => {
    const JobId = await create();
    await dts.answer(
      'ModifyMigrationJob',
      configuration(JobId, {
        RunMode: 'timed',
        ExpectRunTime: '2099-01-01 00:00:00',
        MigrateOption: {
          DatabaseTable: { ObjectMode: 'partial', Databases: [{ DbName: 'shop', NewDbName: 'later', DBMode: 'all' }] },
          MigrateType: 'structure',
        },
      }),
    );
    await dts.answer('CreateMigrateCheckJob', { JobId });
    await until(JobId, 'checkPass');
    await dts.answer('StartMigrateJob', { JobId });
    expect((await detail(JobId)).Status).toBe('readyRun');
    await dts.answer('StopMigrateJob', { JobId });
    expect((await detail(JobId)).Status).toBe('checkPass');
    await dts.answer('StartMigrateJob', { JobId });
    await dts.answer('StartMigrateJob', { JobId });
    await until(JobId, 'success');
    expect(await target.sql('SELECT count(*)::int AS n FROM orders', 'later')).toEqual([{ n: 0 }]);
  });

  it('between instances of the control plane, which are listed', async () => {
    const found = await dts.answer<DescribeMigrateDBInstancesResponse>('DescribeMigrateDBInstances', {
      DatabaseType: 'postgresql',
      MigrateRole: 'dst',
    });
    expect(found).toMatchObject({ TotalCount: 0, Instances: [] });
    expect(await dts.refusal('DescribeMigrateDBInstances', { DatabaseType: 'redis' })).toBe('InvalidParameterValue');
    expect(await dts.refusal('DescribeMigrateDBInstances', { DatabaseType: 'postgresql', AccountMode: 'other' })).toBe(
      'UnsupportedOperation',
    );
  });
});

it('every action that is answered was answered, in the form that the SDK declares', async () => {
  expect((await supported()).filter((name) => !dts.answered.has(name))).toEqual(ALWAYS_REFUSED);
});
