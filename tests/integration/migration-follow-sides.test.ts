import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  cutOver,
  expectCleaned,
  followOf,
  followOrder,
  LOGICAL,
  startFollow,
  untilPhase,
  withoutOurs,
} from '../support/migration-follow';
import { until } from '../support/gateway';
import { contentsOf, expectNothingLeft } from '../support/migration-mixed';
import { sideOf, startWorker, type TestWorker } from '../support/migration-worker';
import { startServer, type TestServer } from '../support/postgres';

let source: TestServer;
let target: TestServer;
let base: string;
let folder: string;
let number = 0;
let database: string;
const running = new Set<TestWorker>();

const TABLES = `CREATE SCHEMA s;
  CREATE TABLE s.kind (id int PRIMARY KEY, name text UNIQUE);
  CREATE TABLE s.item (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, kind int REFERENCES s.kind, word text, at timestamptz DEFAULT now());
  CREATE FUNCTION s.shout() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.word := upper(NEW.word); RETURN NEW; END $$;
  INSERT INTO s.kind SELECT n, 'kind ' || n FROM generate_series(1, 20) n;
  INSERT INTO s.item (kind, word) SELECT 1 + n % 20, 'word ' || n FROM generate_series(1, 500) n;
  CREATE TRIGGER shout BEFORE INSERT OR UPDATE ON s.item FOR EACH ROW EXECUTE FUNCTION s.shout();`;
const CHANGES = `INSERT INTO s.item (kind, word) SELECT 3, 'later ' || n FROM generate_series(1, 50) n;
  UPDATE s.item SET word = word || '!' WHERE id % 5 = 0; DELETE FROM s.item WHERE id % 7 = 0;
  INSERT INTO s.kind VALUES (100, 'new'); UPDATE s.item SET kind = 100 WHERE id % 11 = 0; UPDATE s.kind SET id = 200 WHERE name = 'kind 20' AND NOT EXISTS (SELECT 1 FROM s.item WHERE kind = 20)`;

beforeAll(async () => {
  [source, target] = await Promise.all([
    startServer({ major: 16, settings: LOGICAL }),
    startServer({ major: 17, settings: LOGICAL }),
  ]);
  base = await mkdtemp(join(tmpdir(), 'howdah-follow-'));
  await target.sql('CREATE ROLE mover LOGIN CREATEDB');
});
afterAll(async () => {
  await Promise.all([source?.stop(), target?.stop()]);
  await rm(base, { recursive: true, force: true });
});
beforeEach(async () => {
  folder = await mkdtemp(join(base, 'job-'));
  number += 1;
  database = `sides${number}`;
  await source.createDatabase(database);
  await source.sql(TABLES, database);
});
afterEach(async () => {
  for (const worker of running) worker.kill();
  await Promise.all([...running].map(({ ended }) => ended));
  running.clear();
  delete process.env['HOWDAH_DECODING_PLUGIN'];
  await until(async () => {
    await source.sql('SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE active');
    await source.sql('SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE NOT active');
    return (await source.sql('SELECT 1 FROM pg_replication_slots')).length === 0;
  });
});

async function begin(change: Parameters<typeof startFollow>[2] = {}): Promise<TestWorker> {
  const worker = await startFollow(source, target, { folder, database, ...change });
  running.add(worker);
  return worker;
}

async function expectEqual(name = database): Promise<void> {
  expect(withoutOurs(await contentsOf(target, name))).toEqual(withoutOurs(await contentsOf(source, name)));
}

/** What was written to the source by now has arrived. */
async function untilEqual(): Promise<void> {
  const words = "SELECT count(*)::int AS n, md5(string_agg(i::text, ',' ORDER BY id)) AS sum FROM s.item i";
  const wanted = await source.sql(words, database);
  await expect.poll(() => target.sql(words, database), { timeout: 30_000 }).toEqual(wanted);
}

