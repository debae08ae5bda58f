import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startServer, type TestServer } from '../support/postgres';
import { errorsOf, eventually, queryBench, type QueryBench, valuesOf } from '../support/query';

let server: TestServer;
let bench: QueryBench;
let session: string;
beforeAll(async () => {
  server = await startServer({ major: 17 });
  bench = await queryBench(server);
  session = await bench.open();
});
afterAll(async () => {
  await bench?.close();
  await server?.stop();
});

const context = { signal: new AbortController().signal };
const MILLION = 1_000_000;
const ROW = `i AS c1, i * 7 AS c2, md5(i::text) AS c3, CASE WHEN i % 5 = 0 THEN NULL ELSE 'é' || i END AS c4, i / 3.0 AS c5,
  (i % 2 = 0) AS c6, '' AS c7, repeat('x', i % 20) AS c8, i::float8 / 7 AS c9, date '2000-01-01' + i % 10000 AS c10`;

it('holds a million rows of ten columns in bounded memory, any of them at once', async () => {
  const before = process.memoryUsage();
  let peak = 0;
  const watch = setInterval(() => {
    const { rss } = process.memoryUsage();
    peak = Math.max(peak, rss);
  }, 20);
  const state = await bench.run(session, `SELECT ${ROW} FROM generate_series(1, ${MILLION}) i`);
  clearInterval(watch);
  const result = state.results[0];
  expect(errorsOf(state)).toEqual([]);
  expect(result).toMatchObject({ rowCount: MILLION, complete: true, tag: `SELECT ${MILLION}` });
  const bytes = result?.bytes ?? 0;
  expect(bytes).toBeGreaterThan(100 * 1024 * 1024);
  expect(peak - before.rss).toBeLessThan(1.5 * bytes);
  expect(await readdir(bench.tempFolder)).toEqual([]);

  for (const at of [0, 1, 4095, 123_456, 500_000, 777_777, MILLION - 2]) {
    const [expected] = await server.sql(
      `SELECT ARRAY[${Array.from({ length: 10 }, (_none, n) => `c${n + 1}::text`).join(', ')}] AS v FROM (SELECT ${ROW} FROM (VALUES (${at + 1})) AS s(i)) AS x`,
    );
    // The server's text form of boolean is t, its cast to text is true.
    const shown = (await bench.rows(result?.resultId ?? '', at, 1))[0]?.map((value, column) =>
      column === 5 ? (value === 't' ? 'true' : 'false') : value,
    );
    expect(shown, `row ${at}`).toEqual(expected?.['v']);
  }
  const jumps: number[] = [];
  for (let round = 0; round < 40; round += 1) {
    const from = (round * 611_953) % (MILLION - 200);
    const started = performance.now();
    const rows = await bench.rows(result?.resultId ?? '', from, 200);
    jumps.push(performance.now() - started);
    expect(rows[0]?.[0]).toBe(String(from + 1));
    expect(rows).toHaveLength(200);
  }
  expect(jumps.toSorted((a, b) => a - b)[20]).toBeLessThan(50);
});

it('tells of the first rows long before the last, and at most ten times a second', async () => {
  bench.pushed.length = 0;
  await bench.run(session, `SELECT ${ROW} FROM generate_series(1, 400000) i`);
  const growing = bench.pushed.filter(({ results }) => results[0] && !results[0].complete);
  expect(growing.length).toBeGreaterThan(0);
  expect(growing[0]?.results[0]?.rowCount).toBeLessThan(20_000);
  const ms = bench.pushed.at(-1)?.results[0]?.ms ?? 0;
  expect(bench.pushed.length).toBeLessThan(ms / 100 + 8);
});

it('cancels a large result at once and keeps what came', async () => {
  await bench.start(session, `SELECT ${ROW} FROM generate_series(1, 100000) i, generate_series(1, 2000)`);
  await bench.until(session, ({ results }) => (results[0]?.rowCount ?? 0) > 100_000);
  const before = Date.now();
  await bench.feature.handlers.cancel({ sessionId: session }, context);
  expect(Date.now() - before).toBeLessThan(2000);
  const state = await bench.state(session);
  expect(errorsOf(state)).toMatchObject([{ sqlstate: '57014' }]);
  const count = state.results[0]?.rowCount ?? 0;
  const last = await bench.rows(state.results[0]?.resultId ?? '', count - 1, 5);
  expect(last.map((row) => row.length)).toEqual([10]);
});

it('closes while a large result runs, and the server’s process ends', async () => {
  const other = await bench.open();
  await bench.start(other, `SELECT ${ROW}, 'closing' FROM generate_series(1, 100000) i, generate_series(1, 2000)`);
  await bench.until(other, ({ results }) => (results[0]?.rowCount ?? 0) > 1000);
  await bench.feature.handlers.close({ sessionId: other }, context);
  await eventually(
    async () =>
      (await server.sql("SELECT 1 FROM pg_stat_activity WHERE query LIKE '%''closing''%' AND pid <> pg_backend_pid()"))
        .length === 0,
    'the backend is gone',
  );
  await expect(bench.state(other)).rejects.toMatchObject({ code: 'not-found' });
});

