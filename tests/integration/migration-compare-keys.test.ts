import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compareServers } from '../support/migration-compare';
import { startServer, type TestServer } from '../support/postgres';

/** Tables of all kinds of keys, and of none, between servers of two versions. */

let source: TestServer;
let target: TestServer;

beforeAll(async () => {
  source = await startServer({ major: 15 });
  target = await startServer({ major: 17 });
}, 120_000);
afterAll(async () => {
  await Promise.all([source?.stop(), target?.stop()]);
});

const both = async (database: string, sql: string): Promise<void> => {
  for (const server of [source, target]) {
    await server.createDatabase(database);
    await server.sql(sql, database);
  }
};

/** One after the other, as `kind key`. */
const shown = (rows: readonly { kind: string; key: readonly { value: string | null }[] }[] = []): string[] =>
  rows.map(({ kind, key }) => `${kind} ${key.map(({ value }) => value).join('|')}`).toSorted();

test('a difference of one bit in a million rows is found and named', async () => {
  await both(
    'million',
    `CREATE TABLE big (id bigint PRIMARY KEY, n float8, t text, b bytea);
     INSERT INTO big SELECT i, i / 3.0, md5(i::text), decode(md5((i * 7)::text), 'hex') FROM generate_series(1, 1000000) i;
     ANALYZE;`,
  );
  await target.sql('UPDATE big SET b = set_bit(b, 77, 1 - get_bit(b, 77)) WHERE id = 654321', 'million');
  const { totals, differences, tables } = await compareServers(source, target, 'million');
  expect(totals).toMatchObject({ different: 1, differences: 1, rows: 1_000_000 });
  expect(tables.get('public.big')).toMatchObject({ sourceRows: 1_000_000, targetRows: 1_000_000 });
  expect(tables.get('public.big')?.chunks).toBeGreaterThan(3);
  const [row] = differences.get('public.big') ?? [];
  expect(row).toMatchObject({ kind: 'changed', key: [{ column: 'id', value: '654321' }] });
  expect(row?.columns.map(({ column }) => column)).toEqual(['b']);
  expect(row?.columns[0]?.source).not.toBe(row?.columns[0]?.target);

  // It ends at once when it is told to.
  const ending = new AbortController();
  const comparing = compareServers(source, target, 'million', {
    signal: ending.signal,
    onTable: ({ chunksDone }) => {
      if (chunksDone > 0) ending.abort();
    },
  });
  await expect(comparing).rejects.toMatchObject({ code: 'cancelled' });
});

