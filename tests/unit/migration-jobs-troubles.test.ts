import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { endpoint } from '../../electron/control-plane/migration/endpoint';
import { createAddressMove } from '../../electron/control-plane/migration/address-move';
import { createLifecycle } from '../../electron/control-plane/migration/job-lifecycle';
import { secretsKey } from '../../electron/control-plane/migration/seal';
import { openJobStore, type Job } from '../../electron/control-plane/migration/store';
import { createSupervisor } from '../../electron/control-plane/migration/supervise';
import { identify, isAlive } from '../../electron/control-plane/processes';
import { AppError } from '../../shared/errors';
import { anInstance } from '../support/instance-record';
import { memoryLog } from '../support/log';
import {
  ended,
  HANG,
  openBench,
  PASSED,
  refusal,
  STAND_IN,
  type Bench,
  type Play,
  NO_INSTANCES,
} from '../support/migration-jobs';
import { NO_COURSE } from '../../electron/control-plane/migration/worker-protocol';

/** Tasks that meet faults of the program, instances that cannot be asked, workers that outlive their daemon. */

let undo: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const each of undo.toReversed()) await each();
  undo = [];
});

async function opened(change: Parameters<typeof openBench>[0] = {}): Promise<Bench> {
  const bench = await openBench(change);
  undo.push(() => bench.close());
  return bench;
}

/** Life of tasks whose settings can never be set back for a fault of the program. */
async function faultyLife() {
  const folder = await mkdtemp(join(tmpdir(), 'howdah-jobs-'));
  const log = memoryLog();
  const store = openJobStore(folder, secretsKey('n'.repeat(64)), log);
  const lifecycle = createLifecycle({
    store,
    log,
    supervisor: () => supervisor,
    settle: () => Promise.reject(new TypeError('a fault')),
    address: createAddressMove({ instances: NO_INSTANCES, folderOf: (id) => join(folder, id) }),
    dropOthers: async () => undefined,
  });
  const supervisor = createSupervisor({
    ...{ program: STAND_IN, log, ...lifecycle.heard },
    async orderOf(job, mode) {
      const { source, target, options } = job.record();
      if (!source || !target || !options) throw new Error('not configured');
      const none = { password: null, sshPassword: null };
      const sides = { source: { ...source, ...none }, target: { ...target, ...none } };
      const speed = { copyJobs: 1, indexJobs: 1 };
      const rest = { folder: job.folder, toolFolders: [], course: NO_COURSE, compare: null };
      return { ...sides, ...speed, ...rest, jobId: job.id, mode, options };
    },
  });
  undo.push(async () => {
    await supervisor.close();
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });
  const bench = await opened();
  const add = async (play: Play, change: Parameters<Job['change']>[0]): Promise<Job> => {
    const record = bench.jobs.get(await bench.made(play));
    if (!record) throw new Error('there is no task');
    return store.add({ ...record, ...change });
  };
  return { lifecycle, store, log, add };
}

