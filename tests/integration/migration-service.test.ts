import { availableParallelism } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSession } from '../../electron/adapters/postgres/session';
import { endpoint, profileOf } from '../../electron/control-plane/migration/endpoint';
import type { Finding, JobStatus, MigrationProgress, ObjectOutcome } from '../../shared/model/migration';
import type { ClosureNote, EndpointObjects, MigrationJobView, MigrationReport } from '../../shared/model/migration-api';
import type { TestStep } from '../../shared/model/server';
import { addressOf, cloudClient, createRunning, PASSWORD, untilStatus } from '../support/cloud-client';
import { openStateFolder, startControlPlane, stopEverything, type TestControlPlane } from '../support/control-plane';
import { dtsService } from '../support/dts-client';
import { createTask, makeShop, taskDetail, untilTask } from '../support/migration-service';
import { freePort, startServer, type TestServer } from '../support/postgres';
import { ownService, type OwnService, type Service } from '../support/sdk-call';

/** Our own service about migration tasks: connections, objects, repairs, reports; a server outside and an instance of the control plane. */

let state = '';
let plane: TestControlPlane;
let dts: Service;
let own: OwnService;
let source: TestServer;
let instance = '';
let address = { host: '', port: 0 };

beforeAll(async () => {
  state = await openStateFolder();
  plane = await startControlPlane(state);
  [dts, own] = [dtsService(plane), ownService(plane)];
  source = await startServer({ major: 17, password: 'Elephant-1' });
  await makeShop(source);
  const api = cloudClient(plane);
  // So large that it may be tuned for a load.
  const [made] = await createRunning(api, { Storage: 20 });
  instance = made?.DBInstanceId ?? '';
  address = addressOf(made ?? {});
});
afterAll(async () => {
  await Promise.all([source?.stop(), state === '' ? undefined : stopEverything(state)]);
});

const outside = (change: object = {}) => ({
  accessType: 'extranet',
  host: '127.0.0.1',
  port: source.port,
  user: 'postgres',
  password: 'Elephant-1',
  ...change,
});
const inside = (change: object = {}) => ({
  accessType: 'cdb',
  instanceId: instance,
  user: 'shop',
  password: PASSWORD,
  ...change,
});
const OURS = { keepOwners: false, keepPrivileges: false };
const SHOP = { mode: 'partial', roleMode: 'none', databases: [{ name: 'shop', mode: 'all' }] };

const create = (change: object = {}): Promise<string> =>
  createTask(dts, own, {
    Name: 'shop',
    RunMode: 'immediate',
    At: null,
    Source: outside(),
    Target: inside(),
    Options: { type: 'full', objects: SHOP, ...OURS },
    RetryMinutes: 0,
    ...change,
  });
const detail = (JobId: string) => taskDetail(own, JobId);
const until = (JobId: string, status: JobStatus) => untilTask(own, JobId, status);
const findings = async (JobId: string): Promise<Finding[]> =>
  (await own.answer<{ Findings: Finding[] }>('DescribeMigrationFindings', { JobId })).Findings;

interface Tested {
  readonly Steps: TestStep[];
  readonly Facts: { readonly databases: { readonly name: string; readonly bytes: number }[] } | null;
}
const test = (Endpoint: object, more: object = {}): Promise<Tested> =>
  own.answer<Tested>('TestMigrationEndpoint', { Side: 'source', Endpoint, ...more });

