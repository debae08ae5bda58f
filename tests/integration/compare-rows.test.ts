import { afterAll, beforeAll, expect, it } from 'vitest';
import { errorInfo } from '../../shared/errors';
import { compareTable, listDataTables, type TableDifferences } from '../../electron/features/compare/compare-data';
import { rowScript } from '../../electron/features/compare/row-script';
import { runScript } from '../support/compare';
import { startServer, type TestServer } from '../support/postgres';

let old: TestServer;
let server: TestServer;
beforeAll(async () => {
  [old, server] = await Promise.all([startServer({ major: 10 }), startServer({ major: 18 })]);
}, 120_000);
afterAll(async () => {
  await Promise.all([old?.stop(), server?.stop()]);
});

interface Pair {
  readonly name: string;
  readonly from: TestServer;
}

const source = ({ name, from }: Pair) => ({ profile: from.profile(`${name}_source`), schema: null });
const target = ({ name }: Pair) => ({ profile: server.profile(`${name}_target`), schema: null });

/** Two databases with the same structure and other rows; the source may be one of the old server or in an encoding of its own. */
async function makePair(
  name: string,
  structure: string,
  rows: readonly [source: string, target: string],
  { from = server, options = '' } = {},
): Promise<Pair> {
  for (const [on, database, sql, extra] of [
    [from, `${name}_source`, rows[0], options],
    [server, `${name}_target`, rows[1], ''],
  ] as const) {
    await on.createDatabase(database, extra);
    await on.sql(structure + sql, database);
  }
  return { name, from };
}

const signal = new AbortController().signal;

const compare = (pair: Pair, name: string, abort = signal): Promise<TableDifferences> =>
  compareTable({ source: source(pair), target: target(pair), schema: 'public', name }, 1000, abort);

const countsOf = ({ onlySource, onlyTarget, changed, equal }: TableDifferences): number[] => [
  onlySource,
  onlyTarget,
  changed,
  equal,
];

/** Runs the script of a table and says what still differs. */
async function level(pair: Pair, name: string): Promise<{ sql: string; left: number[] }> {
  const { sql } = rowScript([await compare(pair, name)], true);
  await runScript({ server, database: `${pair.name}_target` }, sql);
  return { sql, left: countsOf(await compare(pair, name)) };
}

it.each(['old', 'new'])(
  'rows of children that inherit are neither read nor changed with their parent, those of partitions are (%s)',
  async (which) => {
    const pair = await makePair(
      `inherit_${which}`,
      `CREATE TABLE parent (id integer PRIMARY KEY, v text); CREATE TABLE child (extra integer, PRIMARY KEY (id)) INHERITS (parent);
       INSERT INTO child VALUES (1, 'child', 1), (2, 'child', 1), (3, 'child', 1);`,
      [
        `CREATE TABLE part (id integer NOT NULL, v text) PARTITION BY RANGE (id); CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM (0) TO (10);
         CREATE UNIQUE INDEX ON part_1 (id);
         INSERT INTO parent VALUES (1, 'a'), (2, 'new'); INSERT INTO part VALUES (1, 'a'), (2, 'new');`,
        `CREATE TABLE part (id integer PRIMARY KEY, v text) PARTITION BY RANGE (id); CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM (0) TO (10);
         INSERT INTO parent VALUES (2, 'old'), (3, 'gone'); INSERT INTO part VALUES (2, 'old'), (3, 'gone');`,
      ],
      { from: which === 'old' ? old : server },
    );
    expect(countsOf(await compare(pair, 'parent'))).toEqual([1, 1, 1, 0]);
    const { sql, left } = await level(pair, 'parent');
    expect(sql).toContain("UPDATE ONLY public.parent SET v = 'new'");
    expect(left).toEqual([0, 0, 0, 2]);
    expect(countsOf(await compare(pair, 'child'))).toEqual([0, 0, 0, 3]);
    expect((await level(pair, 'part')).left).toEqual([0, 0, 0, 2]);
  },
);

