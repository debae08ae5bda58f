import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { completion } from '../../shared/model/migration';
import { cutOver, followOf, LOGICAL, startFollow, untilPhase, withoutOurs } from '../support/migration-follow';
import { until } from '../support/gateway';
import { contentsOf } from '../support/migration-mixed';
import { sideOf, type TestWorker } from '../support/migration-worker';
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
  base = await mkdtemp(join(tmpdir(), 'howdah-structure-'));
});
afterAll(async () => {
  await Promise.all([source?.stop(), target?.stop()]);
  await rm(base, { recursive: true, force: true });
});
beforeEach(async () => {
  folder = await mkdtemp(join(base, 'job-'));
  number += 1;
  database = `parts${number}`;
  await source.createDatabase(database);
  await source.sql(TABLES, database);
});
afterEach(async () => {
  for (const worker of running) worker.kill();
  await Promise.all([...running].map(({ ended }) => ended));
  running.clear();
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

describe('what is made, or is missing, while changes are followed', () => {
  test('does not lose changes of a table without a key: it fails in words, and joins the others once it has an identity', async () => {
    await source.sql("CREATE TABLE s.keyless (word text); INSERT INTO s.keyless VALUES ('a'), ('b')", database);
    const options = { existingRows: 'append' } as const;
    const first = await begin({ options });
    await untilPhase(first, 'following');
    expect(first.tables.get(`${database} s.keyless`)).toMatchObject({
      state: 'failed',
      reason: expect.stringContaining('ALTER TABLE s.keyless REPLICA IDENTITY FULL'),
    });
    await expect.poll(() => first.progress()?.follow?.blockers, { timeout: 20_000 }).toContain('tables-failed');
    await source.sql("UPDATE s.keyless SET word = 'c' WHERE word = 'b'", database);
    // One that joins meanwhile is not copied twice.
    await source.sql('CREATE TABLE s.joined (id int PRIMARY KEY, word text UNIQUE)', database);
    await source.sql("INSERT INTO s.joined SELECT n, 'w' || n FROM generate_series(1, 50) n", database);
    await source.sql(CHANGES, database);
    await untilEqual();
    await expect.poll(() => target.sql('SELECT count(*)::int AS n FROM s.joined', database)).toEqual([{ n: 50 }]);
    first.send({ command: 'pause' });
    await first.ended;
    await source.sql('ALTER TABLE s.keyless REPLICA IDENTITY FULL', database);
    await source.sql(
      "DELETE FROM s.joined WHERE id % 2 = 0; UPDATE s.keyless SET word = 'd' WHERE word = 'c'",
      database,
    );
    await source.sql('CREATE INDEX joined_word ON s.joined (word)', database);
    const second = await begin({ options });
    await untilPhase(second, 'ready');
    expect([...second.objects.values()].filter(({ outcome }) => outcome !== 'done')).toEqual([]);
    await source.sql("DELETE FROM s.keyless WHERE word = 'd'; UPDATE s.joined SET word = word || '!'", database);
    await cutOver(second);
    await expectEqual();
  });

  const PARTED = `CREATE TABLE s.part (id int NOT NULL, at date NOT NULL, word text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
    CREATE TABLE s.part_1 PARTITION OF s.part FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
    CREATE TABLE s.bare (id int NOT NULL, at date NOT NULL, word text) PARTITION BY RANGE (at);
    CREATE TABLE s.bare_1 PARTITION OF s.bare (PRIMARY KEY (id)) FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
    INSERT INTO s.part VALUES (1, '2024-05-05', 'a'); INSERT INTO s.bare VALUES (1, '2024-05-05', 'a')`;
  const LATER = (root: string): string[] => [
    `CREATE TABLE s.${root}_2 PARTITION OF s.${root} FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')`,
    `INSERT INTO s.${root} SELECT n, '2025-03-03', 'b' FROM generate_series(1, 20) n`,
    `UPDATE s.${root} SET word = 'c' WHERE id < 5`,
  ];

  test('brings partitions that come to a table that was chosen by its name', async () => {
    await source.sql(PARTED, database);
    const tables = [{ name: 'part' }, { name: 'part_1' }];
    const schemas = [{ name: 's', mode: 'partial', tables }];
    const objects = { mode: 'partial', roleMode: 'none', databases: [{ name: database, mode: 'partial', schemas }] };
    const worker = await begin({ options: { objects } });
    await untilPhase(worker, 'ready');
    for (const sql of LATER('part')) await source.sql(sql, database);
    await cutOver(worker);
    const rows = 'SELECT * FROM s.part ORDER BY id, at';
    expect(await target.sql(rows, database)).toEqual(await source.sql(rows, database));
  });

  test('stands still at changes of a partition that nobody has told of, and copies it once it is there', async () => {
    await source.sql(PARTED, database);
    const worker = await begin({ options: { followDdl: false } });
    await untilPhase(worker, 'ready');
    for (const sql of LATER('part')) await source.sql(sql, database);
    const halts = () => followOf(worker, database)?.halts ?? [];
    await expect
      .poll(halts, { timeout: 20_000 })
      .toMatchObject([{ kind: 'structure', table: 'part_2', choices: ['retry', 'skip'] }]);
    const [, make = ''] = /\((CREATE TABLE .*)\), then/.exec(halts()[0]?.text ?? '') ?? [];
    await target.sql(make, database);
    worker.send({ command: 'decide', decision: { database, id: halts()[0]?.id ?? '', choice: 'retry' } });
    await expect.poll(halts, { timeout: 20_000 }).toMatchObject([{ choices: ['copyAgain', 'skip', 'retry'] }]);
    worker.send({ command: 'decide', decision: { database, id: halts()[0]?.id ?? '', choice: 'copyAgain' } });
    await expect.poll(() => followOf(worker, database)?.state, { timeout: 20_000 }).toBe('following');
    await source.sql("DELETE FROM s.part WHERE id = 7; TRUNCATE s.bare; INSERT INTO s.kind VALUES (99, 'x')", database);
    // Of a root without a key nothing is published that could be refused to an application.
    await source.sql(LATER('bare').join(';'), database);
    await source.sql('DROP TABLE s.bare_2', database);
    await cutOver(worker);
    await expectEqual();
  });

  test('knows what was made while it was dead in the middle of the copy, and makes it once', async () => {
    await source.sql(
      `CREATE TABLE s.large AS SELECT n AS id, repeat(md5(n::text), 10) AS word FROM generate_series(1, 20000) n;
       ALTER TABLE s.large ADD PRIMARY KEY (id)`,
      database,
    );
    const first = await begin({ copyJobs: 1, options: { bytesPerSecond: 3_000_000 } });
    await expect.poll(() => first.progress()?.totals.bytes ?? 0, { timeout: 30_000 }).toBeGreaterThan(200_000);
    first.kill();
    await first.ended;
    for (const sql of [
      'CREATE TABLE s.fresh (id serial PRIMARY KEY, word text UNIQUE)',
      "INSERT INTO s.fresh (word) SELECT 'w' || n FROM generate_series(1, 30) n",
      'ALTER TABLE s.fresh ADD COLUMN more int DEFAULT 5',
      'CREATE INDEX fresh_more ON s.fresh (more)',
      'UPDATE s.fresh SET more = id WHERE id > 10',
    ])
      await source.sql(sql, database);
    const second = await begin();
    await untilPhase(second, 'ready');
    expect(followOf(second, database)?.halts).toEqual([]);
    await source.sql('ALTER TABLE s.fresh ADD COLUMN last text', database);
    await source.sql("UPDATE s.fresh SET last = 'x' WHERE id < 3", database);
    await cutOver(second);
    await expectEqual();
  });

  test('makes triggers that act on every change only when none come any more', async () => {
    await source.sql(
      `CREATE TABLE s.log (id serial PRIMARY KEY, word text);
       CREATE FUNCTION s.note() RETURNS trigger LANGUAGE plpgsql AS
         $$ BEGIN INSERT INTO s.log (word) VALUES (NEW.name); RETURN NEW; END $$;
       CREATE TRIGGER noted AFTER INSERT ON s.kind FOR EACH ROW EXECUTE FUNCTION s.note();
       ALTER TABLE s.kind ENABLE ALWAYS TRIGGER noted; COMMENT ON TRIGGER noted ON s.kind IS 'always'`,
      database,
    );
    const worker = await begin();
    await untilPhase(worker, 'ready');
    const triggers = () =>
      target.sql(
        'SELECT tgname::text AS name, tgenabled::text AS kind FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1',
        database,
      );
    await expect.poll(triggers, { timeout: 20_000 }).toEqual([{ name: 'shout', kind: 'O' }]);
    await source.sql(CHANGES, database);
    await cutOver(worker);
    expect(await triggers()).toEqual([
      { name: 'noted', kind: 'A' },
      { name: 'shout', kind: 'O' },
    ]);
    expect([...worker.objects.values()].filter(({ outcome }) => outcome !== 'done')).toEqual([]);
    await expectEqual();
  });

  test('stands still at changes of a partition that came while the way back was open', async () => {
    await source.sql(PARTED, database);
    const worker = await begin();
    await untilPhase(worker, 'ready');
    worker.send({ command: 'complete', completion: completion.parse({ compare: null, failBack: true }) });
    await untilPhase(worker, 'drained');
    worker.send({ command: 'opened' });
    await untilPhase(worker, 'guarding');
    const make = LATER('part')[0] ?? '';
    for (const sql of LATER('part')) await target.sql(sql, database);
    await target.sql('TRUNCATE s.bare', database);
    const halts = () => followOf(worker, database)?.halts ?? [];
    const decide = (choice: 'retry' | 'copyAgain') =>
      worker.send({ command: 'decide', decision: { database, id: halts()[0]?.id ?? '', choice } });
    await expect.poll(halts, { timeout: 20_000 }).toMatchObject([{ table: 'part_2', choices: ['retry', 'skip'] }]);
    await source.sql(make, database);
    decide('retry');
    await expect.poll(halts, { timeout: 20_000 }).toMatchObject([{ choices: ['copyAgain', 'skip', 'retry'] }]);
    decide('copyAgain');
    await target.sql('DELETE FROM s.part WHERE id = 9', database);
    const rows = (server: TestServer) =>
      server.sql('SELECT * FROM s.part UNION ALL SELECT * FROM s.bare ORDER BY id, at', database);
    await expect.poll(() => rows(source), { timeout: 20_000 }).toEqual(await rows(target));
  });

  test('lets a table fail whose structure changes before its turn, where nobody tells of such changes', async () => {
    await source.sql(
      `CREATE TABLE s.large AS SELECT n AS id, repeat(md5(n::text), 10) AS word FROM generate_series(1, 20000) n;
       ALTER TABLE s.large ADD PRIMARY KEY (id); CREATE ROLE carrier LOGIN REPLICATION; GRANT postgres TO carrier`,
      database,
    );
    const side = sideOf(source, { user: 'carrier' });
    const worker = await begin({ source: side, copyJobs: 1, options: { bytesPerSecond: 3_000_000 } });
    await expect.poll(() => worker.progress()?.totals.bytes ?? 0, { timeout: 30_000 }).toBeGreaterThan(200_000);
    await source.sql('ALTER TABLE s.kind RENAME COLUMN name TO title', database);
    await untilPhase(worker, 'following');
    expect(worker.tables.get(`${database} s.kind`)).toMatchObject({ state: 'failed' });
    await expect.poll(() => worker.progress()?.follow?.blockers, { timeout: 20_000 }).toContain('tables-failed');
    // Its changes are left out, those of others come.
    await source.sql("INSERT INTO s.kind VALUES (99, 'x'); INSERT INTO s.item (kind, word) VALUES (99, 'y')", database);
    await untilEqual();
    expect(followOf(worker, database)?.halts).toEqual([]);
  });
});