describe('following', () => {
  test('needs no more than an owner on the target: foreign keys and triggers come at the cut-over', async () => {
    const options = { keepOwners: false, keepPrivileges: false };
    const worker = await begin({ target: sideOf(target, { user: 'mover' }), options });
    await untilPhase(worker, 'ready');
    await source.sql(CHANGES, database);
    await untilEqual();
    expect(await target.sql('SELECT 1 FROM pg_trigger WHERE NOT tgisinternal', database)).toEqual([]);
    await cutOver(worker);
    await expectEqual();
    const made = await target.sql(
      "SELECT conname::text AS name FROM pg_constraint WHERE contype = 'f' AND convalidated UNION ALL SELECT tgname::text FROM pg_trigger WHERE NOT tgisinternal",
      database,
    );
    expect(made).toEqual([{ name: 'item_kind_fkey' }, { name: 'shout' }]);
    await expectCleaned(source, [database]);
    await expectCleaned(target, [database]);
  });

  test('reads servers without pgoutput by test_decoding', async () => {
    process.env['HOWDAH_DECODING_PLUGIN'] = 'test_decoding';
    const worker = await begin({ options: { followDdl: false } });
    await untilPhase(worker, 'ready');
    expect(await source.sql('SELECT plugin::text AS plugin FROM pg_replication_slots')).toEqual([
      { plugin: 'test_decoding' },
    ]);
    await source.sql(CHANGES, database);
    await untilEqual();
    await cutOver(worker);
    await expectEqual();
  });

  test('brings the rows that were chosen to where they were wanted', async () => {
    const tables = [{ name: 'kind', newName: 'sort', rowFilter: 'id <= 10' }];
    const schemas = [{ name: 's', newName: 't', mode: 'partial', tables }];
    const objects = { mode: 'partial', roleMode: 'none', databases: [{ name: database, mode: 'partial', schemas }] };
    const worker = await begin({ options: { objects } });
    await untilPhase(worker, 'ready');
    await source.sql(
      `DELETE FROM s.item; UPDATE s.kind SET name = 'met' WHERE id = 3; UPDATE s.kind SET id = 40 WHERE id = 4;
       UPDATE s.kind SET id = 0 WHERE id = 20; DELETE FROM s.kind WHERE id = 15; INSERT INTO s.kind VALUES (50, 'beside')`,
      database,
    );
    await cutOver(worker);
    const chosen = 'SELECT id, name FROM s.kind WHERE id <= 10 ORDER BY id';
    expect(await target.sql('SELECT id, name FROM t.sort ORDER BY id', database)).toEqual(
      await source.sql(chosen, database),
    );
  });

  test('takes several databases, one after the other, and cuts them over together', async () => {
    const names = [database, `${database}b`, `${database}c`];
    for (const name of names.slice(1)) {
      await source.createDatabase(name);
      await source.sql(TABLES, name);
    }
    const objects = {
      mode: 'partial',
      roleMode: 'none',
      databases: names.map((name) => ({ name, mode: 'all' })),
    };
    const worker = await begin({ options: { objects } });
    await untilPhase(worker, 'following');
    for (const name of names) await source.sql(CHANGES, name);
    await cutOver(worker);
    for (const name of names) await expectEqual(name);
    expect(worker.progress()?.follow?.databases.map((each) => each.database)).toEqual(names);
    await expectCleaned(source, names);
    await expectCleaned(target, names);
    await expectNothingLeft(source);
  });

  test('copies a table anew that is emptied while others are copied', async () => {
    await source.sql(
      `CREATE TABLE s.large AS SELECT n AS id, repeat(md5(n::text), 10) AS word FROM generate_series(1, 20000) n;
       ALTER TABLE s.large ADD PRIMARY KEY (id)`,
      database,
    );
    const worker = await begin({ copyJobs: 1, options: { bytesPerSecond: 3_000_000 } });
    await expect.poll(() => worker.progress()?.totals.bytes ?? 0, { timeout: 30_000 }).toBeGreaterThan(200_000);
    await source.sql("TRUNCATE s.item; INSERT INTO s.item (kind, word) VALUES (1, 'after')", database);
    await untilPhase(worker, 'ready');
    await source.sql(CHANGES, database);
    const told = worker.lines.map(({ text }) => text).join('\n');
    expect(told).toContain('s.item is copied again: it was emptied or rewritten on the source');
    expect(told).not.toContain('howdah: moved');
    await cutOver(worker);
    await expectEqual();
  });

  test('copies a table whose structure changes before its turn when that change has arrived', async () => {
    await source.sql(
      'CREATE TABLE s.large AS SELECT n AS id, repeat(md5(n::text), 10) AS word FROM generate_series(1, 20000) n',
      database,
    );
    await source.sql('ALTER TABLE s.large ADD PRIMARY KEY (id)', database);
    const worker = await begin({ copyJobs: 1, options: { bytesPerSecond: 3_000_000 } });
    await expect.poll(() => worker.progress()?.totals.bytes ?? 0, { timeout: 30_000 }).toBeGreaterThan(200_000);
    await source.sql('ALTER TABLE s.kind RENAME COLUMN name TO title', database);
    await untilPhase(worker, 'ready');
    await source.sql("INSERT INTO s.kind VALUES (300, 'more')", database);
    await cutOver(worker);
    await expectEqual();
  });

  test('stands still at a row that is not as expected, and copies the table anew when that is decided', async () => {
    const worker = await begin();
    await untilPhase(worker, 'ready');
    await target.sql('DELETE FROM s.item WHERE id = 10', database);
    await source.sql("UPDATE s.item SET word = 'met' WHERE id = 10", database);
    await expect.poll(() => followOf(worker, database)?.state, { timeout: 20_000 }).toBe('halted');
    const [halt] = followOf(worker, database)?.halts ?? [];
    expect(halt).toMatchObject({ kind: 'drift', schema: 's', table: 'item' });
    expect(worker.progress()?.follow?.blockers).toContain('halted');
    await source.sql(CHANGES, database);
    worker.send({ command: 'decide', decision: { database, id: halt?.id ?? '', choice: 'copyAgain' } });
    await expect.poll(() => followOf(worker, database)?.state, { timeout: 20_000 }).toBe('following');
    await cutOver(worker);
    await expectEqual();
  });

  test('gives its place up before the disk of the source fills', async () => {
    const worker = await begin({ options: { walCeiling: 1 } });
    expect(await worker.ended).toMatchObject({
      outcome: 'failed',
      problem: expect.stringContaining('was dropped, so that its disk does not fill'),
    });
    expect(await source.sql('SELECT 1 FROM pg_replication_slots')).toEqual([]);
  });

  test('is cleaned up after by a worker that knows nothing but the name of the task', async () => {
    const worker = await begin();
    await untilPhase(worker, 'ready');
    worker.kill();
    await worker.ended;
    const other = await mkdtemp(join(base, 'job-'));
    for (const each of [folder, other]) {
      const cleaner = await startWorker(followOrder(source, target, { folder: each, database, mode: 'clean' }));
      running.add(cleaner);
      expect(await cleaner.ended).toEqual({ outcome: 'done', problem: '', hint: '' });
      await expectCleaned(source, [database]);
      await expectCleaned(target, [database]);
    }
    const [identity] = await target.sql(
      "SELECT attidentity::text AS kind FROM pg_attribute WHERE attrelid = 's.item'::regclass AND attname = 'id'",
      database,
    );
    expect(identity).toEqual({ kind: 'a' });
  });
});