describe('a connection is tested step by step', () => {
  it('and tells who and what is there', async () => {
    const { Steps, Facts } = await test(outside());
    expect(Steps.map(({ step, state: how }) => `${step} ${how}`)).toEqual([
      'name ok',
      'tunnel skipped',
      'tcp ok',
      'tls skipped',
      'authentication ok',
      'database ok',
      'role skipped',
    ]);
    expect(Facts).toMatchObject({ user: 'postgres', superuser: true, versionNum: expect.any(Number), tls: '' });
    expect(Facts?.databases.map(({ name, bytes }) => [name, bytes > 1_000_000])).toEqual([
      ['postgres', true],
      ['shop', true],
    ]);
  });

  it('and the step that fails says why and what to do', async () => {
    const port = await freePort();
    const cases: readonly (readonly [object, string, RegExp])[] = [
      [{ host: 'no.such.host.invalid' }, 'name', /spelling/],
      [{ port }, 'tcp', /port/],
      [{ ssl: { mode: 'require', rootCert: '', cert: '', key: '', crl: '', sni: true } }, 'tls', /ssl/],
      [{ password: 'wrong' }, 'authentication', /password/],
      [{ password: null }, 'authentication', /password/],
      [{ database: 'nowhere' }, 'database', /name of the database/],
      [{ accessType: 'cdb', instanceId: 'postgres-00000000' }, 'name', /another instance/],
    ];
    for (const [change, step, hint] of cases) {
      const { Steps, Facts } = await test(outside(change));
      expect([change, Steps.find(({ state: how }) => how === 'failed')?.step, Facts]).toEqual([change, step, null]);
      expect(Steps.find(({ state: how }) => how === 'failed')?.hint).toMatch(hint);
      expect(Steps.at(-1)?.state).toBe('not-reached');
    }
  });

  it('with the password that is stored, to an instance by its id, and with its certificate', async () => {
    const JobId = await create();
    expect((await test(outside({ password: null }), { JobId })).Facts).not.toBeNull();
    expect((await test(inside({ password: null }), { JobId, Side: 'target' })).Facts).toMatchObject({ user: 'shop' });
    const api = cloudClient(plane);
    await api.ModifyDBInstanceSSLConfig({ DBInstanceId: instance, SSLEnabled: true, ConnectAddress: address.host });
    const ssl = { mode: 'verify-full', rootCert: '', cert: '', key: '', crl: '', sni: true };
    await untilStatus(api, instance, 'running');
    await expect
      .poll(async () => (await test(inside({ ssl }))).Facts, { timeout: 20_000 })
      .toMatchObject({ tls: expect.stringMatching(/^TLSv1/) });
  });
});

describe('the objects of a source', () => {
  it('are read, and what chosen ones need is named', async () => {
    const JobId = await create();
    const { Objects } = await own.answer<{ Objects: EndpointObjects }>('DescribeSourceObjects', {
      JobId,
      Database: 'shop',
    });
    expect(
      Objects.schemas.find(({ name }) => name === 'sales')?.objects.map(({ name, kind }) => `${kind} ${name}`),
    ).toEqual(expect.arrayContaining(['table orders', 'view open_orders']));
    const { Roles } = await own.answer<{ Roles: string[] }>('DescribeSourceRoles', { JobId });
    expect(Roles).toEqual(['clerk', 'postgres']);
    const schema = { name: 'sales', mode: 'partial', views: ['open_orders'] };
    const { Notes } = await own.answer<{ Notes: ClosureNote[] }>('DescribeObjectClosure', {
      JobId,
      Objects: { ...SHOP, databases: [{ name: 'shop', mode: 'partial', schemas: [schema] }] },
    });
    expect(Notes.map(({ object, needs, how }) => `${object} needs ${needs.name}: ${how}`)).toEqual([
      'view sales.open_orders needs orders: add',
      'table sales.orders needs customers: add',
    ]);
    expect(await own.refusal('DescribeSourceObjects', { JobId, Database: 'nowhere' })).toBe('FailedOperation');
  });
});

