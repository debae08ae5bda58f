import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ObjectOutcome } from '../../shared/model/migration';
import type { MigrationJobDetail, MigrationReport } from '../../shared/model/migration-api';
import { openStateFolder, startControlPlane, stopEverything, type TestControlPlane } from '../support/control-plane';
import { dtsService } from '../support/dts-client';
import { createTask, taskDetail, untilTask } from '../support/migration-service';
import { startServer, type TestServer } from '../support/postgres';
import { ownService } from '../support/sdk-call';

/** The passwords of a task are found nowhere: not on disk, in a log, in an answer, or in what the system tells of a worker. */

const SOURCE = 'Kiwi-of-the-source-7';
const TARGET = 'Kiwi-of-the-target-8';
const TUNNEL = 'Kiwi-of-the-tunnel-9';
const KIWI = /Kiwi-of-the/;

let state = '';
let plane: TestControlPlane;
let source: TestServer;
let target: TestServer;

beforeAll(async () => {
  state = await openStateFolder();
  [plane, source, target] = await Promise.all([
    startControlPlane(state),
    startServer({ major: 17, password: SOURCE }),
    startServer({ major: 17, password: TARGET }),
  ]);
  await source.createDatabase('shop');
  await source.sql('CREATE TABLE t AS SELECT n, repeat(md5(n::text), 10) FROM generate_series(1, 20000) n', 'shop');
});
afterAll(async () => {
  await Promise.all([source?.stop(), target?.stop(), state === '' ? undefined : stopEverything(state)]);
});

/** Every file below a folder that holds one of the passwords, or that others may read. */
function telling(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return telling(path);
    if (!entry.isFile()) return [];
    return KIWI.test(readFileSync(path, 'latin1')) || (statSync(path).mode & 0o077) !== 0 ? [path] : [];
  });
}

const ofProcess = (pid: number): string =>
  ['cmdline', 'environ'].map((name) => readFileSync(`/proc/${pid}/${name}`, 'utf8')).join('\n');

it('passwords of user mappings that could not be made are told to nobody', async () => {
  const dts = dtsService(plane);
  const own = ownService(plane);
  await source.createDatabase('mapped');
  await source.sql('CREATE ROLE ghost');
  await source.sql(
    `CREATE FOREIGN DATA WRAPPER plain; CREATE SERVER far FOREIGN DATA WRAPPER plain;
     CREATE USER MAPPING FOR ghost SERVER far OPTIONS ("user" 'u', password 'Kiwi-of-the-mapping-2')`,
    'mapped',
  );
  const side = ({ port }: TestServer, password: string) => ({
    ...{ accessType: 'extranet', host: '127.0.0.1', port, user: 'postgres', password },
  });
  const JobId = await createTask(dts, own, {
    Source: side(source, SOURCE),
    Target: side(target, TARGET),
    Options: {
      type: 'full',
      objects: { mode: 'partial', roleMode: 'none', databases: [{ name: 'mapped', mode: 'all' }] },
    },
    RetryMinutes: 0,
  });
  await dts.answer('CreateMigrateCheckJob', { JobId });
  await untilTask(own, JobId, 'checkPass');
  await dts.answer('StartMigrateJob', { JobId });
  await expect.poll(async () => (await taskDetail(own, JobId)).status, { timeout: 60_000 }).toBe('failed');
  const failed = async (): Promise<ObjectOutcome[]> =>
    (await own.answer<{ Report: MigrationReport }>('DescribeMigrationReport', { JobId })).Report.objects.filter(
      ({ outcome }) => outcome === 'failed',
    );
  expect((await failed()).map(({ statement }) => statement.replaceAll(/\s+/g, ' '))).toEqual([
    expect.stringContaining(`OPTIONS ( password '***', "user" 'u' )`),
  ]);
  const answers = await Promise.all(
    ['Report', 'Log', 'Findings', 'Objects'].map((what) => own.answer(`DescribeMigration${what}`, { JobId })),
  );
  expect(JSON.stringify([answers, await taskDetail(own, JobId)])).not.toMatch(KIWI);
  expect(plane.log()).not.toMatch(KIWI);
  await expect.poll(() => telling(join(state, 'migrations', JobId))).toEqual([]);
  // What is repaired and gone on with leaves no failure behind.
  await target.sql('CREATE ROLE ghost');
  await dts.answer('ResumeMigrateJob', { JobId });
  await untilTask(own, JobId, 'success');
  expect(await failed()).toEqual([]);
  expect(await target.sql('SELECT count(*)::int AS n FROM pg_user_mappings', 'mapped')).toEqual([{ n: 1 }]);
});

