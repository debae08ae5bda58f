import { describe, expect, it } from 'vitest';
import {
  compareOf,
  isPercent,
  isReady,
  keyText,
  mayCompare,
  NEW_COMPARE,
  verdictOf,
} from '../../renderer/features/migration/compare/compare-model';
import { cutOverPlan, firstCompletion, planWords } from '../../renderer/features/migration/task/complete-model';
import { followSample } from '../../renderer/features/migration/task/follow-history';
import {
  blockersOf,
  failedStep,
  haltsOf,
  outlookOf,
  secondsText,
  walShare,
  worstState,
} from '../../renderer/features/migration/task/follow-model';
import { decisionOf, haltPlace, likelyChoice, losesRows } from '../../renderer/features/migration/task/halt-model';
import type { DatabaseFollow, FollowProgress, Halt, MigrationProgress } from '../../shared/model/migration';
import { allowedActions, CUT_OVER_STEPS } from '../../shared/model/migration-words';

const GIB = 1024 ** 3;

const halt: Halt = {
  database: 'shop',
  id: '0/16B3748:2',
  kind: 'ddl',
  text: 'ALTER TABLE is not carried over by itself',
  statement: 'ALTER TABLE orders ALTER COLUMN total TYPE text',
  schema: 'public',
  table: 'orders',
  choices: ['apply', 'skip', 'retry'],
  at: 2000,
};

const database = (change: Partial<DatabaseFollow> = {}): DatabaseFollow => ({
  database: 'shop',
  state: 'following',
  slot: 'howdah_dts_1_5',
  applied: '0/1',
  written: '0/2',
  lagBytes: 0,
  lagSeconds: 0,
  retainedBytes: 0,
  walStatus: 'reserved',
  transactions: 0,
  inserted: 0,
  updated: 0,
  deleted: 0,
  truncated: 0,
  drifted: 0,
  quietSeconds: 0,
  halts: [],
  problem: '',
  ...change,
});

const follow = (change: Partial<FollowProgress> = {}): FollowProgress => ({
  direction: 'forward',
  databases: [database()],
  lagBytes: 0,
  lagSeconds: 0,
  retainedBytes: 0,
  rowsInPerSecond: 0,
  rowsOutPerSecond: 0,
  bytesInPerSecond: 0,
  estimateSeconds: null,
  fallingBehind: false,
  walAlarm: false,
  blockers: [],
  cutOver: [],
  ...change,
});

const progressWith = (told: FollowProgress | null): MigrationProgress => ({
  steps: [],
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
  },
  bytesPerSecond: 0,
  rowsPerSecond: 0,
  estimateSeconds: null,
  snapshotSince: null,
  copyJobs: 4,
  indexJobs: 2,
  follow: told,
});

