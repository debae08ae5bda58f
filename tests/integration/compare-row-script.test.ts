import { afterAll, beforeAll, expect, it } from 'vitest';
import { compareTable, listDataTables, type DataSide } from '../../electron/features/compare/compare-data';
import { rowScript } from '../../electron/features/compare/row-script';
import { runScript } from '../support/compare';
import { startServer, type TestServer } from '../support/postgres';

/** 10 knows no included columns; 17 does. */
let old: TestServer;
let server: TestServer;
beforeAll(async () => {
  [old, server] = await Promise.all([startServer({ major: 10 }), startServer({ major: 17 })]);
});
afterAll(() => Promise.all([old?.stop(), server?.stop()]));

const { signal } = new AbortController();
let made = 0;

interface Pair {
  readonly target: string;
  readonly sides: { readonly source: DataSide; readonly target: DataSide };
}

async function pair(structure: string, source: string, target: string, on: TestServer = server): Promise<Pair> {
  made += 1;
  const [left, right] = [`source_${made}`, `target_${made}`];
  await on.createDatabase(left);
  await on.createDatabase(right);
  await on.sql(`${structure};${source}`, left);
  await on.sql(`${structure};${target}`, right);
  const side = (database: string): DataSide => ({ profile: on.profile(database), schema: null });
  return { target: right, sides: { source: side(left), target: side(right) } };
}

async function script({ sides }: Pair, remove: boolean, limit = 1000): Promise<string> {
  const tables = await listDataTables(sides.source, sides.target, signal);
  const found = [];
  for (const { schema, name } of tables.filter(({ reason }) => reason === '')) {
    const wanted = ({ kind }: { readonly kind: string }): boolean => remove || kind !== 'only-target';
    found.push(await compareTable({ ...sides, schema, name }, limit, signal, wanted));
  }
  return rowScript(found, remove).sql;
}

/** Runs the script and tells what is left to do. */
async function sync(databases: Pair, on: TestServer = server): Promise<{ sql: string; left: string }> {
  const sql = await script(databases, true);
  await runScript({ server: on, database: databases.target }, sql);
  return { sql, left: await script(databases, true) };
}

it('columns that an index only includes are no part of the key', async () => {
  const databases = await pair(
    `CREATE TABLE i (id integer, name text, PRIMARY KEY (id) INCLUDE (name));
     CREATE TABLE n (id integer NOT NULL, note text); CREATE UNIQUE INDEX ON n (id) INCLUDE (note)`,
    "INSERT INTO i VALUES (1, 'a'), (2, 'b'); INSERT INTO n VALUES (1, NULL)",
    "INSERT INTO i VALUES (1, 'x'), (2, NULL); INSERT INTO n VALUES (1, 'y')",
  );
  expect(await listDataTables(databases.sides.source, databases.sides.target, signal)).toEqual([
    { schema: 'public', name: 'i', key: ['id'], reason: '' },
    { schema: 'public', name: 'n', key: ['id'], reason: '' },
  ]);
  const { sql, left } = await sync(databases);
  expect(sql).toContain("public.i SET name = 'a' WHERE id = '1';");
  expect(sql).not.toMatch(/INSERT|DELETE/);
  expect(left).toBe('');
});

it('a server of 10 tells the same of its keys', async () => {
  const databases = await pair(
    'CREATE TABLE t (b integer, a integer, v text UNIQUE, PRIMARY KEY (a, b)); CREATE TABLE c (id integer PRIMARY KEY, b integer, a integer, FOREIGN KEY (a, b) REFERENCES t)',
    "INSERT INTO t VALUES (1, 2, 'x'); INSERT INTO c VALUES (1, 1, 2)",
    "INSERT INTO t VALUES (2, 1, 'x'); INSERT INTO c VALUES (2, 2, 1)",
    old,
  );
  expect((await sync(databases, old)).left).toBe('');
});

it('unique values are freed before they are taken, and what must be exchanged is told', async () => {
  const databases = await pair(
    'CREATE TABLE u (id integer PRIMARY KEY, v text UNIQUE)',
    "INSERT INTO u VALUES (1, 'gone'), (2, 'new'), (4, 'freed')",
    "INSERT INTO u VALUES (2, 'freed'), (3, 'gone'), (9, 'x')",
  );
  const { sql, left } = await sync(databases);
  expect(sql.match(/DELETE|UPDATE|INSERT/g)).toEqual(['DELETE', 'DELETE', 'UPDATE', 'INSERT', 'INSERT']);
  expect(sql).not.toContain('--');
  expect(left).toBe('');

  const exchange = async (deferrable: string): Promise<Pair> =>
    pair(
      `CREATE TABLE "u\n1" (id integer PRIMARY KEY, v text CONSTRAINT "v\nDROP TABLE x;" UNIQUE ${deferrable})`,
      `INSERT INTO "u\n1" VALUES (1, 'a'), (2, 'b')`,
      `INSERT INTO "u\n1" VALUES (1, 'b'), (2, 'a')`,
    );
  const told = await script(await exchange(''), true);
  expect(told.split('\n')[0]).toBe(
    '-- Rows of public."u 1" exchange values of "v DROP TABLE x;". If that fails, make the unique constraint DEFERRABLE first.',
  );
  const deferred = await sync(await exchange('DEFERRABLE'));
  expect(deferred.sql).not.toContain('--');
  expect(deferred.left).toBe('');
});