describe('keys', () => {
  beforeAll(async () => {
    await both(
      'keys',
      `CREATE TABLE pairs (b text COLLATE "C", a int, v int, PRIMARY KEY (a, b));
       INSERT INTO pairs SELECT 'k' || i, i % 50, i FROM generate_series(1, 6000) i;
       CREATE TABLE words (w text PRIMARY KEY, v int);
       INSERT INTO words SELECT md5(i::text) || CASE i % 3 WHEN 0 THEN '-É' WHEN 1 THEN ' a' ELSE 'B;''' END, i FROM generate_series(1, 6000) i;
       CREATE TABLE ids (id uuid PRIMARY KEY, v int);
       INSERT INTO ids SELECT md5(i::text)::uuid, i FROM generate_series(1, 6000) i;
       CREATE SCHEMA "Odd ""schema""";
       CREATE TABLE "Odd ""schema"""."table; --" ("key" varchar(20), "select" int, "na""me" int NOT NULL, "$1" text, UNIQUE ("na""me"));
       INSERT INTO "Odd ""schema"""."table; --" SELECT 'k' || i, i, i, i FROM generate_series(1, 6000) i;
       CREATE TYPE size AS ENUM ('s', 'm', 'l', 'xl');
       CREATE TABLE sizes (size size, at timestamptz, f float8, v int, PRIMARY KEY (size, at, f));
       INSERT INTO sizes SELECT (ARRAY['s','m','l','xl'])[1 + i % 4]::size, 'epoch'::timestamptz + i * interval '1.1 s', i / 7.0, i
         FROM generate_series(1, 6000) i;
       CREATE TABLE part (id int, v int, PRIMARY KEY (id)) PARTITION BY RANGE (id);
       CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM (MINVALUE) TO (3000);
       CREATE TABLE part_2 PARTITION OF part DEFAULT;
       INSERT INTO part SELECT i, i FROM generate_series(1, 6000) i;
       CREATE TABLE parent (id int PRIMARY KEY, v int);
       CREATE TABLE child (PRIMARY KEY (id)) INHERITS (parent);
       INSERT INTO parent VALUES (1, 1); INSERT INTO child VALUES (2, 2);
       CREATE TABLE twice (id int PRIMARY KEY, v int, d int GENERATED ALWAYS AS (v * 2) STORED);
       INSERT INTO twice VALUES (1, 1), (2, 2);
       CREATE TABLE empty (id int PRIMARY KEY);
       CREATE TABLE nothing ();
       CREATE TABLE bare (v int, t text);
       INSERT INTO bare SELECT i % 10, NULL FROM generate_series(1, 1000) i;
       ANALYZE;`,
    );
  });

  test('of all kinds are equal in parts of any size', async () => {
    for (const chunkRows of [700, 50_000]) {
      const { tables, totals } = await compareServers(source, target, 'keys', { chunkRows, jobs: 3 });
      expect([...tables.values()].filter(({ result }) => result !== 'equal')).toEqual([]);
      expect(totals).toMatchObject({ differences: 0, failed: 0, equal: 13 });
      expect(tables.get('public.pairs')?.chunks).toBeGreaterThanOrEqual(chunkRows === 700 ? 2 : 1);
      expect(tables.has('public.part')).toBe(false);
    }
  });

  test('of rows that are missing, that are too many and that differ are named', async () => {
    await target.sql(
      `DELETE FROM pairs WHERE v = 17; INSERT INTO pairs VALUES ('new', 3, 1); UPDATE pairs SET v = -v WHERE v = 5999;
       DELETE FROM words WHERE v IN (1, 2); UPDATE words SET v = NULL WHERE v = 4000; INSERT INTO words VALUES ('', 1), ('zzz', 2);
       DELETE FROM ids WHERE v = 3000; UPDATE ids SET v = 0 WHERE v = 1;
       UPDATE "Odd ""schema"""."table; --" SET "$1" = 'x' WHERE "na""me" = 6000;
       UPDATE sizes SET v = 0 WHERE v = 77; DELETE FROM part WHERE id = 2999; UPDATE part SET v = 0 WHERE id = 3001;
       UPDATE child SET v = 3; DELETE FROM bare WHERE ctid = '(0,1)'; INSERT INTO empty VALUES (1);`,
      'keys',
    );
    for (const chunkRows of [700, 50_000]) {
      const { differences, tables } = await compareServers(source, target, 'keys', { chunkRows });
      expect(shown(differences.get('public.pairs'))).toEqual(['changed 49|k5999', 'extra 3|new', 'missing 17|k17']);
      expect(shown(differences.get('public.words'))).toHaveLength(5);
      expect(shown(differences.get('public.words')).map((each) => each.split(' ')[0])).toEqual([
        'changed',
        'extra',
        'extra',
        'missing',
        'missing',
      ]);
      expect(shown(differences.get('public.ids')).map((each) => each.split(' ')[0])).toEqual(['changed', 'missing']);
      expect(differences.get('Odd "schema".table; --')).toEqual([
        {
          kind: 'changed',
          key: [{ column: 'na"me', value: '6000' }],
          columns: [{ column: '$1', source: '6000', target: 'x' }],
        },
      ]);
      expect(shown(differences.get('public.sizes'))).toHaveLength(1);
      expect(shown(differences.get('public.part_1'))).toEqual(['missing 2999']);
      expect(shown(differences.get('public.part_2'))).toEqual(['changed 3001']);
      expect(shown(differences.get('public.child'))).toEqual(['changed 2']);
      expect(shown(differences.get('public.empty'))).toEqual(['extra 1']);
      expect(tables.get('public.parent')).toMatchObject({ result: 'equal', sourceRows: 1 });
      expect(tables.get('public.bare')).toMatchObject({
        result: 'different',
        differences: 1,
        sourceRows: 1000,
        targetRows: 999,
      });
      expect(tables.get('public.bare')?.reason).toContain('no key');
    }
  });

  test('are not asked for where only the rows are counted', async () => {
    const { tables, differences } = await compareServers(source, target, 'keys', { mode: 'rowCount' });
    expect(tables.get('public.pairs')).toMatchObject({ result: 'equal', sourceRows: 6000, targetRows: 6000 });
    expect(tables.get('public.ids')).toMatchObject({ result: 'different', differences: 1, targetRows: 5999 });
    expect(differences.size).toBe(0);
  });
});

test('a sample takes the same parts for the same seed, and about as many as it is told', async () => {
  await both(
    'sampled',
    'CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t SELECT generate_series(1, 100000); ANALYZE;',
  );
  const rows = async (seed: string): Promise<number> =>
    (await compareServers(source, target, 'sampled', { mode: 'sample', samplePercent: 20, chunkRows: 10_000, seed }))
      .totals.rows;
  const [first, second, other] = [await rows('one'), await rows('one'), await rows('other')];
  expect(first).toBe(second);
  for (const count of [first, other]) {
    expect(count).toBeGreaterThan(2000);
    expect(count).toBeLessThan(60_000);
  }
});

test('thousands of rows that differ are counted, and a thousand of them listed', async () => {
  await both(
    'many',
    'CREATE TABLE t (id int PRIMARY KEY, v int); INSERT INTO t SELECT i, i FROM generate_series(1, 20000) i; ANALYZE;',
  );
  await target.sql('UPDATE t SET v = -1 WHERE id > 12000; DELETE FROM t WHERE id <= 500', 'many');
  const { tables, differences } = await compareServers(source, target, 'many', { chunkRows: 3000 });
  expect(tables.get('public.t')).toMatchObject({
    result: 'different',
    differences: 8500,
    sourceRows: 20_000,
    targetRows: 19_500,
  });
  expect(differences.get('public.t')).toHaveLength(1000);
});

