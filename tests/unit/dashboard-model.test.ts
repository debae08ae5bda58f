import i18next from 'i18next';
import { describe, expect, it } from 'vitest';
import { filteredSessions, type SessionFilter } from '../../renderer/features/dashboard/session-filter';
import { maySignal, waitText, waitWords } from '../../renderer/features/dashboard/session-words';
import { logEntries } from '../../electron/features/dashboard/log-lines';
import { COUNTERS, type ActivitySample, type BlockedSession, type Counter } from '../../shared/model/dashboard';
import { blockingLines, lockTargetText } from '../../shared/model/dashboard-blocking';
import {
  hitRatioOf,
  linesOf,
  nearest,
  niceBytesCeiling,
  niceCeiling,
  rateOf,
  seriesOf,
  waitShares,
  withSample,
} from '../../shared/model/dashboard-rates';
import texts from '../../resources/translations/en/dashboard.json';
import { dropSlot, endPrepared, settingStatements } from '../../shared/model/dashboard-statements';

const NO_COUNTERS = Object.fromEntries(COUNTERS.map((counter) => [counter, 0]));

const sample = (
  at: number,
  counters: Partial<Record<Counter, number | null>> = {},
  more: Partial<ActivitySample> = {},
): ActivitySample => ({
  at,
  epoch: 'a',
  sessions: { active: 0, idle: 0, inTransaction: 0, waiting: 0, hidden: 0 },
  maxConnections: 100,
  counters: { ...(NO_COUNTERS as Record<Counter, number>), ...counters },
  waits: [],
  ...more,
});

describe('rates', () => {
  it('are by the second of the server’s clock, and never negative', () => {
    expect(rateOf(sample(1000, { commits: 10 }), sample(3000, { commits: 30 }), 'commits')).toBe(10);
    expect(rateOf(sample(1000, { commits: 10 }), sample(3000, { commits: 3 }), 'commits')).toBeNull();
    expect(rateOf(sample(1000, { ioReads: null }), sample(3000, { ioReads: 3 }), 'ioReads')).toBeNull();
    expect(rateOf(sample(3000), sample(3000), 'commits')).toBeNull();
    expect(hitRatioOf(sample(0), sample(1000, { blocksHit: 75, blocksRead: 25 }))).toBe(0.75);
    expect(hitRatioOf(sample(0), sample(1000))).toBeNull();
  });

  it('have a gap where statistics were reset or nobody could look', () => {
    const commits = (looks: readonly ActivitySample[]) =>
      seriesOf(looks, 5000, (now, before) => (before ? rateOf(before, now, 'commits') : null)).map(
        ({ value }) => value,
      );
    expect(commits([sample(0), sample(1000, { commits: 5 }), sample(2000, { commits: 1 }, { epoch: 'b' })])).toEqual([
      null,
      5,
      null,
      null,
    ]);
    const lonely = seriesOf([sample(0), sample(9000)], 5000, () => 1);
    expect(lonely).toEqual([
      { at: 0, value: 1 },
      { at: 4500, value: null },
      { at: 9000, value: 1 },
    ]);
    expect(linesOf(lonely).map((line) => line.length)).toEqual([1, 1]);
    expect(nearest(lonely, 8000, 2000)).toEqual({ at: 9000, value: 1 });
    expect(nearest(lonely, 2000, 1000)).toBeNull();
  });

  it('are kept for an hour, anew when the clock was set back', () => {
    expect(withSample([sample(0), sample(10)], sample(3_600_005)).map(({ at }) => at)).toEqual([10, 3_600_005]);
    expect(withSample([sample(100)], sample(50)).map(({ at }) => at)).toEqual([50]);
  });

  it('end their axis at a round number', () => {
    expect([0, 0.3, 1, 1.1, 3, 7, 101, 4999].map(niceCeiling)).toEqual([1, 0.5, 1, 2, 5, 10, 200, 5000]);
    expect([0, 1500, 1_500_000].map(niceBytesCeiling)).toEqual([1024, 2048, 2 * 1024 * 1024]);
  });
});