describe('a task into an instance of the control plane', () => {
  it('is verified, repaired, run with all processors, and reported', async () => {
    await source.sql("ALTER SYSTEM SET idle_in_transaction_session_timeout = '5s'");
    await source.sql('SELECT pg_reload_conf()');
    const JobId = await create();
    await dts.answer('CreateMigrateCheckJob', { JobId });
    await expect.poll(async () => (await detail(JobId)).status, { timeout: 60_000 }).toMatch(/^check(Not)?Pass$/);
    const fixable = (await findings(JobId)).find(({ check }) => check === 'source-time-limits');
    expect(fixable?.fix).toMatchObject({ side: 'source', database: 'shop' });
    await own.answer('ApplyMigrationFix', {
      JobId,
      Check: fixable?.check,
      Database: fixable?.database,
      Side: 'source',
    });
    expect((await detail(JobId)).events[0]).toMatchObject({ kind: 'fixed' });
    expect(await source.sql('SELECT count(*)::int AS n FROM pg_db_role_setting')).toEqual([{ n: 1 }]);
    await source.sql('ALTER ROLE postgres IN DATABASE shop RESET ALL');
    const { Jobs } = await own.answer<{ Jobs: MigrationJobView[] }>('DescribeMigrationJobViews', {
      JobIds: [JobId, 'dts-00000000'],
    });
    expect(Jobs.map(({ id, actions }) => [id, actions.includes('start')])).toEqual([[JobId, true]]);
    expect(await own.refusal('ApplyMigrationFix', { JobId, Check: 'no-such-check', Side: 'source' })).toBe(
      'ResourceNotFound.ResourceNotFound',
    );
    await dts.answer('CreateMigrateCheckJob', { JobId });
    await until(JobId, 'checkPass');
    await dts.answer('StartMigrateJob', { JobId });
    await until(JobId, 'success');
    const { Progress } = await own.answer<{ Progress: { copyJobs: number } }>('DescribeMigrationProgress', { JobId });
    expect(Progress.copyJobs).toBe(Math.min(16, availableParallelism()));
    const tables = await own.answer('DescribeMigrationTables', {
      JobId,
      Search: 'order',
      State: 'done',
      Offset: 0,
      Limit: 10,
    });
    expect(tables).toMatchObject({
      TotalCount: 1,
      Tables: [{ database: 'shop', schema: 'sales', name: 'orders', rows: 5000 }],
    });
    const failed = await own.answer('DescribeMigrationObjects', {
      JobId,
      Search: '',
      Outcome: 'failed',
      Offset: 0,
      Limit: 10,
    });
    expect(failed).toMatchObject({ TotalCount: 0, Objects: [] });
    const { Lines } = await own.answer<{ Lines: { text: string }[] }>('DescribeMigrationLog', { JobId });
    const words = Lines.map(({ text }) => text.split(':')[0]);
    expect(words).toEqual(expect.arrayContaining(['Set on the target for the load', 'Set back on the target']));
    const log = await own.answer<{ TotalCount: number; Lines: { text: string }[] }>('DescribeMigrationLog', {
      JobId,
      From: 1,
      Limit: 2,
    });
    expect(log.Lines).toHaveLength(2);
    expect(log.TotalCount).toBeGreaterThan(2);
    const { Report } = await own.answer<{ Report: MigrationReport }>('DescribeMigrationReport', { JobId });
    expect(Report).toMatchObject({ job: { id: JobId, status: 'success' }, progress: { totals: { tablesDone: 2 } } });
    expect(Report.tables).toHaveLength(2);
    await own.answer('ModifyMigrationTags', { JobId, Tags: [{ key: 'stage', value: 'done' }] });
    expect((await detail(JobId)).tags).toEqual([{ key: 'stage', value: 'done' }]);
  });

  it('moves roles only, when only these are chosen', async () => {
    const objects = { mode: 'partial', roleMode: 'partial', roles: ['clerk'], databases: [] };
    const JobId = await create({ Options: { type: 'full', objects, ...OURS } });
    await dts.answer('CreateMigrateCheckJob', { JobId });
    await until(JobId, 'checkPass');
    expect((await findings(JobId)).find(({ check }) => check === 'selection')?.found).toBe('Only roles travel');
    await dts.answer('StartMigrateJob', { JobId });
    await until(JobId, 'success');
    const { Progress } = await own.answer<{ Progress: MigrationProgress }>('DescribeMigrationProgress', { JobId });
    expect(Progress.steps.slice(0, 7).map(({ state: how }) => how)).toEqual([
      ...['success', 'success'],
      ...['skipped', 'skipped', 'skipped', 'skipped', 'skipped'],
    ]);
    const { Objects } = await own.answer<{ Objects: ObjectOutcome[] }>('DescribeMigrationObjects', { JobId });
    expect(Objects.map(({ kind, name, outcome }) => `${kind} ${name} ${outcome}`)).toContain('ROLE clerk done');
  });

  it('says so when the instance cannot be reached any more', async () => {
    const api = cloudClient(plane);
    const JobId = await create({
      Options: {
        type: 'full',
        objects: { ...SHOP, databases: [{ name: 'shop', newName: 'other', mode: 'all' }] },
        ...OURS,
      },
    });
    const listed = async () =>
      dts.answer('DescribeMigrateDBInstances', { DatabaseType: 'postgresql', MigrateRole: 'dst' });
    expect(await listed()).toMatchObject({
      TotalCount: 1,
      Instances: [
        { InstanceId: instance, InstanceName: 'shop', Vip: address.host, Vport: address.port, Usable: 1, Hint: '' },
      ],
    });
    await dts.answer('CreateMigrateCheckJob', { JobId });
    await until(JobId, 'checkPass');
    await api.IsolateDBInstances({ DBInstanceIdSet: [instance] });
    await untilStatus(api, instance, 'isolated');
    expect(await listed()).toMatchObject({ Instances: [{ Usable: 0, Hint: expect.stringContaining('isolated') }] });
    await dts.answer('StartMigrateJob', { JobId });
    await until(JobId, 'failed');
    expect(await detail(JobId)).toMatchObject({
      problem: `The instance ${instance} is isolated`,
      hint: expect.stringContaining('Recover'),
    });
    const { Steps } = await test(inside(), { Side: 'target' });
    expect(Steps[0]).toMatchObject({ step: 'name', state: 'failed', detail: `The instance ${instance} is isolated` });
    await api.DisIsolateDBInstances({ DBInstanceIdSet: [instance], Period: 1 });
    await untilStatus(api, instance, 'running');
    await dts.answer('ResumeMigrateJob', { JobId });
    await until(JobId, 'success');
  });

  it('goes on after its daemon was killed in the middle of the copy, and nothing is lost or twice', async () => {
    await source.createDatabase('wide');
    await source.sql(
      'CREATE TABLE t AS SELECT n, repeat(md5(n::text), 5) AS words FROM generate_series(1, 30000) n',
      'wide',
    );
    await source.sql('CREATE TABLE u AS SELECT n FROM generate_series(1, 30000) n', 'wide');
    const objects = { ...SHOP, databases: [{ name: 'wide', mode: 'all' }] };
    const JobId = await create({ Options: { type: 'full', objects, bytesPerSecond: 500_000, ...OURS } });
    await dts.answer('CreateMigrateCheckJob', { JobId });
    await until(JobId, 'checkPass');
    await dts.answer('StartMigrateJob', { JobId });
    const bytes = async (): Promise<number> => {
      const body = { JobId };
      type Answer = { readonly Progress: MigrationProgress | null };
      return (await own.answer<Answer>('DescribeMigrationProgress', body)).Progress?.totals.bytes ?? 0;
    };
    await expect.poll(bytes, { timeout: 30_000 }).toBeGreaterThan(500_000);
    await plane.kill('SIGKILL');
    plane = await startControlPlane(state);
    [dts, own] = [dtsService(plane), ownService(plane)];
    expect((await detail(JobId)).status).toBe('running');
    await own.answer('ModifyMigrationSpeed', { JobId, BytesPerSecond: 0 });
    await until(JobId, 'success');
    const sums =
      'SELECT count(*)::int AS n, sum(hashtext(t::text))::text AS sum FROM t UNION ALL SELECT count(*)::int, sum(n)::text FROM u';
    const found = await openSession(
      profileOf(
        {
          ...endpoint.parse({ accessType: 'extranet', ...address, user: 'shop' }),
          password: PASSWORD,
          sshPassword: null,
        },
        'wide',
        'test',
      ),
    );
    try {
      expect(await found.query(sums)).toEqual(await source.sql(sums, 'wide'));
    } finally {
      await found.end();
    }
  });
});