test('filters, other names and a target that keeps keys twice', async () => {
  await source.createDatabase('named');
  await target.createDatabase('other');
  await source.sql(
    "CREATE TABLE orders (id int PRIMARY KEY, kind text); INSERT INTO orders SELECT i, CASE WHEN i % 2 = 0 THEN 'a' ELSE 'b' END FROM generate_series(1, 100) i;",
    'named',
  );
  await target.sql(
    "CREATE SCHEMA sales; CREATE TABLE sales.bills (id int, kind text); INSERT INTO sales.bills SELECT i, 'a' FROM generate_series(2, 100, 2) i;",
    'other',
  );
  const choice = {
    name: 'named',
    newName: 'other',
    mode: 'all' as const,
    schemas: [
      {
        name: 'public',
        newName: 'sales',
        mode: 'all' as const,
        tables: [{ name: 'orders', newName: 'bills', rowFilter: "kind = 'a' -- the even ones" }],
        views: [],
        functions: [],
        sequences: [],
      },
    ],
  };
  const { tables } = await compareServers(source, target, 'named', { choice });
  expect(tables.get('public.orders')).toMatchObject({ result: 'equal', sourceRows: 50 });
  await target.sql("INSERT INTO sales.bills VALUES (4, 'a'), (1, 'b')", 'other');
  const { differences } = await compareServers(source, target, 'named', { choice });
  expect(shown(differences.get('public.orders'))).toEqual(['extra 1', 'extra 4']);
});

test('databases of other encodings', async () => {
  const text =
    "CREATE TABLE t (id int PRIMARY KEY, w text, c char(4)); INSERT INTO t VALUES (1, 'déjà', 'é'), (2, NULL, NULL), (3, repeat('ü', 70000), 'x');";
  await source.createDatabase('latin', "TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'");
  await target.createDatabase('latin', "TEMPLATE template0 ENCODING 'UTF8'");
  for (const server of [source, target]) await server.sql(text, 'latin');
  const { tables } = await compareServers(source, target, 'latin');
  expect(tables.get('public.t')).toMatchObject({ result: 'equal', sourceRows: 3 });
  await target.sql("UPDATE t SET w = 'dejà' WHERE id = 1", 'latin');
  const { differences } = await compareServers(target, source, 'latin');
  expect(differences.get('public.t')).toEqual([
    {
      kind: 'changed',
      key: [{ column: 'id', value: '1' }],
      columns: [{ column: 'w', source: 'dejà', target: 'déjà' }],
    },
  ]);
});

test('strings that the servers put into another order are found all the same', async () => {
  await source.createDatabase('order', "TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'");
  await target.createDatabase(
    'order',
    "TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'",
  );
  const sql = `CREATE TABLE t (w text PRIMARY KEY, v int);
    INSERT INTO t SELECT CASE i % 2 WHEN 0 THEN upper(md5(i::text)) ELSE md5(i::text) END || chr(33 + i % 90), i FROM generate_series(1, 8000) i; ANALYZE;`;
  for (const server of [source, target]) await server.sql(sql, 'order');
  const equal = await compareServers(source, target, 'order', { chunkRows: 500 });
  expect(equal.tables.get('public.t')).toMatchObject({
    result: 'equal',
    sourceRows: 8000,
    targetRows: 8000,
    differences: 0,
  });
  await target.sql(
    "UPDATE t SET v = -1 WHERE v = 4711; DELETE FROM t WHERE v = 5; INSERT INTO t VALUES ('ZZ', 1), ('aA', 1)",
    'order',
  );
  const { differences } = await compareServers(source, target, 'order', { chunkRows: 500 });
  expect(shown(differences.get('public.t')).map((each) => each.split(' ')[0])).toEqual([
    'changed',
    'extra',
    'extra',
    'missing',
  ]);
});

test('what the account may not read, or not all of, is told of the table, and others go on', async () => {
  await both(
    'rights',
    `CREATE TABLE open (id int PRIMARY KEY); CREATE TABLE shut (id int PRIMARY KEY); CREATE TABLE hidden (id int PRIMARY KEY);
     INSERT INTO open VALUES (1); INSERT INTO shut VALUES (1); INSERT INTO hidden VALUES (1);`,
  );
  await target.sql(
    `CREATE ROLE reader LOGIN; GRANT SELECT ON open, hidden TO reader;
     ALTER TABLE hidden ENABLE ROW LEVEL SECURITY; CREATE POLICY none ON hidden USING (false);`,
    'rights',
  );
  const { tables, totals } = await compareServers(source, target, 'rights', { targetUser: 'reader' });
  expect(tables.get('public.open')).toMatchObject({ result: 'equal' });
  expect(tables.get('public.shut')).toMatchObject({ result: 'failed' });
  expect(tables.get('public.shut')?.reason).toContain('permission denied');
  expect(tables.get('public.hidden')?.reason).toContain('row-level security');
  expect(totals).toMatchObject({ equal: 1, failed: 2, different: 0 });
});
