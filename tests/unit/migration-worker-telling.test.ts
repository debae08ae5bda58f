import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { PlannedTable } from '../../electron/control-plane/migration/plan-model';
import type { WorkerEvent } from '../../electron/control-plane/migration/worker-protocol';
import { createRunSteps } from '../../electron/control-plane/migration/worker/run-steps';
import { createTelling, type RunTelling } from '../../electron/control-plane/migration/worker/telling';

const MEBIBYTE = 1024 * 1024;
let events: WorkerEvent[] = [];
let slow = false;
let telling: RunTelling;

beforeEach(() => {
  vi.useFakeTimers();
  events = [];
  slow = false;
  telling = createTelling({
    emit(event) {
      events.push(structuredClone(event));
      return !slow;
    },
    copyJobs: 2,
    indexJobs: 3,
  });
});
afterEach(() => {
  vi.useRealTimers();
});

const table = (name: string, bytes: number, rows: number): PlannedTable => ({
  oid: 1,
  schema: 's',
  name,
  targetSchema: 's',
  targetName: name,
  kind: 'table',
  persistence: 'permanent',
  columns: [],
  bytes,
  rows,
  integerKey: null,
  rowFilter: '',
});

const of = <Kind extends WorkerEvent['event']>(kind: Kind): Extract<WorkerEvent, { event: Kind }>[] =>
  events.filter((event): event is Extract<WorkerEvent, { event: Kind }> => event.event === kind);
const progress = () => of('progress').at(-1)?.progress;

describe('what a run tells', () => {
  test('comes at most four times a second, with the last state of each table', () => {
    telling.plan('db', [table('a', MEBIBYTE, 100), table('b', MEBIBYTE, 100)]);
    for (let at = 0; at < 100; at += 1) {
      telling.flowed('db', 's', 'a', 1000);
      vi.advanceTimersByTime(10);
    }
    expect(of('progress').length).toBeLessThanOrEqual(5);
    expect(of('tables').length).toBeLessThanOrEqual(5);
    vi.advanceTimersByTime(300);
    expect(of('tables').at(-1)?.tables).toEqual([expect.objectContaining({ name: 'a', bytes: 100_000 })]);
    expect(progress()?.totals).toMatchObject({ tables: 2, bytes: 100_000, totalBytes: 2 * MEBIBYTE });
  });

  test('has rates of the last five seconds and an estimate, and none when nothing flows any more', () => {
    telling.plan('db', [table('a', 100 * MEBIBYTE, 1000)]);
    telling.step('copy', { state: 'running' });
    for (let second = 0; second < 20; second += 1) {
      telling.flowed('db', 's', 'a', MEBIBYTE);
      vi.advanceTimersByTime(1000);
    }
    const seen = progress();
    expect(seen?.bytesPerSecond).toBeGreaterThan(0.7 * MEBIBYTE);
    expect(seen?.bytesPerSecond).toBeLessThan(1.3 * MEBIBYTE);
    expect(seen?.rowsPerSecond).toBeGreaterThan(7);
    expect(seen?.estimateSeconds).toBeGreaterThan(60);
    expect(seen?.estimateSeconds).toBeLessThan(110);
    expect(seen?.steps.find(({ step }) => step === 'copy')?.fraction).toBeCloseTo(0.2, 1);
    vi.advanceTimersByTime(7000);
    expect(progress()).toMatchObject({ bytesPerSecond: 0, estimateSeconds: null });
    const before = events.length;
    vi.advanceTimersByTime(10_000);
    expect(events.length).toBe(before);
  });

  test('a fraction never goes back, not even when a table is begun again', () => {
    telling.databases(new Map([['db', MEBIBYTE]]));
    telling.plan('db', [table('a', MEBIBYTE, 10)]);
    telling.step('copy', { state: 'running' });
    telling.flowed('db', 's', 'a', MEBIBYTE / 2);
    vi.advanceTimersByTime(300);
    const first = progress()?.steps.find(({ step }) => step === 'copy')?.fraction ?? 0;
    expect(first).toBeGreaterThan(0.4);
    telling.table('db', 's', 'a', { bytes: 0, rows: 0 });
    vi.advanceTimersByTime(300);
    expect(progress()?.steps.find(({ step }) => step === 'copy')?.fraction).toBe(first);
    expect(progress()?.totals.bytes).toBe(0);
  });

  test('counts objects once, however often they are tried', () => {
    const object = { database: 'db', key: 'k', kind: 'TABLE', schema: 's', name: 'a', reason: '', statement: '' };
    telling.statements('db', 3, 2);
    telling.object({ ...object, outcome: 'failed' });
    telling.object({ ...object, outcome: 'done' });
    telling.object({ ...object, key: 'other', outcome: 'failed' });
    vi.advanceTimersByTime(300);
    expect(progress()?.totals).toMatchObject({ objects: 3, objectsDone: 1, objectsFailed: 1 });
    expect(telling.failures).toEqual({ tables: 0, objects: 1, indexes: 0 });
    expect(of('objects').flatMap(({ objects }) => objects)).toHaveLength(3);
  });

  test('keeps little for a reader that does not keep up', () => {
    slow = true;
    for (let at = 0; at < 10_000; at += 1) telling.log('info', `line ${at}`);
    vi.advanceTimersByTime(2000);
    const lines = of('log').map(({ line }) => line.text);
    expect(lines.length).toBeLessThan(2500);
    expect(lines.at(-1)).toBe('8000 lines were left out');
  });

  test('databases that are still to come count by their size', () => {
    telling.databases(
      new Map([
        ['one', MEBIBYTE],
        ['two', 3 * MEBIBYTE],
      ]),
    );
    telling.plan('one', [table('a', MEBIBYTE, 10)]);
    vi.advanceTimersByTime(300);
    expect(progress()?.totals.totalBytes).toBe(4 * MEBIBYTE);
    telling.restored('two', 's', 'b', { rows: 5, bytes: 77 });
    telling.databaseDone('two');
    vi.advanceTimersByTime(300);
    expect(progress()?.totals).toMatchObject({ totalBytes: MEBIBYTE + 77, tablesDone: 1, rows: 5, bytes: 77 });
    expect(progress()?.bytesPerSecond).toBe(0);
  });

  test('ends with everything that waited, then the end', () => {
    telling.log('warning', 'last');
    telling.end({ outcome: 'done', problem: '', hint: '' });
    expect(events.map(({ event }) => event)).toEqual(['log', 'progress', 'end']);
  });
});

describe('steps over several databases', () => {
  test('are through when the last database is, and failed when any of them failed', () => {
    const steps = createRunSteps(telling);
    steps.database(0, 2);
    steps.begin('structure');
    steps.fraction('structure', 0.5);
    vi.advanceTimersByTime(300);
    const structure = () => progress()?.steps.find(({ step }) => step === 'structure');
    expect(structure()).toMatchObject({ state: 'running', fraction: 0.25 });
    steps.end('structure', 1);
    expect(telling.stepState('structure')).toBe('running');
    steps.database(1, 2);
    steps.begin('structure');
    steps.end('structure', 0);
    vi.advanceTimersByTime(300);
    expect(structure()).toMatchObject({ state: 'failed', fraction: 1, note: '1 failed' });
    expect(structure()?.endedAt).not.toBeNull();
  });
});