it('a key of a generated column is not used: another is, or none', async () => {
  const pair = await makePair(
    'generated',
    `CREATE TABLE none (n integer NOT NULL, k integer GENERATED ALWAYS AS (-n) STORED PRIMARY KEY, v text);
     CREATE TABLE other (n integer NOT NULL UNIQUE, k integer GENERATED ALWAYS AS (-n) STORED PRIMARY KEY, v text);
     CREATE TABLE mixed (n integer NOT NULL, k integer GENERATED ALWAYS AS (-n) STORED, v text, PRIMARY KEY (n, k));`,
    [
      `INSERT INTO other (n, v) VALUES (1, 'a'), (2, 'b'), (3, 'c');`,
      `INSERT INTO other (n, v) VALUES (2, 'x'), (3, 'c'), (4, 'd');`,
    ],
  );
  const tables = await listDataTables(source(pair), target(pair), signal);
  expect(tables.map(({ name, key, reason }) => [name, key, reason])).toEqual([
    ['mixed', [], 'no-key'],
    ['none', [], 'no-key'],
    ['other', ['n'], ''],
  ]);
  await expect(compare(pair, 'none')).rejects.toMatchObject({ code: 'unsupported' });
  expect(countsOf(await compare(pair, 'other'))).toEqual([1, 1, 1, 1]);
  expect((await level(pair, 'other')).left).toEqual([0, 0, 0, 3]);
});

it('the same rows in databases of other encodings are the same', async () => {
  const words = ['а', 'я', 'ё', 'Ё', 'А', 'z', '€', '№', '«', 'ђ', 'аё', 'ая', 'а я', ''];
  const values = words.map((word, at) => `('${word}', ${at})`).join(', ');
  const moods = words.slice(0, -1).map((word) => `'${word}'`);
  const pair = await makePair(
    'encodings',
    `CREATE TABLE words (w text, n integer, PRIMARY KEY (w, n)); INSERT INTO words VALUES ${values};
     CREATE TYPE mood AS ENUM (${moods.join(', ')}); CREATE TABLE moods (m mood PRIMARY KEY, v text); INSERT INTO moods VALUES (${moods.join('), (')});`,
    ['', ''],
    { options: `TEMPLATE template0 ENCODING 'WIN1251' LC_COLLATE 'C' LC_CTYPE 'C'` },
  );
  expect(countsOf(await compare(pair, 'words'))).toEqual([0, 0, 0, words.length]);
  expect(countsOf(await compare(pair, 'moods'))).toEqual([0, 0, 0, moods.length]);
  await server.sql(`DELETE FROM words WHERE w = 'ё'; INSERT INTO words VALUES ('😀', 1)`, 'encodings_target');
  expect(countsOf(await compare(pair, 'words'))).toEqual([1, 1, 0, words.length - 1]);
});

