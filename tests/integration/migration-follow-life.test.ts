import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Halt } from '../../shared/model/migration';
import { until } from '../support/gateway';
import { cutOver, followOf, LOGICAL, startFollow, untilPhase, withoutOurs } from '../support/migration-follow';
import { contentsOf } from '../support/migration-mixed';
import type { TestWorker } from '../support/migration-worker';
import { startServer, type TestServer } from '../support/postgres';

let source: TestServer;
let target: TestServer;
let base: string;
let folder: string;
let number = 0;
let database: string;
const running = new Set<TestWorker>();
const clients = new Set<Client>();

const TABLES = `CREATE SCHEMA s;
  CREATE TABLE s.kind (id int PRIMARY KEY, name text);
  CREATE TABLE s.item (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, kind int REFERENCES s.kind, word text);
  INSERT INTO s.kind SELECT n, 'kind ' || n FROM generate_series(1, 20) n;
  INSERT INTO s.item (kind, word) SELECT 1 + n % 20, 'word ' || n FROM generate_series(1, 200) n;`;

beforeAll(async () => {
  [source, target] = await Promise.all([
    startServer({ major: 16, settings: LOGICAL }),
    startServer({ major: 17, settings: LOGICAL }),
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
  database = `life${number}`;
  await source.createDatabase(database);
  await source.sql(TABLES, database);
});
afterEach(async () => {
  for (const worker of running) worker.kill();
  await Promise.all([...running].map(({ ended }) => ended));
  running.clear();
  await Promise.all([...clients].map((client) => client.end()));
  clients.clear();
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

/** A transaction that holds what the statement locks until its connection ends. */
async function hold(server: TestServer, sql: string): Promise<Client> {
  const client = new Client(server.uri(database));
  await client.connect();
  clients.add(client);
  await client.query(`BEGIN; ${sql}`);
  return client;
}

async function release(client: Client): Promise<void> {
  clients.delete(client);
  await client.end();
}

/** Sequences are brought at the cut-over. */
const rowsOf = async (server: TestServer): Promise<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(withoutOurs(await contentsOf(server, database))).filter(([name]) => !name.startsWith('sequence ')),
  );
async function untilEqual(): Promise<void> {
  const wanted = await rowsOf(source);
  await expect.poll(() => rowsOf(target), { timeout: 30_000, interval: 200 }).toEqual(wanted);
}

async function haltOf(worker: TestWorker): Promise<Halt> {
  await expect.poll(() => followOf(worker, database)?.halts.length, { timeout: 20_000 }).toBe(1);
  const [halt] = followOf(worker, database)?.halts ?? [];
  if (!halt) throw new Error('it does not halt');
  return halt;
}

const decide = (worker: TestWorker, { id }: Halt, choice: 'copyAgain' | 'skip' | 'retry'): void =>
  worker.send({ command: 'decide', decision: { database, id, choice } });

const happened = (worker: TestWorker): string[] =>
  worker.events.flatMap((event) => (event.event === 'happened' ? [event.kind] : []));

const position = async (sql: string): Promise<bigint> => {
  const [row] = await source.sql(`SELECT ((${sql}) - '0/0')::int8::text AS at`);
  return BigInt(String(row?.['at']));
};
const confirmed = (): Promise<bigint> => position('SELECT confirmed_flush_lsn FROM pg_replication_slots');

describe('a stream', () => {
  test('does not acknowledge what waits on the target, whatever else the source writes', async () => {
    const worker = await begin();
    await untilPhase(worker, 'ready');
    const lock = await hold(target, 'LOCK TABLE s.item IN ACCESS EXCLUSIVE MODE');
    await source.sql("INSERT INTO s.item (kind, word) SELECT 1, 'waits' FROM generate_series(1, 100)", database);
    const committed = await position('SELECT pg_current_wal_lsn()');
    await source.sql('CREATE TABLE IF NOT EXISTS other AS SELECT n FROM generate_series(1, 5000) n', 'postgres');
    // The walsender reads on and tells so: that it has sent everything does not mean that it is safe.
    const sent = 'SELECT sent_lsn FROM pg_stat_replication WHERE application_name LIKE $$howdah%$$';
    await expect.poll(() => position(sent), { timeout: 20_000 }).toBeGreaterThan(committed);
    for (let round = 0; round < 5; round += 1) {
      await source.sql('SELECT pg_logical_emit_message(false, $$test$$, $$x$$), pg_switch_wal()', 'postgres');
      const written = await position('SELECT pg_current_wal_lsn()');
      await expect.poll(() => position(sent), { timeout: 20_000 }).toBeGreaterThanOrEqual(written);
      expect(await confirmed()).toBeLessThan(committed);
    }
    worker.kill();
    await worker.ended;
    expect(await confirmed()).toBeLessThan(committed);
    await release(lock);
    const next = await begin();
    await untilPhase(next, 'ready');
    await untilEqual();
    await expect.poll(confirmed, { timeout: 20_000 }).toBeGreaterThanOrEqual(committed);
  });

  test('fails in words when the target has lost what it had confirmed', async () => {
    const first = await begin();
    await untilPhase(first, 'ready');
    const progress = 'SELECT end_lsn::text AS at FROM howdah_migration.progress';
    const write = async (): Promise<string> => {
      await source.sql("INSERT INTO s.item (kind, word) VALUES (1, 'later')", database);
      const at = await position('SELECT pg_current_wal_lsn()');
      await expect.poll(confirmed, { timeout: 20_000 }).toBeGreaterThanOrEqual(at);
      const [row] = await target.sql(progress, database);
      return String(row?.['at']);
    };
    const before = await write();
    await write();
    first.send({ command: 'pause' });
    await first.ended;
    // As a backup that was restored would have it.
    await target.sql(
      `DELETE FROM s.item WHERE id = (SELECT max(id) FROM s.item); UPDATE howdah_migration.progress SET end_lsn = '${before}'`,
      database,
    );
    expect(await (await begin()).ended).toMatchObject({
      outcome: 'failed',
      problem: expect.stringContaining('has lost changes that it had confirmed'),
    });
  });

  test('goes on after the connection is lost while the rows of a table that has joined are copied', async () => {
    const worker = await begin();
    await untilPhase(worker, 'ready');
    await source.sql(
      "CREATE TABLE s.joined AS SELECT n AS id, 'w' || n AS word FROM generate_series(1, 500) n",
      database,
    );
    const halt = await haltOf(worker);
    await source.sql('ALTER TABLE s.joined ADD PRIMARY KEY (id)', database);
    // A state of the source is not to be had before this has ended.
    const open = await hold(source, "INSERT INTO s.kind VALUES (500, 'open')");
    decide(worker, halt, 'retry');
    const copying = async (): Promise<unknown> =>
      (await source.sql("SELECT active_pid AS pid FROM pg_replication_slots WHERE slot_name LIKE '%sync'"))[0]?.['pid'];
    await expect.poll(copying, { timeout: 20_000 }).toBeTypeOf('number');
    await target.sql(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'howdah%' AND pid <> pg_backend_pid()",
    );
    await source.sql(
      "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE active AND slot_name NOT LIKE '%sync'",
    );
    await open.query('COMMIT');
    await release(open);
    await source.sql("UPDATE s.joined SET word = 'met' WHERE id < 10", database);
    await untilEqual();
    await cutOver(worker);
  });

  test('copies a table again once the change of its structure has come', async () => {
    const worker = await begin();
    await untilPhase(worker, 'ready');
    await target.sql('DELETE FROM s.item WHERE id = 10', database);
    await source.sql("UPDATE s.item SET word = 'met' WHERE id = 10", database);
    const halt = await haltOf(worker);
    await source.sql(
      "ALTER TABLE s.item ADD COLUMN more text DEFAULT 'm'; UPDATE s.item SET more = id::text",
      database,
    );
    decide(worker, halt, 'copyAgain');
    await untilEqual();
    await cutOver(worker);
    await expect(rowsOf(target)).resolves.toEqual(await rowsOf(source));
  });

  test('asks for a table to be made to fit where changes of the structure do not come', async () => {
    const worker = await begin({ options: { followDdl: false } });
    await untilPhase(worker, 'ready');
    await target.sql('DELETE FROM s.item WHERE id = 10', database);
    await source.sql("UPDATE s.item SET word = 'met' WHERE id = 10", database);
    const halt = await haltOf(worker);
    await source.sql(
      "ALTER TABLE s.item ADD COLUMN more text DEFAULT 'm'; UPDATE s.item SET more = id::text",
      database,
    );
    decide(worker, halt, 'copyAgain');
    await expect
      .poll(() => followOf(worker, database)?.halts[0]?.text, { timeout: 20_000 })
      .toMatch(/has no column more/);
    await target.sql('ALTER TABLE s.item ADD COLUMN more text', database);
    decide(worker, await haltOf(worker), 'retry');
    await untilEqual();
  });

  test('halts with the words of the target when it refuses a change of the structure', async () => {
    const worker = await begin();
    await untilPhase(worker, 'ready');
    for (let round = 0; round < 3; round += 1) {
      await target.sql(`CREATE INDEX refused${round} ON s.item (word)`, database);
      await source.sql(`CREATE INDEX refused${round} ON s.item (word)`, database);
      const halt = await haltOf(worker);
      expect(halt).toMatchObject({ kind: 'ddl', text: expect.stringContaining('already exists') });
      decide(worker, halt, 'skip');
      await expect.poll(() => followOf(worker, database)?.halts, { timeout: 20_000 }).toEqual([]);
    }
    await source.sql("UPDATE s.item SET word = 'x' WHERE id < 5", database);
    await untilEqual();
  });

  test('copies a table again without touching those that inherit from it', async () => {
    await source.sql(
      `CREATE TABLE s.special (extra text, PRIMARY KEY (id)) INHERITS (s.kind);
       INSERT INTO s.special SELECT n, 'special', 'e' FROM generate_series(100, 110) n`,
      database,
    );
    const worker = await begin();
    await untilPhase(worker, 'ready');
    const keys = "SELECT 1 FROM pg_constraint WHERE contype = 'f'";
    await expect.poll(() => target.sql(keys, database), { timeout: 20_000 }).toHaveLength(1);
    await target.sql('SET session_replication_role = replica; DELETE FROM s.kind WHERE id = 20', database);
    await source.sql("UPDATE s.kind SET name = 'met' WHERE id = 20", database);
    decide(worker, await haltOf(worker), 'copyAgain');
    await untilEqual();
  });

  test('makes identity columns that have come ALWAYS again when the source is left', async () => {
    const worker = await begin();
    await untilPhase(worker, 'ready');
    await source.sql('CREATE TABLE s.fresh (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, word text)', database);
    await source.sql("INSERT INTO s.fresh (word) VALUES ('a'), ('b')", database);
    await untilEqual();
    await cutOver(worker);
    expect(
      await target.sql(
        "SELECT attidentity::text AS kind FROM pg_attribute WHERE attrelid = 's.fresh'::regclass AND attname = 'id'",
        database,
      ),
    ).toEqual([{ kind: 'a' }]);
  });

  test('reads large transactions when they are committed where there is no room to keep them while they run', async () => {
    await source.sql("ALTER SYSTEM SET logical_decoding_work_mem = '64kB'");
    await source.sql('SELECT pg_reload_conf()');
    const worker = await begin({ spoolBytes: 500_000 });
    await untilPhase(worker, 'ready');
    const large = await hold(
      source,
      "INSERT INTO s.item (kind, word) SELECT 1, repeat('x', 100) || n FROM generate_series(1, 20000) n",
    );
    await expect
      .poll(() => worker.lines.some(({ text }) => text.includes('no room to keep transactions')), { timeout: 20_000 })
      .toBe(true);
    await source.sql("UPDATE s.item SET word = 'beside' WHERE id < 10", database);
    await large.query('COMMIT');
    await release(large);
    await untilEqual();
    expect(followOf(worker, database)?.problem).toBe('');
    await source.sql('ALTER SYSTEM RESET logical_decoding_work_mem');
    await source.sql('SELECT pg_reload_conf()');
  });

  test('alarms when the source keeps much WAL', async () => {
    const worker = await begin({ options: { walAlarm: 1 } });
    await untilPhase(worker, 'ready');
    await expect.poll(() => happened(worker), { timeout: 20_000 }).toEqual(['wal-alarm']);
    await expect.poll(() => worker.progress()?.follow?.walAlarm).toBe(true);
  });

  test('fails in words when the server has given up the WAL that it needs', async () => {
    const worker = await begin();
    await untilPhase(worker, 'ready');
    worker.send({ command: 'pause' });
    await worker.ended;
    await source.sql("ALTER SYSTEM SET max_slot_wal_keep_size = '1MB'");
    await source.sql('SELECT pg_reload_conf()');
    const status = async (): Promise<unknown> => {
      await source.sql('SELECT pg_logical_emit_message(false, $$test$$, repeat($$x$$, 1000)), pg_switch_wal()');
      await source.sql('CHECKPOINT');
      return (await source.sql('SELECT wal_status FROM pg_replication_slots'))[0]?.['wal_status'];
    };
    await expect.poll(status, { timeout: 30_000, interval: 50 }).toBe('lost');
    expect(await (await begin()).ended).toMatchObject({
      outcome: 'failed',
      problem: expect.stringMatching(/is gone|given up the WAL/),
    });
    await source.sql('ALTER SYSTEM RESET max_slot_wal_keep_size');
    await source.sql('SELECT pg_reload_conf()');
  });
});
