import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RowDifference, TableCompare } from '../../shared/model/migration-api';
import { followOrder, LOGICAL, startFollow, untilPhase } from '../support/migration-follow';
import { startWorker, type TestWorker } from '../support/migration-worker';
import { flowSql, startMixedWriter, type MixedWriter } from '../support/mixed-writer';
import { startServer, type TestServer } from '../support/postgres';

/** Comparisons beside a real task that follows a source that is written to. */

let source: TestServer;
let target: TestServer;
let folder: string;
let run: TestWorker | null = null;
let writer: MixedWriter | null = null;

beforeAll(async () => {
  source = await startServer({ major: 15, settings: LOGICAL });
  target = await startServer({ major: 16, settings: LOGICAL });
  folder = await mkdtemp(join(tmpdir(), 'howdah-compare-'));
  await source.createDatabase('flow');
  await source.sql(flowSql(source), 'flow');
});
afterAll(async () => {
  await writer?.stop();
  run?.kill();
  await run?.ended;
  await Promise.all([source?.stop(), target?.stop()]);
  await rm(folder, { recursive: true, force: true });
});

interface Compared {
  readonly tables: ReadonlyMap<string, TableCompare>;
  readonly differences: readonly (RowDifference & { readonly table: string })[];
}

async function compare(id: string): Promise<Compared> {
  const order = followOrder(source, target, { folder, database: 'flow' });
  const worker = await startWorker({
    ...order,
    mode: 'compare',
    compare: { id, mode: 'full', samplePercent: 100, tables: [], done: [] },
  });
  expect([await worker.ended, worker.errors()]).toEqual([{ outcome: 'done', problem: '', hint: '' }, '']);
  expect(worker.lines.map(({ text }) => text).join('\n')).toContain('while changes flow');
  const told = worker.events.flatMap((event) => (event.event === 'compared' ? event.tables : []));
  return {
    tables: new Map(told.map((table) => [`${table.schema}.${table.name}`, table])),
    differences: worker.events.flatMap((event) =>
      event.event === 'differences'
        ? event.rows.map((row) => ({ ...row, table: `${event.schema}.${event.name}` }))
        : [],
    ),
  };
}

test('nothing differs while a writer writes, and what does is found', async () => {
  let seed = 7;
  const random = (): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 2 ** 32;
  };
  writer = startMixedWriter({ server: source, database: 'flow', random });
  run = await startFollow(source, target, { folder, database: 'flow' });
  await untilPhase(run, 'following');
  await writer.more(50);
  const { tables, differences } = await compare('dts-test0001-cmp-00000001');
  expect(differences).toEqual([]);
  expect([...tables.values()].filter(({ result }) => result === 'different' || result === 'failed')).toEqual([]);
  expect([...tables.values()].filter(({ result }) => result === 'equal').length).toBeGreaterThan(2);

  await source.sql(
    'CREATE TABLE still (id int PRIMARY KEY, v int); INSERT INTO still SELECT i, i FROM generate_series(1, 5000) i',
    'flow',
  );
  await expect
    .poll(() => target.sql('SELECT count(*)::int AS n FROM still', 'flow').catch(() => []), { timeout: 30_000 })
    .toEqual([{ n: 5000 }]);
  await target.sql('UPDATE still SET v = 0 WHERE id = 4321; DELETE FROM still WHERE id = 1', 'flow');
  const again = await compare('dts-test0001-cmp-00000002');
  expect(again.differences.map(({ table, kind, key }) => `${table} ${kind} ${key[0]?.value}`).toSorted()).toEqual([
    'public.still changed 4321',
    'public.still missing 1',
  ]);
});
