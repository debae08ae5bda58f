import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { copyRows } from '../../electron/adapters/postgres/copy-pipe';
import { openCopySession } from '../../electron/adapters/postgres/copy-session';
import { openSession } from '../../electron/adapters/postgres/session';
import { createLinkWatch, type LinkWatch } from '../../electron/control-plane/migration/worker/link-watch';
import type { AppError } from '../../shared/errors';
import { startServer, type TestServer } from '../support/postgres';
import { Road } from '../support/road';

let source: TestServer;
let target: TestServer;
let road: Road;
let watch: LinkWatch | null = null;
let away: AppError[] = [];
let waiting: string[] = [];

beforeAll(async () => {
  [source, target] = await Promise.all([startServer({ major: 17 }), startServer({ major: 17 })]);
  await target.sql('CREATE TABLE t (n int, x text)');
  await source.sql("CREATE TABLE t AS SELECT n, repeat('x', 1000) AS x FROM generate_series(1, 200) n");
});
afterEach(async () => {
  await watch?.stop();
  await road.close();
});
afterAll(() => Promise.all([source?.stop(), target?.stop()]));

const named = (server: TestServer, port = server.port) => ({
  ...server.profile(),
  port,
  applicationName: 'howdah dts-link',
  connectTimeout: 2,
});

/** Looks often, over a road of its own to the target. */
async function begin(): Promise<void> {
  away = [];
  waiting = [];
  road = new Road();
  road.target = target.port;
  await road.open();
  watch = createLinkWatch({
    onAway: (error) => away.push(error),
    onWaiting: (text) => waiting.push(text),
    holding: () => false,
    everyMs: 100,
    patienceMs: 1000,
  });
  watch.start('source', (signal) => openSession(named(source), signal));
  watch.start('target', (signal) => openSession(named(target, road.port), signal));
}

/** A copy that is under way. */
async function copy() {
  const [from, to] = await Promise.all([openCopySession(named(source)), openCopySession(named(target, road.port))]);
  let moved = 0;
  let flowing = true;
  watch?.flow({
    sourcePid: from.backendPid,
    targetPid: to.backendPid,
    moved: () => moved,
    active: () => flowing,
    cut() {
      from.cut('nothing came');
      to.cut('nothing went');
    },
  });
  const done = copyRows({
    source: from,
    read: 'COPY (SELECT a.n, a.x FROM t a, t b, t c) TO STDOUT',
    target: to,
    write: 'COPY t FROM STDIN',
    onBytes: (bytes) => void (moved += bytes),
  })
    .finally(() => (flowing = false))
    .then(
      () => 'done',
      (error: unknown) => String(error),
    );
  await expect.poll(() => moved).toBeGreaterThan(1_000_000);
  return { done, close: () => Promise.all([from.end(), to.end()]) };
}

test('rows that are lost on the way end the copy, though nobody has closed a connection', async () => {
  await begin();
  const copying = await copy();
  road.silence();
  road.mend();
  expect(await copying.done).toMatch(/nothing (?:came|went)/);
  expect(away).toEqual([]);
  await copying.close();
});

test('a side from which nothing comes at all is away, and what waits for it ends', async () => {
  await begin();
  const copying = await copy();
  road.silence();
  await expect
    .poll(() => away.map(({ message }) => message), { timeout: 20_000 })
    .toEqual(['The target gives no answer any more']);
  // Neither side would ever end it.
  expect(await copying.done).toMatch(/nothing (?:came|went)/);
  await copying.close();
});

test('an answer that was lost ends the statement that waits for it', async () => {
  await begin();
  const session = await openSession(named(target, road.port));
  watch?.session('target', session);
  const answer = session.query('SELECT pg_sleep(3)').then(
    () => 'answered',
    (error: unknown) => String(error),
  );
  await expect
    .poll(() =>
      target.sql(
        "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%pg_sleep(3)%' AND state = 'active' AND pid <> pg_backend_pid()",
      ),
    )
    .toHaveLength(1);
  road.silence();
  road.mend();
  expect(await answer).not.toBe('answered');
  await session.end();
});

test('a long statement and a target that takes its time are left alone', async () => {
  await begin();
  const session = await openSession(named(target, road.port));
  watch?.session('target', session);
  expect(await session.query('SELECT 1 AS one, pg_sleep(1.5)')).toMatchObject([{ one: 1 }]);
  await session.end();
});

test('a statement of somebody else that waits for our locks is told once', async () => {
  await begin();
  const holder = await openSession(named(source));
  await holder.query('BEGIN');
  await holder.query('LOCK TABLE t IN ACCESS SHARE MODE');
  const blocked = source.sql('ALTER TABLE t ADD COLUMN later int');
  await expect
    .poll(() => waiting, { timeout: 30_000, interval: 200 })
    .toEqual([expect.stringContaining('ALTER TABLE t ADD COLUMN later int')]);
  await holder.query('COMMIT');
  await blocked;
  await holder.end();
  expect(waiting).toHaveLength(1);
});