it('shows cells of a megabyte and rows of 1,600 columns', async () => {
  const state = await bench.run(
    session,
    `SELECT i, repeat(chr(233), 1048576 + i) AS big FROM generate_series(1, 20) i;
     SELECT ${Array.from({ length: 1600 }, (_none, n) => `${n} AS c${n}`).join(', ')}`,
  );
  expect(errorsOf(state)).toEqual([]);
  const big = state.results[0]?.resultId ?? '';
  const short = await bench.rows(big, 0, 20, 300);
  expect(short).toHaveLength(20);
  expect(short.every((row) => row[1] === 'é'.repeat(301))).toBe(true);
  expect((await bench.rows(big, 12, 1))[0]?.[1]).toBe('é'.repeat(1_048_576 + 13));
  expect((await valuesOf(bench, state, 1))[0]).toEqual(Array.from({ length: 1600 }, (_none, n) => String(n)));
});

it('runs sessions beside each other', async () => {
  const sessions = await Promise.all(Array.from({ length: 5 }, () => bench.open()));
  const states = await Promise.all(
    sessions.map((each, n) =>
      bench.run(each, `SELECT ${n} AS n, i FROM generate_series(1, ${20_000 + n}) i; SELECT pg_backend_pid()`),
    ),
  );
  expect(states.map((state) => state.results[0]?.rowCount)).toEqual([20_000, 20_001, 20_002, 20_003, 20_004]);
  const pids = await Promise.all(states.map(async (state) => (await valuesOf(bench, state, 1))[0]?.[0]));
  expect(new Set(pids).size).toBe(5);
  for (const [n, state] of states.entries()) {
    expect((await bench.rows(state.results[0]?.resultId ?? '', 19_999, 1))[0]).toEqual([String(n), '20000']);
  }
  await Promise.all(sessions.map((sessionId) => bench.feature.handlers.close({ sessionId }, context)));
});

it('accepts no second run beside the first, and frees the results of the run before', async () => {
  const first = await bench.run(session, 'SELECT 1');
  await bench.start(session, 'SELECT pg_sleep(0.5)');
  await expect(bench.start(session, 'SELECT 2')).rejects.toMatchObject({ code: 'conflict' });
  await bench.until(session, (state) => !state.running);
  await expect(bench.rows(first.results[0]?.resultId ?? '', 0, 1)).rejects.toMatchObject({ code: 'not-found' });
});

it('saves a result as CSV', async () => {
  const rows = 30_000;
  const state = await bench.run(
    session,
    `SELECT i, CASE i % 4 WHEN 0 THEN NULL WHEN 1 THEN '' WHEN 2 THEN 'a,"b"' || chr(10) || i ELSE 'é' END AS t FROM generate_series(1, ${rows}) i`,
  );
  const path = join(bench.tempFolder, 'out.csv');
  expect(await bench.save(state.results[0]?.resultId ?? '', path)).toEqual({ error: null });
  const text = await readFile(path, 'utf8');
  expect(text.startsWith('i,t\r\n1,""\r\n2,"a,""b""\n2"\r\n3,é\r\n4,\r\n')).toBe(true);
  expect((await readdir(bench.tempFolder)).filter((name) => name.includes('partial'))).toEqual([]);
  // Line ends of the file are CR LF; within quotes they are the values' own.
  const lines = text.split('\r\n').slice(1, -1);
  expect(lines).toHaveLength(rows);
});

it('leaves the old file as it was when a save is cancelled', async () => {
  const state = await bench.run(session, `SELECT ${ROW} FROM generate_series(1, 100000) i`);
  const path = join(bench.tempFolder, 'kept.csv');
  await writeFile(path, 'old');
  expect((await bench.save(state.results[0]?.resultId ?? '', path, {}, AbortSignal.abort())).error?.code).toBe(
    'cancelled',
  );
  expect(await readFile(path, 'utf8')).toBe('old');
  expect((await readdir(bench.tempFolder)).filter((name) => name.includes('partial'))).toEqual([]);
});

it('tells when a file can not be written', async () => {
  const state = await bench.run(session, 'SELECT 1');
  const { error } = await bench.save(state.results[0]?.resultId ?? '', join(bench.tempFolder, 'no', 'such.csv'));
  expect(error).toMatchObject({ code: 'file' });
});

it('copies a part as text, with the table’s name for INSERT', async () => {
  await server.sql('CREATE SCHEMA "Shop"; CREATE TABLE "Shop".orders (id int, note text)');
  const state = await bench.run(
    session,
    `INSERT INTO "Shop".orders VALUES (1, 'a'), (2, NULL), (3, 'c''d'); SELECT id, note FROM "Shop".orders ORDER BY id`,
  );
  const copy = (more: object) =>
    bench.feature.handlers.copyText(
      {
        resultId: state.results[0]?.resultId ?? '',
        from: 1,
        to: 2,
        columns: [1, 0],
        format: 'tsv',
        header: false,
        ...more,
      },
      context,
    );
  expect(await copy({})).toEqual({ text: "\t2\nc'd\t3", rows: 2 });
  const staged = [
    { row: 4, values: { 0: '9' } },
    { row: 2, values: { 1: 'x' } },
    { row: 3, values: { 1: null } },
  ];
  expect(await copy({ to: 4, staged })).toEqual({ text: '\t2\nx\t3\n\t\n\t9', rows: 4 });
  expect((await copy({ header: true, to: 99 })).text).toBe("note\tid\n\t2\nc'd\t3");
  await eventually(async () => (await copy({ format: 'insert' })).text.includes('Shop'), 'the table is known');
  expect((await copy({ format: 'insert' })).text).toBe(
    `INSERT INTO "Shop".orders (note, id) VALUES (NULL, 2);\nINSERT INTO "Shop".orders (note, id) VALUES ('c''d', 3);`,
  );
  await expect(copy({ columns: [7] })).rejects.toMatchObject({ info: { code: 'invalid-input', field: 'columns' } });
});