it('waits are shares of what was seen', () => {
  const looks = [
    sample(0, {}, { waits: [{ type: 'Lock', event: 'relation', count: 9 }] }),
    sample(
      10,
      {},
      {
        waits: [
          { type: 'Lock', event: 'tuple', count: 1 },
          { type: '', event: '', count: 2 },
        ],
      },
    ),
    sample(20, {}, { waits: [{ type: 'Lock', event: 'relation', count: 1 }] }),
  ];
  expect(waitShares(looks, 5, 'type')).toEqual([
    { type: '', event: '', sessions: 1, share: 0.5 },
    { type: 'Lock', event: '', sessions: 1, share: 0.5 },
  ]);
  expect(waitShares(looks, 5, 'event').map(({ event }) => event)).toEqual(['', 'relation', 'tuple']);
  expect(waitShares([], 0, 'type')).toEqual([]);
});

it('waits are explained by event, else by kind, else not at all', async () => {
  const i18n = i18next.createInstance();
  await i18n.init({ lng: 'en', resources: { en: { dashboard: texts } } });
  const t = i18n.getFixedT('en', 'dashboard');
  expect(waitWords(t, 'Lock', 'transactionid')).toBe(texts.waits.events.transactionid);
  expect(waitWords(t, 'LWLock', 'SomethingNew')).toBe(texts.waits.types.LWLock);
  expect(waitWords(t, 'Unheard', 'of')).toBe('');
  expect(waitText(t, 'Lock', 'tuple')).toBe('Lock: tuple');
  expect(waitText(t, '', '')).toBe(texts.waits.cpu);
});

const session = (pid: number, blockers: readonly number[]): BlockedSession => ({
  pid,
  blockers,
  started: null,
  leader: null,
  kind: null,
  database: null,
  user: null,
  application: '',
  client: '',
  state: null,
  waitType: null,
  waitEvent: null,
  backendMs: null,
  transactionMs: null,
  stateMs: null,
  queryMs: null,
  query: '',
  queryId: null,
  own: false,
  hidden: false,
  wanted: null,
  waitMs: null,
});

it('sessions are found by what is known of them, background processes and ours only when wanted', () => {
  const sessions = [
    { ...session(1, []), kind: 'client backend', state: 'active', user: 'alice', query: 'SELECT Orders' },
    { ...session(2, []), kind: 'client backend', state: 'idle', user: 'bob' },
    { ...session(3, []), kind: 'checkpointer' },
    { ...session(4, []), kind: 'client backend', state: 'active', own: true },
    { ...session(5, []), hidden: true, user: 'carol' },
  ];
  const pids = (change: Partial<SessionFilter>) =>
    filteredSessions(sessions, { text: '', active: false, background: false, own: false, ...change }).map(
      ({ pid }) => pid,
    );
  expect(pids({})).toEqual([1, 2, 5]);
  expect(pids({ active: true })).toEqual([1, 5]);
  expect(pids({ background: true, own: true })).toEqual([1, 2, 3, 4, 5]);
  expect(pids({ text: ' orders' })).toEqual([1]);
  expect(pids({ text: 'bob' })).toEqual([2]);
  expect(sessions.filter(maySignal).map(({ pid }) => pid)).toEqual([1, 2, 5]);
});

describe('the blocking tree', () => {
  const drawn = (sessions: readonly BlockedSession[]) =>
    blockingLines(sessions).map(
      ({ pid, depth, waiting, ring, again }) =>
        `${'.'.repeat(depth)}${pid}(${waiting})${ring ? ' ring' : ''}${again ? ' again' : ''}`,
    );

  it('puts those that hold up most first, and shows who waits for several twice', () => {
    expect(drawn([session(1, []), session(2, []), session(3, [1]), session(4, [2, 3]), session(5, [4])])).toEqual([
      '1(3)',
      '.3(2)',
      '..4(1)',
      '...5(0)',
      '2(2)',
      '.4(1) again',
    ]);
  });

  it('ends when sessions wait for each other', () => {
    expect(drawn([session(1, [2]), session(2, [1]), session(3, [1])])).toEqual([
      '1(2) ring',
      '.2(2) ring',
      '..1(2) ring again',
      '.3(0)',
    ]);
  });

  it('begins with what has no process', () => {
    expect(drawn([session(7, [0])])).toEqual(['0(1)', '.7(0)']);
  });
});

