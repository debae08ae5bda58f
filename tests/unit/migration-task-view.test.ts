import { describe, expect, it } from 'vitest';
import {
  followsOn,
  freshEnd,
  mayHalt,
  newsOf,
  troublesOf,
  runningShare,
} from '../../renderer/features/migration/list/running-model';
import { chosenLines } from '../../renderer/features/migration/task/chosen-lines';
import {
  deedsOf,
  hasGaps,
  isDraft,
  isMoving,
  placeOf,
  standingOf,
  statusesFor,
  tookMs,
} from '../../renderer/features/migration/task/model';
import { outcomeText } from '../../renderer/features/migration/task/outcome-model';
import { pipelineOf } from '../../renderer/features/migration/task/pipeline-model';
import { linePoints, SPAN_MS, withSample } from '../../renderer/features/migration/task/rate-history';
import { isJobs, speedChange, speedOf } from '../../renderer/features/migration/task/speed-model';
import { rateOf, standingOfTable } from '../../renderer/features/migration/task/table-model';
import type { MigrationProgress, ObjectOutcome, TableProgress } from '../../shared/model/migration';
import type { EndpointView } from '../../shared/model/migration-api';
import { allowedActions, JOB_STATUSES, STEPS, type MigrationType } from '../../shared/model/migration-words';

const job = { status: 'running', isolated: false, runMode: 'immediate', problem: '' } as const;

const progress = (change: Partial<MigrationProgress['totals']> = {}, finished = false): MigrationProgress => ({
  steps: STEPS.map((step, at) => ({
    step,
    state: finished || at < 3 ? 'success' : at === 3 ? 'running' : 'notStarted',
    fraction: at === 3 ? 0.5 : null,
    startedAt: at <= 3 ? 1000 * at : null,
    endedAt: finished || at < 3 ? 1000 * at + 500 : null,
    note: '',
  })),
  totals: {
    tables: 0,
    tablesDone: 0,
    tablesFailed: 0,
    rows: 0,
    bytes: 0,
    totalBytes: 0,
    objects: 0,
    objectsDone: 0,
    objectsFailed: 0,
    indexes: 0,
    indexesDone: 0,
    ...change,
  },
  bytesPerSecond: 0,
  rowsPerSecond: 0,
  estimateSeconds: null,
  snapshotSince: null,
  copyJobs: 4,
  indexJobs: 2,
  follow: null,
});

describe('how a task stands', () => {
  it('waits for its time, waits for something outside, is put aside', () => {
    expect(standingOf(job)).toBe('running');
    expect(standingOf({ ...job, problem: 'Connection refused' })).toBe('waiting');
    expect(standingOf({ ...job, status: 'readyComplete', problem: 'Connection refused' })).toBe('waiting');
    expect(standingOf({ ...job, status: 'guarding', problem: 'Connection refused' })).toBe('guarding');
    expect(standingOf({ ...job, status: 'readyRun' })).toBe('readyRun');
    expect(standingOf({ ...job, status: 'readyRun', runMode: 'timed' })).toBe('scheduled');
    expect(standingOf({ ...job, isolated: true })).toBe('isolated');
  });

  it('is a draft until it is started, and moves while anything is at it', () => {
    const drafts = JOB_STATUSES.filter((status) => isDraft({ status, isolated: false }));
    expect(drafts).toEqual(['created', 'checking', 'checkPass', 'checkNotPass']);
    expect(isDraft({ status: 'created', isolated: true })).toBe(false);
    expect(isMoving({ status: 'manualPaused', isolated: false })).toBe(false);
    expect(isMoving({ status: 'pausing', isolated: false })).toBe(true);
  });

  it('has gaps only when it came to its end', () => {
    const failed = { status: 'failed' } as const;
    expect(hasGaps(failed, progress({ objectsFailed: 1 }, true))).toBe(true);
    expect(hasGaps(failed, progress({ objectsFailed: 1 }))).toBe(false);
    expect(hasGaps(failed, progress({}, true))).toBe(false);
    expect(hasGaps({ status: 'running' }, progress({ tablesFailed: 1 }, true))).toBe(false);
    expect(hasGaps(failed, null)).toBe(false);
  });

  it('offers what comes next first, and knows when the rest is possible', () => {
    expect(deedsOf({ actions: allowedActions('failed', false) })).toEqual(['resume', 'stop', 'isolate']);
    expect(deedsOf({ actions: allowedActions('checkPass', false) })).toEqual(['start', 'isolate']);
    expect(deedsOf({ actions: allowedActions('running', true) })).toEqual(['recover', 'destroy']);
    expect(statusesFor('pause', JOB_STATUSES)).toEqual(['running', 'readyComplete']);
    expect(statusesFor('start', JOB_STATUSES)).toEqual(['checkPass', 'readyRun']);
  });

  it('is where its instance is, or its host', () => {
    const side = { accessType: 'cvm', instanceId: '', host: 'db1', port: 5433 } as EndpointView;
    expect(placeOf(side)).toBe('db1:5433');
    expect(placeOf({ ...side, host: '::1' })).toBe('[::1]:5433');
    expect(placeOf({ ...side, accessType: 'cdb', instanceId: 'postgres-1' })).toBe('postgres-1');
  });
});

