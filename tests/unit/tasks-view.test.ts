import { expect, it } from 'vitest';
import { barTone, outcomeOf, runningSummary } from '../../renderer/features/tasks/model';
import type { TaskView } from '../../shared/model/task';

const task = (change: Partial<TaskView>): TaskView => ({
  id: 'a',
  kind: 'import',
  title: 'shop',
  state: 'running',
  steps: [],
  fraction: null,
  bytesDone: 0,
  bytesTotal: 0,
  rate: 0,
  secondsLeft: null,
  startedAt: 0,
  endedAt: null,
  warnings: 0,
  errors: 0,
  error: null,
  logLines: 0,
  ...change,
});

it('a task that came to its end with errors is not shown as a plain success', () => {
  expect(outcomeOf(task({ state: 'succeeded' }))).toBe('succeeded');
  expect(outcomeOf(task({ state: 'succeeded', errors: 2 }))).toBe('succeededWithErrors');
  expect(outcomeOf(task({ state: 'failed', errors: 2 }))).toBe('failed');
  expect(barTone(task({ state: 'succeeded', errors: 2 }))).toBe('warn');
});

it('the status bar tells a common fraction only when every running task knows its own', () => {
  expect(runningSummary([task({ fraction: 0.5 }), task({ fraction: 0.25 })])).toEqual({ count: 2, fraction: 0.375 });
  expect(runningSummary([task({ fraction: 0.5 }), task({ fraction: null })])).toEqual({ count: 2, fraction: null });
  expect(runningSummary([task({ state: 'succeeded', fraction: 1 })])).toEqual({ count: 0, fraction: null });
});
