import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { contentsOf, expectNothingLeft, mixedSql } from '../support/migration-mixed';
import { orderOf, startWorker, type TestWorker } from '../support/migration-worker';
import { startServer, type TestServer } from '../support/postgres';

let source: TestServer;
let target: TestServer;
let base: string;
let folder: string;
let number = 0;
let to: string;
let before: Record<string, string>;
const running = new Set<TestWorker>();

beforeAll(async () => {
  [source, target] = await Promise.all([startServer({ major: 15 }), startServer({ major: 17 })]);
  base = await mkdtemp(join(tmpdir(), 'howdah-run-'));
  await source.createDatabase('mixed');
  await source.sql(mixedSql(source, { rows: 60_000, smallTables: 40 }), 'mixed');
  before = await contentsOf(source, 'mixed');
});
afterAll(async () => {
  await Promise.all([source?.stop(), target?.stop()]);
  await rm(base, { recursive: true, force: true });
});
beforeEach(async () => {
  folder = await mkdtemp(join(base, 'job-'));
  number += 1;
  to = `copy${number}`;
});
afterEach(async () => {
  for (const worker of running) worker.kill();
  await Promise.all([...running].map(({ ended }) => ended));
  running.clear();
});

/** A worker whose copy takes seconds. */
async function begin(options: object = {}): Promise<TestWorker> {
  const objects = { mode: 'partial', roleMode: 'none', databases: [{ name: 'mixed', newName: to, mode: 'all' }] };
  const worker = await startWorker(
    orderOf(source, target, {
      folder,
      options: { objects, splitAbove: 2_000_000, bytesPerSecond: 4_000_000, ...options },
    }),
  );
  running.add(worker);
  return worker;
}

/** Rows flow. */
const copying = (worker: TestWorker): Promise<void> =>
  expect.poll(() => worker.progress()?.totals.bytes ?? 0, { timeout: 60_000, interval: 20 }).toBeGreaterThan(500_000);

const journal = async (): Promise<string> => readFile(join(folder, 'journal.jsonl'), 'utf8');

/** The next worker brings it to its end. */
async function expectFinished(): Promise<TestWorker> {
  const worker = await begin({ bytesPerSecond: 0 });
  expect(await worker.ended).toEqual({ outcome: 'done', problem: '', hint: '' });
  expect(await contentsOf(target, to)).toEqual(before);
  await expectNothingLeft(source);
  await expectNothingLeft(target);
  return worker;
}