describe('how a source is followed', () => {
  it('is as bad as its worst database', () => {
    expect(worstState([])).toBe('waiting');
    expect(worstState([database(), database({ state: 'catchingUp' })])).toBe('catchingUp');
    expect(worstState([database({ state: 'away' }), database({ state: 'halted' })])).toBe('halted');
    expect(worstState([database({ state: 'done' }), database({ state: 'done' })])).toBe('done');
  });

  it('what is to come: falling behind, closed, some time, nobody knows', () => {
    expect(outlookOf(follow({ fallingBehind: true, estimateSeconds: 3 }))).toEqual({ kind: 'behind' });
    expect(outlookOf(follow())).toEqual({ kind: 'closed' });
    expect(outlookOf(follow({ lagBytes: 5000, lagSeconds: 0.2, estimateSeconds: 0 }))).toEqual({ kind: 'closed' });
    expect(outlookOf(follow({ databases: [database({ state: 'halted' })], fallingBehind: true }))).toEqual({
      kind: 'still',
    });
    expect(outlookOf(follow({ lagBytes: 5e6, estimateSeconds: 3 }))).toEqual({ kind: 'estimate', seconds: 3 });
    expect(outlookOf(follow({ lagSeconds: null }))).toEqual({ kind: 'unknown' });
  });

  it('seconds are told with their unit, none as none', () => {
    expect(secondsText(0)).toBe('0 s');
    expect(secondsText(0.25)).toBe('250 ms');
    expect(secondsText(75)).toBe('1 min 15 s');
  });

  it('WAL is drawn against the ceiling, with the alarm where it lies', () => {
    expect(walShare(5 * GIB, 10 * GIB, 100 * GIB)).toEqual({ share: 0.05, alarmAt: 0.1, tone: 'accent' });
    expect(walShare(10 * GIB, 10 * GIB, 100 * GIB)?.tone).toBe('warn');
    expect(walShare(200 * GIB, 10 * GIB, 100 * GIB)).toMatchObject({ share: 1, tone: 'error' });
    expect(walShare(5 * GIB, 0, 100 * GIB)?.alarmAt).toBeNull();
    expect(walShare(5 * GIB, 200 * GIB, 100 * GIB)?.alarmAt).toBeNull();
    expect(walShare(5 * GIB, 10 * GIB, 0)).toBeNull();
  });

  it('a sample takes an unknown gap in seconds as none', () => {
    expect(followSample(follow({ lagBytes: 7, lagSeconds: null, rowsInPerSecond: 2 }), 9)).toEqual({
      at: 9,
      lagBytes: 7,
      lagSeconds: 0,
      rowsIn: 2,
      rowsOut: 0,
    });
  });

  it('halts of all databases come in the order they happened', () => {
    const other = { ...halt, database: 'stock', at: 1000 };
    const told = follow({ databases: [database({ halts: [halt] }), database({ halts: [other] })] });
    expect(haltsOf(told)).toEqual([other, halt]);
    expect(haltsOf(null)).toEqual([]);
    expect(haltPlace(halt)).toBe('shop.public.orders');
    expect(haltPlace({ ...halt, schema: '', table: '' })).toBe('shop');
  });

  it('leaving something out is never what is offered first', () => {
    expect(likelyChoice({ choices: ['skip', 'apply', 'retry'] })).toBe('apply');
    expect(likelyChoice({ choices: ['skip', 'copyAgain', 'retry'] })).toBe('copyAgain');
    expect(likelyChoice({ choices: ['skip'] })).toBeUndefined();
  });

  it('what leaves rows out is asked about before it is done', () => {
    expect(losesRows({ kind: 'drift' }, 'skip')).toBe(true);
    expect(losesRows({ kind: 'structure' }, 'skip')).toBe(true);
    expect(losesRows({ kind: 'ddl' }, 'skip')).toBe(false);
    expect(losesRows({ kind: 'drift' }, 'copyAgain')).toBe(false);
  });

  it('a decision takes the statement along only when it was changed and is to be run', () => {
    const { database: of, id, statement } = halt;
    expect(decisionOf(halt, 'apply', statement)).toEqual({ database: of, id, choice: 'apply' });
    expect(decisionOf(halt, 'apply', 'SELECT 1')).toEqual({ database: of, id, choice: 'apply', statement: 'SELECT 1' });
    expect(decisionOf(halt, 'skip', 'SELECT 1')).toEqual({ database: of, id, choice: 'skip' });
  });
});

describe('why a task cannot be completed', () => {
  const job = (status: 'running' | 'readyComplete' | 'manualPaused') =>
    ({ type: 'fullAndIncrement', status, isolated: false, actions: allowedActions(status, false) }) as const;

  it('is told by the worker, or that it still copies, or that the gap has to stay closed', () => {
    expect(blockersOf(job('running'), null)).toEqual(['copying']);
    expect(blockersOf(job('running'), progressWith(null))).toEqual(['copying']);
    expect(blockersOf(job('running'), progressWith(follow({ blockers: ['halted', 'gap'] })))).toEqual([
      'halted',
      'gap',
    ]);
    expect(blockersOf(job('running'), progressWith(follow()))).toEqual(['gap']);
  });

  it('nothing stands in the way of one that is ready; others are not asked', () => {
    expect(blockersOf(job('readyComplete'), progressWith(follow({ blockers: ['gap'] })))).toEqual([]);
    expect(blockersOf(job('manualPaused'), progressWith(follow()))).toBeNull();
    expect(blockersOf({ ...job('running'), type: 'full' }, progressWith(null))).toBeNull();
    expect(blockersOf({ ...job('running'), isolated: true }, progressWith(null))).toBeNull();
  });
});

