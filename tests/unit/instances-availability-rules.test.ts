import { describe, expect, it } from 'vitest';
import { DEFAULT_HA, DEFAULT_MAINTENANCE } from '../../electron/control-plane/instances/defaults';
import { planDeployment } from '../../electron/control-plane/instances/deployment-plan';
import { synchronousNode, whyNotPromote, withNewPrimary } from '../../electron/control-plane/instances/ha-rules';
import { accrue, metered } from '../../electron/control-plane/instances/meter';
import { rebuildWait } from '../../electron/control-plane/instances/rebuild-wait';
import type { InstanceRecord, NodeRecord } from '../../electron/control-plane/instances/record';
import { judgeSync } from '../../electron/control-plane/instances/sync-rules';
import { nextMaintenance, nextWindow } from '../../electron/control-plane/instances/windows';
import { anInstance, aNode } from '../support/instance-record';

const NOW = 1_800_000_000_000;
const standby = (change: Partial<NodeRecord> = {}): NodeRecord =>
  aNode('n2', { role: 'standby', zone: 'ap-guangzhou-4', inSync: true, ...change });
const pair = (change: Partial<InstanceRecord> = {}, second: Partial<NodeRecord> = {}): InstanceRecord =>
  anInstance({ nodes: [aNode('n1'), standby(second)], ...change });
const NEVER = { ...DEFAULT_HA, maxSyncStandbyLag: null, maxSyncStandbyLatency: null };

describe('who may take over', () => {
  const near = { at: NOW, lagBytes: 0, lagSeconds: 0 };
  it('in synchronous mode is the standby that was in sync, whatever its lag looks like', () => {
    expect(whyNotPromote(pair(), standby(), null, NOW)).toBeNull();
    expect(whyNotPromote(pair(), standby({ inSync: false }), near, NOW)).toMatch(/not in sync/);
  });
  it('is no standby that is being built, or lost', () => {
    for (const state of ['building', 'lost'] as const) {
      expect(whyNotPromote(pair(), standby({ state }), near, NOW)).toMatch(/is being built/);
    }
  });
  it.each([
    ['Async', null],
    ['Semi-sync', NOW],
  ] as const)(
    'in mode %s with nobody waited for is who was close enough when the primary was lost',
    (syncMode, degradedAt) => {
      const record = pair({ syncMode, degradedAt });
      const node = standby({ inSync: false });
      expect(whyNotPromote(record, node, near, NOW)).toBeNull();
      expect(whyNotPromote(record, node, near, NOW + 9_000)).toBeNull();
      expect(whyNotPromote(record, node, near, NOW + 11_000)).toMatch(/11 s behind/);
      expect(whyNotPromote(record, node, { ...near, lagBytes: 2 * 1024 ** 3 }, NOW)).toMatch(/bytes behind/);
      expect(whyNotPromote(record, node, null, NOW)).toMatch(/not known/);
    },
  );
});

describe('whom commits wait for', () => {
  it('is the first standby that is whole, in synchronous mode that has not fallen back', () => {
    expect(synchronousNode(pair())).toBe('n2');
    expect(synchronousNode(pair({ degradedAt: NOW }))).toBeNull();
    expect(synchronousNode(pair({ syncMode: 'Async' }))).toBeNull();
    expect(synchronousNode(pair({}, { state: 'building' }))).toBeNull();
    expect(synchronousNode(anInstance())).toBeNull();
  });
  it('is even one that is lost when commits wait for ever', () => {
    expect(synchronousNode(pair({ ha: NEVER }, { state: 'lost' }))).toBe('n2');
  });
});

describe('waiting for the standby', () => {
  const seen = { state: 'streaming', sync: 'sync', flushLagBytes: 0, flushLagSeconds: 0 };
  const well = { now: NOW, seen, alive: true, missingSince: null };
  it.each([
    ['goes on while all is well', pair(), {}, 'keep'],
    ['is noted when it has begun', pair({}, { inSync: false }), {}, 'confirm'],
    ['begins when the server does not know of it', pair(), { seen: { ...seen, sync: 'async' } }, 'engage'],
    ['ends at once when the standby is dead', pair(), { seen: null, alive: false, missingSince: NOW }, 'release'],
    ['survives a short loss of the connection', pair(), { seen: null, missingSince: NOW - 500 }, 'keep'],
    ['ends when the connection stays away', pair(), { seen: null, missingSince: NOW - 1_500 }, 'release'],
    ['lasts up to the limit in seconds', pair(), { seen: { ...seen, flushLagSeconds: 9 } }, 'keep'],
    ['ends beyond the limit in seconds', pair(), { seen: { ...seen, flushLagSeconds: 11 } }, 'release'],
    ['ends beyond the limit in bytes', pair(), { seen: { ...seen, flushLagBytes: 2 * 1024 ** 3 } }, 'release'],
    ['lasts for ever where it must', pair({ ha: NEVER }), { seen: null, alive: false, missingSince: 0 }, 'keep'],
    [
      'for ever begins again as soon as the standby is there, however far behind',
      pair({ ha: NEVER, degradedAt: NOW - 100 }),
      { seen: { ...seen, state: 'catchup', sync: 'async', flushLagBytes: 64 * 1024 ** 2 } },
      'engage',
    ],
    ['for ever does not begin without anybody', pair({ ha: NEVER, degradedAt: NOW - 9_000 }), { seen: null }, 'keep'],
    [
      'for ever begins when the server does not know of it',
      pair({ ha: NEVER }),
      { seen: { ...seen, sync: 'async' } },
      'engage',
    ],
    ['begins again when the standby is near', pair({ degradedAt: NOW - 5_000 }), {}, 'engage'],
    ['does not begin again at once', pair({ degradedAt: NOW - 100 }), {}, 'keep'],
    [
      'does not begin again while the standby is behind',
      pair({ degradedAt: NOW - 5_000 }),
      { seen: { ...seen, flushLagBytes: 64 * 1024 ** 2 } },
      'keep',
    ],
    ['is none in asynchronous mode', pair({ syncMode: 'Async' }), { seen: null, alive: false }, 'keep'],
  ] as const)('%s', (_what, record, facts, verdict) => {
    expect(judgeSync(record, { ...well, ...facts })).toBe(verdict);
  });
});