describe('the pipeline', () => {
  const states = (status: (typeof JOB_STATUSES)[number], told: MigrationProgress | null) =>
    pipelineOf({ type: 'full', status, checkedAt: null }, told).map(({ state }) => state);

  it('begins with the checks, and has every step before the worker spoke', () => {
    const steps = (type: MigrationType) =>
      pipelineOf({ type, status: 'created', checkedAt: null }, null).map(({ step }) => step);
    expect(steps('fullAndIncrement')).toEqual(['verify', ...STEPS]);
    expect(steps('full')).toEqual(['verify', ...STEPS.filter((step) => step !== 'follow' && step !== 'complete')]);
    expect(states('created', null)[0]).toBe('notStarted');
    expect(states('checking', null)[0]).toBe('running');
    expect(pipelineOf({ type: 'full', status: 'checkNotPass', checkedAt: 5 }, null)[0]?.state).toBe('failed');
    expect(states('running', null)[0]).toBe('success');
  });

  it('what was being done when the task came to rest is not shown as running', () => {
    expect(states('running', progress())[4]).toBe('running');
    expect(states('manualPaused', progress())[4]).toBe('halted');
    expect(states('failed', progress())[4]).toBe('halted');
    expect(states('failed', progress())[3]).toBe('success');
  });
});

describe('rates', () => {
  const at = (time: number, bytes: number) => ({ at: time, bytesPerSecond: bytes, rowsPerSecond: 0 });

  it('are kept for some minutes, one a second', () => {
    const first = withSample([], at(0, 1));
    expect(withSample(first, at(200, 9))).toBe(first);
    const second = withSample(first, at(1000, 2));
    expect(second).toHaveLength(2);
    expect(withSample(second, at(SPAN_MS + 500, 3)).map((sample) => sample.at)).toEqual([1000, SPAN_MS + 500]);
  });

  it('are drawn from the oldest at the left to now at the right, the highest at the top', () => {
    const box = { width: 100, height: 10, now: SPAN_MS, highest: 20 };
    const line = linePoints([at(0, 0), at(SPAN_MS / 2, 10), at(SPAN_MS, 20)], (each) => each.bytesPerSecond, box);
    expect(line).toBe('0.0,10.0 50.0,5.0 100.0,0.0');
    expect(linePoints([at(0, 0)], (each) => each.bytesPerSecond, { ...box, highest: 0 })).toBe('0.0,10.0');
  });

  it('of a table are from its begin to its end', () => {
    const table = { bytes: 4000, startedAt: 1000, endedAt: null } as TableProgress;
    expect(rateOf(table, 3000)).toBe(2000);
    expect(rateOf({ ...table, endedAt: 5000 }, 9000)).toBe(1000);
    expect(rateOf({ ...table, startedAt: null }, 3000)).toBeNull();
    expect(rateOf({ ...table, bytes: 0 }, 3000)).toBeNull();
    expect(tookMs(5, 3, 9)).toBe(0);
  });

  it('a table that was being copied when the task came to rest is not finished', () => {
    expect(standingOfTable({ state: 'copying' }, true)).toBe('copying');
    expect(standingOfTable({ state: 'indexing' }, false)).toBe('halted');
    expect(standingOfTable({ state: 'done' }, false)).toBe('done');
  });

  it('of all running tasks are one share only when each has one', () => {
    expect(runningShare([{ fraction: 0.2 }, { fraction: 0.6 }])).toBeCloseTo(0.4);
    expect(runningShare([{ fraction: 0.2 }, { fraction: null }])).toBeNull();
    expect(runningShare([])).toBeNull();
  });

  it('a task that only follows comes no closer to an end', () => {
    expect(followsOn({ type: 'fullAndIncrement', fraction: 1 })).toBe(true);
    expect(followsOn({ type: 'fullAndIncrement', fraction: 0.4 })).toBe(false);
    expect(followsOn({ type: 'fullAndIncrement', fraction: null })).toBe(false);
    expect(followsOn({ type: 'full', fraction: 1 })).toBe(false);
  });

  it('an end is news for a moment', () => {
    expect(freshEnd({ status: 'success', endedAt: 1000 }, 2000)).toBe('success');
    expect(freshEnd({ status: 'failed', endedAt: 1000 }, 2000)).toBe('failed');
    expect(freshEnd({ status: 'success', endedAt: 1000 }, 90_000)).toBeNull();
    expect(freshEnd({ status: 'canceled', endedAt: 1000 }, 2000)).toBeNull();
  });

  it('that a task became ready or is cut over is news, once it was seen before', () => {
    const seen = (status: (typeof JOB_STATUSES)[number]) => [{ id: 'dts-1', name: 'shop', status }];
    expect(newsOf(seen('running'), seen('readyComplete'))).toEqual([{ id: 'dts-1', name: 'shop', kind: 'ready' }]);
    expect(newsOf(seen('completing'), seen('guarding'))).toEqual([{ id: 'dts-1', name: 'shop', kind: 'guarding' }]);
    expect(newsOf([], seen('readyComplete'))).toEqual([]);
    expect(newsOf(seen('readyComplete'), seen('readyComplete'))).toEqual([]);
    expect(newsOf(seen('readyComplete'), seen('running'))).toEqual([]);
  });

  it('of a server that comes and goes the state of now is told, and every alarm of WAL', () => {
    const seen = (when: number, kind: string) => ({ at: when, kind, text: `${kind} at ${when}` });
    const events = [seen(5, 'back'), seen(2, 'wal-alarm'), seen(3, 'away'), seen(4, 'decided'), seen(1, 'waits')];
    expect(troublesOf(events, 0)).toEqual([
      { kind: 'wal', text: 'wal-alarm at 2' },
      { kind: 'back', text: 'back at 5' },
    ]);
    expect(troublesOf(events.slice(1), 2)).toEqual([{ kind: 'away', text: 'away at 3' }]);
    expect(troublesOf([seen(1, 'waits'), seen(2, 'goes-on')], 1)).toEqual([{ kind: 'back', text: 'goes-on at 2' }]);
    expect(troublesOf([seen(1, 'away'), seen(2, 'written-late'), seen(3, 'left-out')], 0)).toEqual([
      { kind: 'away', text: 'away at 1' },
      { kind: 'late', text: 'written-late at 2' },
    ]);
    expect(troublesOf(events, 5)).toEqual([]);
    expect(troublesOf([seen(9, 'constructor')], 0)).toEqual([]);
  });

  it('only a task that follows can halt', () => {
    expect(mayHalt({ type: 'full', status: 'running' })).toBe(false);
    expect(mayHalt({ type: 'fullAndIncrement', status: 'running' })).toBe(true);
    expect(mayHalt({ type: 'fullAndIncrement', status: 'manualPaused' })).toBe(false);
  });
});