describe('a fault of the program', () => {
  it('at the end of a task fails it; it is never left running', async () => {
    const { lifecycle, add, log } = await faultyLife();
    const job = await add([[ended('done')]], { status: 'checkPass' });
    await lifecycle.start(job.id);
    await expect.poll(() => job.record().status, { timeout: 10_000 }).toBe('failed');
    expect(job.record().end).toMatchObject({
      outcome: 'failed',
      problem: 'a fault',
      hint: expect.stringMatching(/^Log id/),
    });
    expect(log.records.some(({ text }) => text.includes('a fault'))).toBe(true);
  });

  it('while a task is paused or stopped ends it as well', async () => {
    const { lifecycle, add } = await faultyLife();
    const pausing = await add([[HANG]], { status: 'checkPass' });
    const stopping = await add([[HANG]], { status: 'checkPass' });
    for (const { id } of [pausing, stopping]) await lifecycle.start(id);
    await lifecycle.act(pausing.id, 'pause');
    await lifecycle.act(stopping.id, 'stop');
    await expect.poll(() => pausing.record().status, { timeout: 10_000 }).toBe('failed');
    await expect.poll(() => stopping.record().status, { timeout: 10_000 }).toBe('canceled');
  });

  it('that left a task without a worker does not keep it from being paused, stopped and verified again', async () => {
    const { lifecycle, add } = await faultyLife();
    const [one, two, three] = [
      await add([], { status: 'running' }),
      await add([], { status: 'running' }),
      await add([], { status: 'checking' }),
    ];
    await lifecycle.act(one.id, 'pause');
    await lifecycle.act(two.id, 'stop');
    await lifecycle.act(three.id, 'stop');
    expect([one, two, three].map((job) => job.record().status)).toEqual(['manualPaused', 'canceled', 'created']);
  });

  it('with one task keeps no other one from its time', async () => {
    const { lifecycle, add, store, log } = await faultyLife();
    const isolated = await add([], { status: 'success', isolatedAt: 1 });
    const timed = await add([[HANG]], { status: 'readyRun', runMode: 'timed', at: 1 });
    await lifecycle.tick(10_000, 1);
    expect(timed.record().status).toBe('running');
    expect(store.get(isolated.id)).toBeDefined();
    // Not at every tick.
    await lifecycle.tick(11_000, 1);
    expect(log.records.filter(({ text }) => text.includes('a fault'))).toHaveLength(1);
  });
});

describe('an instance that was tuned for a load', () => {
  const target = {
    endpoint: endpoint.parse({ accessType: 'cdb', instanceId: 'postgres-0example', user: 'shop' }),
    secrets: { password: 'secret', sshPassword: null },
  };

  it('and cannot be set back keeps its task from being destroyed, until it is gone', async () => {
    let there = true;
    const bench = await opened({
      instances: {
        ...NO_INSTANCES,
        get: () => (there ? anInstance({ storageGb: 20 }) : undefined),
        withSuperuser: () => Promise.reject(new AppError({ code: 'unreachable', message: 'The instance is away' })),
      },
    });
    const id = await bench.made([PASSED], { target });
    const tuned = join(bench.folder, id, 'instance', 'postgres-0example');
    await mkdir(tuned, { recursive: true });
    const settings = [{ name: 'autovacuum', before: null, ours: 'off' }];
    await writeFile(join(tuned, 'tuned.json'), JSON.stringify({ settings }));
    await bench.jobs.act(id, 'isolate');
    expect(await refusal(bench.jobs.act(id, 'destroy'))).toBe('conflict');
    expect(bench.jobs.get(id)).toBeDefined();
    there = false;
    await bench.jobs.act(id, 'destroy');
    expect(bench.jobs.get(id)).toBeUndefined();
  });

  it('is none when its disk is small, and the log of the task says so once', async () => {
    const bench = await opened({
      instances: {
        ...NO_INSTANCES,
        get: () => anInstance({ storageGb: 10 }),
        withSuperuser: () => Promise.reject(new Error('nobody asked')),
      },
    });
    const id = await bench.made([PASSED, [{ kill: true }], [ended('done')]], { target });
    await bench.jobs.start(id);
    await bench.until(id, 'success');
    const { rows } = await bench.jobs.log(id, 0, 100);
    expect(rows.filter(({ text }) => /own settings: its disk of 10 GB/.test(text))).toHaveLength(1);
  });
});

it('a worker of an earlier daemon has ended before its task is destroyed', async () => {
  const bench = await opened();
  const id = await bench.made([PASSED]);
  const worker = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' });
  undo.push(async () => void worker.kill('SIGKILL'));
  const identity = identify(worker.pid ?? 0);
  if (!identity) throw new Error('there is no worker');
  await writeFile(join(bench.folder, id, 'worker.json'), JSON.stringify(identity));
  await bench.jobs.act(id, 'isolate');
  await bench.jobs.act(id, 'destroy');
  expect(isAlive(identity)).toBe(false);
});
