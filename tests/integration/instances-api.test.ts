import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import type { DBInstance } from 'tencentcloud-sdk-nodejs/tencentcloud/services/postgres/v20170312/postgres_models';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  addressOf,
  cloudClient,
  codeOf,
  createRunning,
  nextSecond,
  PASSWORD,
  request,
  untilStatus,
  type CloudClient,
} from '../support/cloud-client';
import {
  openStateFolder,
  postmastersOf,
  startControlPlane,
  stopEverything,
  type TestControlPlane,
} from '../support/control-plane';

let plane: TestControlPlane;
let state: string;
let api: CloudClient;

beforeAll(async () => {
  state = await openStateFolder();
  plane = await startControlPlane(state);
  api = cloudClient(plane);
});
afterAll(() => stopEverything(state));

async function ask<Row>(instance: DBInstance, sql: string, user = 'shop', database = 'postgres'): Promise<Row[]> {
  const client = new Client({ ...addressOf(instance), user, database, password: PASSWORD });
  await client.connect();
  try {
    return (await client.query(sql)).rows as Row[];
  } finally {
    await client.end();
  }
}

describe('tables', () => {
  it('lists regions with code and name', async () => {
    const { RegionSet = [], TotalCount } = await api.DescribeRegions(null);
    expect(TotalCount).toBe(RegionSet.length);
    expect(RegionSet.map(({ Region }) => Region)).toContain('na-siliconvalley');
    expect(RegionSet.find(({ Region }) => Region === 'ap-guangzhou')?.RegionName).toBe('华南地区(广州)');
  });

  it('lists the zones of the region of the request', async () => {
    const { ZoneSet = [] } = await api.DescribeZones({});
    expect(ZoneSet.length).toBeGreaterThan(1);
    expect(ZoneSet.every(({ Zone }) => Zone?.startsWith('ap-guangzhou-'))).toBe(true);
    const other = await cloudClient(plane, 'ap-singapore').DescribeZones({});
    expect(other.ZoneSet?.[0]?.Zone).toMatch(/^ap-singapore-/);
  });

  it('offers versions 10 to 18 and classes with CPU, memory and disk', async () => {
    const { VersionSet = [] } = await api.DescribeDBVersions({});
    expect(VersionSet.map(({ DBMajorVersion }) => Number(DBMajorVersion))).toEqual([
      18, 17, 16, 15, 14, 13, 12, 11, 10,
    ]);
    const { ClassInfoSet = [] } = await api.DescribeClasses({
      Zone: 'ap-guangzhou-3',
      DBEngine: 'postgresql',
      DBMajorVersion: '15',
    });
    expect(ClassInfoSet.find(({ SpecCode }) => SpecCode === 'pg.it.medium4')).toEqual({
      SpecCode: 'pg.it.medium4',
      CPU: 2,
      Memory: 4096,
      MinStorage: 10,
      MaxStorage: 2000,
    });
  });
});