it('an object that failed is copied as comments and its statement', () => {
  const object: ObjectOutcome = {
    database: 'shop',
    key: '1',
    kind: 'FK CONSTRAINT',
    schema: 'public',
    name: 'orders orders_fkey',
    outcome: 'failed',
    reason: 'violates\nfor a reason',
    statement: 'ALTER TABLE x;',
    at: 0,
  };
  expect(outcomeText(object)).toBe(
    '-- FK CONSTRAINT public.orders orders_fkey (shop): failed\n-- violates\n-- for a reason\nALTER TABLE x;',
  );
  expect(outcomeText({ ...object, schema: '', statement: '' })).not.toContain('public');
});

it('chosen objects are told from the database down', () => {
  const lines = chosenLines({
    mode: 'partial',
    roleMode: 'none',
    roles: [],
    databases: [
      { name: 'whole', newName: 'copy', mode: 'all', schemas: [] },
      {
        name: 'shop',
        newName: '',
        mode: 'partial',
        schemas: [
          {
            name: 'public',
            newName: 'old',
            mode: 'partial',
            tables: [{ name: 'orders', newName: '', rowFilter: 'id > 5' }],
            views: ['v'],
            functions: ['f(int)'],
            sequences: ['s'],
          },
        ],
      },
    ],
  });
  expect(lines.map(({ kind, path, newName, whole }) => [kind, path, newName, whole])).toEqual([
    ['database', 'whole', 'copy', true],
    ['database', 'shop', '', false],
    ['schema', 'shop.public', 'old', false],
    ['table', 'shop.public.orders', '', false],
    ['view', 'shop.public.v', '', false],
    ['function', 'shop.public.f(int)', '', false],
    ['sequence', 'shop.public.s', '', false],
  ]);
  expect(lines[3]?.rowFilter).toBe('id > 5');
});

describe('the speed that a task is told', () => {
  const told = speedOf({ copyJobs: 0, indexJobs: 2, bytesPerSecond: 52_428_800 });

  it('shows what was told, not what is used: automatic is empty', () => {
    expect(told).toEqual({ copyJobs: '', indexJobs: 2, limit: 50 });
    expect(isJobs('', told.copyJobs)).toBe(true);
    expect(isJobs('', told.indexJobs)).toBe(false);
    expect([0, 1, 16, 17, 2.5].map((jobs) => isJobs(jobs, told.indexJobs))).toEqual([false, true, true, false, false]);
  });

  it('sends only what was changed', () => {
    expect(speedChange(told, told)).toEqual({});
    expect(speedChange(told, { ...told, limit: 0 })).toEqual({ bytesPerSecond: 0 });
    expect(speedChange(told, { ...told, copyJobs: 3, limit: 0.5 })).toEqual({ copyJobs: 3, bytesPerSecond: 524_288 });
  });
});
