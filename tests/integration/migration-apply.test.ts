import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Applier } from '../../electron/control-plane/migration/follow/apply/applier';
import type { ChangeSink } from '../../electron/control-plane/migration/follow/change-stream';
import { FollowHalt } from '../../electron/control-plane/migration/follow/follow-model';
import type { Decision } from '../../shared/model/migration';
import { makeSlot, startApply, type ApplyOptions, type ApplyRun } from '../support/migration-apply';
import { startServer, type TestServer } from '../support/postgres';

let source: TestServer;
let target: TestServer;
let databases = 0;

beforeAll(async () => {
  [source, target] = await Promise.all([
    startServer({ major: 15, settings: ['wal_level = logical', 'max_replication_slots = 60', 'max_wal_senders = 20'] }),
    startServer({ major: 16 }),
  ]);
});
afterAll(() => Promise.all([source?.stop(), target?.stop()]));

interface Case {
  /** Makes the tables on both sides. */
  readonly structure: string;
  /** Only there, after the structure. */
  readonly onTarget?: string;
  /** On both sides, before the stream begins. */
  readonly rows?: string;
  /** On the source; each is a transaction. */
  readonly changes: readonly string[];
  /** Tables to compare, quoted; all of them by default `t`. */
  readonly tables?: readonly string[];
  readonly options?: Partial<ApplyOptions>;
}

const bound = (sink: ChangeSink): ChangeSink => ({
  begin: sink.begin.bind(sink),
  commit: sink.commit.bind(sink),
  origin: sink.origin.bind(sink),
  relation: sink.relation.bind(sink),
  insert: sink.insert.bind(sink),
  update: sink.update.bind(sink),
  delete: sink.delete.bind(sink),
  truncate: sink.truncate.bind(sink),
  message: sink.message.bind(sink),
});

interface Place {
  readonly database: string;
  readonly options: ApplyOptions;
}

async function place(given: Case): Promise<Place> {
  databases += 1;
  const database = `apply${databases}`;
  for (const server of [source, target]) {
    await server.createDatabase(database);
    await server.sql(given.structure, database);
  }
  if (given.onTarget) await target.sql(given.onTarget, database);
  if (given.rows) for (const server of [source, target]) await server.sql(given.rows, database);
  await makeSlot(source, database, database);
  return { database, options: { source, target, database, slot: database, ...given.options } };
}

const contents = (server: TestServer, database: string, table: string) =>
  server.sql(`SELECT t::text AS row FROM ${table} t ORDER BY 1`, database);

async function expectEqual(database: string, tables: readonly string[] = ['t']): Promise<void> {
  for (const table of tables)
    expect(await contents(target, database, table)).toEqual(await contents(source, database, table));
}

/** Applies the changes in every way: in batches of one large window, in batches that are parts of a transaction, and one by one in tiny windows. */
async function holds(given: Case): Promise<ApplyRun[]> {
  const runs: ApplyRun[] = [];
  for (const windowBytes of [undefined, 4000, 300]) {
    const { database, options } = await place(given);
    for (const change of given.changes) await source.sql(change, database);
    const run = await startApply({ ...options, ...(windowBytes === undefined ? {} : { windowBytes }) });
    try {
      await run.drain();
      await expectEqual(database, given.tables);
    } finally {
      await run.close();
    }
    runs.push(run);
  }
  return runs;
}

