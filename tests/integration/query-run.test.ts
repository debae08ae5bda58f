import { afterAll, beforeAll, expect, it } from 'vitest';
import { startServer, type TestServer } from '../support/postgres';
import { errorsOf, queryBench, type QueryBench, valuesOf } from '../support/query';

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

it('keeps every result of a script, with types, tags and times', async () => {
  const state = await bench.run(
    session,
    "SELECT 1 AS a, 'x'::text AS b, NULL::int AS c;\nCREATE TEMP TABLE t (n numeric(10,2));\nINSERT INTO t VALUES (1.5), (2);\nSELECT n FROM t ORDER BY n;",
  );
  expect(errorsOf(state)).toEqual([]);
  expect(state.results.map((result) => [result.tag, result.rowCount, result.complete])).toEqual([
    ['SELECT 1', 1, true],
    ['SELECT 2', 2, true],
  ]);
  expect(await valuesOf(bench, state, 0)).toEqual([['1', 'x', null]]);
  expect(await valuesOf(bench, state, 1)).toEqual([['1.50'], ['2.00']]);
  expect(state.messages.map((message) => message.text)).toEqual(['SELECT 1', 'CREATE TABLE', 'INSERT 0 2', 'SELECT 2']);
  expect(state.progress).toEqual({ done: 4, total: 4 });
  const named = await bench.until(session, (now) => now.results[1]?.columns?.[0]?.typeName === 'numeric(10,2)');
  expect(named.results[0]?.columns?.map((column) => column.typeName)).toEqual(['integer', 'text', 'integer']);
});

it('maps an error of the second statement into the whole text, characters beyond the BMP included', async () => {
  const sql = "SELECT '🐘🐘 é';\nSELECT '🐘', wrong_column;\nSELECT 3";
  const state = await bench.run(session, sql);
  const [error] = errorsOf(state);
  expect(error).toMatchObject({ severity: 'ERROR', sqlstate: '42703', position: sql.indexOf('wrong_column') + 1 });
  expect(state.results).toHaveLength(1);
  expect(state.progress).toEqual({ done: 1, total: 3 });
});