it('passwords stay sealed while a task is tested, verified, run, wrong and right, and after it', async () => {
  const dts = dtsService(plane);
  const own = ownService(plane);
  const answers: unknown[] = [];
  const ask = async (action: string, body: object): Promise<Record<string, unknown>> => {
    const answer = await own.answer(action, body);
    answers.push(answer);
    return answer;
  };
  const { JobIds } = await dts.answer<{ JobIds: string[] }>('CreateMigrationService', {
    SrcDatabaseType: 'postgresql',
    DstDatabaseType: 'postgresql',
    SrcRegion: 'ap-guangzhou',
    DstRegion: 'ap-guangzhou',
    InstanceClass: 'medium',
  });
  const [JobId = ''] = JobIds;
  const side = (server: TestServer, password: string) => ({
    accessType: 'extranet',
    host: '127.0.0.1',
    port: server.port,
    user: 'postgres',
    password,
    sshPassword: TUNNEL,
  });
  const configure = (targetPassword: string): Promise<unknown> =>
    ask('ConfigureMigrationJob', {
      JobId,
      Source: side(source, SOURCE),
      Target: side(target, targetPassword),
      Options: {
        type: 'full',
        objects: { mode: 'partial', roleMode: 'none', databases: [{ name: 'shop', mode: 'all' }] },
        bytesPerSecond: 500_000,
      },
      RetryMinutes: 5,
    });
  const status = async (): Promise<string> => {
    const { Job } = await own.answer<{ Job: MigrationJobDetail }>('DescribeMigrationJob', { JobId });
    answers.push(Job);
    return Job.status;
  };
  const until = (wanted: string): Promise<void> => expect.poll(status, { timeout: 60_000, interval: 50 }).toBe(wanted);

  await configure(`${TARGET} wrong`);
  await ask('TestMigrationEndpoint', { JobId, Side: 'target', Endpoint: side(target, `${TARGET} wrong`) });
  await dts.answer('CreateMigrateCheckJob', { JobId });
  await until('checkNotPass');
  await configure(TARGET);
  await dts.answer('CreateMigrateCheckJob', { JobId });
  await until('checkPass');
  await dts.answer('StartMigrateJob', { JobId });
  const workerFile = join(state, 'migrations', JobId, 'worker.json');
  await expect
    .poll(
      async () =>
        ((await own.answer<{ Progress: { totals: { bytes: number } } | null }>('DescribeMigrationProgress', { JobId }))
          .Progress?.totals.bytes ?? 0) > 0,
      { timeout: 30_000 },
    )
    .toBe(true);
  const { pid } = JSON.parse(readFileSync(workerFile, 'utf8')) as { pid: number };
  expect(ofProcess(pid)).toContain('migration-worker.js');
  expect(ofProcess(pid)).not.toMatch(KIWI);
  expect(telling(join(state, 'migrations'))).toEqual([]);
  // The password changes while the task runs: it waits, says so, and goes on when it is told the new one.
  await target.sql("ALTER ROLE postgres PASSWORD 'Kiwi-of-the-future-1'");
  process.kill(pid, 'SIGKILL');
  await expect
    .poll(async () => (await own.answer<{ Job: MigrationJobDetail }>('DescribeMigrationJob', { JobId })).Job.problem, {
      timeout: 30_000,
    })
    .toMatch(/password/);
  expect(await status()).toBe('running');
  await configure('Kiwi-of-the-future-1');
  await ask('ModifyMigrationSpeed', { JobId, BytesPerSecond: 0 });
  await until('success');
  for (const action of [
    'DescribeMigrationReport',
    'DescribeMigrationLog',
    'DescribeMigrationFindings',
    'DescribeMigrationTables',
    'DescribeMigrationObjects',
  ])
    await ask(action, { JobId });
  answers.push(await dts.answer('DescribeMigrationDetail', { JobId }), await dts.answer('DescribeMigrationJobs', {}));
  expect(JSON.stringify(answers)).not.toMatch(KIWI);
  expect(plane.log()).not.toMatch(KIWI);
  expect(telling(join(state, 'migrations'))).toEqual([]);
  expect(readFileSync(join(state, 'migrations', JobId, 'secrets.json'), 'utf8')).toMatch(/"sealed":\{"iv"/);
});
