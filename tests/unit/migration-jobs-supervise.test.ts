import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  configurationOf,
  ended,
  HANG,
  openBench,
  PASSED,
  progressOf,
  refusal,
  type Bench,
  type Play,
} from '../support/migration-jobs';

/** Workers that crash, talk nonsense, wait, and are told to pause: what becomes of their tasks. */

let bench: Bench;
beforeEach(async () => {
  bench = await openBench();
});
afterEach(() => bench.close());

const KILLED = [{ kill: true }];
const WAITS = [ended('waits', 'The source does not answer', 'Start it')];

async function started(plays: Play, change: Parameters<Bench['made']>[1] = {}): Promise<string> {
  const id = await bench.made([PASSED, ...plays], change);
  await bench.jobs.start(id);
  return id;
}
const running = (id: string, runs = 1) =>
  expect.poll(() => bench.starts(id).length, { timeout: 10_000 }).toBe(1 + runs);
const alive = (line: string | undefined): boolean => {
  try {
    process.kill(Number(line?.split(' ')[1]), 0);
    return true;
  } catch {
    return false;
  }
};

it('nonsense of a worker is told in the log and does no harm', async () => {
  const wrongProgress = { event: 'progress', progress: { steps: 'many' } };
  const id = await started([
    [
      { raw: 'Segmentation fault\n{"event":"party"}\n{"event":\n\n' },
      { raw: `${'x'.repeat(1_000)}\n` },
      { say: wrongProgress },
      { say: { event: 'tables', tables: [{ name: 'no table' }] } },
      { say: { event: 'log', line: { at: 1, level: 'info', text: 'all is well' } } },
      ended('done'),
    ],
  ]);
  await bench.until(id, 'success');
  expect(bench.log.records.filter(({ text }) => text === 'a worker says what is no event')).toHaveLength(4);
  expect(bench.jobs.progress(id)).toBeNull();
  expect(bench.jobs.tables(id, { search: '', state: '', offset: 0, limit: 9 }).total).toBe(0);
  expect((await bench.jobs.log(id, 0, 100)).rows.map(({ text }) => text)).toContain('all is well');
});

it('a worker that is lost is followed by another one; the journal is theirs', async () => {
  const id = await started([KILLED, [{ crash: 3 }, ended('done')], [ended('done')]]);
  await bench.until(id, 'success');
  expect(bench.starts(id)).toHaveLength(4);
  expect(bench.events(id).filter((kind) => kind === 'worker-lost')).toHaveLength(2);
});

it('workers that are lost again and again without doing anything fail the task; it can be resumed', async () => {
  const play: Play = [
    ...Array.from({ length: 5 }, () => KILLED),
    [{ words: 'Error: no disk' }, { crash: 9 }],
    [ended('done')],
  ];
  const id = await started(play);
  await expect.poll(() => bench.status(id), { timeout: 60_000 }).toBe('failed');
  expect(bench.jobs.get(id)?.end).toMatchObject({
    outcome: 'failed',
    problem: 'The worker ended with code 9: Error: no disk',
  });
  await bench.jobs.act(id, 'resume');
  await bench.until(id, 'success');
}, 60_000);

it('what is away is waited for, told, and gone on with', async () => {
  const advanced = [{ say: { event: 'progress', progress: progressOf({ tablesDone: 1 }) } }, HANG];
  const id = await started([WAITS, advanced]);
  await expect.poll(() => bench.jobs.get(id)?.waitingSince).not.toBeNull();
  expect(bench.jobs.get(id)).toMatchObject({
    status: 'running',
    attempts: 1,
    end: { problem: 'The source does not answer', hint: 'Start it' },
  });
  await expect.poll(() => bench.jobs.get(id)?.waitingSince, { timeout: 10_000 }).toBeNull();
  expect(bench.jobs.get(id)).toMatchObject({ status: 'running', attempts: 0, end: null });
  expect(bench.events(id)).toEqual(expect.arrayContaining(['waits', 'goes-on']));
  await bench.jobs.act(id, 'stop');
  await bench.until(id, 'canceled');
});