describe('a run', () => {
  test('that is paused ends soon, and goes on later with the tables that were not finished', async () => {
    const worker = await begin();
    await copying(worker);
    const asked = Date.now();
    worker.send({ command: 'pause' });
    expect(await worker.ended).toEqual({ outcome: 'paused', problem: '', hint: '' });
    expect(Date.now() - asked).toBeLessThan(8000);
    await expectNothingLeft(source);
    const done = (await journal()).split('"table-done"').length - 1;
    const next = await expectFinished();
    // What shows an earlier state of the source is told.
    expect(next.lines.some(({ text }) => text.includes(`${done} tables were copied before`))).toBe(done > 0);
  });

  test('ends when its input does: whoever started it is gone', async () => {
    const worker = await begin();
    await copying(worker);
    worker.hangUp();
    expect(await worker.ended).toMatchObject({ outcome: 'stopped' });
    await expectNothingLeft(source);
    await expectNothingLeft(target);
  });

  test.each([0.05, 0.6])('that is killed after %f of its copy is finished by the next one', async (share) => {
    const worker = await begin();
    const total = Number((await source.sql("SELECT pg_database_size('mixed')::text AS n"))[0]?.['n']);
    await expect
      .poll(() => worker.progress()?.totals.bytes ?? 0, { timeout: 60_000, interval: 10 })
      .toBeGreaterThan(share * total * 0.3);
    worker.kill();
    expect(await worker.ended).toBeNull();
    await expectFinished();
  });

  test('whose target is gone in the meantime does not fill another one with the rest', async () => {
    const worker = await begin();
    await copying(worker);
    worker.send({ command: 'pause' });
    await worker.ended;
    await target.sql(`DROP DATABASE ${to}`);
    expect(await (await begin()).ended).toMatchObject({
      outcome: 'failed',
      problem: expect.stringContaining('is gone'),
    });
  });

  test('that is killed while it makes the structure knows afterwards what of it is its own', async () => {
    const worker = await begin();
    await expect.poll(() => journal().catch(() => ''), { timeout: 60_000, interval: 1 }).toContain('batch {');
    worker.kill();
    await worker.ended;
    const next = await expectFinished();
    expect([...next.objects.values()].filter(({ outcome }) => outcome !== 'done')).toEqual([]);
  });

  test('that is killed while it appends stores nothing twice', async () => {
    await target.createDatabase(to);
    await target.sql(
      `CREATE SCHEMA shop; CREATE TABLE shop.log_2023 (id bigint NOT NULL, at date NOT NULL, text text);
       INSERT INTO shop.log_2023 VALUES (-1, '2023-01-01', 'was there')`,
      to,
    );
    const objects = {
      mode: 'partial',
      roleMode: 'none',
      databases: [
        {
          name: 'mixed',
          newName: to,
          mode: 'partial',
          schemas: [{ name: 'shop', mode: 'partial', tables: [{ name: 'log_2023' }] }],
        },
      ],
    };
    const options = { objects, existingRows: 'append', bytesPerSecond: 50_000 };
    const worker = await begin(options);
    await expect.poll(() => worker.progress()?.totals.bytes ?? 0, { timeout: 60_000 }).toBeGreaterThan(1000);
    worker.kill();
    await worker.ended;
    const next = await begin({ ...options, bytesPerSecond: 0 });
    await next.ended;
    const [there] = await source.sql('SELECT count(*)::int AS n FROM shop.log_2023', 'mixed');
    expect(await target.sql('SELECT count(*)::int AS n FROM shop.log_2023', to)).toEqual([
      { n: Number(there?.['n']) + 1 },
    ]);
  });

  test('is told to copy slower and faster while it runs', async () => {
    const worker = await begin({ bytesPerSecond: 200_000 });
    await expect.poll(() => worker.progress()?.totals.bytes ?? 0, { timeout: 60_000 }).toBeGreaterThan(1000);
    worker.send({ command: 'limit', copyJobs: 4, indexJobs: 1, bytesPerSecond: 0 });
    expect(await worker.ended).toMatchObject({ outcome: 'done' });
    expect(worker.progress()).toMatchObject({ copyJobs: 4, indexJobs: 1 });
  });
});

describe('a server that is away', () => {
  test('makes the run wait; later it goes on', async () => {
    const worker = await begin();
    await copying(worker);
    await target.sql(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'howdah dts%'",
    );
    // The same run goes on: the connections are made anew.
    expect(await worker.ended).toMatchObject({ outcome: 'done' });
    expect(await contentsOf(target, to)).toEqual(before);
  });

  test('of which nothing is heard at the beginning is told so', async () => {
    const unreachable = orderOf(source, target, { folder, database: 'mixed' });
    const worker = await startWorker({ ...unreachable, target: { ...unreachable.target, port: 1 } });
    running.add(worker);
    expect(await worker.ended).toMatchObject({ outcome: 'waits', problem: expect.stringContaining('Nothing listens') });
    const refused = await startWorker({ ...unreachable, target: { ...unreachable.target, user: 'nobody there' } });
    running.add(refused);
    expect(await refused.ended).toMatchObject({ outcome: 'waits' });
  });

  test('whose snapshot is lost makes the run wait, and the next one says which tables show which state', async () => {
    const worker = await begin();
    await copying(worker);
    await source.sql(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'howdah dts%'",
    );
    expect(await worker.ended).toMatchObject({ outcome: 'waits' });
    const done = (await journal()).split('"table-done"').length - 1;
    const next = await expectFinished();
    expect(next.lines.some(({ text }) => text.includes(`${done} tables were copied before`))).toBe(done > 0);
  });
});
