import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  cutOver,
  expectCleaned,
  followOf,
  LOGICAL,
  startFollow,
  untilPhase,
  withoutOurs,
} from '../support/migration-follow';
import { contentsOf, expectNothingLeft } from '../support/migration-mixed';
import type { TestWorker } from '../support/migration-worker';
import { flowSql, startMixedWriter, type MixedWriter } from '../support/mixed-writer';
import { startServer, type TestServer } from '../support/postgres';

let source: TestServer;
let target: TestServer;
let base: string;
let folder: string;
let number = 0;
let database: string;
const running = new Set<TestWorker>();
const writers = new Set<MixedWriter>();

beforeAll(async () => {
  [source, target] = await Promise.all([
    startServer({ major: 15, settings: LOGICAL }),
    startServer({ major: 16, settings: LOGICAL }),
  ]);
  base = await mkdtemp(join(tmpdir(), 'howdah-follow-'));
});
afterAll(async () => {
  await Promise.all([source?.stop(), target?.stop()]);
  await rm(base, { recursive: true, force: true });
});
beforeEach(async () => {
  folder = await mkdtemp(join(base, 'job-'));
  number += 1;
  database = `flow${number}`;
  await source.createDatabase(database);
  await source.sql(flowSql(source), database);
});
afterEach(async () => {
  for (const worker of running) worker.kill();
  await Promise.all([...running].map(({ ended }) => ended));
  await Promise.all([...writers].map((writer) => writer.stop()));
  running.clear();
  writers.clear();
  await source.sql(
    `SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE active_pid IS NOT NULL;
     SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE NOT active`,
  );
});

async function begin(change: Parameters<typeof startFollow>[2] = {}): Promise<TestWorker> {
  const worker = await startFollow(source, target, { folder, database, ...change });
  running.add(worker);
  return worker;
}

function write(seed = number): MixedWriter {
  let state = seed * 2_654_435_761;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const writer = startMixedWriter({ server: source, database, random });
  writers.add(writer);
  return writer;
}

/** The writer ends, the task is cut over, and both sides are the same. */
async function expectMoved(worker: TestWorker, writer: MixedWriter): Promise<void> {
  await writer.stop();
  const wanted = withoutOurs(await contentsOf(source, database));
  await cutOver(worker);
  expect(await contentsOf(target, database)).toEqual(wanted);
  expect(await writer.lostOn(target, database)).toEqual([]);
  await expectCleaned(source, [database]);
  await expectCleaned(target, [database]);
  await expectNothingLeft(source);
  await expectNothingLeft(target);
}

describe('a task that follows', () => {
  test('brings everything that is written from before its beginning to its end, and leaves nothing behind', async () => {
    const writer = write();
    await writer.more(20);
    const worker = await begin();
    await untilPhase(worker, 'ready');
    await writer.more(100);
    await expectMoved(worker, writer);
    const kinds = await target.sql("SELECT conname::text AS name FROM pg_constraint WHERE contype = 'f'", database);
    expect(kinds).toEqual([{ name: 'entry_account_fkey' }]);
    const [identity] = await target.sql(
      "SELECT attidentity::text AS kind FROM pg_attribute WHERE attrelid = 'flow.entry'::regclass AND attname = 'id'",
      database,
    );
    expect(identity).toEqual({ kind: 'a' });
    expect(worker.progress()?.steps.map(({ state }) => state)).not.toContain('failed');
  });

  test('that is killed while it copies, and while it follows, goes on', async () => {
    const writer = write();
    const first = await begin({ options: { bytesPerSecond: 600_000 } });
    await expect.poll(() => first.progress()?.totals.tablesDone ?? 0, { timeout: 60_000 }).toBeGreaterThan(1);
    await writer.more(30);
    first.kill();
    await first.ended;
    await writer.more(30);
    const second = await begin();
    await untilPhase(second, 'following');
    for (let round = 0; round < 3; round += 1) {
      const worker = round === 0 ? second : await begin();
      await untilPhase(worker, 'following');
      await writer.more(40);
      worker.kill();
      await worker.ended;
    }
    await expectMoved(await begin(), writer);
  });

  test('waits for servers that go away, and goes on by itself', async () => {
    const writer = write();
    const worker = await begin();
    await untilPhase(worker, 'following');
    await writer.more(20);
    for (const server of [target, source]) {
      await server.restart();
      await writer.more(20);
    }
    await expect.poll(() => followOf(worker, database)?.state, { timeout: 30_000 }).toBe('following');
    await expectMoved(worker, writer);
  });

  test('is paused, keeps its slot, and is continued', async () => {
    const writer = write();
    const worker = await begin();
    await untilPhase(worker, 'following');
    await writer.more(20);
    worker.send({ command: 'pause' });
    expect(await worker.ended).toEqual({ outcome: 'paused', problem: '', hint: '' });
    expect(await source.sql('SELECT active FROM pg_replication_slots')).toEqual([{ active: false }]);
    await writer.more(20);
    await expectMoved(await begin(), writer);
  });

  test('fails in words when its slot is dropped', async () => {
    const worker = await begin();
    await untilPhase(worker, 'ready');
    const drop = async (): Promise<unknown> => {
      await source.sql('SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots');
      await source
        .sql('SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE NOT active')
        .catch(() => undefined);
      return source.sql('SELECT slot_name FROM pg_replication_slots');
    };
    await expect.poll(drop, { timeout: 20_000, interval: 5 }).toEqual([]);
    expect(await worker.ended).toMatchObject({ outcome: 'failed', problem: expect.stringContaining('slot') });
  });

  test('of an idle database does not keep the WAL of the others', async () => {
    const worker = await begin();
    await untilPhase(worker, 'ready');
    await source.createDatabase(`busy${number}`);
    const position = async (): Promise<bigint> => {
      const [row] = await source.sql(
        "SELECT (confirmed_flush_lsn - '0/0')::int8::text AS at FROM pg_replication_slots",
      );
      return BigInt(String(row?.['at']));
    };
    const before = await position();
    await source.sql('CREATE TABLE t AS SELECT n, md5(n::text) FROM generate_series(1, 20000) n', `busy${number}`);
    const [now] = await source.sql("SELECT (pg_current_wal_lsn() - '0/0')::int8::text AS at");
    await expect.poll(position, { timeout: 20_000 }).toBeGreaterThanOrEqual(BigInt(String(now?.['at'])));
    expect(before).toBeLessThan(BigInt(String(now?.['at'])));
    expect(followOf(worker, database)).toMatchObject({ state: 'following', transactions: 0 });
  });
});
