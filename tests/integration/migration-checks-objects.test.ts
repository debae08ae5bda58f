import { chown, mkdir, stat } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { applyFix } from '../support/check-context';
import { choiceOf, look, onlyTables, see, wholeDatabase, type PlantedOptions } from '../support/planted-checks';
import { startServer, type TestServer } from '../support/postgres';

let old: TestServer;
let source: TestServer;
let target: TestServer;

const PLANTED = `
CREATE TABLE clean (id int PRIMARY KEY, t text);
CREATE TABLE orders (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, net int, gross int GENERATED ALWAYS AS (net * 2) STORED);
CREATE TABLE parent (id int);
CREATE TABLE child () INHERITS (parent);
CREATE TABLE events (at date, n int) PARTITION BY RANGE (at);
CREATE TABLE events_a PARTITION OF events FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE TABLE events_b PARTITION OF events FOR VALUES FROM ('2021-01-01') TO ('2022-01-01');
CREATE VIEW open_orders AS SELECT * FROM orders;
CREATE MATERIALIZED VIEW sums AS SELECT sum(net) AS s FROM orders;
CREATE FOREIGN DATA WRAPPER nowhere;
CREATE SERVER far FOREIGN DATA WRAPPER nowhere;
CREATE FOREIGN TABLE remote (id int) SERVER far;
SELECT lo_create(4711);
CREATE SEQUENCE round MAXVALUE 10 CYCLE;
CREATE SEQUENCE nearly AS smallint; SELECT setval('nearly', 32000);
CREATE SEQUENCE roomy;
CREATE TYPE pair AS (a int, b text);
CREATE TABLE pairs (p pair);
CREATE TABLE spoiled (id int); INSERT INTO spoiled VALUES (1), (1);
CREATE TABLE customers (id int PRIMARY KEY);
CREATE TABLE days (at date PRIMARY KEY) PARTITION BY RANGE (at);
CREATE TABLE days_a PARTITION OF days FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE TABLE days_b PARTITION OF days FOR VALUES FROM ('2021-01-01') TO ('2022-01-01');
CREATE TABLE visits (day date REFERENCES days);
INSERT INTO days VALUES ('2020-05-05'), ('2021-05-05'); INSERT INTO visits TABLE days;
CREATE TABLE sales (id int PRIMARY KEY, customer int REFERENCES customers, n int);
ALTER TABLE sales ADD CONSTRAINT "some n" CHECK (n > 0) NOT VALID;
SET session_replication_role = replica; INSERT INTO sales VALUES (1, 7, 1), (2, 8, 1), (3, NULL, 1); RESET session_replication_role;
CREATE TABLE "tab\tname" ("blank " int);
CREATE TABLE "Twin" (); CREATE TABLE twin ();
CREATE SCHEMA shop;
CREATE TABLE shop.items (id int);
CREATE FUNCTION shop.count_items() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM shop.items';
CREATE FUNCTION workshop() RETURNS text LANGUAGE sql AS $$SELECT 'workshop'$$;
`.replace('\\t', '\t');

beforeAll(async () => {
  [old, source, target] = await Promise.all([
    startServer({ major: 11 }),
    startServer({ major: 16 }),
    startServer({ major: 17 }),
  ]);
  await source.createDatabase('shop');
  await source.sql(PLANTED, 'shop');
  await source.sql('CREATE UNIQUE INDEX CONCURRENTLY broken ON spoiled (id)', 'shop').catch(() => undefined);
  await source.createDatabase('clean');
  await source.sql('CREATE TABLE t (id int PRIMARY KEY)', 'clean');
});
afterAll(async () => void (await Promise.all([old, source, target].map((server) => server?.stop()))));

const whole = (change: Partial<PlantedOptions> = {}): PlantedOptions => ({
  source,
  target,
  databases: [wholeDatabase('shop')],
  ...change,
});
const part = (...tables: string[]): PlantedOptions => whole({ databases: [onlyTables('shop', ...tables)] });