describe('rows', () => {
  it('of every type keep their text, whatever stands in it', async () => {
    const runs = await holds({
      structure: `CREATE TYPE mood AS ENUM ('sad', 'it''s', 'a,b', '"q"', 'null');
        CREATE DOMAIN short AS varchar(5) CHECK (length(value) < 6);
        CREATE TABLE t (id int PRIMARY KEY, b text, m mood, ms mood[], bits bit(5), vb bit varying(9), raw bytea, doc jsonb, js json,
          n numeric(12,3), f float8, r real, ts timestamptz, d date, iv interval, ar int[][], tx text[], ip inet, u uuid, x xml, p point,
          c char(4), q "char", s short, rg int4range, tv tsvector, mo money, o boolean)`,
      changes: [
        `INSERT INTO t SELECT i, E'tab\\t nl\\n cr\\r bs\\\\ \\\\N \\\\. ''q'' "d" {},()' || i, 'it''s', '{sad,"a,b","\\"q\\"","null",NULL}', B'10101',
          B'1', '\\x00ff5c0a09', '{"a": "\\\\n\\u00e9"}', '{"b" :  1, "b": 2}', 1234.5, 0.1 + i, 'NaN', '2024-02-29 23:59:59.999999+02', 'infinity', '-1 mon +2 days 03:04:05.6',
          '{{1,2},{3,NULL}}', ARRAY['', NULL, 'NULL', E'a\\nb', '{', '"', E'\\\\'], '::1/64', md5(i::text)::uuid, '<a>&lt;</a>', '(0.1,-2e-30)',
          'ab', 'x', 'short', '[1,5)', 'a:1 ''b c'':2A', 12.34, i % 2 = 0 FROM generate_series(1, 200) i;`,
        `INSERT INTO t (id, b) SELECT i, '' FROM generate_series(201, 400) i`,
        `UPDATE t SET b = b || E'\\\\', ms = ms || 'null'::mood, bits = ~bits, raw = raw || '\\x5c'::bytea, tx = tx || E'\\t'::text, f = f / 3, c = 'b' WHERE id % 2 = 0`,
        `UPDATE t SET b = NULL, n = -0.001, iv = '1 year', q = '' WHERE id % 3 = 0; DELETE FROM t WHERE id % 7 = 0`,
      ],
    });
    expect(runs.map(({ counts }) => counts.drifted)).toEqual([0, 0, 0]);
  });

  it('with quoted names of 63 bytes, spaces, capitals and other alphabets', async () => {
    const runs = await holds({
      structure: `CREATE SCHEMA "S ""x"" é"; CREATE TABLE "S ""x"" é"."T $1 ${'y'.repeat(57)}" ("I d" int, "ключ" text, "select" text, "${'z'.repeat(63)}" text, PRIMARY KEY ("I d", "ключ"))`,
      tables: [`"S ""x"" é"."T $1 ${'y'.repeat(57)}"`],
      changes: [
        `INSERT INTO "S ""x"" é"."T $1 ${'y'.repeat(57)}" SELECT i, 'к' || i, 'a', 'b' FROM generate_series(1, 120) i`,
        `UPDATE "S ""x"" é"."T $1 ${'y'.repeat(57)}" SET "select" = 'c', "${'z'.repeat(63)}" = NULL WHERE "I d" > 20`,
        `UPDATE "S ""x"" é"."T $1 ${'y'.repeat(57)}" SET "ключ" = 'neu' || "I d" WHERE "I d" > 60`,
        `DELETE FROM "S ""x"" é"."T $1 ${'y'.repeat(57)}" WHERE "I d" % 2 = 0`,
      ],
    });
    expect(runs.map(({ counts }) => counts.drifted)).toEqual([0, 0, 0]);
  });

  it('whose large values did not change and did not come keep them, also when the key changes', async () => {
    const runs = await holds({
      structure: `CREATE TABLE t (id int PRIMARY KEY, big text, other text, n int); ALTER TABLE t ALTER big SET STORAGE EXTERNAL; ALTER TABLE t ALTER other SET STORAGE EXTERNAL`,
      rows: `INSERT INTO t SELECT i, repeat('abcdefghij', 400) || i, repeat('klm', 2000) || i, i FROM generate_series(1, 150) i`,
      changes: [
        `UPDATE t SET n = n + 1`,
        `UPDATE t SET other = 'now small' WHERE id < 100`,
        `UPDATE t SET id = id + 1000 WHERE id < 50`,
        `UPDATE t SET n = n + 1, big = 'x' WHERE id > 1010; UPDATE t SET n = n + 5; UPDATE t SET id = id + 1000 WHERE id > 1020`,
        `BEGIN; INSERT INTO t SELECT i, repeat('new', 3000), 'o', 1 FROM generate_series(5001, 5060) i; UPDATE t SET n = 7 WHERE id > 5000; UPDATE t SET id = id + 100 WHERE id > 5030; COMMIT`,
      ],
    });
    expect(runs.map(({ counts }) => counts.drifted)).toEqual([0, 0, 0]);
  });

  it('that swap values of a second unique index within a window are applied in their order', async () => {
    const structure = `CREATE TABLE t (id int PRIMARY KEY, place int UNIQUE, note text)`;
    const runs = await holds({
      structure,
      rows: `INSERT INTO t SELECT i, i, 'n' FROM generate_series(1, 200) i`,
      changes: [
        `UPDATE t SET place = -place WHERE id <= 100`,
        `UPDATE t SET place = -place + 1 WHERE id <= 99; UPDATE t SET place = 1 WHERE id = 100`,
        `DELETE FROM t WHERE id = 150; INSERT INTO t VALUES (500, 150, 'took it'); UPDATE t SET place = 150000 WHERE id = 500; UPDATE t SET place = 150 WHERE id = 151`,
      ],
    });
    expect(runs.map(({ counts }) => counts.drifted)).toEqual([0, 0, 0]);
  });

  it('that exchange their primary keys, or come and go under one key, end as on the source', async () => {
    const runs = await holds({
      structure: `CREATE TABLE t (a int, b text, n int, PRIMARY KEY (a, b))`,
      rows: `INSERT INTO t SELECT i, 'k' || i, i FROM generate_series(1, 100) i`,
      changes: [
        `BEGIN; UPDATE t SET a = -1 WHERE a = 1; UPDATE t SET a = 1, b = 'k1' WHERE a = 2; UPDATE t SET a = 2, b = 'k2' WHERE a = -1; COMMIT`,
        `BEGIN; DELETE FROM t WHERE a = 3; INSERT INTO t VALUES (3, 'k3', 33); UPDATE t SET n = 34 WHERE a = 3; DELETE FROM t WHERE a = 3; INSERT INTO t VALUES (3, 'k3', 35); COMMIT`,
        `BEGIN; INSERT INTO t SELECT i, 'new', 0 FROM generate_series(200, 300) i; DELETE FROM t WHERE a BETWEEN 210 AND 290; INSERT INTO t SELECT i, 'new', 1 FROM generate_series(250, 260) i; COMMIT`,
        `UPDATE t SET a = a + 1000; UPDATE t SET b = b || 'x', n = n + 1 WHERE a % 2 = 0`,
      ],
    });
    expect(runs.map(({ counts }) => counts.drifted)).toEqual([0, 0, 0]);
  });

  it('of tables with all old values and no key are told apart by every column, also among equal ones', async () => {
    const runs = await holds({
      structure: `CREATE TABLE t (a int, b text, j json, p point, f float8, x numeric); ALTER TABLE t REPLICA IDENTITY FULL`,
      rows: `INSERT INTO t SELECT i % 5, NULL, '{"a":1}', '(1,2)', 0.1, 1.0 FROM generate_series(1, 60) i; INSERT INTO t VALUES (1, 'b', NULL, NULL, 'NaN', 1.00)`,
      changes: [
        `DELETE FROM t WHERE ctid IN (SELECT ctid FROM t WHERE a = 1 AND b IS NULL LIMIT 3)`,
        `UPDATE t SET b = 'one of many' WHERE ctid IN (SELECT ctid FROM t WHERE a = 2 LIMIT 4)`,
        `DELETE FROM t WHERE x::text = '1.00'; UPDATE t SET j = NULL, p = '(3,4)' WHERE a = 3`,
        `INSERT INTO t SELECT 9, 'plenty', NULL, NULL, NULL, NULL FROM generate_series(1, 100); DELETE FROM t WHERE ctid IN (SELECT ctid FROM t WHERE a = 9 LIMIT 10)`,
      ],
    });
    expect(runs.map(({ counts }) => counts.drifted)).toEqual([0, 0, 0]);
  });

  it('of tables with all old values and a key, or an index as identity, are found by it', async () => {
    const runs = await holds({
      structure: `CREATE TABLE t (id int PRIMARY KEY, big text, n int); ALTER TABLE t REPLICA IDENTITY FULL; ALTER TABLE t ALTER big SET STORAGE EXTERNAL;
        CREATE TABLE u (id int, at date NOT NULL, other int NOT NULL, n int); CREATE UNIQUE INDEX u_i ON u (other, at); ALTER TABLE u REPLICA IDENTITY USING INDEX u_i`,
      tables: ['t', 'u'],
      rows: `INSERT INTO t SELECT i, repeat('abc', 2000), i FROM generate_series(1, 100) i; INSERT INTO u SELECT i, '2024-01-01'::date + i, i, i FROM generate_series(1, 100) i`,
      changes: [
        `UPDATE t SET n = -n; UPDATE t SET id = id + 1000 WHERE id > 50; DELETE FROM t WHERE id < 20`,
        `UPDATE u SET n = -n, id = NULL; UPDATE u SET other = other + 1000 WHERE n % 2 = 0; DELETE FROM u WHERE at < '2024-01-20'`,
      ],
    });
    expect(runs.map(({ counts }) => counts.drifted)).toEqual([0, 0, 0]);
  });

  it('of computed columns, identities and tables without keys go where they belong', async () => {
    const runs = await holds({
      structure: `CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n int, twice int GENERATED ALWAYS AS (n * 2) STORED, d int GENERATED BY DEFAULT AS IDENTITY);
        CREATE TABLE u (id int PRIMARY KEY, given int GENERATED ALWAYS AS IDENTITY, n int);
        CREATE TABLE log (at int, what text); CREATE TABLE nothing (); CREATE TABLE computed (g int GENERATED ALWAYS AS (1) STORED)`,
      tables: ['t', 'u', 'log', 'nothing', 'computed'],
      onTarget: `ALTER TABLE t ADD extra text DEFAULT NULL; ALTER TABLE t DROP extra`,
      changes: [
        `INSERT INTO t (n) SELECT i FROM generate_series(1, 100) i; INSERT INTO u (id, n) SELECT i, i FROM generate_series(1, 100) i; INSERT INTO log SELECT i, 'x' FROM generate_series(1, 100) i`,
        `UPDATE t SET n = n + 1 WHERE id > 10; DELETE FROM t WHERE id > 90; UPDATE u SET n = -n; INSERT INTO log VALUES (1, 'x'), (1, 'x')`,
        `INSERT INTO nothing DEFAULT VALUES; INSERT INTO nothing DEFAULT VALUES; INSERT INTO computed DEFAULT VALUES; UPDATE u SET id = id`,
      ],
    });
    expect(runs.map(({ counts }) => counts.drifted)).toEqual([0, 0, 0]);
  });

  it('of partitions arrive by their route, and TRUNCATE empties what it names in its place', async () => {
    const runs = await holds({
      structure: `CREATE TABLE t (id int, k text, n int, PRIMARY KEY (id, k)) PARTITION BY LIST (k);
        CREATE TABLE t_a PARTITION OF t FOR VALUES IN ('a'); CREATE TABLE t_b PARTITION OF t FOR VALUES IN ('b');
        CREATE TABLE base (id int PRIMARY KEY, n int); CREATE TABLE child (PRIMARY KEY (id)) INHERITS (base);
        CREATE TABLE s (id serial PRIMARY KEY, n int)`,
      tables: ['t', 'base', 's'],
      changes: [
        `INSERT INTO t SELECT i, CASE WHEN i % 2 = 0 THEN 'a' ELSE 'b' END, i FROM generate_series(1, 200) i; INSERT INTO base SELECT i, i FROM generate_series(1, 60) i; INSERT INTO child SELECT i, i FROM generate_series(1, 60) i; INSERT INTO s (n) SELECT i FROM generate_series(1, 60) i`,
        `UPDATE t SET k = 'a' WHERE id < 100 AND id % 2 = 1; UPDATE base SET n = -n WHERE id > 30; DELETE FROM ONLY base WHERE id < 10`,
        `BEGIN; INSERT INTO s (n) VALUES (1000); TRUNCATE s RESTART IDENTITY; INSERT INTO s (n) SELECT 5 FROM generate_series(1, 3); COMMIT`,
        `TRUNCATE ONLY base; INSERT INTO base VALUES (1, 1); TRUNCATE t_b; INSERT INTO t VALUES (9000, 'b', 1)`,
      ],
    });
    expect(runs.map(({ counts }) => counts.drifted)).toEqual([0, 0, 0]);
  });
});