describe('the cut-over', () => {
  it('begins with the careful choices; the address moves where it can, and back when it had moved', () => {
    const first = firstCompletion({ completion: null, canMoveAddress: true }, 'forward');
    expect(first).toEqual({ stopWrites: 'byHand', moveAddress: true, failBack: false, compare: 'rowCount' });
    const done = { ...first, stopWrites: 'readOnly', failBack: true } as const;
    expect(firstCompletion({ completion: done, canMoveAddress: true }, 'back')).toEqual({ ...done, failBack: false });
    expect(firstCompletion({ completion: done, canMoveAddress: false }, 'back').moveAddress).toBe(false);
    expect(firstCompletion({ completion: null, canMoveAddress: true }, 'back').moveAddress).toBe(false);
  });

  it('tells its steps in order, without those that nobody asked for', () => {
    const all = { stopWrites: 'readOnly', moveAddress: true, failBack: true, compare: 'full' } as const;
    expect(cutOverPlan(all)).toEqual(CUT_OVER_STEPS);
    expect(cutOverPlan({ ...all, failBack: false, compare: null })).not.toContain('compare');
    expect(cutOverPlan({ ...all, failBack: false, compare: null })).not.toContain('armFailBack');
    expect(planWords('stopWrites', all)).toBe('stopWrites.readOnly');
    expect(planWords('open', all)).toBe('open.moved');
    expect(planWords('open', { ...all, moveAddress: false })).toBe('open.told');
    expect(planWords('compare', all)).toBe('compare.full');
  });

  it('that has failed is asked for again with what was chosen', () => {
    const chosen = { stopWrites: 'readOnly', moveAddress: false, failBack: true, compare: null } as const;
    expect(firstCompletion({ completion: chosen, canMoveAddress: true }, 'forward')).toEqual(chosen);
    const step = { step: 'compare', state: 'failed', note: 'orders differs', startedAt: 1, endedAt: 2 } as const;
    expect(failedStep(progressWith(follow({ cutOver: [step] })))).toBe(step);
    expect(failedStep(progressWith(follow({ cutOver: [{ ...step, state: 'success' }] })))).toBeUndefined();
    expect(failedStep(null)).toBeUndefined();
  });
});

describe('a comparison', () => {
  it('proves only what it looked at to its end', () => {
    expect(verdictOf({ status: 'success', different: 0, failed: 0 })).toBe('equal');
    expect(verdictOf({ status: 'success', different: 0, failed: 1 })).toBe('partly');
    expect(verdictOf({ status: 'running', different: 0, failed: 0 })).toBe('unknown');
    expect(verdictOf({ status: 'canceled', different: 0, failed: 0 })).toBe('unknown');
    expect(verdictOf({ status: 'running', different: 1, failed: 0 })).toBe('different');
  });

  it('needs rows on the target', () => {
    expect(mayCompare({ status: 'created', isolated: false })).toBe(false);
    expect(mayCompare({ status: 'readyComplete', isolated: false })).toBe(true);
    expect(mayCompare({ status: 'success', isolated: true })).toBe(false);
  });

  it('is asked for with what its form needs', () => {
    const table = { database: 'shop', schema: 'public', name: 'orders' };
    expect(isReady(NEW_COMPARE)).toBe(true);
    expect(isReady({ ...NEW_COMPARE, all: false })).toBe(false);
    expect(isReady({ ...NEW_COMPARE, all: false, tables: [table] })).toBe(true);
    expect(isReady({ ...NEW_COMPARE, mode: 'sample', samplePercent: '' })).toBe(false);
    expect([0, 1, 100, 101, 1.5, ''].map(isPercent)).toEqual([false, true, true, false, false, false]);
    expect(
      compareOf('dts-1', { ...NEW_COMPARE, name: ' first ', samplePercent: '', tables: [table] }, '12:00'),
    ).toEqual({
      id: 'dts-1',
      name: 'first',
      mode: 'full',
      samplePercent: 10,
      tables: [],
    });
    expect(
      compareOf('dts-1', { ...NEW_COMPARE, mode: 'sample', samplePercent: 5, all: false, tables: [table] }, '12:00'),
    ).toEqual({ id: 'dts-1', name: '12:00', mode: 'sample', samplePercent: 5, tables: [table] });
  });

  it('names a row by its key', () => {
    const key = [
      { column: 'id', value: '7' },
      { column: 'day', value: null },
    ];
    expect(keyText(key)).toBe('id = 7, day = NULL');
  });
});