it('values that are equal are one key, however they look, and become the same', async () => {
  const pair = await makePair(
    'equal',
    `CREATE EXTENSION citext; CREATE DOMAIN price AS numeric; CREATE DOMAIN dear AS price CHECK (VALUE <> 13);
     CREATE TABLE cased (k citext PRIMARY KEY, v integer); CREATE TABLE figures (k numeric PRIMARY KEY, v integer);
     CREATE TABLE domains (k dear PRIMARY KEY, v integer); CREATE TABLE floats (k float8 PRIMARY KEY, v integer);
     CREATE TABLE days (k date, at timestamptz, v integer, PRIMARY KEY (k, at));`,
    [
      `INSERT INTO cased VALUES ('Anna', 1), ('BOB', 2), ('cy', 3), ('É', 4); INSERT INTO floats VALUES ('-0', 1), ('NaN', 2), ('-Infinity', 3), (0.5, 4), (1e300, 5);
       INSERT INTO figures VALUES (1.00, 1), (10, 2), (100.0, 3), ('NaN', 4), (-0.50, 5), (0.000, 6), (1e20, 7); INSERT INTO domains SELECT * FROM figures;
       INSERT INTO days VALUES ('infinity', '-infinity', 1), ('0044-03-15 BC', '0044-03-15 12:00+01 BC', 2), ('2020-01-01', '2020-01-01 02:00+02', 3), ('12020-01-01', 'infinity', 4);`,
      `INSERT INTO cased VALUES ('anna', 1), ('Bob', 2), ('cy', 3), ('É', 4); INSERT INTO floats VALUES (0, 1), ('NaN', 2), ('-Infinity', 3), (0.5, 4), (1e300, 6);
       INSERT INTO figures VALUES (1.0, 1), (10.00, 2), (100, 3), ('NaN', 4), (-0.5, 5), (0, 6), (1e20, 8); INSERT INTO domains SELECT * FROM figures;
       INSERT INTO days VALUES ('infinity', '-infinity', 1), ('0044-03-15 BC', '0044-03-15 11:00+00 BC', 2), ('2020-01-01', '2020-01-01 00:00+00', 3), ('12020-01-01', 'infinity', 5);
       ALTER DATABASE equal_target SET datestyle = 'German'; ALTER DATABASE equal_target SET timezone = 'Asia/Tokyo'; ALTER DATABASE equal_target SET extra_float_digits = -5;`,
    ],
  );
  const counts: Record<string, number[]> = {};
  for (const name of ['cased', 'figures', 'domains', 'floats', 'days'])
    counts[name] = countsOf(await compare(pair, name));
  expect(counts).toEqual({
    cased: [0, 0, 2, 2],
    figures: [0, 0, 6, 1],
    domains: [0, 0, 6, 1],
    floats: [0, 0, 2, 3],
    days: [0, 0, 1, 3],
  });
  for (const name of Object.keys(counts)) {
    const all = counts[name]?.reduce((sum, count) => sum + count, 0);
    expect([name, (await level(pair, name)).left]).toEqual([name, [0, 0, 0, all]]);
  }
});

it('floating-point numbers of servers that write more figures are the same', async () => {
  const pair = await makePair(
    'figures',
    `CREATE TABLE t (k float8 PRIMARY KEY, s float4, v integer); INSERT INTO t VALUES (0.1, 0.1, 1), (1e-300, 3e10, 2), (-2.5, 'NaN', 3), (0.7, 0.7, 4);`,
    ['UPDATE t SET s = 0.70000005, v = 5 WHERE k = 0.7', ''],
    { from: old },
  );
  expect(countsOf(await compare(pair, 't'))).toEqual([0, 0, 1, 3]);
  expect(await level(pair, 't')).toMatchObject({
    sql: expect.stringContaining(`UPDATE ONLY public.t SET s = '0.700000048', v = '5' WHERE k = '0.7';`),
    left: [0, 0, 0, 4],
  });
});

it('an integer key of one side matches a numeric key of the other, a text only the same text', async () => {
  const pair = await makePair('types', '', [
    `CREATE TABLE a (k numeric PRIMARY KEY); INSERT INTO a VALUES (1.0), (20), (3); CREATE TABLE b (k text PRIMARY KEY); INSERT INTO b VALUES ('A'), ('1.0');`,
    `CREATE EXTENSION citext; CREATE TABLE a (k bigint PRIMARY KEY); INSERT INTO a VALUES (1), (20), (4); CREATE TABLE b (k citext PRIMARY KEY); INSERT INTO b VALUES ('a'), ('1.0');`,
  ]);
  expect(countsOf(await compare(pair, 'a'))).toEqual([1, 1, 1, 1]);
  expect(countsOf(await compare(pair, 'b'))).toEqual([1, 1, 0, 1]);
});