describe('what does not fit', () => {
  const structure = 'CREATE TABLE t (id int PRIMARY KEY, n int)';
  const rows = 'INSERT INTO t SELECT i, i FROM generate_series(1, 200) i';

  async function halted(run: ApplyRun): Promise<FollowHalt> {
    const reason: unknown = await run.drain().then(
      () => null,
      (error: unknown) => error,
    );
    expect(reason).toBeInstanceOf(FollowHalt);
    if (!(reason instanceof FollowHalt)) throw new Error('no halt');
    return reason;
  }

  it.each([
    ['an update', 'UPDATE t SET n = 1000 WHERE id BETWEEN 50 AND 150', 'UPDATE public.t (id) = (77)'],
    ['a deletion', 'DELETE FROM t WHERE id BETWEEN 50 AND 150', 'DELETE public.t (id) = (77)'],
  ])('%s that finds no row stops the stream, and what was decided is done', async (_name, change, statement) => {
    const { database, options } = await place({ structure, rows, changes: [] });
    await target.sql('DELETE FROM t WHERE id = 77', database);
    await source.sql('UPDATE t SET n = -5 WHERE id < 10', database);
    await source.sql(change, database);
    const first = await startApply(options);
    const { halt } = await halted(first);
    await first.close();
    expect(halt).toMatchObject({ kind: 'drift', statement, schema: 'public', table: 't' });
    expect(await target.sql('SELECT count(*)::int AS n FROM t WHERE n = 1000', database)).toEqual([{ n: 0 }]);
    // The same change halts under the same name, whatever the windows.
    const second = await startApply({ ...options, windowBytes: 400 });
    expect((await halted(second)).halt.id).toBe(halt.id);
    await second.close();
    const decision: Decision = { database, id: halt.id, choice: 'skip' };
    const third = await startApply({ ...options, decisions: new Map([[halt.id, decision]]) });
    await third.drain();
    await third.close();
    expect(third.notes).toEqual([`Left out by decision: ${statement}`]);
    await source.sql('DELETE FROM t WHERE id = 77', database);
    await expectEqual(database);
  });

  it('is told and counted instead, where that was asked for', async () => {
    const { database, options } = await place({ structure, rows, changes: [] });
    await target.sql('DELETE FROM t WHERE id IN (60, 70)', database);
    await source.sql('UPDATE t SET n = 1 WHERE id > 50; DELETE FROM t WHERE id = 70', database);
    const run = await startApply({ ...options, onDrift: 'log' });
    await run.drain();
    await run.close();
    expect(run.counts.drifted).toBe(3);
    expect(run.notes).toContain('UPDATE public.t (id) = (60): the row is not on the receiving side');
    await source.sql('DELETE FROM t WHERE id = 60', database);
    await expectEqual(database);
  });

  it('an insertion of a row that is there, or that a constraint forbids, stops with the words of the server', async () => {
    const { database, options } = await place({ structure, rows, changes: [] });
    await target.sql('INSERT INTO t VALUES (300, 1); ALTER TABLE t ADD CHECK (n < 5000)', database);
    await source.sql('INSERT INTO t SELECT i, i FROM generate_series(201, 400) i', database);
    const first = await startApply(options);
    const { halt } = await halted(first);
    await first.close();
    expect(halt.text).toMatch(/duplicate key value violates unique constraint "t_pkey"/);
    expect(halt.statement).toBe('INSERT public.t (id) = (300)');
    await target.sql('DELETE FROM t WHERE id = 300', database);
    await source.sql('UPDATE t SET n = 9999 WHERE id = 12', database);
    const second = await startApply(options);
    expect((await halted(second)).halt.text).toMatch(/violates check constraint/);
    await second.close();
  });

  it('a table that lacks a column, or is not there, stops the stream before a change of it is applied', async () => {
    const { database, options } = await place({ structure, rows, changes: [] });
    await target.sql('ALTER TABLE t DROP n', database);
    await source.sql('UPDATE t SET n = 1', database);
    const first = await startApply(options);
    const { halt } = await halted(first);
    await first.close();
    expect(halt).toMatchObject({ kind: 'structure', schema: 'public', table: 't' });
    expect(halt.id).toMatch(/^structure:\d+:[0-9a-f]{16}$/);
    expect(halt.text).toMatch(/no column n/);
    await target.sql(
      'ALTER TABLE t ADD n int; ALTER TABLE t ADD must int NOT NULL DEFAULT 5; ALTER TABLE t ALTER must DROP DEFAULT',
      database,
    );
    const second = await startApply(options);
    expect((await halted(second)).halt.text).toMatch(/nothing comes for must/);
    await second.close();
    await target.sql('DROP TABLE t', database);
    const third = await startApply(options);
    expect((await halted(third)).halt.text).toMatch(/no such table/);
    await third.close();
  });
});

