import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPipelineSession } from '../../electron/adapters/postgres/pipeline-session';
import { bindTable, type BoundTable } from '../../electron/control-plane/migration/follow/apply/bound-table';
import { Lane } from '../../electron/control-plane/migration/follow/apply/lane';
import { UPDATE, Window } from '../../electron/control-plane/migration/follow/apply/window';
import { FollowHalt } from '../../electron/control-plane/migration/follow/follow-model';
import type { Decision } from '../../shared/model/migration';
import { makeSlot, startApply, type ApplyOptions, type ApplyRun } from '../support/migration-apply';
import { table, tuple } from '../support/pgoutput-writer';
import { startServer, type TestServer } from '../support/postgres';

let source: TestServer;
/** The newest and an old one. */
let target: TestServer;
let old: TestServer;
let databases = 0;

beforeAll(async () => {
  [source, target, old] = await Promise.all([
    startServer({ major: 16, settings: ['wal_level = logical', 'max_replication_slots = 30', 'max_wal_senders = 20'] }),
    startServer({ major: 18 }),
    startServer({ major: 11 }),
  ]);
});
afterAll(() => Promise.all([source?.stop(), target?.stop(), old?.stop()]));

/** A database of the same name with the same on both sides, and a slot. */
async function place(same: string, to: TestServer = target): Promise<ApplyOptions & { readonly database: string }> {
  databases += 1;
  const database = `edge${databases}`;
  for (const server of [source, to]) {
    await server.createDatabase(database);
    await server.sql(same, database);
  }
  await makeSlot(source, database, database);
  return { source, target: to, database, slot: database };
}

async function expectEqual({ database, target: to }: ApplyOptions, name = 't'): Promise<void> {
  const contents = (server: TestServer) => server.sql(`SELECT t::text AS row FROM ${name} t ORDER BY 1`, database);
  expect(await contents(to)).toEqual(await contents(source));
}

async function halted(run: ApplyRun): Promise<FollowHalt['halt']> {
  const reason: unknown = await run.drain().then(
    () => null,
    (error: unknown) => error,
  );
  await run.close();
  if (!(reason instanceof FollowHalt)) throw new Error(`no halt: ${String(reason)}`);
  return reason.halt;
}

const decided = (database: string, id: string): ReadonlyMap<string, Decision> =>
  new Map([[id, { database, id, choice: 'skip' }]]);

describe('a large transaction that changes the same rows in each of its parts', () => {
  it.each([
    ['18', () => target],
    ['11', () => old],
  ])('ends with the last values behind a transaction that is still being committed: %s', async (_major, to) => {
    // Many more rows than change, looked up one by one: the first of two values for a row would win.
    const options = await place(
      'CREATE TABLE t (id int PRIMARY KEY, n int, note text); INSERT INTO t SELECT i, 0, $$a$$ FROM generate_series(1, 20000) i; ANALYZE t',
      to(),
    );
    await to().sql(`ALTER DATABASE ${options.database} SET enable_hashjoin = off`);
    const client = new Client({ connectionString: source.uri(options.database) });
    await client.connect();
    // The second window of each large transaction is its last: nothing comes behind that would put it right.
    for (let round = 100; round < 106; round += 1) {
      await client.query('UPDATE t SET n = 1000 WHERE id <= 100');
      await client.query('BEGIN');
      for (let n = 1; n <= 3; n += 1) await client.query(`UPDATE t SET n = ${round * 10 + n} WHERE id <= 100`);
      await client.query('COMMIT');
    }
    await client.end();
    const run = await startApply({ ...options, windowBytes: 4000 });
    await run.drain();
    await run.close();
    await expectEqual(options);
    expect(run.counts.drifted).toBe(0);
  });

  it('also where a part of it had to be done one by one', async () => {
    const options = await place(
      'CREATE TABLE t (id int PRIMARY KEY, place int UNIQUE, n int); INSERT INTO t SELECT i, i, 0 FROM generate_series(1, 100) i',
    );
    const client = new Client({ connectionString: source.uri(options.database) });
    await client.connect();
    for (let round = 0; round < 4; round += 1) {
      await client.query('UPDATE t SET n = -1');
      await client.query('BEGIN');
      for (let n = 1; n <= 12; n += 1) {
        await client.query(`UPDATE t SET n = ${n}`);
        // Places go from row to row: one statement for all of them is refused.
        if (n % 4 === 0) await client.query('UPDATE t SET place = -place');
        if (n % 4 === 0) await client.query('UPDATE t SET place = CASE id WHEN 100 THEN 1 ELSE id + 1 END');
      }
      await client.query('COMMIT');
    }
    await client.end();
    const run = await startApply({ ...options, windowBytes: 4000 });
    await run.drain();
    await run.close();
    await expectEqual(options);
    expect(run.counts.drifted).toBe(0);
  });
});