describe('refusals with their documented codes', () => {
  it.each([
    [{ AdminName: 'postgres' }, 'InvalidParameterValue.InvalidAccountError'],
    [{ AdminName: 'PG_admin' }, 'InvalidParameterValue.InvalidAccountError'],
    [{ AdminName: '1shop' }, 'InvalidParameterValue.InvalidAccountError'],
    [{ AdminName: 'a'.repeat(17) }, 'InvalidParameterValue.InvalidAccountError'],
    [{ AdminPassword: 'Aa1-567' }, 'InvalidParameterValue.InvalidPasswordLengthError'],
    [{ AdminPassword: `Aa1-${'x'.repeat(29)}` }, 'InvalidParameterValue.InvalidPasswordLengthError'],
    [{ AdminPassword: '/Elephant-42' }, 'InvalidParameterValue.InvalidPasswordValueError'],
    [{ AdminPassword: 'elephant-42-seat' }, 'InvalidParameterValue.InvalidPasswordValueError'],
    [{ AdminPassword: 'Elephant 42-seat' }, 'InvalidParameterValue.InvalidPasswordValueError'],
    [{ Charset: 'UTF16' }, 'InvalidParameterValue.InvalidCharset'],
    [{ InstanceCount: 11 }, 'InvalidParameterValue.InvalidInstanceNum'],
    [{ InstanceCount: 0 }, 'InvalidParameterValue.InvalidInstanceNum'],
    [{ Storage: 15 }, 'InvalidParameterValue.InvalidInstanceVolume'],
    [{ Storage: 100_000 }, 'InvalidParameterValue.InvalidInstanceVolume'],
    [{ Name: 'shop one' }, 'InvalidParameterValue.ParameterCharacterError'],
    [{ SpecCode: 'pg.none' }, 'InvalidParameterValue.BadSpec'],
    [{ SpecCode: 'pg.it.2xlarge64', InstanceCount: 10 }, 'ResourceInsufficient.ResourceNotEnough'],
    [{ Zone: 'ap-shanghai-2' }, 'InvalidParameterValue.IllegalZone'],
    [{ DBMajorVersion: '9' }, 'InvalidParameterValue'],
    [{ NeedSupportTDE: 1 }, 'UnsupportedOperation'],
    [{ NeedSupportIpv6: 1 }, 'OperationDenied.InstanceIpv6NotSupportedError'],
    [{ InstanceChargeType: 'PREPAID' }, 'UnsupportedOperation'],
    [{ InstanceChargeType: 'FREE' }, 'InvalidParameterValue.IllegalInstanceChargeType'],
    [{ VpcId: 'vpc-00000000', SubnetId: 'subnet-00000000' }, 'InvalidParameter.VpcNotFoundError'],
    [{ VpcId: 'vpc-dflt0044' }, 'InvalidParameter.VpcNotFoundError'],
    [{ SubnetId: 'subnet-00000000' }, 'MissingParameter'],
    [{ SecurityGroupIds: ['sg-00000000'] }, 'InvalidParameterValue'],
    [{ SecurityGroupIds: ['sg-dflt0044'] }, 'InvalidParameterValue'],
    [{ SyncMode: 'Sometimes' }, 'InvalidParameterValue'],
    [{ Period: 13 }, 'InvalidParameterValue'],
    [{ AutoRenewFlag: 2 }, 'InvalidParameterValue.ParameterOutOfRange'],
    [{ AutoVoucher: -1 }, 'InvalidParameterValue.ParameterOutOfRange'],
    [{ VoucherIds: ['a', 'b'] }, 'InvalidParameterValue.ParameterOutOfRange'],
    [{ DBEngine: 'mysql' }, 'InvalidParameterValue'],
    [{ DBEngine: 'mssql_compatible' }, 'UnsupportedOperation'],
    [
      { DBNodeSet: Array.from({ length: 11 }, () => ({ Role: 'Standby', Zone: 'ap-guangzhou-3' })) },
      'InvalidParameterValue.ParameterOutOfRange',
    ],
    [
      { TagList: Array.from({ length: 21 }, (_, at) => ({ TagKey: `k${at}`, TagValue: '' })) },
      'InvalidParameterValue.ParameterOutOfRange',
    ],
    [{ TagList: [{ TagKey: 'x'.repeat(128), TagValue: '' }] }, 'InvalidParameterValue.ParameterLengthLimitError'],
    [{ ProjectId: 1_000_000_000 }, 'InvalidParameterValue.ParameterOutOfRange'],
    [{ ProjectId: -1 }, 'InvalidParameterValue.ParameterOutOfRange'],
    [{ DBNodeSet: [{ Role: 'Standby', Zone: 'ap-guangzhou-3' }] }, 'InvalidParameterValue'],
    [{ DBNodeSet: [{ Role: 'Primary', Zone: 'ap-guangzhou-4' }] }, 'InvalidParameterValue'],
    [{ DBNodeSet: [{ Role: 'Witness', Zone: 'ap-guangzhou-3' }] }, 'InvalidParameterValue'],
    [
      {
        DBNodeSet: [
          { Role: 'Primary', Zone: 'ap-guangzhou-3' },
          { Role: 'Standby', Zone: 'ap-shanghai-2' },
        ],
      },
      'InvalidParameterValue.IllegalZone',
    ],
    [{ Storage: 'ten' as unknown as number }, 'InvalidParameter'],
    [{ AdminName: undefined as unknown as string }, 'MissingParameter'],
    [{ Colour: 'red' }, 'UnknownParameter'],
  ])('%j', async (change, code) => {
    expect(await codeOf(api.CreateInstances({ ...request(), ...change }))).toBe(code);
    expect((await api.DescribeDBInstances({})).TotalCount).toBe(0);
  });

  it('names the parameter that is missing or unknown', async () => {
    await expect(api.CreateInstances(request({ Zone: undefined as unknown as string }))).rejects.toThrow(/Zone/);
    await expect(api.CreateInstances(request({ Colour: 'red' } as object))).rejects.toThrow(/Colour/);
  });

  it('tells an action that exists elsewhere from one that does not exist', async () => {
    expect(await codeOf(api.CreateBaseBackup({ DBInstanceId: 'x' }))).toBe('UnsupportedOperation');
    expect(await codeOf(api.request('DescribeElephants', {}))).toBe('InvalidAction');
  });

  it('does not know an instance that is not there', async () => {
    expect(await codeOf(api.DescribeDBInstanceAttribute({ DBInstanceId: 'postgres-00000000' }))).toBe(
      'ResourceNotFound.InstanceNotFoundError',
    );
    expect(await codeOf(api.RestartDBInstance({ DBInstanceId: 'postgres-00000000' }))).toBe(
      'ResourceNotFound.InstanceNotFoundError',
    );
  });
});