it('an identity column that is always generated is filled by inserts, and left alone by updates with a word', async () => {
  const pair = await makePair(
    'identity',
    `CREATE TABLE t (k text PRIMARY KEY, "n"";
DROP" integer GENERATED ALWAYS AS IDENTITY, v text); CREATE TABLE only_n (k text PRIMARY KEY, n integer GENERATED ALWAYS AS IDENTITY);`,
    [
      `INSERT INTO t OVERRIDING SYSTEM VALUE VALUES ('a', 1, 'new'), ('b', 70, 'b'); INSERT INTO only_n VALUES ('a');`,
      `INSERT INTO t OVERRIDING SYSTEM VALUE VALUES ('a', 5, 'old'); INSERT INTO only_n OVERRIDING SYSTEM VALUE VALUES ('a', 9);`,
    ],
    { from: old },
  );
  const { sql, left } = await level(pair, 't');
  expect(sql).toContain(
    '-- "n""; DROP" of public.t differs but is GENERATED ALWAYS AS IDENTITY: it is left as it is.\n',
  );
  expect(left).toEqual([0, 0, 1, 1]);
  expect(await server.sql('SELECT * FROM t ORDER BY k', 'identity_target')).toEqual([
    { k: 'a', 'n";\nDROP': 5, v: 'new' },
    { k: 'b', 'n";\nDROP': 70, v: 'b' },
  ]);
  const only = rowScript([await compare(pair, 'only_n')], true);
  expect(only).toEqual({
    statements: 0,
    sql: '-- n of public.only_n differs but is GENERATED ALWAYS AS IDENTITY: it is left as it is.\n',
  });
});

it('an account from which policies hide rows is refused in words', async () => {
  const pair = await makePair(
    'policies',
    `CREATE TABLE t (id integer PRIMARY KEY); INSERT INTO t VALUES (1), (2); ALTER TABLE t ENABLE ROW LEVEL SECURITY;
     CREATE POLICY p ON t USING (id = 1); CREATE TABLE denied (id integer PRIMARY KEY);`,
    [
      'CREATE ROLE "pol icy" LOGIN; CREATE ROLE passer LOGIN BYPASSRLS; GRANT SELECT ON t TO "pol icy", passer;',
      'GRANT SELECT ON t TO "pol icy", passer;',
    ],
  );
  const as = (user: string, name: string) =>
    compareTable(
      {
        source: { ...source(pair), profile: { ...source(pair).profile, user } },
        target: target(pair),
        schema: 'public',
        name,
      },
      10,
      signal,
    );
  await expect(as('pol icy', 't')).rejects.toMatchObject({
    info: { code: 'denied', message: expect.stringContaining('Policies of public.t'), hint: expect.any(String) },
  });
  await expect(as('pol icy', 'denied')).rejects.toMatchObject({ info: { code: 'sql', sqlstate: '42501' } });
  expect(countsOf(await as('passer', 't'))).toEqual([0, 0, 0, 2]);
});

it('wide rows come in small batches, and a comparison that is given up ends both sessions', async () => {
  const pair = await makePair(
    'wide',
    `CREATE TABLE wide (id integer PRIMARY KEY, v text); CREATE TABLE slow (id integer PRIMARY KEY, v text);
     INSERT INTO wide SELECT i, repeat('x', CASE WHEN i < 100 THEN 1 ELSE 1000000 END) FROM generate_series(1, 108) i;
     INSERT INTO slow SELECT i FROM generate_series(1, 100000) i;`,
    ['', ''],
  );
  expect(countsOf(await compare(pair, 'wide'))).toEqual([0, 0, 0, 108]);
  const sessions = async (where: string): Promise<number> =>
    (
      await server.sql(
        `SELECT 1 FROM pg_stat_activity WHERE datname LIKE 'wide\\_%' AND pid <> pg_backend_pid() ${where}`,
      )
    ).length;
  const ending = new AbortController();
  const comparing = compare(pair, 'slow', ending.signal);
  const failing = comparing.catch((error: unknown) => errorInfo(error).code);
  await expect.poll(() => sessions("AND query LIKE 'FETCH%'"), { interval: 5 }).toBeGreaterThan(0);
  ending.abort();
  expect(await failing).toBe('cancelled');
  await expect.poll(() => sessions('')).toBe(0);
});
