import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { contentsOf, expectNothingLeft, mixedSql, structureOf } from '../support/migration-mixed';
import { orderOf, startWorker, type TestWorker } from '../support/migration-worker';
import { startServer, type TestServer } from '../support/postgres';

const DATABASE = 'mixed "é" db';

/** Failures with their reasons: what a person would read. */
const failuresOf = (worker: TestWorker): string[] => [
  ...[...worker.tables.values()].filter(({ state }) => state === 'failed').map((t) => `${t.name}: ${t.reason}`),
  ...[...worker.objects.values()]
    .filter(({ outcome }) => outcome === 'failed')
    .map((o) => `${o.kind} ${o.name}: ${o.reason}`),
];

const keyOnly = (entry: string): string => entry.split('\n', 1)[0] ?? '';

describe.each([
  [17, 17],
  [10, 18],
  [18, 13],
])('from %i to %i', (from, to) => {
  let source: TestServer;
  let target: TestServer;
  let base: string;
  let folder: string;
  beforeAll(async () => {
    [source, target] = await Promise.all([startServer({ major: from }), startServer({ major: to })]);
    base = await mkdtemp(join(tmpdir(), 'howdah-run-'));
    await source.createDatabase(DATABASE.replaceAll('"', '""'));
    await source.sql(mixedSql(source, { rows: 20_000, smallTables: 110 }), DATABASE);
  });
  afterAll(async () => {
    await Promise.all([source?.stop(), target?.stop()]);
    await rm(base, { recursive: true, force: true });
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(base, 'job-'));
  });

  test('a full copy makes the target equal and leaves nothing on the source', async () => {
    const before = await contentsOf(source, DATABASE);
    const options = { splitAbove: 500_000 };
    const worker = await startWorker(orderOf(source, target, { folder, database: DATABASE, options }));
    const end = await worker.ended;
    expect(failuresOf(worker)).toEqual([]);
    expect({ end, errors: worker.errors() }).toEqual({ end: { outcome: 'done', problem: '', hint: '' }, errors: '' });
    expect(await contentsOf(target, DATABASE)).toEqual(before);
    // Servers of different versions write the same view with other words.
    const shown = from === to ? (entry: string) => entry : keyOnly;
    const structure = async (server: TestServer) =>
      (await structureOf(server, DATABASE)).map(shown).filter((entry) => !/SCHEMA \.?public/.test(entry));
    expect(await structure(target)).toEqual(await structure(source));
    await expectNothingLeft(source);
    await expectNothingLeft(target);
    const item = worker.tables.get(`${DATABASE} shop.item`);
    expect(item).toMatchObject({ state: 'done', rows: 20_000, indexesDone: 2 });
    expect(item?.parts).toBeGreaterThan(2);
    expect(item?.partsDone).toBe(item?.parts);
    const progress = worker.progress();
    const undone = progress?.steps.filter(({ state }) => state !== 'success').map(({ step }) => step);
    expect(undone).toEqual(['roles', 'follow', 'complete']);
    expect(progress?.snapshotSince).toBeNull();
    expect(progress?.totals).toMatchObject({ tablesFailed: 0, objectsFailed: 0 });
    expect(progress?.totals.tablesDone).toBe(progress?.totals.tables);
    expect(progress?.totals.objectsDone).toBe(progress?.totals.objects);
    // Done twice it does nothing, and says the same.
    const again = await startWorker(orderOf(source, target, { folder, database: DATABASE, options }));
    expect(await again.ended).toMatchObject({ outcome: 'done' });
    expect(again.tables.get(`${DATABASE} shop.item`)).toMatchObject({ state: 'done', rows: 20_000 });
    expect(await contentsOf(target, DATABASE)).toEqual(before);
  });
});