describe('what a database holds', () => {
  test('views, materialized views and foreign tables travel as definitions', async () => {
    const seen = await see('definitions-only', whole());
    expect(seen).toMatchObject({ level: 'info', database: 'shop', side: 'source' });
    expect(seen.items).toEqual([
      'foreign table public.remote',
      'materialized view public.sums',
      'view public.open_orders',
    ]);
    expect(await see('definitions-only', part('clean'))).toMatchObject({ level: 'pass', items: [] });
  });

  test('large objects stay behind when only a part of the database travels', async () => {
    expect(await see('large-objects', whole())).toMatchObject({ level: 'pass', found: '1 large object' });
    const seen = await see('large-objects', part('clean'));
    expect(seen.level).toBe('warning');
    expect(seen.remedy).toMatch(/whole database/);
    expect(await look('large-objects', whole({ options: { type: 'structure' } }))).toEqual([]);
  });

  test('partitions without their table', async () => {
    const seen = await see('partitions', part('events_b'));
    expect(seen).toMatchObject({ level: 'warning', items: ['public.events_b: its table public.events is not chosen'] });
    expect(seen.remedy).toMatch(/partitioned table/);
    expect(await see('partitions', part('events'))).toMatchObject({ level: 'pass' });
  });

  test('inherited tables, generated and identity columns', async () => {
    expect(await see('inheritance', whole())).toMatchObject({ level: 'info', items: ['public.child'] });
    expect(await see('generated-columns', whole())).toMatchObject({ level: 'info', items: ['public.orders.gross'] });
    expect(await see('identity-always', whole())).toMatchObject({ level: 'info', items: ['public.orders.id'] });
    for (const id of ['inheritance', 'generated-columns', 'identity-always'])
      expect(await see(id, part('clean'))).toMatchObject({ level: 'pass' });
  });

  test('sequences that go round or are nearly used up', async () => {
    expect(await see('sequences', whole())).toMatchObject({
      level: 'info',
      items: ['public.nearly: 32000 of 32767', 'public.round: - of 10, cycles'],
    });
  });

  test('types made in the database', async () => {
    expect(await see('custom-types', whole())).toMatchObject({ level: 'info', items: ['public.pairs.p: pair'] });
  });
});

describe('what would break', () => {
  test('invalid indexes', async () => {
    expect(await see('invalid-indexes', whole())).toMatchObject({ level: 'info', items: ['public.broken'] });
  });

  test('constraints that were never validated: the repair validates them', async () => {
    const seen = await see('constraints-not-valid', whole());
    expect(seen).toMatchObject({ level: 'warning', items: ['public.sales: "some n"'] });
    await applyFix(seen.fix, { source, target });
    expect(await see('constraints-not-valid', whole())).toMatchObject({ level: 'pass' });
  });

  test('rows that refer to nothing', async () => {
    const seen = await see('foreign-key-orphans', whole());
    expect(seen).toMatchObject({ level: 'warning', items: ['public.sales: sales_customer_fkey: 2 rows'] });
    expect(seen.effect).toMatch(/NOT VALID/);
    expect(await see('foreign-key-orphans', part('clean'))).toMatchObject({ level: 'pass' });
    expect(await source.sql("SELECT count(*)::int AS n FROM pg_stat_activity WHERE state LIKE 'idle in%'")).toEqual([
      { n: 0 },
    ]);
  });

  test('names with invisible characters, and names that differ in case only', async () => {
    expect((await see('names-control', whole())).items).toEqual(['public."tab\tname"', 'public."tab\tname"."blank "']);
    expect(await see('names-twins', whole())).toMatchObject({ level: 'info', items: ['public."Twin", public.twin'] });
  });

  test('new names that are too long or meet', async () => {
    const databases = [
      choiceOf({
        name: 'shop',
        mode: 'partial',
        schemas: [
          {
            name: 'public',
            mode: 'partial',
            tables: [
              { name: 'clean', newName: 'ü'.repeat(40) },
              { name: 'orders', newName: 'child' },
              { name: 'child' },
            ],
          },
        ],
      }),
    ];
    const seen = await see('new-names', whole({ databases }));
    expect(seen).toMatchObject({
      level: 'failed',
      items: [`table "${'ü'.repeat(40)}"`, 'public.child, public.orders → public.child'],
    });
    const twice = [wholeDatabase('clean'), choiceOf({ name: 'shop', newName: 'clean', mode: 'all' })];
    expect(await look('new-names', whole({ databases: twice }))).toContainEqual(
      expect.objectContaining({ level: 'failed', items: ['clean, shop → clean'] }),
    );
    expect(await see('new-names', whole())).toMatchObject({ level: 'pass' });
  });

  test('functions that name a schema which gets another name', async () => {
    const databases = [
      choiceOf({ name: 'shop', mode: 'all', schemas: [{ name: 'shop', newName: 'store', mode: 'all' }] }),
    ];
    expect(await see('renamed-in-bodies', whole({ databases }))).toMatchObject({
      level: 'warning',
      items: ['shop.count_items()'],
    });
    expect(await see('renamed-in-bodies', whole())).toMatchObject({ level: 'pass' });
  });
});