it('rows without a key are told apart by every byte, whatever their collation holds for equal', async () => {
  const options = await place(
    `CREATE COLLATION same (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
     CREATE DOMAIN word AS text COLLATE same; CREATE TABLE t (v text COLLATE same, c char(3) COLLATE same, w word, n int);
     ALTER TABLE t REPLICA IDENTITY FULL;
     INSERT INTO t VALUES ('a', 'x', 'w', 1), ('A', 'x', 'w', 1), ('b', 'x', 'w', 2), ('b', 'X', 'w', 2), ('c', 'x', 'w', 3), ('c', 'x', 'W', 3)`,
  );
  await source.sql(
    `UPDATE t SET n = 10 WHERE v = 'A' COLLATE "C"; UPDATE t SET n = 20 WHERE c = 'X' COLLATE "C"; DELETE FROM t WHERE w = 'W' COLLATE "C"`,
    options.database,
  );
  const run = await startApply(options);
  await run.drain();
  await run.close();
  await expectEqual(options);
  expect(run.counts.drifted).toBe(0);
});

it('a row that moves into a row filter without its large value halts instead of arriving without it', async () => {
  const options = await place(
    `CREATE TABLE t (id int PRIMARY KEY, big text); ALTER TABLE t ALTER big SET STORAGE EXTERNAL; ALTER TABLE t ADD open bool;
     ALTER TABLE t ALTER open SET NOT NULL; CREATE UNIQUE INDEX t_open ON t (id, open); ALTER TABLE t REPLICA IDENTITY USING INDEX t_open`,
  );
  const { database } = options;
  await source.sql(`DROP PUBLICATION ${database}; CREATE PUBLICATION ${database} FOR TABLE t WHERE (open)`, database);
  await source.sql(`INSERT INTO t VALUES (1, repeat('x', 9000), false), (2, 'small', false)`, database);
  await source.sql('UPDATE t SET open = true WHERE id = 2', database);
  await source.sql('UPDATE t SET open = true WHERE id = 1', database);
  const halt = await halted(await startApply(options));
  expect(halt).toMatchObject({ kind: 'drift', schema: 'public', table: 't', choices: ['retry', 'skip', 'copyAgain'] });
  expect(await target.sql('SELECT id, big FROM t', database)).toEqual([{ id: 2, big: 'small' }]);
});

it('a window that waits behind one that is done again has its statements', async () => {
  const options = await place(
    `CREATE TABLE t (id int PRIMARY KEY, n int UNIQUE); INSERT INTO t SELECT i, i FROM generate_series(1, 60) i;
     CREATE TABLE v (id int PRIMARY KEY, n int); INSERT INTO v VALUES (1, 0)`,
  );
  const session = await openPipelineSession(target.profile(options.database));
  const tables: BoundTable[] = [];
  const lane = new Lane({ session, staging: true, tables, onDrift: () => false });
  for (const name of ['t', 'v']) {
    const described = await lane.describe('public', name);
    if (!described) throw new Error(`no ${name}`);
    const route = { schema: 'public', name, syncedAt: 0n };
    tables.push(bindTable(tables.length, table(tables.length, name, ['id', 'n']), route, described));
  }
  const apply = (number: number, rows: readonly (readonly [number, number])[]): Promise<void> => {
    const window = new Window(64);
    window.transactions.push({ commitLsn: 1n, endLsn: 2n, committedAt: 0 });
    for (const row of rows) window.add(UPDATE, number, -1, window.keep(tuple(row.map(String)), 0), 1);
    return lane.apply(window, null, { progress: [] });
  };
  const ids = Array.from({ length: 60 }, (_each, at) => at + 1);
  await apply(1, [[1, 1]]);
  // Each takes the value of the next, by way of another: that goes one by one only.
  const turned = apply(0, [...ids.map((id) => [id, -id] as const), ...ids.map((id) => [id, (id % 60) + 1] as const)]);
  const behind = apply(1, [[1, 2]]);
  await Promise.all([turned, behind]);
  await apply(1, [[1, 3]]);
  await session.end();
  expect(await target.sql('SELECT n FROM v', options.database)).toEqual([{ n: 3 }]);
  expect(await target.sql('SELECT count(*)::int AS n FROM t WHERE n = id % 60 + 1', options.database)).toEqual([
    { n: 60 },
  ]);
});

