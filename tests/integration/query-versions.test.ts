import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../support/postgres';
import { errorsOf, eventually, queryBench, type QueryBench, valuesOf } from '../support/query';

describe.each([10, 13, 15, 18])('scripts on PostgreSQL %i', (major) => {
  let server: TestServer;
  let bench: QueryBench;
  let session: string;
  beforeAll(async () => {
    server = await startServer({ major });
    bench = await queryBench(server);
    session = await bench.open();
  });
  afterAll(async () => {
    await bench?.close();
    await server?.stop();
  });

  it('keeps every result, notices in their order, and stops at the first error', async () => {
    const sql = [
      'SELECT 1;',
      "DO $$ BEGIN RAISE NOTICE 'é: %', 1 USING DETAIL = 'more', HINT = 'do'; END $$;",
      "SELECT 'two' AS b, NULL AS c;",
      "SELECT '🐘' WHERE 1 = wrong_column;",
      'SELECT 3;',
    ].join('\n');
    const state = await bench.run(session, sql);
    expect(state.results.map((result) => result.tag)).toEqual(['SELECT 1', 'SELECT 1']);
    expect(state.messages.map(({ severity, text }) => `${severity} ${text}`)).toEqual([
      'COMMAND SELECT 1',
      'NOTICE é: 1',
      'COMMAND DO',
      'COMMAND SELECT 1',
      'ERROR column "wrong_column" does not exist',
    ]);
    expect(state.messages[1]).toMatchObject({ detail: 'more', hint: 'do' });
    expect(errorsOf(state)[0]?.position).toBe(sql.indexOf('wrong_column') + 1);
    expect(state.transaction).toBe('idle');
  });

  it('commits each statement by itself, and follows BEGIN, failure and ROLLBACK', async () => {
    await bench.run(session, 'CREATE TABLE t (n int PRIMARY KEY); INSERT INTO t VALUES (1)');
    const failed = await bench.run(session, 'INSERT INTO t VALUES (2); INSERT INTO t VALUES (1)');
    expect(errorsOf(failed)[0]).toMatchObject({ sqlstate: '23505' });
    expect(errorsOf(failed)[0]?.detail).toContain('(n)=(1)');
    expect(await server.sql('SELECT count(*)::int AS n FROM t')).toEqual([{ n: 2 }]);
    expect((await bench.run(session, 'BEGIN; INSERT INTO t VALUES (3)')).transaction).toBe('transaction');
    expect(await server.sql('SELECT count(*)::int AS n FROM t')).toEqual([{ n: 2 }]);
    expect((await bench.run(session, 'SELECT 1/0')).transaction).toBe('failed');
    expect(errorsOf(await bench.run(session, 'SELECT 1'))[0]).toMatchObject({ sqlstate: '25P02' });
    expect((await bench.run(session, 'ROLLBACK')).transaction).toBe('idle');
    expect(await server.sql('SELECT count(*)::int AS n FROM t')).toEqual([{ n: 2 }]);
  });

  it('shows values exactly as the server writes them', async () => {
    const expressions = [
      '0.1::float8 + 0.2::float8',
      "'NaN'::float4",
      '123456789012345678901234567890.1234567890::numeric',
      '9223372036854775807::int8',
      "'\\x00ff41'::bytea",
      "timestamptz '2024-02-29 23:59:59.123456+05:30'",
      "timestamp 'infinity'",
      "date '4713-01-01 BC'",
      "interval '1 year -2 days 03:04:05.678'",
      `ARRAY['a,b', NULL, 'c"d', '']::text[]`,
      'ARRAY[[1,2],[3,NULL]]::int[]',
      `'{"b": 1.10, "a": [null]}'::json`,
      `'{"b": 1.10, "a": [null]}'::jsonb`,
      "ROW(1, 'x y', NULL)",
      "'(1,2)'::point",
      "'[1,5)'::int4range",
      "B'0101'",
      "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid",
      "E'tab\\tline\\nquote\"'",
      "''::text",
      'NULL::text',
      "'192.168.0.1/24'::inet",
      '1.00::money',
    ];
    const state = await bench.run(session, `SELECT ${expressions.join(', ')}`);
    expect(errorsOf(state)).toEqual([]);
    const shown = (await valuesOf(bench, state))[0];
    const list = expressions.map((expression) => `(${expression})::text`).join(', ');
    const [expected] = await server.sql(`SELECT ARRAY[${list}] AS v`);
    expect(shown).toEqual(expected?.['v']);
  });

  it('refuses commands of psql and COPY FROM STDIN where they stand, before anything runs', async () => {
    const copy = 'CREATE TABLE never (a int);\nCOPY never FROM stdin;\n1\n\\.\n';
    expect(errorsOf(await bench.run(session, copy))[0]).toMatchObject({ position: copy.indexOf('COPY') + 1 });
    const meta = 'CREATE TABLE never (a int);\n\\d never\n';
    const refused = errorsOf(await bench.run(session, meta))[0];
    expect(refused).toMatchObject({ position: meta.indexOf('\\d') + 1 });
    expect(refused?.text).toContain('\\d never');
    expect(await server.sql("SELECT to_regclass('never') AS c")).toEqual([{ c: null }]);
  });

  it('shows the lines of COPY TO STDOUT as rows', async () => {
    const state = await bench.run(
      session,
      "COPY (SELECT 1, 'a\tb', NULL UNION ALL SELECT 2, '', 'x') TO STDOUT; SELECT 5",
    );
    expect(state.results.map((result) => [result.tag, result.columns?.length])).toEqual([
      ['COPY 2', 1],
      ['SELECT 1', 1],
    ]);
    expect(await valuesOf(bench, state)).toEqual([['1\ta\\tb\t\\N'], ['2\t\tx']]);
  });

  it('cancels a statement that sleeps, at once, and goes on', async () => {
    await bench.start(session, 'SELECT pg_sleep(60); SELECT 1');
    await eventually(
      async () =>
        (
          await server.sql(
            "SELECT 1 FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(60)%' AND state = 'active'",
          )
        ).length > 0,
      'the statement runs',
    );
    const before = Date.now();
    await bench.feature.handlers.cancel({ sessionId: session }, { signal: new AbortController().signal });
    expect(Date.now() - before).toBeLessThan(2000);
    const state = await bench.state(session);
    expect(state.running).toBe(false);
    expect(errorsOf(state)).toMatchObject([{ sqlstate: '57014' }]);
    expect(await valuesOf(bench, await bench.run(session, 'SELECT 42'))).toEqual([['42']]);
  });

  it('delivers notifications, also while nothing runs', async () => {
    await bench.run(session, 'LISTEN news');
    await server.sql("NOTIFY news, 'hello'");
    const state = await bench.until(session, ({ notifications }) => notifications.length > 0);
    expect(state.notifications.at(-1)).toMatchObject({ channel: 'news', payload: 'hello' });
    await bench.run(session, 'UNLISTEN *');
  });
});

it('runs BEGIN ATOMIC bodies and settings of quoting as the server reads them', async () => {
  const server = await startServer({ major: 15 });
  const bench = await queryBench(server);
  try {
    const session = await bench.open();
    const state = await bench.run(
      session,
      'CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT CASE WHEN true THEN 7 END; END;\nSELECT f();\n' +
        "SET standard_conforming_strings = off; SET escape_string_warning = off; SELECT 'a\\';b'; SET standard_conforming_strings = on; SELECT 'c\\'; SELECT 'd'",
    );
    expect(errorsOf(state)).toEqual([]);
    expect(await Promise.all([0, 1, 2, 3].map((index) => valuesOf(bench, state, index)))).toEqual([
      [['7']],
      [["a';b"]],
      [['c\\']],
      [['d']],
    ]);
  } finally {
    await bench.close();
    await server.stop();
  }
});