describe('from an old server to a new one', () => {
  beforeAll(async () => {
    await old.createDatabase('past');
    await old.sql(
      `CREATE TABLE hidden (id int) WITH OIDS;
       CREATE TABLE times (a abstime, r reltime[], ok timestamptz);
       CREATE FUNCTION old_trigger() RETURNS opaque LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
       CREATE OPERATOR !!! (LEFTARG = bigint, PROCEDURE = numeric_fac);
       CREATE AGGREGATE collect (anyelement) (SFUNC = array_append, STYPE = anyarray, INITCOND = '{}');
       CREATE VIEW gone AS SELECT 5! AS f;
       CREATE VIEW dead AS SELECT * FROM pg_pltemplate;
       CREATE TABLE fine (id int PRIMARY KEY)`,
      'past',
    );
  });
  const upgrade = (...tables: string[]): PlantedOptions => ({
    source: old,
    target,
    databases: [tables.length === 0 ? wholeDatabase('past') : onlyTables('past', ...tables)],
  });

  test('tables WITH OIDS', async () => {
    const seen = await see('with-oids', upgrade());
    expect(seen).toMatchObject({ level: 'failed', items: ['public.hidden'] });
    expect(seen.remedy).toMatch(/SET WITHOUT OIDS/);
    await old.sql('ALTER TABLE hidden SET WITHOUT OIDS', 'past');
    expect(await see('with-oids', upgrade())).toMatchObject({ level: 'pass' });
  });

  test('types, functions, operators and system views that are gone', async () => {
    const types = await see('removed-types', upgrade());
    expect(types).toMatchObject({ level: 'failed', items: ['public.times.a: abstime', 'public.times.r: reltime'] });
    expect(types.remedy).toMatch(/timestamptz/);
    expect(await see('removed-types', upgrade('fine'))).toMatchObject({ level: 'pass' });
    expect(await see('removed-routines', upgrade())).toMatchObject({
      level: 'warning',
      items: [
        'aggregate public.collect: uses array_append',
        'function public.old_trigger(): returns opaque',
        'operator public.!!!: postfix',
      ],
    });
    expect(await see('removed-routines', upgrade('fine'))).toMatchObject({ level: 'pass' });
    expect(await see('system-views', upgrade())).toMatchObject({
      level: 'warning',
      items: ['public.dead: pg_pltemplate'],
    });
  });
});

describe('what belongs to the server', () => {
  test('tablespaces that the target does not have', async () => {
    const folder = `${source.dataFolder}-space`;
    await mkdir(folder);
    const { uid, gid } = await stat(source.dataFolder);
    await chown(folder, uid, gid);
    await source.sql(`CREATE TABLESPACE fast LOCATION '${folder}'`);
    await source.sql(
      'CREATE TABLE quick (id int) TABLESPACE fast; CREATE INDEX quick_id ON clean (id) TABLESPACE fast',
      'shop',
    );
    const seen = await see('tablespaces', whole());
    expect(seen).toMatchObject({ level: 'warning', items: ['public.quick: fast', 'public.quick_id: fast'] });
    await source.sql('DROP TABLE quick; DROP INDEX quick_id', 'shop');
    expect(await see('tablespaces', whole())).toMatchObject({ level: 'pass' });
  });

  test('objects that only a superuser can create', async () => {
    await target.sql('CREATE ROLE mover LOGIN CREATEDB');
    await source.sql(
      `CREATE OPERATOR CLASS mine FOR TYPE int USING btree AS OPERATOR 1 <, FUNCTION 1 btint4cmp(int, int);
       CREATE FUNCTION sure() RETURNS int LANGUAGE sql LEAKPROOF AS 'SELECT 1'`,
      'shop',
    );
    const seen = await see('superuser-objects', whole({ targetAccount: { user: 'mover' } }));
    expect(seen).toMatchObject({
      level: 'warning',
      items: ['foreign data wrapper nowhere', 'function public.sure', 'operator class public.mine'],
    });
    expect(await look('superuser-objects', whole())).toEqual([]);
    expect(
      await see('superuser-objects', whole({ targetAccount: { user: 'mover' }, databases: [wholeDatabase('clean')] })),
    ).toMatchObject({ level: 'pass' });
  });

  test('collations whose library has changed', async () => {
    expect(await see('collation-versions', whole())).toMatchObject({ level: 'pass' });
    await source.sql(`CREATE COLLATION aged (provider = icu, locale = 'de')`, 'shop');
    await source.sql(`UPDATE pg_collation SET collversion = '1.0' WHERE collname = 'aged'`, 'shop');
    const seen = await see('collation-versions', whole());
    expect(seen.level).toBe('warning');
    expect(seen.items[0]).toMatch(/^public\.aged: 1\.0 → /);
    expect(seen.remedy).toMatch(/REFRESH VERSION/);
    await source.sql('DROP COLLATION aged', 'shop');
  });
});
