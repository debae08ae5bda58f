import { copyFile, cp, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { JobStatus } from '../../shared/model/migration';
import type { MigrationJobDetail } from '../../shared/model/migration-api';
import {
  daemonProgram,
  openStateFolder,
  startControlPlane,
  stopEverything,
  type TestControlPlane,
} from '../support/control-plane';
import { dtsService } from '../support/dts-client';
import { configurationOf, ended, findingOf, HANG, PASSED, STAND_IN, type Play } from '../support/migration-jobs';
import { ownService } from '../support/sdk-call';

/** The real daemon is killed while its tasks are in every status; workers are stand-ins that do as they are told. */

let state = '';
let program = '';
let plane: TestControlPlane;

beforeAll(async () => {
  const built = dirname(await daemonProgram());
  const folder = `${built}-stand-in`;
  await cp(built, folder, { recursive: true });
  await copyFile(STAND_IN, join(folder, 'migration-worker.js'));
  program = join(folder, 'control-plane.js');
  state = await openStateFolder();
  plane = await startControlPlane(state, { program });
});
afterAll(async () => {
  if (state !== '') await stopEverything(state);
  if (program !== '') await rm(dirname(program), { recursive: true, force: true });
});

const own = () => ownService(plane);
const detail = async (JobId: string): Promise<MigrationJobDetail> =>
  (await own().answer<{ Job: MigrationJobDetail }>('DescribeMigrationJob', { JobId })).Job;
const until = (id: string, status: JobStatus): Promise<void> =>
  expect.poll(async () => (await detail(id)).status, { timeout: 20_000, interval: 30 }).toBe(status);
const act = (action: string, JobId: string, more: object = {}) => dtsService(plane).answer(action, { JobId, ...more });

async function made(play: Play, change: object = {}): Promise<string> {
  const { JobIds } = await dtsService(plane).answer<{ JobIds: string[] }>('CreateMigrationService', {
    SrcDatabaseType: 'postgresql',
    DstDatabaseType: 'postgresql',
    SrcRegion: 'ap-guangzhou',
    DstRegion: 'ap-guangzhou',
    InstanceClass: 'medium',
  });
  const [JobId = ''] = JobIds;
  const { source, target, options, retryMinutes } = configurationOf(play);
  await own().answer('ConfigureMigrationJob', {
    JobId,
    Source: { ...source.endpoint, ...source.secrets },
    Target: { ...target.endpoint, ...target.secrets },
    Options: options,
    RetryMinutes: retryMinutes,
    ...change,
  });
  return JobId;
}

async function verified(play: Play, change: object = {}): Promise<string> {
  const id = await made([PASSED, ...play], change);
  await act('CreateMigrateCheckJob', id);
  await until(id, 'checkPass');
  return id;
}

async function started(play: Play, status: JobStatus): Promise<string> {
  const id = await verified(play);
  await act('StartMigrateJob', id);
  await until(id, status);
  return id;
}

const starts = async (id: string): Promise<string[]> =>
  (await readFile(join(state, 'migrations', id, 'starts'), 'utf8')).trim().split('\n');
const workerOf = async (id: string): Promise<number> => Number((await starts(id)).at(-1)?.split(' ')[1]);
const begun = (id: string, times: number): Promise<void> =>
  expect.poll(async () => (await starts(id).catch(() => [])).length, { timeout: 10_000 }).toBe(times);
const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

const DEAF: Play[number] = [{ deaf: true }];

it('a killed daemon is followed by one that knows every task and goes on with those that ran', async () => {
  const failing = [{ say: { event: 'findings', findings: [findingOf({ level: 'failed' })] } }, ended('done')];
  const inOneHour = { RunMode: 'timed', At: Date.now() + 3_600_000 };
  const jobs = {
    created: await made([PASSED]),
    checking: await made([[HANG], PASSED]),
    checkPass: await verified([]),
    checkNotPass: await made([failing]),
    readyRun: await verified([], inOneHour),
    running: await started([[HANG], [ended('done')]], 'running'),
    waiting: await started(
      [[ended('waits', 'The source does not answer')], [ended('waits', 'The source does not answer')], [ended('done')]],
      'running',
    ),
    pausing: await started([DEAF], 'running'),
    manualPaused: await started([[HANG]], 'running'),
    stopping: await started([DEAF], 'running'),
    canceled: await started([[HANG]], 'running'),
    failed: await started([[ended('failed', 'No such luck')]], 'failed'),
    success: await started([[ended('done')]], 'success'),
    isolated: await verified([]),
  };
  await act('CreateMigrateCheckJob', jobs.checking);
  await act('CreateMigrateCheckJob', jobs.checkNotPass);
  await act('StartMigrateJob', jobs.readyRun);
  for (const id of [jobs.running, jobs.pausing, jobs.manualPaused, jobs.stopping, jobs.canceled]) await begun(id, 2);
  await act('PauseMigrateJob', jobs.manualPaused);
  await act('StopMigrateJob', jobs.canceled);
  await act('IsolateMigrateJob', jobs.isolated);
  await until(jobs.checkNotPass, 'checkNotPass');
  await until(jobs.manualPaused, 'manualPaused');
  await until(jobs.canceled, 'canceled');
  await begun(jobs.checking, 1);
  await act('PauseMigrateJob', jobs.pausing);
  await act('StopMigrateJob', jobs.stopping);
  const workers = await Promise.all([jobs.checking, jobs.running, jobs.pausing, jobs.stopping].map(workerOf));
  expect(workers.map(isAlive)).toEqual([true, true, true, true]);

  await plane.kill('SIGKILL');
  // The life line: nobody has to end them.
  await expect.poll(() => workers.map(isAlive), { timeout: 10_000 }).toEqual([false, false, false, false]);
  plane = await startControlPlane(state, { program });

  await until(jobs.checking, 'checkPass');
  await until(jobs.running, 'success');
  await until(jobs.waiting, 'success');
  const after: Record<keyof typeof jobs, JobStatus> = {
    created: 'created',
    checking: 'checkPass',
    checkPass: 'checkPass',
    checkNotPass: 'checkNotPass',
    readyRun: 'readyRun',
    running: 'success',
    waiting: 'success',
    pausing: 'manualPaused',
    manualPaused: 'manualPaused',
    stopping: 'canceled',
    canceled: 'canceled',
    failed: 'failed',
    success: 'success',
    isolated: 'checkPass',
  };
  const found = await Promise.all(
    Object.entries(jobs).map(async ([name, id]) => [name, (await detail(id)).status] as const),
  );
  expect(Object.fromEntries(found)).toEqual(after);
  expect(await detail(jobs.isolated)).toMatchObject({ isolated: true, actions: ['recover', 'destroy'] });
  expect(await detail(jobs.failed)).toMatchObject({ problem: 'No such luck', actions: ['resume', 'stop', 'isolate'] });
  expect((await detail(jobs.running)).events.map(({ kind }) => kind)).toContain('restarted');
  await act('ContinueMigrateJob', jobs.manualPaused);
  await begun(jobs.manualPaused, 3);
  await act('StopMigrateJob', jobs.manualPaused);
  await until(jobs.manualPaused, 'canceled');
});

it('a time that passes while no daemon is there is made up for', async () => {
  const id = await verified([[ended('done')]], { RunMode: 'timed', At: Date.now() + 3_000 });
  await act('StartMigrateJob', id);
  const { scheduledAt } = await detail(id);
  await plane.kill('SIGKILL');
  await expect.poll(() => Date.now() > (scheduledAt ?? 0), { timeout: 10_000 }).toBe(true);
  plane = await startControlPlane(state, { program });
  await until(id, 'success');
});

it('a worker that is killed while it works is followed by another one on the same folder', async () => {
  const id = await started([[HANG], [HANG]], 'running');
  await begun(id, 2);
  process.kill(await workerOf(id), 'SIGKILL');
  await begun(id, 3);
  expect(await detail(id)).toMatchObject({ status: 'running', events: [{ kind: 'worker-lost' }, {}, {}, {}, {}, {}] });
  await act('StopMigrateJob', id);
  await until(id, 'canceled');
  await act('IsolateMigrateJob', id);
  await act('DestroyMigrateJob', id);
  expect(await own().refusal('DescribeMigrationJob', { JobId: id })).toBe('ResourceNotFound.JobNotExist');
});

it('a daemon that ends in an orderly way leaves running tasks to the next one', async () => {
  const id = await started([[HANG], [ended('done')]], 'running');
  await begun(id, 2);
  const worker = await workerOf(id);
  await plane.kill('SIGTERM');
  expect(isAlive(worker)).toBe(false);
  plane = await startControlPlane(state, { program });
  await until(id, 'success');
});
