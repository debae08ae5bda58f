import { describe, expect, it } from 'vitest';
import { prettyJson } from '../../renderer/features/query/json-pretty';
import {
  fileNameFor,
  lineAndColumn,
  marksOf,
  MESSAGES,
  ofLastRun,
  pageAfter,
  pageFor,
  wordEnd,
} from '../../renderer/features/query/model';
import { cellText, columnWidths, fitNumber } from '../../renderer/ui/grid/grid-model';
import { PageCache } from '../../renderer/ui/grid/page-cache';
import type { QueryMessage, QueryState, ResultState, Row } from '../../shared/model/query';

const message = (more: Partial<QueryMessage>): QueryMessage => ({
  severity: 'ERROR',
  text: 'wrong',
  detail: '',
  hint: '',
  where: '',
  sqlstate: '',
  position: null,
  statement: null,
  ms: null,
  at: 0,
  ...more,
});
const result = (resultId: string, statement = ''): ResultState => ({
  resultId,
  statement,
  columns: [],
  rowCount: 0,
  bytes: 0,
  complete: true,
  tag: '',
  ms: 0,
  plan: null,
  arrangement: null,
  arrangeable: false,
  pinned: false,
});
const state = (more: Partial<QueryState>): QueryState => ({
  sessionId: 's',
  running: false,
  transaction: 'idle',
  runId: 1,
  progress: { done: 0, total: 0 },
  results: [],
  messages: [],
  mode: { autocommit: true, onError: 'stop' },
  savepoints: [],
  open: null,
  role: '',
  standardStrings: true,
  loss: null,
  notifications: [],
  ...more,
});

describe('marks', () => {
  it('underline the word at the position, in the text of the editor', () => {
    const source = { text: 'SELECT wrong_column, 1', start: 100 };
    expect(marksOf([message({ position: 8, hint: 'look' })], source)).toEqual([
      { start: 107, end: 119, message: 'wrong\nlook' },
    ]);
    expect(marksOf([message({ position: null }), message({ severity: 'NOTICE', position: 1 })], source)).toEqual([]);
  });
  it('stand where parameters were filled in, and nowhere for a text that is not in the editor', () => {
    const filled = { text: "SELECT 'long value', wrong", start: 10, original: (at: number) => Math.max(0, at - 10) };
    expect(marksOf([message({ position: 22 })], filled)).toMatchObject([{ start: 21, end: 26 }]);
    expect(marksOf([message({ position: 8 })], { text: 'SELECT wrong', start: 0, outside: true })).toEqual([]);
  });
  it('stay inside the text when the error is at its end', () => {
    expect(marksOf([message({ position: 7 })], { text: 'SELECT', start: 0 })).toEqual([
      { start: 5, end: 6, message: 'wrong' },
    ]);
  });
  it.each([
    ['"Quoted name" x', 0, 13],
    ['é🐘 x', 0, 1],
    ['+ x', 0, 1],
  ])('take %s as a word', (text, at, end) => expect(wordEnd(text, at)).toBe(end));
});

describe('pageFor', () => {
  it('shows the first result, the messages when there is none or the run failed', () => {
    expect(pageFor(state({ results: [result('a'), result('b')] }))).toBe('a');
    expect(pageFor(state({}))).toBe(MESSAGES);
    expect(pageFor(state({ results: [result('a')], messages: [message({})] }))).toBe(MESSAGES);
    expect(pageFor(state({ results: [result('a')], messages: [message({})], running: true }))).toBe('a');
  });
});

it('keeps pinned results of earlier runs apart', () => {
  const pinned = { ...result('s.1.0'), pinned: true };
  const own = { ...result('s.2.0'), pinned: true };
  const now = state({ runId: 2, results: [pinned, own, result('s.2.1')] });
  expect(ofLastRun(now).map(({ resultId }) => resultId)).toEqual(['s.2.0', 's.2.1']);
  expect(pageFor(now)).toBe('s.2.0');
});

it('stays with a result whose place was taken by a sorted one', () => {
  const before = state({ results: [result('a'), result('b')] });
  expect(pageAfter('b', before, state({ results: [result('a'), result('c')] }))).toBe('c');
  expect(pageAfter('a', before, state({ results: [result('a'), result('c')] }))).toBe('a');
  expect(pageAfter('b', before, state({ runId: 2, results: [result('a'), result('c')] }))).toBe('b');
});