describe('statements', () => {
  it('run in their place within a transaction, and with it or not at all', async () => {
    const { database, options } = await place({
      structure: 'CREATE TABLE t (id int PRIMARY KEY, n int)',
      rows: 'INSERT INTO t SELECT i, i FROM generate_series(1, 200) i',
      changes: [],
    });
    await source.sql('UPDATE t SET n = n + 1', database);
    await source.sql(
      `BEGIN; UPDATE t SET n = -n; ALTER TABLE t ADD more text; UPDATE t SET more = 'm' || id; INSERT INTO t VALUES (500, 1, 'late'); COMMIT`,
      database,
    );
    await source.sql('DELETE FROM t WHERE id < 50', database);
    let altered = false;
    const alter = (wrong: boolean) => ({
      ...options,
      sink: (applier: Applier): ChangeSink => ({
        ...bound(applier),
        async relation(relation) {
          if (relation.columns.length === 3 && !altered) {
            altered = true;
            await applier.statements(['ALTER TABLE public.t ADD more text', ...(wrong ? ['SELECT 1/0'] : [])]);
          }
          await applier.relation(relation);
        },
      }),
    });
    const first = await startApply(alter(true));
    await expect(first.drain()).rejects.toThrow('division by zero');
    await first.close();
    expect(await target.sql('SELECT sum(n)::int AS n, count(*)::int AS rows FROM t', database)).toEqual([
      { n: 20_300, rows: 200 },
    ]);
    altered = false;
    const second = await startApply(alter(false));
    await second.drain();
    await second.close();
    await expectEqual(database);
  });
});

