import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../support/postgres';
import { errorsOf, queryBench, type QueryBench, valuesOf } from '../support/query';

describe.each([10, 18])('PostgreSQL %i', (major) => {
  let server: TestServer;
  let bench: QueryBench;
  beforeAll(async () => {
    server = await startServer({ major });
    bench = await queryBench(server);
  });
  afterAll(async () => {
    await bench?.close();
    await server?.stop();
  });

  const backend = async (session: string): Promise<string> => {
    const state = await bench.run(session, 'SELECT pg_backend_pid()');
    return (await valuesOf(bench, state))[0]?.[0] ?? '';
  };
  const terminate = (pid: string) => server.sql(`SELECT pg_terminate_backend(${Number(pid)})`);

  it('notices a terminated session while idle, keeps its results, and connects again at the next run', async () => {
    const session = await bench.open();
    const pid = await backend(session);
    const kept = await bench.run(session, "SET application_name = 'mine'; SELECT 7");
    await terminate(pid);
    const lost = await bench.until(session, ({ transaction }) => transaction === 'lost');
    expect(lost.messages.at(-1)).toMatchObject({
      severity: 'FATAL',
      detail: 'terminating connection due to administrator command\nSettings: application_name',
    });
    expect(bench.lost.at(-1)).toContain('terminating connection');
    expect(await bench.rows(kept.results[0]?.resultId ?? '', 0, 1)).toEqual([['7']]);

    const again = await bench.run(session, "SELECT current_setting('application_name')");
    expect(again.messages[0]).toMatchObject({ severity: 'WARNING' });
    expect(again.messages[0]?.text).toContain('state of the session was lost');
    expect(await valuesOf(bench, again)).toEqual([['howdah tests']]);
    expect(again.transaction).toBe('idle');
    expect(again.loss).toMatchObject({ transaction: false, settings: ['application_name'], restorable: true });
    await bench.feature.handlers.restore({ sessionId: session, again: true }, { signal: new AbortController().signal });
    const restored = await bench.run(session, "SELECT current_setting('application_name')");
    expect(await valuesOf(bench, restored)).toEqual([['mine']]);
    expect(restored.loss).toBeNull();
  });

  it('runs nothing on a new connection when a transaction was lost with the old one', async () => {
    const session = await bench.open();
    await bench.run(session, 'CREATE TABLE lost (n int)');
    const pid = await backend(session);
    await bench.run(session, 'BEGIN; INSERT INTO lost VALUES (1)');
    await terminate(pid);
    await bench.until(session, ({ transaction }) => transaction === 'lost');
    const refused = await bench.run(session, 'INSERT INTO lost VALUES (2)');
    expect(errorsOf(refused)[0]?.hint).toContain('rolled back');
    expect(await server.sql('SELECT * FROM lost')).toEqual([]);
    expect(errorsOf(await bench.run(session, 'INSERT INTO lost VALUES (3)'))).toEqual([]);
    expect(await server.sql('SELECT n FROM lost')).toEqual([{ n: 3 }]);
  });

  it('ends a run whose session is terminated, and keeps the rows that came', async () => {
    const session = await bench.open();
    const pid = await backend(session);
    await bench.start(
      session,
      'SELECT 1; SELECT i FROM generate_series(1, 100000) i, generate_series(1, 1000); SELECT 2',
    );
    await bench.until(session, ({ results }) => (results[1]?.rowCount ?? 0) > 1000);
    await terminate(pid);
    const state = await bench.until(session, ({ running }) => !running);
    expect(state.transaction).toBe('lost');
    expect(state.results).toHaveLength(2);
    expect(errorsOf(state).length).toBeGreaterThan(0);
    const rows = state.results[1]?.rowCount ?? 0;
    expect(await bench.rows(state.results[1]?.resultId ?? '', rows - 1, 9)).toHaveLength(1);
  });

  it('ends sessions when the person disconnects the server, and keeps their results', async () => {
    const session = await bench.open();
    const state = await bench.run(session, 'SELECT 5');
    bench.disconnect();
    const ended = await bench.until(session, ({ transaction }) => transaction === 'lost');
    expect(ended.messages.at(-1)?.text).toContain('disconnected');
    expect(await bench.rows(state.results[0]?.resultId ?? '', 0, 1)).toEqual([['5']]);
    expect(await valuesOf(bench, await bench.run(session, 'SELECT 6'))).toEqual([['6']]);
  });

  it('reports a connection that can not be made again, and tries anew at the next run', async () => {
    const own = await startServer({ major });
    const other = await queryBench(own);
    try {
      const session = await other.open();
      own.kill();
      await other.until(session, ({ transaction }) => transaction === 'lost');
      const state = await other.run(session, 'SELECT 1');
      expect(errorsOf(state)).toHaveLength(1);
      expect(state.transaction).toBe('lost');
      expect(errorsOf(await other.run(session, 'SELECT 1'))).toHaveLength(1);
    } finally {
      await other.close();
      await own.stop();
    }
  });

  it('sets client_encoding back, because values are read as UTF-8', async () => {
    const session = await bench.open();
    const state = await bench.run(session, "SET client_encoding = 'LATIN1'; SELECT 'é'");
    expect(await valuesOf(bench, state)).toEqual([['é']]);
    expect(state.messages.some(({ severity, text }) => severity === 'WARNING' && text.includes('UTF8'))).toBe(true);
  });
});
