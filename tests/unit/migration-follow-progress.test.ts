import { describe, expect, test } from 'vitest';
import type { DatabaseFollow } from '../../shared/model/migration';
import { newCounts } from '../../electron/control-plane/migration/follow/follow-model';
import { createFollowSums, type FollowInput } from '../../electron/control-plane/migration/follow/follow-progress';

const database = (change: Partial<DatabaseFollow> = {}): DatabaseFollow => ({
  database: 'shop',
  state: 'following',
  slot: 's',
  applied: '0/1',
  written: '0/1',
  lagBytes: 0,
  lagSeconds: 0,
  retainedBytes: 100,
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

const input = (databases: readonly DatabaseFollow[], change: Partial<FollowInput> = {}): FollowInput => ({
  direction: 'forward',
  databases,
  counts: [newCounts()],
  walAlarm: false,
  copying: false,
  tablesFailed: 0,
  indexesFailed: 0,
  tablesWaiting: 0,
  cutOver: [],
  ...change,
});

const MIB = 1024 * 1024;

describe('sums of following', () => {
  test('are ready after a while without a gap, and stay so through small waves', () => {
    let at = 1_000_000;
    const sums = createFollowSums(() => at);
    const look = (change: Partial<DatabaseFollow>): boolean => {
      at += 500;
      sums.look(input([database(change)]));
      return sums.ready;
    };
    expect([look({}), look({}), look({}), look({}), look({})]).toEqual([false, false, false, false, true]);
    expect(look({ lagBytes: 8 * MIB, lagSeconds: 4 })).toBe(true);
    expect(look({ lagBytes: 17 * MIB, lagSeconds: 4 })).toBe(false);
    expect(look({ lagBytes: 2 * MIB, lagSeconds: 0 })).toBe(false);
    expect([look({}), look({}), look({}), look({}), look({})]).toEqual([false, false, false, false, true]);
    expect(look({ lagSeconds: 11 })).toBe(false);
  });

  test('are never ready while something stands in the way, and name it', () => {
    let at = 1_000_000;
    const sums = createFollowSums(() => at);
    const blockers = (of: FollowInput): readonly string[] => {
      for (let turn = 0; turn < 8; turn += 1) {
        at += 500;
        sums.look(of);
      }
      expect(sums.ready).toBe(false);
      return sums.look(of).blockers;
    };
    expect(blockers(input([database({ state: 'halted' })]))).toEqual(['halted']);
    expect(blockers(input([database(), database({ state: 'away' })]))).toEqual(['away']);
    expect(blockers(input([database()], { copying: true }))).toEqual(['copying']);
    expect(blockers(input([database()], { tablesWaiting: 1 }))).toEqual(['copying']);
    expect(blockers(input([database()], { tablesFailed: 2 }))).toEqual(['tables-failed']);
    expect(blockers(input([database()], { indexesFailed: 1 }))).toEqual(['objects-failed']);
    expect(blockers(input([database({ lagSeconds: null })]))).toEqual(['gap']);
    expect(blockers(input([database({ lagBytes: 5 * MIB, lagSeconds: 3 })]))).toEqual(['gap']);
  });

  test('tell rates, when the gap is closed, and that it grows', () => {
    let at = 1_000_000;
    const sums = createFollowSums(() => at);
    const counts = newCounts();
    const look = (lagBytes: number) => {
      at += 1000;
      counts.rowsIn += 500;
      counts.rowsOut += 250;
      counts.bytesIn += 1000;
      return sums.look(input([database({ lagBytes, lagSeconds: 5 })], { counts: [counts] }));
    };
    for (const lag of [100, 90, 80]) look(lag * MIB);
    expect(look(70 * MIB)).toMatchObject({
      rowsInPerSecond: 500,
      rowsOutPerSecond: 250,
      bytesInPerSecond: 1000,
      estimateSeconds: 7,
      fallingBehind: false,
    });
    let told = look(70 * MIB);
    for (let lag = 71; lag < 140; lag += 1) told = look(lag * MIB);
    expect(told).toMatchObject({ fallingBehind: true, estimateSeconds: null, lagBytes: 139 * MIB });
  });

  test('take the worst of the databases', () => {
    const sums = createFollowSums();
    expect(
      sums.look(input([database({ lagBytes: 1, lagSeconds: 2 }), database({ lagBytes: 5, retainedBytes: 900 })])),
    ).toMatchObject({ lagBytes: 6, lagSeconds: 2, retainedBytes: 900 });
    expect(sums.look(input([database({ lagSeconds: null }), database()])).lagSeconds).toBeNull();
  });
});