it('tables are filled after those that they refer to and emptied before them', async () => {
  const databases = await pair(
    `CREATE TABLE z_parents (id integer PRIMARY KEY, v text UNIQUE);
     CREATE TABLE m_children (id integer PRIMARY KEY, parent integer NOT NULL REFERENCES z_parents);
     CREATE TABLE a_grandchildren (id integer PRIMARY KEY, child integer NOT NULL REFERENCES m_children)`,
    "INSERT INTO z_parents VALUES (1, 'taken'); INSERT INTO m_children VALUES (1, 1); INSERT INTO a_grandchildren VALUES (1, 1)",
    "INSERT INTO z_parents VALUES (2, 'taken'); INSERT INTO m_children VALUES (2, 2); INSERT INTO a_grandchildren VALUES (2, 2)",
  );
  const { sql, left } = await sync(databases);
  expect([...sql.matchAll(/(FROM|INTO) (?:ONLY )?public\.(\w)/g)].map(([, deed, table]) => `${deed} ${table}`)).toEqual(
    ['FROM a', 'FROM m', 'FROM z', 'INTO z', 'INTO m', 'INTO a'],
  );
  expect(left).toBe('');
});

it('a row that refers to another row from now on is not deleted with the one that it referred to', async () => {
  const databases = await pair(
    `CREATE TABLE p (id integer PRIMARY KEY);
     CREATE TABLE c (id integer PRIMARY KEY, p integer NOT NULL REFERENCES p ON DELETE CASCADE)`,
    'INSERT INTO p VALUES (1); INSERT INTO c VALUES (5, 1)',
    'INSERT INTO p VALUES (2); INSERT INTO c VALUES (5, 2), (6, 2)',
  );
  const { sql, left } = await sync(databases);
  expect(sql.match(/DELETE|UPDATE|INSERT/g)).toEqual(['DELETE', 'INSERT', 'UPDATE', 'DELETE']);
  expect(left).toBe('');
});

it('rows that refer to rows of their own table go in and out at once', async () => {
  const databases = await pair(
    `CREATE TABLE w (a integer, "b""b" text, boss integer, bb text, PRIMARY KEY (a, "b""b"), FOREIGN KEY (boss, bb) REFERENCES w);
     CREATE TABLE tree (id integer PRIMARY KEY, up integer REFERENCES tree)`,
    `INSERT INTO w VALUES (1, 'x', 2, 'y'), (2, 'y', NULL, NULL); INSERT INTO tree VALUES (1, NULL), (2, 9), (9, 1)`,
    `INSERT INTO w VALUES (3, 'x', 4, 'y'), (4, 'y', NULL, NULL); INSERT INTO tree VALUES (1, NULL), (7, 1), (8, 7), (2, 7)`,
  );
  const { sql, left } = await sync(databases);
  expect(sql.match(/DELETE|INSERT/g)).toHaveLength(4);
  expect(left).toBe('');
});

it('of tables that refer to each other those that can wait do, and the others are named', async () => {
  const circle = (deferrable: string, rows: string): Promise<Pair> =>
    pair(
      `CREATE TABLE l (id integer PRIMARY KEY, r integer NOT NULL); CREATE TABLE r (id integer PRIMARY KEY, l integer REFERENCES l);
       ALTER TABLE l ADD FOREIGN KEY (r) REFERENCES r ${deferrable}`,
      rows,
      '',
    );
  const waiting = await sync(
    await circle(
      'DEFERRABLE',
      'BEGIN; SET CONSTRAINTS ALL DEFERRED; INSERT INTO l VALUES (1, 1); INSERT INTO r VALUES (1, 1); COMMIT',
    ),
  );
  expect(waiting.sql).not.toContain('--');
  expect(waiting.left).toBe('');
  const named = await circle('', 'INSERT INTO r VALUES (1); INSERT INTO l VALUES (1, 1); UPDATE r SET l = 1');
  expect((await script(named, true)).split('\n')[0]).toBe(
    '-- public.l, public.r refer to each other. If that fails, make one of the foreign keys DEFERRABLE first.',
  );
});

it('only rows that are written count towards the limit, and a script that stops there says so', async () => {
  const databases = await pair(
    'CREATE TABLE t (id text COLLATE "C" PRIMARY KEY)',
    "INSERT INTO t VALUES ('x1'), ('x2'), ('x3')",
    "INSERT INTO t VALUES ('a1'), ('a2')",
  );
  const kept = await script(databases, false, 2);
  expect(kept).toContain('-- Only the first 2 rows that differ of public.t: compare again after this.\nBEGIN;');
  expect(kept.match(/'\w+'/g)).toEqual(["'x1'", "'x2'"]);
  expect(await script(databases, false, 3)).not.toContain('--');
  expect(await script(databases, true, 2)).not.toContain('INSERT');
});