describe('a table that nobody knows of', () => {
  it('halts with its first change, and nothing of the transaction is there', async () => {
    const options = await place('CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE late (id int PRIMARY KEY)');
    const { database } = options;
    const known: ApplyOptions = {
      ...options,
      routes: ({ schema, name }) => (name === 'late' ? undefined : { schema, name, syncedAt: 0n }),
    };
    await source.sql('BEGIN; INSERT INTO t VALUES (1); INSERT INTO late VALUES (1); COMMIT', database);
    const halt = await halted(await startApply(known));
    expect(halt).toMatchObject({ kind: 'structure', schema: 'public', table: 'late', choices: ['retry', 'skip'] });
    expect(halt.id).toMatch(/^structure:\d+:[0-9a-f]{16}$/);
    expect(await target.sql('SELECT id FROM t', database)).toEqual([]);

    const skipping = await startApply({ ...known, decisions: decided(database, halt.id) });
    await skipping.drain();
    await skipping.close();
    expect(skipping.notes).toEqual(['Left out by decision: changes of public.late']);
    await expectEqual(options);
    expect(await target.sql('SELECT id FROM late', database)).toEqual([]);
  });

  it('is passed over where it is known to be left out, and when it is ours', async () => {
    const options = await place(
      'CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE other (id int PRIMARY KEY); CREATE SCHEMA howdah_migration',
    );
    const { database } = options;
    await source.sql(
      `CREATE TABLE howdah_migration.note (id int PRIMARY KEY); INSERT INTO howdah_migration.note VALUES (1);
       BEGIN; INSERT INTO other VALUES (1); INSERT INTO t VALUES (1); TRUNCATE other; COMMIT`,
      database,
    );
    const run = await startApply({
      ...options,
      routes: ({ schema, name }) =>
        schema === 'public' ? (name === 'other' ? 'left-out' : { schema, name, syncedAt: 0n }) : undefined,
    });
    await run.drain();
    await run.close();
    await expectEqual(options);
    expect(run.counts.drifted).toBe(0);
  });
});

it('TRUNCATE of a table that another one refers to, which was not emptied, halts instead of emptying both', async () => {
  const options = await place(
    'CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE child (id int); INSERT INTO t VALUES (1); INSERT INTO child VALUES (1)',
  );
  const { database } = options;
  await target.sql('ALTER TABLE child ADD FOREIGN KEY (id) REFERENCES t', database);
  await source.sql('BEGIN; INSERT INTO t VALUES (2); TRUNCATE t; INSERT INTO t VALUES (3); COMMIT', database);
  const halt = await halted(await startApply(options));
  expect(halt).toMatchObject({ kind: 'drift', statement: 'TRUNCATE ONLY public.t', choices: ['retry', 'skip'] });
  expect(halt.text).toMatch(/referenced in a foreign key constraint/);
  expect(await target.sql('SELECT id FROM t', database)).toEqual([{ id: 1 }]);

  await target.sql('ALTER TABLE child DROP CONSTRAINT child_id_fkey', database);
  const run = await startApply(options);
  await run.drain();
  await run.close();
  await expectEqual(options);
  await expectEqual(options, 'child');
});