describe('after a change of places', () => {
  it('the old primary is what it is said to be, and nobody is waited for', () => {
    const after = withNewPrimary(pair(), 'n2', { state: 'lost', problem: '' });
    expect(after.zone).toBe('ap-guangzhou-4');
    expect(after.nodes.map(({ id, role, state, inSync }) => [id, role, state, inSync])).toEqual([
      ['n2', 'primary', 'ready', false],
      ['n1', 'standby', 'lost', false],
    ]);
    expect(after.degradedAt).not.toBeNull();
    expect(withNewPrimary(pair({ ha: NEVER }), 'n2', { state: 'lost', problem: '' }).degradedAt).toBeNull();
  });
  it('doing it twice changes nothing more', () => {
    const once = withNewPrimary(pair(), 'n2', { state: 'ready', problem: '' });
    expect(withNewPrimary(once, 'n2', { state: 'lost', problem: '' })).toEqual(once);
  });
});

describe('a change of the deployment', () => {
  const [three, four, six] = ['ap-guangzhou-3', 'ap-guangzhou-4', 'ap-guangzhou-6'];
  const none = { first: '', to: '', second: '', drop: [] };
  it.each([
    ['gives a single node a standby', anInstance(), [three, four], { ...none, first: four }],
    ['takes the standby away', pair(), [three], { ...none, drop: ['n2'] }],
    ['moves the standby', pair(), [three, six], { ...none, first: six, drop: ['n2'] }],
    ['does nothing where all is as wanted', pair(), [three, four], none],
    ['makes them change places', pair(), [four, three], { ...none, to: 'n2' }],
    [
      'switches to the standby and moves the other',
      pair(),
      [four, six],
      { ...none, to: 'n2', second: six, drop: ['n1'] },
    ],
    ['moves the primary', pair(), [six, four], { ...none, first: six, to: 'new', drop: ['n1'] }],
    ['moves both', pair(), [six, six], { first: six, to: 'new', second: six, drop: ['n1', 'n2'] }],
    ['moves a single node', anInstance(), [six], { ...none, first: six, to: 'new', drop: ['n1'] }],
  ] as const)('%s', (_what, record, zones, plan) => {
    expect(planDeployment(record, zones)).toEqual(plan);
  });
});

describe('times', () => {
  // 2026-11-25 12:00 Beijing, a Wednesday.
  const noon = Date.UTC(2026, 10, 25, 4);
  const hour = 3_600_000;
  it('are those of the next maintenance window', () => {
    expect(nextMaintenance(DEFAULT_MAINTENANCE, noon)).toEqual({ from: noon + 15 * hour, until: noon + 16 * hour });
    expect(nextMaintenance({ ...DEFAULT_MAINTENANCE, weekdays: ['monday'] }, noon).from).toBe(
      noon + (4 * 24 + 15) * hour,
    );
    const overMidnight = { ...DEFAULT_MAINTENANCE, start: '23:00', duration: 4 };
    expect(nextMaintenance(overMidnight, noon + 13 * hour)).toEqual({
      from: noon + 11 * hour,
      until: noon + 15 * hour,
    });
  });
  it('come again when they were missed', () => {
    const window = { from: noon, until: noon + hour };
    expect(nextWindow(window, DEFAULT_MAINTENANCE, noon + hour - 1)).toEqual(window);
    expect(nextWindow(window, DEFAULT_MAINTENANCE, noon + hour)).toEqual({
      from: noon + 24 * hour,
      until: noon + 25 * hour,
    });
    expect(nextWindow(window, DEFAULT_MAINTENANCE, noon + 50 * hour).from).toBe(noon + 72 * hour);
    const weekly = { ...DEFAULT_MAINTENANCE, weekdays: ['monday' as const] };
    const monday = nextMaintenance(weekly, noon);
    expect(nextWindow(monday, weekly, monday.until + 1).from).toBe(monday.from + 7 * 24 * hour);
  });
});

it('metered use grows with time and disk, and not in the recycle bin', () => {
  const record = anInstance({ storageGb: 20, meter: { at: NOW, instanceMs: 3_600_000, gbMs: 0 } });
  expect(metered(record, NOW + 3_600_000)).toEqual({ instanceHours: 2, gbHours: 20 });
  expect(accrue({ ...record, status: 'isolated' }, NOW + 5_000)).toEqual({
    at: NOW + 5_000,
    instanceMs: 3_600_000,
    gbMs: 0,
  });
});

it('a standby that cannot be built is tried less and less often', () => {
  expect([1, 2, 3, 20].map(rebuildWait)).toEqual([2_000, 4_000, 8_000, 300_000]);
});