it('tells line and column', () => {
  expect(lineAndColumn('a\nbc\nd', 4)).toEqual({ line: 2, column: 3 });
  expect(lineAndColumn('abc', 0)).toEqual({ line: 1, column: 1 });
});

it.each([
  ['SELECT * FROM "Shop".orders WHERE id > 1 AND x', 'select-from-shop-orders-where.csv'],
  ['/* */', 'result.csv'],
])('names the file for %s', (statement, name) => expect(fileNameFor(result('a', statement), 'csv')).toBe(name));

describe('prettyJson', () => {
  it('keeps digits, order and repeated keys', () => {
    expect(prettyJson('{"b":12345678901234567890.10,"a":[1,{"x":"q\\"{"}],"a":{},"c":[]}')).toBe(
      '{\n  "b": 12345678901234567890.10,\n  "a": [\n    1,\n    {\n      "x": "q\\"{"\n    }\n  ],\n  "a": {},\n  "c": []\n}',
    );
  });
  it.each([['plain'], ['{broken'], ['12'], ['']])('leaves %s alone', (text) => expect(prettyJson(text)).toBeNull());
});

describe('cells', () => {
  it('show one line, cut', () => {
    expect(cellText('a\r\nb\tc\nd')).toBe('a↵b c↵d');
    expect(cellText('x'.repeat(400))).toHaveLength(301);
  });
  it('get columns as wide as header and rows need, within limits', () => {
    const spec = (name: string, rightAligned = false) => ({ name, hint: '', rightAligned });
    const rows: Row[] = [['1', 'x'.repeat(1000), null]];
    expect(columnWidths([spec('a', true), spec('b'), spec('c')], rows, (text) => text.length * 8)).toEqual([
      104, 360, 56,
    ]);
  });
});

it('cuts numbers at their right, visibly', () => {
  expect(fitNumber('1000000', 7)).toBe('1000000');
  expect(fitNumber('1000000', 6)).toBe('10000…');
  expect(fitNumber('1000000', 0)).toBe('…');
});

describe('PageCache', () => {
  const until = async (condition: () => boolean) => {
    await expect.poll(condition).toBe(true);
  };
  it('asks once for a page, newest wish first, and again for rows that came later', async () => {
    let held = 450;
    const asked: string[] = [];
    const cache = new PageCache((from, count) => {
      asked.push(`${from}+${count}`);
      return Promise.resolve(
        Array.from({ length: Math.max(0, Math.min(count, held - from)) }, (_none, at) => [String(from + at)]),
      );
    });
    const loaded: [number, number][] = [];
    const stop = cache.listen({ loaded: (from, to) => void loaded.push([from, to]), failed: () => undefined });
    expect(cache.row(0)).toBeUndefined();
    expect(cache.row(1)).toBeUndefined();
    await until(() => cache.peek(0) !== undefined);
    expect(asked).toEqual(['0+200']);
    expect(cache.row(199)).toEqual(['199']);
    cache.row(449);
    await until(() => cache.peek(449) !== undefined);
    held = 1000;
    cache.row(450);
    await until(() => cache.peek(450) !== undefined);
    expect(asked).toEqual(['0+200', '400+200', '450+150']);
    expect(loaded).toEqual([
      [0, 200],
      [400, 450],
      [450, 600],
    ]);
    stop();
  });

  it('drops pages that were scrolled past, and the oldest of those it holds', async () => {
    const asked: number[] = [];
    const waiting: (() => void)[] = [];
    const cache = new PageCache(
      (from, count) =>
        new Promise((resolve) => {
          asked.push(from);
          waiting.push(() => resolve(Array.from({ length: count }, (_none, at) => [String(from + at)])));
        }),
    );
    const stop = cache.listen({ loaded: () => undefined, failed: () => undefined });
    for (let page = 0; page < 100; page += 1) cache.row(page * 200);
    expect(asked).toEqual([0, 200, 400]);
    for (let round = 0; round < 20; round += 1) {
      for (const resolve of waiting.splice(0)) resolve();
      await Promise.resolve();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(asked).toHaveLength(11);
    expect(asked[3]).toBe(99 * 200);
    stop();
  });
});