describe('accounts', () => {
  it('that may do nothing but write their tables are enough', async () => {
    const { database, options } = await place({
      structure: 'CREATE TABLE t (id int PRIMARY KEY, n int)',
      rows: 'INSERT INTO t SELECT i, i FROM generate_series(1, 200) i',
      changes: [],
    });
    await target.sql(
      `CREATE ROLE plain LOGIN; REVOKE TEMP ON DATABASE ${database} FROM PUBLIC; ALTER TABLE t OWNER TO plain`,
      database,
    );
    await source.sql(
      'UPDATE t SET n = -n; DELETE FROM t WHERE id < 50; INSERT INTO t SELECT i, 1 FROM generate_series(500, 600) i',
      database,
    );
    const early = startApply({ ...options, user: 'plain' });
    // The records of progress were made by the other account.
    await expect(early.then((run) => run.drain().finally(() => run.close()))).rejects.toThrow(/permission denied/);
    await target.sql(
      'GRANT USAGE ON SCHEMA howdah_migration TO plain; GRANT ALL ON ALL TABLES IN SCHEMA howdah_migration TO plain',
      database,
    );
    const run = await startApply({ ...options, user: 'plain' });
    await run.drain();
    await run.close();
    expect(run.notes).toEqual([
      'refused: session_replication_role',
      'The account may not make temporary tables: updates and deletions are applied one by one',
    ]);
    await expectEqual(database);
  });
});
