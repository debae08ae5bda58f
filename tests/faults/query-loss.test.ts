import { expect, it } from 'vitest';
import { startServer } from '../support/postgres';
import { errorsOf, queryBench, valuesOf } from '../support/query';

const context = { signal: new AbortController().signal };

it('names what a backend that is killed inside a transaction takes with it, and sets again only what it is told to', async () => {
  const server = await startServer({ major: 17 });
  const bench = await queryBench(server);
  try {
    const sessionId = await bench.open();
    const pid = (await valuesOf(bench, await bench.run(sessionId, 'SELECT pg_backend_pid()')))[0]?.[0] ?? '';
    await bench.run(
      sessionId,
      `SET work_mem = '7MB'; SET LOCAL enable_seqscan = off; LISTEN "My news"; PREPARE "p 1" AS SELECT 1;
       CREATE TEMP TABLE kept_for_now (n int); SELECT pg_advisory_lock(42); DROP TABLE IF EXISTS nothing;
       BEGIN; SET statement_timeout = 0; CREATE TEMPORARY TABLE "in transaction" (n int);
       DECLARE c CURSOR FOR SELECT 1; SAVEPOINT s; LISTEN gone; ROLLBACK TO s; SELECT 1`,
    );
    process.kill(Number(pid), 'SIGKILL');
    const lost = await bench.until(sessionId, ({ transaction }) => transaction === 'lost');
    expect(lost.loss).toEqual({
      transaction: true,
      tables: ['kept_for_now', 'in transaction'],
      prepared: ['p 1'],
      cursors: ['c'],
      locks: ['pg_advisory_lock(42)'],
      channels: ['My news'],
      settings: ['work_mem', 'statement_timeout'],
      restorable: true,
    });
    expect(lost.messages.at(-1)?.detail).toContain('Temporary tables: kept_for_now, in transaction');
    expect(lost.results).toHaveLength(2);

    // The server starts again by itself after a crash of one process.
    const refused = await bench.run(sessionId, 'SELECT 1');
    let stopped = refused;
    while (stopped.transaction === 'lost') stopped = await bench.run(sessionId, 'SELECT 1');
    expect(errorsOf(stopped)[0]?.hint).toContain('Nothing was run now');
    expect(stopped.results).toEqual([]);
    const plain = await bench.run(sessionId, 'SHOW work_mem');
    expect(await valuesOf(bench, plain)).toEqual([['4MB']]);
    await bench.feature.handlers.restore({ sessionId, again: true }, context);
    expect(await valuesOf(bench, await bench.run(sessionId, 'SHOW work_mem'))).toEqual([['7MB']]);
    await server.sql(`NOTIFY "My news", 'still here'`);
    const heard = await bench.until(sessionId, ({ notifications }) => notifications.length > 0);
    expect(heard.notifications).toMatchObject([{ channel: 'My news', payload: 'still here' }]);
    expect(heard.loss).toBeNull();
  } finally {
    await bench.close();
    await server.stop();
  }
});