describe.each(['13', '15', '17'])('an instance of version %s', (major) => {
  let instance: DBInstance;
  const id = () => instance.DBInstanceId ?? '';
  const region = { AdminName: 'Shop', Name: `shop-${major}`, DBMajorVersion: major };

  it('is created and reached at its private address by its admin account', async () => {
    [instance = {}] = await createRunning(api, region);
    expect(addressOf(instance)).toMatchObject({ host: expect.stringMatching(/^127\.41\.3\.\d+$/) });
    const [row] = await ask<Record<string, unknown>>(
      instance,
      `SELECT current_user, rolsuper, rolcreatedb, rolcreaterole, current_setting('server_version') AS version,
              current_setting('shared_buffers') AS buffers, current_setting('server_encoding') AS encoding
       FROM pg_roles WHERE rolname = current_user`,
    );
    expect(row).toEqual({
      current_user: 'shop',
      rolsuper: false,
      rolcreatedb: true,
      rolcreaterole: true,
      version: instance.DBVersion,
      buffers: '256MB',
      encoding: 'UTF8',
    });
  });

  it('lets the admin account create databases, roles and tables', async () => {
    await ask(instance, 'CREATE TABLE kept (n int)');
    await ask(instance, 'INSERT INTO kept SELECT generate_series(1, 1000)');
    await ask(instance, 'CREATE ROLE clerk LOGIN');
    await ask(instance, 'CREATE DATABASE orders OWNER shop');
    await ask(instance, 'CREATE TABLE line (id int PRIMARY KEY)', 'shop', 'orders');
    expect(await ask(instance, 'SELECT datname FROM pg_database WHERE datdba = current_user::regrole')).toEqual([
      { datname: 'orders' },
    ]);
  });

  it('lets nobody in without the right password, and no internal account through the gateway', async () => {
    const login = { ...addressOf(instance), database: 'postgres' };
    await expect(new Client({ ...login, user: 'shop', password: 'Wrong-42-seat' }).connect()).rejects.toThrow(
      /password authentication failed/,
    );
    await expect(new Client({ ...login, user: 'postgres', password: 'Wrong-42-seat' }).connect()).rejects.toThrow(
      /password authentication failed/,
    );
  });

  it('keeps address and data over a restart', async () => {
    const before = addressOf(instance);
    const { FlowId } = await api.RestartDBInstance({ DBInstanceId: id() });
    expect(await codeOf(api.IsolateDBInstances({ DBInstanceIdSet: [id()] }))).toBe(
      'OperationDenied.InstanceStatusLimitError',
    );
    instance = await untilStatus(api, id(), 'running');
    expect(addressOf(instance)).toEqual(before);
    expect(await ask(instance, 'SELECT count(*)::int AS n FROM kept')).toEqual([{ n: 1000 }]);
    const { TaskSet = [] } = await api.DescribeTasks({ TaskId: FlowId ?? 0 });
    expect(TaskSet[0]).toMatchObject({ TaskType: 'restart', Status: 'Success', DBInstanceId: id(), Progress: 100 });
  });

  it('refuses the same change in the same second as a replay, and takes it in the next', async () => {
    await nextSecond();
    await api.RestartDBInstance({ DBInstanceId: id() });
    expect(await codeOf(api.RestartDBInstance({ DBInstanceId: id() }))).toBe('AuthFailure.SignatureExpire');
    await untilStatus(api, id(), 'running');
    await nextSecond();
  });

  it('holds new connections while it restarts', async () => {
    await api.RestartDBInstance({ DBInstanceId: id() });
    const count = () => ask(instance, 'SELECT count(*)::int AS n FROM kept');
    // One that came before the door was closed is ended with 57P01, and no other.
    const ended = (error: Error & { code?: string }) => {
      if (error.code === '57P01') return count();
      throw error;
    };
    expect(await count().catch(ended)).toEqual([{ n: 1000 }]);
    await untilStatus(api, id(), 'running');
  });

  it('goes into the recycle bin, comes back with its data, and is destroyed', async () => {
    await nextSecond();
    expect(await codeOf(api.DestroyDBInstance({ DBInstanceId: id() }))).toBe(
      'OperationDenied.InstanceStatusLimitError',
    );
    await api.IsolateDBInstances({ DBInstanceIdSet: [id()] });
    const isolated = await untilStatus(api, id(), 'isolated');
    expect(isolated.IsolatedTime).not.toBe('0000-00-00 00:00:00');
    await expect(ask(instance, 'SELECT 1')).rejects.toThrow(/ECONNREFUSED/);
    expect(await codeOf(api.RestartDBInstance({ DBInstanceId: id() }))).toBe(
      'OperationDenied.InstanceStatusLimitError',
    );
    await api.DisIsolateDBInstances({ DBInstanceIdSet: [id()] });
    instance = await untilStatus(api, id(), 'running');
    expect(await ask(instance, 'SELECT count(*)::int AS n FROM kept')).toEqual([{ n: 1000 }]);
    await nextSecond();
    await api.IsolateDBInstances({ DBInstanceIdSet: [id()] });
    await untilStatus(api, id(), 'isolated');
    await api.DestroyDBInstance({ DBInstanceId: id() });
    for (const deadline = Date.now() + 20_000; ;) {
      const { DBInstanceSet = [] } = await api.DescribeDBInstances({});
      if (DBInstanceSet.every(({ DBInstanceId }) => DBInstanceId !== id())) break;
      expect(Date.now()).toBeLessThan(deadline);
    }
    expect(postmastersOf(state)).toEqual([]);
    expect(readdirSync(join(state, 'zones/ap-guangzhou-3'))).toEqual([]);
  });
});

