import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTasksFeature } from '../../electron/features/tasks/tasks-feature';
import { createSpeed, secondsLeft, weightedFraction } from '../../electron/features/tasks/task-progress';
import type { TaskControl } from '../../electron/ports';
import { runningSummary, withTask } from '../../renderer/features/tasks/model';
import { countLevels, logText } from '../../renderer/ui/log-view/log-model';
import { AppError, throwIfAborted } from '../../shared/errors';
import type { TaskStep, TaskView } from '../../shared/model/task';
import { memoryLog } from '../support/log';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'howdah-tasks-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const context = { signal: new AbortController().signal };

function make() {
  const pushes: { at: number; task: TaskView }[] = [];
  const log = memoryLog();
  const feature = createTasksFeature({
    folder,
    log,
    emit: (_name, task) => void pushes.push({ at: performance.now(), task }),
  });
  const ended = (id: string) =>
    vi.waitFor(async () => {
      const task = await feature.handlers.get({ id }, context);
      expect(task.endedAt).not.toBeNull();
      expect(pushes.at(-1)?.task.state).toBe(task.state);
      return task;
    }, 10_000);
  return { feature, pushes, log, ended };
}

const REQUEST = {
  kind: 'import',
  title: 'shop.sql',
  steps: [
    { key: 'structure', weight: 1 },
    { key: 'data', weight: 3 },
  ],
};