it('what is away is not waited for when the task may not retry; resuming tries again', async () => {
  const id = await started([WAITS, [ended('done')]], { retryMinutes: 0 });
  await bench.until(id, 'failed');
  expect(bench.jobs.get(id)?.end).toMatchObject({ outcome: 'failed', problem: 'The source does not answer' });
  await bench.jobs.act(id, 'resume');
  await bench.until(id, 'success');
});

it('a task that waits is paused and stopped at once, and tries again at once with new passwords', async () => {
  const play = Array.from({ length: 7 }, () => WAITS);
  const id = await started(play, { retryMinutes: 60 });
  await expect.poll(() => bench.jobs.get(id)?.attempts, { timeout: 20_000 }).toBe(2);
  await bench.jobs.act(id, 'pause');
  await bench.until(id, 'manualPaused');
  await bench.jobs.act(id, 'continue');
  // By itself it would try again eight seconds later.
  await expect.poll(() => bench.jobs.get(id)?.attempts, { timeout: 20_000 }).toBe(4);
  const runs = bench.starts(id).length;
  await bench.jobs.configure(id, configurationOf([PASSED, ...play]));
  await expect.poll(() => bench.starts(id).length, { timeout: 6_000 }).toBe(runs + 1);
  await bench.jobs.act(id, 'stop');
  await bench.until(id, 'canceled');
});

it('a task is paused, goes on, is limited and stopped by words to its worker', async () => {
  const id = await started([[HANG]]);
  await running(id);
  await bench.jobs.limit(id, { copyJobs: 16, bytesPerSecond: 1000 });
  await bench.jobs.resize(id, 'small');
  await bench.jobs.act(id, 'pause');
  await bench.until(id, 'manualPaused');
  expect(bench.commands(id)).toEqual([
    { command: 'limit', copyJobs: 16, indexJobs: 4, bytesPerSecond: 1000 },
    { command: 'limit', copyJobs: 16, indexJobs: 2, bytesPerSecond: 1000 },
    { command: 'pause' },
  ]);
  expect(await refusal(bench.jobs.act(id, 'pause'))).toBe('conflict');
  await bench.jobs.act(id, 'continue');
  await running(id, 2);
  expect(bench.starts(id).at(-1)).toMatch(/^run \d+ 16 2$/);
  await bench.jobs.act(id, 'stop');
  await bench.until(id, 'canceled');
});

it('what is complete stays complete, though it was asked to stop', async () => {
  const id = await started([[ended('done'), HANG]]);
  await running(id);
  await bench.jobs.act(id, 'stop');
  await bench.until(id, 'canceled');
  const other = await started([[ended('incomplete', '2 objects failed')]]);
  await bench.until(other, 'failed');
  expect(bench.jobs.get(other)?.end?.problem).toBe('2 objects failed');
});

it('workers end with their daemon, and the next one goes on', async () => {
  const ids = [
    await started([[HANG]]),
    await started([[HANG], [ended('done')]]),
    await started([WAITS, WAITS, [ended('done')]]),
  ];
  const [one = '', two = '', three = ''] = ids;
  await running(one);
  await running(two);
  const workers = [bench.starts(one).at(-1), bench.starts(two).at(-1)];
  expect(workers.map(alive)).toEqual([true, true]);
  await bench.again();
  expect(workers.map(alive)).toEqual([false, false]);
  await bench.until(two, 'success');
  await bench.until(three, 'success');
  await running(one, 2);
  expect(bench.status(one)).toBe('running');
  expect(bench.events(one)).toContain('restarted');
  await bench.jobs.act(one, 'stop');
  await bench.until(one, 'canceled');
});

it('a check that runs when the daemon ends is done again by the next one', async () => {
  const id = await bench.made([[HANG], PASSED]);
  await bench.jobs.check(id);
  await expect.poll(() => bench.starts(id).length).toBe(1);
  await bench.again();
  await bench.until(id, 'checkPass');
});

it('a worker that somebody else ended in an orderly way is followed by another one', async () => {
  const id = await started([[ended('stopped')], [ended('done')]]);
  await bench.until(id, 'success');
  expect(bench.starts(id)).toHaveLength(3);
});