describe('several instances', () => {
  it('are created side by side with LATIN1, listed, filtered, ordered and paged', async () => {
    const made = await createRunning(api, {
      InstanceCount: 3,
      Charset: 'LATIN1',
      Name: '订单-archive',
      TagList: [{ TagKey: 'team', TagValue: 'shop' }],
      ProjectId: 7,
    });
    expect(new Set(made.map((each) => addressOf(each).host)).size).toBe(3);
    expect(await ask(made[0] ?? {}, "SELECT current_setting('server_encoding') AS e")).toEqual([{ e: 'LATIN1' }]);
    const one = made[1];
    const byIp = await api.DescribeDBInstances({
      Filters: [{ Name: 'db-private-ip', Values: [addressOf(one ?? {}).host] }],
    });
    expect(byIp.DBInstanceSet?.map(({ DBInstanceId }) => DBInstanceId)).toEqual([one?.DBInstanceId]);
    const filters = (Name: string, ...Values: string[]) => api.DescribeDBInstances({ Filters: [{ Name, Values }] });
    expect((await filters('db-instance-name', '订单')).TotalCount).toBe(3);
    expect((await filters('db-tag-key', 'team')).TotalCount).toBe(3);
    expect((await filters('db-project-id', '8', '7')).TotalCount).toBe(3);
    expect((await filters('db-project-id', '8')).TotalCount).toBe(0);
    expect(await codeOf(filters('db-colour', 'red'))).toBe('InvalidParameterValue');
    expect((await cloudClient(plane, 'ap-beijing').DescribeDBInstances({})).TotalCount).toBe(0);
    const ids = made.map(({ DBInstanceId = '' }) => DBInstanceId).toSorted();
    const page = await api.DescribeDBInstances({ OrderBy: 'DBInstanceId', OrderByType: 'desc', Limit: 2, Offset: 1 });
    expect(page.TotalCount).toBe(3);
    expect(page.DBInstanceSet?.map(({ DBInstanceId }) => DBInstanceId)).toEqual([ids[1], ids[0]]);
    expect(await codeOf(api.DescribeDBInstances({ Limit: 101 }))).toBe('InvalidParameterValue.ParameterOutOfRange');
  });

  it('are not isolated when one of them cannot be', async () => {
    const { DBInstanceSet = [] } = await api.DescribeDBInstances({});
    const known = DBInstanceSet[0]?.DBInstanceId ?? '';
    expect(await codeOf(api.IsolateDBInstances({ DBInstanceIdSet: [known, 'postgres-00000000'] }))).toBe(
      'ResourceNotFound.InstanceNotFoundError',
    );
    await untilStatus(api, known, 'running');
  });
});

it('writes the password nowhere', () => {
  const files = (folder: string): string[] =>
    readdirSync(folder, { withFileTypes: true }).flatMap((each) => {
      const path = join(folder, each.name);
      if (each.isDirectory()) return each.name === 'base' || each.name === 'pg_wal' ? [] : files(path);
      return each.isFile() && statSync(path).size < 10_000_000 ? [path] : [];
    });
  const all = files(state);
  expect(all.length).toBeGreaterThan(50);
  expect(all.filter((file) => readFileSync(file).includes(PASSWORD))).toEqual([]);
  expect(plane.log()).not.toContain(PASSWORD);
});

it('keeps keys and state from other users', () => {
  const names = ['key-pair.json', 'endpoint.json', 'daemon.lock', 'run/gateway.sock', 'instances'];
  expect(names.filter((name) => (statSync(join(state, name)).mode & 0o077) !== 0)).toEqual([]);
});