describe('the runner', () => {
  it('runs a task to its end, with steps, bytes and the last state pushed', async () => {
    const { feature, ended } = make();
    const id = feature.runner.start(REQUEST, async (task) => {
      task.step('structure');
      task.step('data');
      task.progress(0.5, 'public.orders');
      task.bytes(500, 1000);
    });
    const task = await ended(id);
    expect(task).toMatchObject({ state: 'succeeded', fraction: 1, bytesDone: 500, bytesTotal: 1000, error: null });
    expect(task.steps.map((step) => [step.key, step.state])).toEqual([
      ['structure', 'done'],
      ['data', 'done'],
    ]);
  });

  it('pushes at most ten times a second, and the last state always', async () => {
    const { feature, pushes, ended } = make();
    const id = feature.runner.start(REQUEST, async (task) => {
      task.step('data');
      for (let n = 0; n < 300; n++) {
        task.progress(n / 300);
        await new Promise((done) => setTimeout(done, 2));
      }
    });
    await ended(id);
    const gaps = pushes.slice(1).map((push, at) => push.at - (pushes[at]?.at ?? 0));
    expect(pushes.length).toBeGreaterThan(3);
    expect(Math.min(...gaps)).toBeGreaterThan(90);
    expect(pushes.at(-1)?.task.state).toBe('succeeded');
  });

  it('a failure keeps its error; the step it was in has failed, the later ones wait', async () => {
    const { feature, ended } = make();
    const id = feature.runner.start(REQUEST, async (task) => {
      task.step('structure');
      task.log('warning', 'no owner');
      throw new AppError({ code: 'sql', message: 'relation exists', sqlstate: '42P07' });
    });
    const task = await ended(id);
    expect(task).toMatchObject({ state: 'failed', warnings: 1, error: { code: 'sql', sqlstate: '42P07' } });
    expect(task.steps.map((step) => step.state)).toEqual(['failed', 'waiting']);
    const { lines } = await feature.handlers.readLog({ id, from: 0 }, context);
    expect(lines.map((line) => [line.level, line.text])).toEqual([
      ['warning', 'no owner'],
      ['error', 'relation exists'],
    ]);
  });

  it('a fault of the program is a bug with a log id', async () => {
    const { feature, ended, log } = make();
    const id = feature.runner.start(REQUEST, () => Promise.reject(new TypeError('x')));
    expect(await ended(id)).toMatchObject({
      state: 'failed',
      error: { code: 'bug', logId: expect.any(String) as string },
    });
    expect(log.records.some((record) => record.facts['where'] === 'task import')).toBe(true);
  });

  it('cancel aborts the work and ends as cancelled, not as a failure', async () => {
    const { feature, ended } = make();
    const id = feature.runner.start(REQUEST, async (task) => {
      task.step('data');
      await new Promise((_done, failed) =>
        task.signal.addEventListener('abort', () => failed(new Error('broken pipe'))),
      );
    });
    await feature.handlers.cancel({ id }, context);
    expect(await ended(id)).toMatchObject({ state: 'cancelled', error: null });
    await expect(feature.handlers.cancel({ id: 'none' }, context)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('counts warnings and errors, not what is harmless, and hides secrets in the log', async () => {
    const { feature, ended } = make();
    const id = feature.runner.start(REQUEST, async (task) => {
      task.log('harmless', 'must be owner');
      task.log('error', 'could not connect to postgresql://u:s3cret@h/d');
      task.log('info', 'line one\nline two\n');
    });
    expect(await ended(id)).toMatchObject({ warnings: 0, errors: 1, logLines: 4 });
    const { lines, next } = await feature.handlers.readLog({ id, from: 0 }, context);
    expect(next).toBe(4);
    expect(JSON.stringify(lines)).not.toContain('s3cret');
    expect(lines.slice(2).map((line) => line.text)).toEqual(['line one', 'line two']);
  });

  it('reads any part of a long log back, from memory and from the file', async () => {
    const { feature, ended } = make();
    const id = feature.runner.start(REQUEST, async (task) => {
      for (let n = 0; n < 25_000; n++) task.log('info', `line ${n} ä`);
    });
    await ended(id);
    const read = async (from: number) => (await feature.handlers.readLog({ id, from }, context)).lines;
    expect((await read(0))[0]?.text).toBe('line 0 ä');
    expect(await read(0)).toHaveLength(2000);
    expect((await read(7_654)).map((line) => line.text).slice(0, 2)).toEqual(['line 7654 ä', 'line 7655 ä']);
    expect((await read(24_999)).map((line) => line.text)).toEqual(['line 24999 ä']);
    expect(await read(25_000)).toEqual([]);
    // After a restart the file is all there is.
    const again = make().feature;
    expect((await again.handlers.readLog({ id, from: 13_001 }, context)).lines[0]?.text).toBe('line 13001 ä');
    expect((await again.handlers.readLog({ id, from: 24_998 }, context)).lines).toHaveLength(2);
  });

  it('a step that the task does not have is a fault of the program', async () => {
    const { feature, ended } = make();
    const id = feature.runner.start(REQUEST, async (task) => task.step('nothing'));
    expect(await ended(id)).toMatchObject({ state: 'failed', error: { code: 'bug' } });
  });
});

describe('over a restart', () => {
  it('keeps what has ended, newest first', async () => {
    const { feature, ended } = make();
    const first = feature.runner.start(REQUEST, async () => undefined);
    await ended(first);
    const second = feature.runner.start({ ...REQUEST, title: 'second' }, async () => undefined);
    await ended(second);
    await feature.close();
    const list = await make().feature.handlers.list({}, context);
    expect(list.map((task) => [task.title, task.state])).toEqual([
      ['second', 'succeeded'],
      ['shop.sql', 'succeeded'],
    ]);
  });

  it('what ran when the program was killed is interrupted, with its log', async () => {
    const { feature } = make();
    const control: { current?: TaskControl } = {};
    const id = feature.runner.start(REQUEST, (task) => {
      control.current = task;
      task.step('data');
      task.log('info', 'half way');
      return new Promise(() => undefined);
    });
    await vi.waitFor(() => expect(existsSync(join(folder, 'tasks.json'))).toBe(true));
    await vi.waitFor(() => expect(readFileSync(join(folder, 'tasks', `${id}.log`), 'utf8')).toContain('half way'));
    // As after kill -9: another program starts upon what is on the disk.
    const again = make().feature;
    const task = await again.handlers.get({ id }, context);
    expect(task.state).toBe('interrupted');
    expect(task.endedAt).toBeGreaterThanOrEqual(task.startedAt);
    await again.handlers.remove({ id }, context);
    expect(await again.handlers.list({}, context)).toEqual([]);
    expect(existsSync(join(folder, 'tasks', `${id}.log`))).toBe(false);
  });

  it('close cancels what runs and waits for it', async () => {
    const { feature } = make();
    let over = false;
    feature.runner.start(REQUEST, async (task) => {
      await new Promise<void>((done) => task.signal.addEventListener('abort', () => done()));
      await new Promise((done) => setTimeout(done, 20));
      over = true;
      throwIfAborted(task.signal);
    });
    expect(feature.running()).toBe(1);
    await feature.close();
    expect(over).toBe(true);
    expect((await make().feature.handlers.list({}, context))[0]?.state).toBe('cancelled');
  });

  it('a log with a line cut off by a crash is still readable', async () => {
    const { feature, ended } = make();
    const id = feature.runner.start(REQUEST, async (task) => {
      task.log('info', 'whole');
      task.log('info', 'cut');
    });
    await ended(id);
    await feature.close();
    const file = join(folder, 'tasks', `${id}.log`);
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.slice(0, -9));
    appendFileSync(file, '');
    const { lines } = await make().feature.handlers.readLog({ id, from: 0 }, context);
    expect(lines[0]?.text).toBe('whole');
    expect(lines).toHaveLength(2);
  });

  it('a running task cannot be removed', async () => {
    const { feature } = make();
    const id = feature.runner.start(
      REQUEST,
      (task) => new Promise((_done, failed) => task.signal.addEventListener('abort', failed)),
    );
    await expect(feature.handlers.remove({ id }, context)).rejects.toMatchObject({ code: 'conflict' });
    await feature.close();
  });
});

const step = (state: TaskStep['state'], weight: number, fraction: number | null = null): TaskStep => ({
  key: 'k',
  state,
  weight,
  fraction,
  note: '',
});

describe('progress', () => {
  it('weighs the steps, leaves skipped ones out, and does not guess', () => {
    expect(weightedFraction([])).toBeNull();
    expect(weightedFraction([step('running', 1), step('waiting', 1)])).toBeNull();
    expect(weightedFraction([step('done', 1, 1), step('running', 3, 0.5)])).toBe(0.625);
    expect(weightedFraction([step('done', 1, 1), step('skipped', 98), step('waiting', 1)])).toBe(0.5);
    expect(weightedFraction([step('done', 1, 1), step('running', 1)])).toBe(0.5);
  });

  it('tells the speed of the last seconds, smoothly, and nought when it stands still', () => {
    const speed = createSpeed(8000);
    for (let at = 0; at <= 20_000; at += 10) speed.add(at, at * 2);
    expect(speed.perSecond(20_000)).toBeCloseTo(2000, 0);
    expect(speed.perSecond(40_000)).toBe(0);
    expect(createSpeed().perSecond(0)).toBe(0);
  });

  it('starts anew when the number falls', () => {
    const speed = createSpeed();
    speed.add(0, 1_000_000);
    speed.add(1000, 0);
    speed.add(2000, 100);
    expect(speed.perSecond(2000)).toBeCloseTo(100, 0);
  });

  it('estimates only what can be estimated', () => {
    expect(secondsLeft(0.5, 0.1)).toBe(5);
    expect(secondsLeft(null, 0.1)).toBeNull();
    expect(secondsLeft(0.5, 0)).toBeNull();
    expect(secondsLeft(0.999, 0.1)).toBe(1);
    expect(secondsLeft(0.5, 1e-9)).toBeNull();
  });
});

describe('the view model', () => {
  const task = (id: string, state: TaskView['state'], fraction: number | null) =>
    ({ id, state, fraction }) as unknown as TaskView;

  it('sums up what runs', () => {
    expect(runningSummary([])).toEqual({ count: 0, fraction: null });
    expect(runningSummary([task('a', 'running', 0.2), task('b', 'cancelling', 0.6), task('c', 'failed', 1)])).toEqual({
      count: 2,
      fraction: 0.4,
    });
    expect(runningSummary([task('a', 'running', 0.2), task('b', 'queued', null)]).fraction).toBeNull();
  });

  it('replaces a known task in place and puts a new one first', () => {
    const list = [task('b', 'running', 0), task('a', 'running', 0)];
    expect(withTask(list, task('a', 'failed', 1)).map((each) => [each.id, each.state])).toEqual([
      ['b', 'running'],
      ['a', 'failed'],
    ]);
    expect(withTask(list, task('c', 'queued', null)).map((each) => each.id)).toEqual(['c', 'b', 'a']);
  });

  it('counts levels and copies lines with time and level', () => {
    const lines = [
      { level: 'info', at: 0, text: 'a' },
      { level: 'error', at: 1000, text: 'b' },
    ] as const;
    expect(countLevels(lines)).toEqual({ debug: 0, info: 1, harmless: 0, warning: 0, error: 1 });
    expect(logText(lines)).toBe('1970-01-01T00:00:00.000Z info a\n1970-01-01T00:00:01.000Z error b');
  });
});
