import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExplainOptions, QueryState, SessionMode } from '../../shared/model/query';
import { startServer, type TestServer } from '../support/postgres';
import { errorsOf, queryBench, type QueryBench, valuesOf } from '../support/query';

const context = { signal: new AbortController().signal };
const MANUAL: SessionMode = { autocommit: false, onError: 'stop' };
const GO_ON: SessionMode = { autocommit: true, onError: 'continue' };
const EXPLAIN: ExplainOptions = {
  analyze: false,
  verbose: true,
  costs: true,
  buffers: true,
  timing: true,
  summary: true,
  settings: true,
  wal: true,
  genericPlan: true,
  memory: true,
  serialize: 'text',
};

describe.each([10, 18])('a session on PostgreSQL %i', (major) => {
  let server: TestServer;
  let bench: QueryBench;
  beforeAll(async () => {
    server = await startServer({ major });
    bench = await queryBench(server);
    await server.sql('CREATE TABLE kept (n int PRIMARY KEY, s text)');
  });
  afterAll(async () => {
    await bench?.close();
    await server?.stop();
  });

  const calls = () => bench.feature.handlers;
  const open = async (mode?: SessionMode) => {
    const opened = await calls().open({ serverId: 's', database: 'postgres', ...(mode ? { mode } : {}) }, context);
    return opened.sessionId;
  };
  const kept = async () => (await server.sql('SELECT n FROM kept ORDER BY n')).map((row) => row['n']);
  const explained = async (sessionId: string, sql: string, explain: ExplainOptions): Promise<QueryState> => {
    await calls().run({ sessionId, sql, explain }, context);
    return bench.until(sessionId, ({ running }) => !running);
  };

  it('without autocommit opens a transaction before the first statement that can be in one', async () => {
    const sessionId = await open(MANUAL);
    const vacuumed = await bench.run(sessionId, 'VACUUM kept');
    expect(errorsOf(vacuumed)).toEqual([]);
    expect(vacuumed.transaction).toBe('idle');
    const state = await bench.run(sessionId, "INSERT INTO kept VALUES (1, 'a'), (2, 'b')");
    expect(state).toMatchObject({ transaction: 'transaction', open: { statements: 1, changedRows: 2 }, mode: MANUAL });
    expect(await kept()).toEqual([]);
    await calls().transact({ sessionId, deed: 'savepoint', name: 'Sp "1"' }, context);
    await bench.run(sessionId, 'SAVEPOINT two; DELETE FROM kept');
    expect((await bench.state(sessionId)).savepoints).toEqual(['Sp "1"', 'two']);
    await calls().transact({ sessionId, deed: 'rollback-to', name: 'Sp "1"' }, context);
    const back = await bench.state(sessionId);
    expect(back.savepoints).toEqual(['Sp "1"']);
    expect(back.messages.at(-1)).toMatchObject({ severity: 'COMMAND', text: 'ROLLBACK' });
    await expect(calls().transact({ sessionId, deed: 'release', name: 'two' }, context)).rejects.toMatchObject({
      code: 'sql',
    });
    expect((await bench.state(sessionId)).transaction).toBe('failed');
    await calls().transact({ sessionId, deed: 'rollback-to', name: 'Sp "1"' }, context);
    await calls().transact({ sessionId, deed: 'commit' }, context);
    expect(await bench.state(sessionId)).toMatchObject({ transaction: 'idle', open: null, savepoints: [] });
    expect(await kept()).toEqual([1, 2]);
    await bench.run(sessionId, 'DELETE FROM kept WHERE n = 2');
    await calls().setMode({ sessionId, mode: { autocommit: true, onError: 'stop' } }, context);
    await calls().transact({ sessionId, deed: 'rollback' }, context);
    expect(await kept()).toEqual([1, 2]);
    await server.sql('TRUNCATE kept');
  });

  it('goes on after errors when asked to, and leaves the person’s own savepoints alone', async () => {
    const sessionId = await open(GO_ON);
    const sql = `BEGIN; INSERT INTO kept VALUES (1); SELECT 1/0; SAVEPOINT mine; INSERT INTO kept VALUES (2);
      RELEASE nothing; INSERT INTO kept VALUES (1); ROLLBACK TO mine; INSERT INTO kept VALUES (3); RELEASE mine; COMMIT; SELECT wrong; SELECT 7`;
    const state = await bench.run(sessionId, sql);
    expect(errorsOf(state).map(({ sqlstate }) => sqlstate)).toEqual(['22012', '3B001', '23505', '42703']);
    expect(errorsOf(state)[0]?.statement).toBe(2);
    expect(state).toMatchObject({ transaction: 'idle', progress: { done: 13, total: 13 } });
    expect(await kept()).toEqual([1, 3]);
    expect(await valuesOf(bench, state)).toEqual([['7']]);
    await server.sql('TRUNCATE kept');
  });

  it('sorts and filters a result by the server, in its place, and keeps it when that fails', async () => {
    const sessionId = await open();
    const sql = 'SELECT 1; /* h */ SELECT i AS n, \'v\' || i AS "N" FROM generate_series(1, 30) i -- end\n; SELECT 3';
    const state = await bench.run(sessionId, sql);
    const [first, second, third] = state.results;
    expect([first?.arrangeable, second?.arrangeable]).toEqual([true, true]);
    const arrangement = {
      sort: [{ column: 0, descending: true }],
      filters: [{ column: 1, test: 'contains' as const, value: '2' }],
      where: 'n < 25',
    };
    await bench.run(sessionId, 'BEGIN');
    await expect(calls().arrange({ resultId: second?.resultId ?? '', arrangement }, context)).rejects.toMatchObject({
      code: 'not-found',
    });
    const again = await bench.run(sessionId, sql);
    const old = again.results[1]?.resultId ?? '';
    const { resultId } = await calls().arrange({ resultId: old, arrangement }, context);
    const after = await bench.until(sessionId, ({ running }) => !running);
    expect(after.results.map((result) => result.resultId)).toEqual([
      again.results[0]?.resultId,
      resultId,
      again.results[2]?.resultId,
    ]);
    expect(third?.tag).toBe('SELECT 1');
    expect(after.results[1]?.arrangement).toEqual(arrangement);
    expect((await valuesOf(bench, after, 1)).map(([n]) => n)).toEqual(['24', '23', '22', '21', '20', '12', '2']);
    const bad = { sort: [], filters: [], where: '1/(n-1) > 0' };
    await expect(calls().arrange({ resultId, arrangement: bad }, context)).rejects.toMatchObject({ code: 'sql' });
    const still = await bench.state(sessionId);
    expect(still.transaction).toBe('transaction');
    expect(still.results[1]?.resultId).toBe(resultId);
    const none = { sort: [], filters: [], where: '' };
    const plain = await calls().arrange({ resultId, arrangement: none }, context);
    await bench.until(sessionId, ({ running }) => !running);
    expect(await bench.rows(plain.resultId, 0, 1)).toEqual([['1', 'v1']]);
    expect((await bench.state(sessionId)).results[1]?.arrangement).toBeNull();

    const slow = { sort: [], filters: [], where: 'pg_catalog.pg_sleep(60) IS NULL' };
    const arranging = calls().arrange({ resultId: plain.resultId, arrangement: slow }, context);
    const failure = arranging.catch((error: unknown) => error);
    await bench.until(sessionId, ({ running }) => running);
    await calls().cancel({ sessionId }, context);
    expect(await failure).toMatchObject({ code: 'cancelled' });
    expect(await bench.state(sessionId)).toMatchObject({ running: false, transaction: 'transaction' });
    expect(await bench.rows(plain.resultId, 0, 1)).toEqual([['1', 'v1']]);
    await bench.run(sessionId, 'ROLLBACK');
  });

  it('explains what can be explained, and rolls back what ANALYZE changed', async () => {
    const sessionId = await open();
    const state = await explained(sessionId, 'SET work_mem = 1000; SELECT 1; DELETE FROM kept', EXPLAIN);
    expect(errorsOf(state)).toEqual([]);
    expect(state.results).toHaveLength(2);
    expect(state.results.every(({ plan, arrangeable }) => plan === EXPLAIN && !arrangeable)).toBe(true);
    expect(JSON.parse((await valuesOf(bench, state))[0]?.[0] ?? '')).toMatchObject([
      { Plan: { 'Node Type': 'Result' } },
    ]);
    const wrong = await explained(sessionId, "SELECT 1;\nSELECT '😀', wrong", EXPLAIN);
    expect(errorsOf(wrong)[0]?.position).toBe(24);

    const analyze = { ...EXPLAIN, analyze: true };
    const sql = 'INSERT INTO kept VALUES (9); DELETE FROM kept WHERE n = 9';
    const ran = await explained(sessionId, sql, analyze);
    expect(errorsOf(ran)).toEqual([]);
    expect(ran.messages.at(-1)).toMatchObject({
      severity: 'INFO',
      text: expect.stringContaining('rolled back') as string,
    });
    expect(JSON.parse((await valuesOf(bench, ran, 1))[0]?.[0] ?? '')).toMatchObject([
      { Plan: { Plans: [{ 'Actual Rows': 1 }] } },
    ]);
    expect(ran.transaction).toBe('idle');
    await explained(sessionId, 'INSERT INTO kept VALUES (9)', analyze);
    expect(await kept()).toEqual([]);
    await bench.run(sessionId, 'BEGIN');
    await explained(sessionId, 'INSERT INTO kept VALUES (9)', analyze);
    await bench.run(sessionId, 'COMMIT');
    expect(await kept()).toEqual([9]);
    await server.sql('TRUNCATE kept');
  });

  it('works in a role and as another user, and keeps both over a new connection', async () => {
    await server.sql('CREATE ROLE "The Clerk"; CREATE ROLE guest LOGIN PASSWORD \'g\'; GRANT "The Clerk" TO guest');
    const { sessionId, user } = await calls().open(
      { serverId: 's', database: 'postgres', as: { user: 'guest', password: 'g' } },
      context,
    );
    expect(user).toBe('guest');
    expect((await calls().roles({ sessionId }, context)).roles).toEqual(['The Clerk']);
    await calls().setRole({ sessionId, role: 'The Clerk' }, context);
    const who = 'SELECT session_user, current_user';
    expect(await valuesOf(bench, await bench.run(sessionId, who))).toEqual([['guest', 'The Clerk']]);
    await expect(calls().setRole({ sessionId, role: 'postgres' }, context)).rejects.toMatchObject({ code: 'sql' });
    expect((await bench.state(sessionId)).role).toBe('The Clerk');
    expect((await calls().attach({ sessionId }, context)).role).toBe('The Clerk');
    await calls().drop({ sessionId }, context);
    expect(await valuesOf(bench, await bench.run(sessionId, who))).toEqual([['guest', 'The Clerk']]);
    await calls().setRole({ sessionId, role: '' }, context);
    expect((await bench.run(sessionId, 'SET ROLE "The Clerk"')).role).toBe('The Clerk');
    await calls().close({ sessionId }, context);
    await expect(calls().attach({ sessionId }, context)).rejects.toMatchObject({ code: 'not-found' });
    await server.sql('DROP ROLE guest; DROP ROLE "The Clerk"');
  });

  it('keeps pinned results over runs, and notes every run for the history', async () => {
    const sessionId = await open();
    const first = await bench.run(sessionId, "SELECT 'one'");
    const resultId = first.results[0]?.resultId ?? '';
    await calls().pin({ resultId, pinned: true }, context);
    const next = await bench.run(sessionId, "SELECT 'two'; INSERT INTO kept VALUES (5), (6)");
    expect(next.results.map(({ pinned }) => pinned)).toEqual([true, false]);
    expect(await bench.rows(resultId, 0, 1)).toEqual([['one']]);
    await calls().pin({ resultId, pinned: false }, context);
    expect((await bench.state(sessionId)).results).toHaveLength(1);
    await bench.run(sessionId, 'SELECT wrong');
    await bench.start(sessionId, 'SELECT pg_sleep(60)');
    await bench.until(sessionId, ({ running }) => running);
    await calls().cancel({ sessionId }, context);
    expect(bench.history.slice(-4)).toMatchObject([
      { sql: "SELECT 'one'", outcome: 'done', rows: 1, error: '', database: 'postgres', user: 'postgres' },
      { outcome: 'done', rows: 3 },
      { sql: 'SELECT wrong', outcome: 'failed', error: 'column "wrong" does not exist' },
      { outcome: 'cancelled' },
    ]);
    await server.sql('TRUNCATE kept');
  });

  it('sends nothing but reads to a server that is registered as read-only', async () => {
    const bound = await queryBench({
      ...server,
      profile: (database?: string) => ({ ...server.profile(database), readOnly: true }),
    });
    try {
      const sessionId = await bound.open();
      for (const sql of [
        'SELECT 1; DELETE FROM kept',
        'SET default_transaction_read_only = off; SELECT 1',
        'BEGIN READ WRITE',
        "SELECT set_config('transaction_read_only', 'off', false)",
        'WITH x AS (INSERT INTO kept VALUES (1) RETURNING *) SELECT * FROM x',
        'DO $$BEGIN END$$',
      ]) {
        const state = await bound.run(sessionId, sql);
        expect(errorsOf(state)).toMatchObject([{ text: expect.stringContaining('registered as read-only') as string }]);
        expect(state.results).toEqual([]);
      }
      await server.sql(
        "CREATE FUNCTION sly() RETURNS text LANGUAGE sql AS $$SELECT set_config('default_transaction_read_only', 'off', false)$$",
      );
      await bound.run(sessionId, 'SELECT sly()');
      const shown = await bound.run(sessionId, 'SHOW default_transaction_read_only');
      expect(await valuesOf(bound, shown)).toEqual([['on']]);

      // Whatever turned it off: neither the Begin button, nor a later statement of the script, nor a save of edits goes on writing.
      await server.sql("INSERT INTO kept VALUES (1, 'a')");
      await server.sql(`CREATE FUNCTION writes() RETURNS int LANGUAGE sql AS 'DELETE FROM kept; SELECT 1'`);
      const refused = [{ text: expect.stringContaining('read-only transaction') as string }];
      expect(errorsOf(await bound.run(sessionId, 'SELECT sly(); SELECT writes()'))).toMatchObject(refused);
      await bound.run(sessionId, 'SELECT sly()');
      await bound.feature.handlers.transact({ sessionId, deed: 'begin' }, context);
      expect(errorsOf(await bound.run(sessionId, 'SELECT writes()'))).toMatchObject(refused);
      await bound.feature.handlers.transact({ sessionId, deed: 'rollback' }, context);
      const read = await bound.run(sessionId, 'SELECT * FROM kept; SELECT sly()');
      const edits = [{ kind: 'delete' as const, row: 0 }];
      await expect(
        bound.feature.handlers.saveEdits(
          { resultId: read.results[0]?.resultId ?? '', edits, overwrite: false },
          context,
        ),
      ).rejects.toMatchObject({ code: 'unsupported' });
      expect(errorsOf(await bound.run(sessionId, 'EXPLAIN ("analyze") DELETE FROM kept'))).toHaveLength(1);
      expect(await kept()).toEqual([1]);
      await server.sql('TRUNCATE kept');
    } finally {
      await bound.close();
    }
  });

  it('sorting and filtering never writes again, in a transaction of its own or in the open one', async () => {
    await server.sql(
      `CREATE FUNCTION charge() RETURNS int LANGUAGE sql AS 'INSERT INTO kept SELECT count(*) FROM kept; SELECT 1'`,
    );
    const sessionId = await open();
    const arrangement = { sort: [{ column: 0, descending: true }], filters: [], where: '' };
    const charged = await bench.run(sessionId, 'SELECT charge()');
    const refused = { info: { code: 'sql', sqlstate: '25006' } };
    const resultId = charged.results[0]?.resultId ?? '';
    await expect(calls().arrange({ resultId, arrangement }, context)).rejects.toMatchObject(refused);
    expect(await bench.state(sessionId)).toMatchObject({ transaction: 'idle', running: false });
    const again = await bench.run(sessionId, 'BEGIN; SELECT charge()');
    const inside = again.results[0]?.resultId ?? '';
    await expect(calls().arrange({ resultId: inside, arrangement }, context)).rejects.toMatchObject(refused);
    expect(errorsOf(await bench.run(sessionId, 'INSERT INTO kept VALUES (2); COMMIT'))).toEqual([]);
    expect(await kept()).toEqual([0, 1, 2]);
    await server.sql('TRUNCATE kept');
  });

  it('a sort that is cancelled ends on the server, and the open transaction stays', async () => {
    const sessionId = await open();
    await bench.run(sessionId, 'BEGIN; INSERT INTO kept VALUES (1)');
    const state = await bench.run(sessionId, 'SELECT n FROM generate_series(1, 100) n');
    const resultId = state.results[0]?.resultId ?? '';
    const abort = new AbortController();
    const arrangement = { sort: [], filters: [], where: 'pg_sleep(60) IS NOT NULL' };
    const arranging = calls().arrange({ resultId, arrangement }, { signal: abort.signal });
    await expect
      .poll(async () => (await server.sql("SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep'")).length)
      .toBe(1);
    abort.abort();
    await expect(arranging).rejects.toMatchObject({ code: 'cancelled' });
    const after = await bench.until(sessionId, ({ running }) => !running);
    expect(after).toMatchObject({ transaction: 'transaction', results: [{ resultId, rowCount: 100 }] });
    await bench.run(sessionId, 'COMMIT');
    expect(await kept()).toEqual([1]);
    await server.sql('TRUNCATE kept');
  });

  it('goes on after what must be the first of its transaction, however it is written', async () => {
    const sessionId = await open(GO_ON);
    for (const sql of [
      'SET transaction_isolation = serializable',
      "SET LOCAL transaction_isolation TO 'serializable'",
      'SET /*c*/ TRANSACTION ISOLATION LEVEL SERIALIZABLE',
    ]) {
      const state = await bench.run(sessionId, `BEGIN; ${sql}; SHOW transaction_isolation; ROLLBACK`);
      expect(errorsOf(state)).toEqual([]);
      expect(await valuesOf(bench, state)).toEqual([['serializable']]);
    }
  });

  it('stays quick with a thousand statements', async () => {
    const sessionId = await open(GO_ON);
    const state = await bench.run(sessionId, 'SELECT 1;\n'.repeat(1000));
    expect(state.progress).toEqual({ done: 1000, total: 1000 });
    expect(state.results).toHaveLength(1000);
  });
});
