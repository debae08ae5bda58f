import { spawn } from 'node:child_process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startServer, type TestServer } from '../support/postgres';
import { eventually, queryBench, type QueryBench } from '../support/query';
import { missed, record, ROUNDS, wanted } from './figure';

const ROWS = 1_000_000;
const SQL = 'SELECT * FROM million';

let server: TestServer;
let bench: QueryBench;
/** Resident memory before the first result. */
let atStart = 0;
beforeAll(async () => {
  server = await startServer({
    major: 17,
    settings: ["shared_buffers = '512MB'", 'max_parallel_workers_per_gather = 0'],
  });
  await server.sql(
    `CREATE TABLE million AS SELECT i AS c1, i * 7 AS c2, md5(i::text) AS c3, now() + i * interval '1 s' AS c4, i / 3.0 AS c5,
       (i % 2 = 0) AS c6, CASE WHEN i % 5 = 0 THEN NULL ELSE 'name ' || i END AS c7, repeat('x', i % 20) AS c8, i::float8 / 7 AS c9,
       date '2000-01-01' + i % 10000 AS c10 FROM generate_series(1, ${ROWS}) i`,
  );
  await server.sql('VACUUM ANALYZE million');
  bench = await queryBench(server);
  atStart = process.memoryUsage().rss;
});
afterAll(async () => {
  await bench?.close();
  await server?.stop();
});

/** Milliseconds until psql wrote its first byte, and until it ended. */
function psql(options: readonly string[]): Promise<{ first: number; all: number }> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    let first = 0;
    const child = spawn('psql', ['-X', '-A', '-t', ...options, '-c', SQL, server.uri()], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    child.stdout.on('data', () => (first ||= performance.now() - started));
    child.once('error', reject);
    child.once('exit', (code) =>
      code === 0 ? resolve({ first, all: performance.now() - started }) : reject(new Error(`psql ended with ${code}`)),
    );
  });
}

/** The same through the query feature: from opening the session, as psql connects too. */
async function ours(): Promise<{ first: number; all: number; rss: number; bytes: number; jump: number }> {
  const { handlers } = bench.feature;
  const context = { signal: new AbortController().signal };
  const started = performance.now();
  const session = await bench.open();
  bench.pushed.length = 0;
  await bench.start(session, SQL);
  let first = 0;
  let rss = 0;
  await eventually(
    async () => {
      const now = bench.pushed.at(-1);
      const result = now?.results[0];
      if (first === 0 && result && result.rowCount > 0) {
        await bench.rows(result.resultId, 0, 200, 500);
        first = performance.now() - started;
      }
      rss = Math.max(rss, process.memoryUsage().rss - atStart);
      return now?.running === false;
    },
    'the run ends',
    600_000,
  );
  const all = performance.now() - started;
  const result = (await bench.state(session)).results[0];
  expect(result?.rowCount).toBe(ROWS);
  const jumps: number[] = [];
  for (let round = 0; round < 200; round += 1) {
    const jumped = performance.now();
    await bench.rows(result?.resultId ?? '', (round * 611_953) % (ROWS - 200), 200, 500);
    jumps.push(performance.now() - jumped);
  }
  await handlers.close({ sessionId: session }, context);
  return { first, all, rss, bytes: result?.bytes ?? 0, jump: jumps.toSorted((a, b) => a - b)[190] ?? NaN };
}

it.skipIf(!wanted('query/first-rows', 'query/all-rows', 'query/memory', 'query/jump'))(
  'one million rows of ten columns, beside psql',
  async () => {
    const rounds: { fetch: { first: number }; whole: { all: number }; own: Awaited<ReturnType<typeof ours>> }[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const fetch = await psql(['-v', 'FETCH_COUNT=1000']);
      const whole = await psql(['-o', '/dev/null']);
      const own = await ours();
      rounds.push({ fetch, whole, own });
    }
    const figures = [
      record({
        name: 'query/first-rows',
        ours: rounds.map(({ own }) => own.first),
        peer: rounds.map(({ fetch }) => fetch.first),
        peerName: 'psql with FETCH_COUNT',
        unit: 'ms',
        goal: 'ratio < 1.2',
      }),
      record({
        name: 'query/all-rows',
        ours: rounds.map(({ own }) => own.all),
        peer: rounds.map(({ whole }) => whole.all),
        peerName: 'psql',
        unit: 'ms',
        goal: 'ratio < 1.5',
      }),
      record({
        name: 'query/memory',
        ours: Math.max(...rounds.map(({ own }) => own.rss)) / 1e6,
        peer: Math.max(...rounds.map(({ own }) => own.bytes)) / 1e6,
        peerName: 'the bytes of the result',
        unit: 'MB',
        goal: 'ratio < 1.5',
      }),
      record({
        name: 'query/jump',
        ours: rounds.map(({ own }) => own.jump),
        peer: 50,
        peerName: 'what a person waits for without noticing',
        unit: 'ms',
        goal: 'ratio < 1',
      }),
    ];
    expect(missed(figures)).toEqual([]);
  },
);