it('locks are named by what they are on', () => {
  const lock = {
    type: 'relation',
    database: 'shop',
    relation: null,
    relationOid: null,
    page: null,
    tuple: null,
    virtualXid: null,
    transactionId: null,
    classId: null,
    objectId: null,
    objectSubId: null,
  };
  expect(lockTargetText({ ...lock, relation: 'public.a' })).toBe('public.a');
  expect(lockTargetText({ ...lock, relationOid: 5, database: 'a b' })).toBe('relation 5 in "a b"');
  expect(lockTargetText({ ...lock, type: 'tuple', relation: 'a', page: 3, tuple: 7 })).toBe('tuple (3,7) of a');
  expect(lockTargetText({ ...lock, type: 'transactionid', transactionId: '4711' })).toBe('transaction 4711');
  expect(lockTargetText({ ...lock, type: 'virtualxid', virtualXid: '3/4' })).toBe('virtual transaction 3/4');
  expect(lockTargetText({ ...lock, type: 'advisory', classId: 0, objectId: 42, objectSubId: 1 })).toBe(
    'advisory 0/42/1',
  );
});

it('statements quote what they name', () => {
  const sql = (statements: readonly { readonly sql: string }[]) => statements.map((each) => each.sql);
  expect(sql(settingStatements('work_mem', "8'MB", { of: 'server', reload: true }))).toEqual([
    "ALTER SYSTEM SET work_mem TO '8''MB'",
    'SELECT pg_catalog.pg_reload_conf()',
  ]);
  expect(sql(settingStatements('a.B', null, { of: 'role', name: 'x"y' }))).toEqual(['ALTER ROLE "x""y" RESET a."B"']);
  expect(sql(settingStatements('search_path', '"$user", b', { of: 'database', name: 'select' }))).toEqual([
    `ALTER DATABASE "select" SET search_path TO '$user', 'b'`,
  ]);
  expect(endPrepared("a'b\\", 'commit').sql).toBe(String.raw`COMMIT PREPARED E'a''b\\'`);
  expect(dropSlot("a'").sql).toBe("SELECT pg_catalog.pg_drop_replication_slot('a''')");
});

describe('log lines', () => {
  it('of a text log stand with what belongs to them', () => {
    const text = [
      'cut off here',
      '2026-11-30 03:00:00.123 UTC [41] LOG:  database system is ready',
      '2026-11-30 03:00:01.000 UTC [42] alice@shop ERROR:  bad',
      '\tthing: more',
      '2026-11-30 03:00:01.000 UTC [42] alice@shop STATEMENT:  SELECT 1',
      '\tFROM nowhere',
      '2026-11-30 03:00:02 UTC [43] 日志:  已就绪',
      'no prefix at all',
      '',
    ].join('\n');
    expect(logEntries(text, 'text', true)).toMatchObject([
      {
        severity: 'log',
        pid: '41',
        time: '2026-11-30 03:00:00.123 UTC',
        message: 'database system is ready',
        more: '',
      },
      { severity: 'error', pid: '42', message: 'bad\nthing: more', more: 'STATEMENT: SELECT 1\nFROM nowhere' },
      { severity: 'other', pid: '43', message: '日志: 已就绪' },
      { severity: 'other', time: '', message: 'no prefix at all' },
    ]);
  });

  it('a line of capitals without end is looked at in no time', () => {
    const startedAt = performance.now();
    const [entry] = logEntries('A'.repeat(1_000_000), 'text', false);
    expect(performance.now() - startedAt).toBeLessThan(500);
    expect(entry).toMatchObject({ severity: 'other', message: 'A'.repeat(1_000_000) });
  });

  it('of a CSV log may hold quotes and line ends, and begin or stop in the middle', () => {
    const row = (message: string) =>
      `2026-11-30 03:00:00.123 UTC,"al""ice","shop",42,"127.0.0.1:1",a.b,1,"SELECT",2026-11-30 03:00:00 UTC,3/4,0,ERROR,22012,"${message}",,,,,,"SELECT ""x"",\n1",,,"psql"\n`;
    const text = `half of a message",,,\n${row('a ""b""')}${row('second')}2026-11-30 03:00:00.123 UTC,"al`;
    expect(logEntries(text, 'csv', true)).toMatchObject([
      {
        user: 'al"ice',
        database: 'shop',
        pid: '42',
        severity: 'error',
        sqlstate: '22012',
        message: 'a "b"',
        more: 'STATEMENT: SELECT "x",\n1',
      },
      { message: 'second' },
    ]);
  });

  it('of a JSON log are read one by one', () => {
    const text = `half"}\n{"timestamp":"t","pid":7,"error_severity":"DEBUG2","message":"m","detail":"d","hint":"h"}\n{"pid"`;
    expect(logEntries(text, 'json', false)).toMatchObject([
      { time: 't', pid: '7', severity: 'debug', message: 'm', more: 'DETAIL: d\nHINT: h', user: '' },
    ]);
  });
});
