import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Completion } from '../../shared/model/completion';
import { startServer, type TestServer } from '../support/postgres';
import { eventually, queryBench, type QueryBench } from '../support/query';

const context = { signal: new AbortController().signal };

/** Asks for completions at the `|` until all names are there. */
async function complete(bench: QueryBench, sessionId: string, marked: string): Promise<Completion> {
  const offset = marked.indexOf('|');
  const text = marked.slice(0, offset) + marked.slice(offset + 1);
  const ask = () => bench.feature.handlers.complete({ sessionId, text, offset, asked: true }, context);
  await eventually(async () => !(await ask()).loading, 'names');
  return ask();
}

const SETUP = `
CREATE TABLE customers (id int PRIMARY KEY, name text, email varchar(80));
CREATE TABLE orders (id int PRIMARY KEY, customer_id int REFERENCES customers, total numeric(10,2), "Order Date" date);
CREATE VIEW big_orders AS SELECT id, total FROM orders WHERE total > 100;
CREATE SCHEMA "Odd ""Schema";
CREATE TABLE "Odd ""Schema"."Täble
two" ("a b" int, "sel""ect" text);
CREATE TABLE "user" (id int);
CREATE TYPE mood AS ENUM ('good', 'bad');
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE FUNCTION find_orders(pattern text, OUT id int, OUT label text) RETURNS SETOF record LANGUAGE sql AS 'SELECT 1, ''a''::text';
CREATE FUNCTION all_orders() RETURNS SETOF orders LANGUAGE sql AS 'SELECT * FROM orders';
CREATE FUNCTION audit() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER audited BEFORE INSERT ON orders FOR EACH ROW EXECUTE PROCEDURE audit();
CREATE AGGREGATE total_of (numeric) (SFUNC = numeric_add, STYPE = numeric);`;

describe.each([10, 18] as const)('PostgreSQL %i', (major) => {
  let server: TestServer;
  let bench: QueryBench;
  let session: string;
  beforeAll(async () => {
    server = await startServer({ major });
    await server.sql(SETUP);
    bench = await queryBench(server);
    session = await bench.open();
  });
  afterAll(async () => {
    await bench?.close();
    await server?.stop();
  });
  const inserts = async (marked: string) => (await complete(bench, session, marked)).items.map(({ insert }) => insert);
  const resolve = (...path: string[]) => bench.feature.handlers.resolveName({ sessionId: session, path }, context);

  it('knows tables, views, columns, keys, functions, types, roles and settings', async () => {
    expect(await inserts('SELECT * FROM |')).toEqual(
      expect.arrayContaining(['customers', 'orders', 'big_orders', '"user"', '"Odd ""Schema"', 'find_orders(']),
    );
    expect(await inserts('SELECT o.| FROM orders o')).toEqual(['id', 'customer_id', 'total', '"Order Date"']);
    const { items } = await complete(bench, session, 'SELECT o.to| FROM orders o');
    expect(items).toMatchObject([{ kind: 'column', label: 'total', detail: 'numeric(10,2)' }]);
    expect(await inserts('SELECT * FROM orders o JOIN |')).toContain('customers ON customers.id = o.customer_id');
    expect(await inserts('SELECT * FROM customers JOIN |')).toContain('orders ON orders.customer_id = customers.id');
    expect(await inserts('SELECT f.| FROM find_orders($1) f')).toEqual(['id', 'label']);
    expect(await inserts('SELECT a.| FROM all_orders() a')).toEqual(['id', 'customer_id', 'total', '"Order Date"']);
    expect(await inserts('SELECT tot|')).toContain('total_of(');
    expect(await inserts('SELECT 1::|')).toEqual(expect.arrayContaining(['mood', 'positive', 'integer', 'jsonb']));
    expect(await inserts('SELECT 1::cust|')).not.toContain('customers');
    expect((await inserts('SET work|'))[0]).toBe('work_mem');
    expect(await inserts('SET ROLE |')).toContain('postgres');
    expect(await inserts('SELECT lowe|')).toContain('lower(');
    expect(await inserts('SELECT * FROM information_schema.tab|')).toContain('tables');
    expect((await inserts('SELECT * FROM pg_stat_act|'))[0]).toBe('pg_stat_activity');
  });

  it('writes nasty names so that the server takes them', async () => {
    const [table = ''] = await inserts('SELECT * FROM "Odd ""Schema".|');
    const columns = await inserts(`SELECT t.| FROM "Odd ""Schema".${table} t`);
    expect(columns).toEqual(['"a b"', '"sel""ect"']);
    await server.sql(`SELECT ${columns.join(', ')} FROM "Odd ""Schema".${table}`);
    const [qualified = ''] = await inserts('SELECT * FROM täb|');
    await server.sql(`SELECT FROM ${qualified}`);
  });

  it('knows the rows of a trigger’s function', async () => {
    expect(await inserts('CREATE OR REPLACE FUNCTION audit() RETURNS trigger AS $$ BEGIN NEW.| $$')).toContain(
      'customer_id',
    );
  });

  it('sees what the tab has created, changed and dropped', async () => {
    expect(await inserts('SELECT * FROM made_|')).toEqual([]);
    await bench.run(session, 'CREATE TABLE made_now (first int)');
    await eventually(async () => (await inserts('SELECT * FROM made_|')).length === 1, 'the new table');
    expect(await inserts('SELECT m.| FROM made_now m')).toEqual(['first']);
    await bench.run(session, 'ALTER TABLE made_now ADD COLUMN second int');
    await eventually(async () => (await inserts('SELECT m.| FROM made_now m')).length === 2, 'the new column');
    await bench.run(session, 'DROP TABLE made_now');
    await eventually(async () => (await inserts('SELECT * FROM made_|')).length === 0, 'the dropped table');
  });

  it('does not wait for the tab, whatever that does', async () => {
    await bench.start(session, 'BEGIN; LOCK TABLE customers; SELECT pg_sleep(60)');
    await bench.until(session, ({ running, progress }) => running && progress.done === 2);
    const fresh = await bench.open();
    const found = await complete(bench, fresh, 'SELECT c.| FROM customers c');
    expect(found.items.map(({ label }) => label)).toEqual(['id', 'name', 'email']);
    const started = performance.now();
    expect(await inserts('SELECT c.| FROM customers c')).toContain('email');
    expect(performance.now() - started).toBeLessThan(2000);
    await bench.feature.handlers.cancel({ sessionId: session }, context);
    await bench.run(session, 'ROLLBACK');
  });

  it('follows the tab’s own search path, user and role', async () => {
    await server.sql(`CREATE SCHEMA "Way, ""One"; CREATE TABLE "Way, ""One".orders (way int); CREATE SCHEMA walker;
      CREATE TABLE walker.orders (walked int); CREATE ROLE walker LOGIN SUPERUSER; CREATE ROLE stroller LOGIN SUPERUSER;
      ALTER ROLE stroller SET search_path = "Way, ""One"`);
    const tab = await bench.open();
    const names = async (id = tab): Promise<string> => {
      const found = await complete(bench, id, 'SELECT o.| FROM orders o');
      const object = await bench.feature.handlers.resolveName({ sessionId: id, path: ['orders'] }, context);
      return `${object?.schema}: ${found.items[0]?.insert}`;
    };
    await bench.run(tab, 'SELECT 1 INTO TEMP noted; CREATE TABLE seen_first (); DROP TABLE seen_first');
    await eventually(async () => (await names()) === 'public: id', 'the first names');
    const after = async (sql: string): Promise<string> => {
      await bench.run(tab, sql);
      return names();
    };
    const way = 'Way, "One: way';
    expect(await after('SET search_path = "Way, ""One", public')).toBe(way);
    expect(await after('RESET search_path')).toBe('public: id');
    expect(await after(`SET SCHEMA 'Way, "One'`)).toBe(way);
    expect(await after('SET search_path TO DEFAULT')).toBe('public: id');
    expect(await after(`SELECT set_config('search_path', '"Way, ""One"', false)`)).toBe(way);
    expect(await after('RESET ALL')).toBe('public: id');
    expect(await after('BEGIN; SET search_path = "Way, ""One"')).toBe(way);
    expect(await after('ROLLBACK')).toBe('public: id');
    expect(await after('BEGIN; SET LOCAL search_path = "Way, ""One"')).toBe(way);
    expect(await after('COMMIT')).toBe('public: id');
    expect(await after('BEGIN; SAVEPOINT a; SET search_path = walker; ROLLBACK TO a')).toBe('public: id');
    expect(await after('ROLLBACK')).toBe('public: id');
    expect(await after('SET ROLE walker')).toBe('walker: walked');
    expect(await after('RESET ROLE')).toBe('public: id');
    expect(await after('SET SESSION AUTHORIZATION walker')).toBe('walker: walked');
    expect(await after('RESET SESSION AUTHORIZATION')).toBe('public: id');
    const as = async (user: string): Promise<string> => {
      const { sessionId } = await bench.feature.handlers.open(
        { serverId: 'a', database: 'postgres', as: { user, password: '' } },
        context,
      );
      return names(sessionId);
    };
    expect(await as('walker')).toBe('walker: walked');
    expect(await as('stroller')).toBe(way);

    // What runs is not waited for.
    await bench.start(tab, 'SET search_path = walker; SELECT pg_sleep(60)');
    await bench.until(tab, ({ running, progress }) => running && progress.done === 1);
    if (major < 18) expect(await names()).toBe('walker: walked');
    await bench.feature.handlers.cancel({ sessionId: tab }, context);
    await bench.until(tab, ({ running }) => !running);
    await server.sql('DROP SCHEMA walker, "Way, ""One" CASCADE');
  });

  it('knows what a name in a statement stands for', async () => {
    const meaning = (marked: string) =>
      bench.feature.handlers.meaning(
        { sessionId: session, text: marked.replace('|', ''), offset: marked.indexOf('|') },
        context,
      );
    expect(await meaning('SELECT o.to|tal FROM orders o')).toEqual({
      path: ['public', 'orders', 'total'],
      lines: ['total numeric(10,2)'],
      columns: [],
    });
    expect(await meaning('SELECT o|.total FROM orders o')).toMatchObject({
      path: ['public', 'orders'],
      columns: [{ name: 'id', type: 'integer' }, {}, {}, { name: 'Order Date', type: 'date' }],
    });
    expect(await meaning('WITH o AS (SELECT 1 AS one) SELECT * FROM |o')).toMatchObject({ path: null });
    expect(await meaning('SELECT * FROM f|ind_orders(1)')).toMatchObject({
      path: ['public', 'find_orders'],
      lines: ['find_orders(pattern text, OUT id integer, OUT label text) → SETOF record'],
    });
    expect(await meaning('SELECT nothing|')).toBeNull();
  });

  it('finds what a name means', async () => {
    expect(await resolve('orders')).toMatchObject({ kind: 'table', schema: 'public', name: 'orders', sub: 0 });
    expect(await resolve('public', 'big_orders')).toMatchObject({ kind: 'view', name: 'big_orders' });
    expect(await resolve('Odd "Schema', 'Täble\ntwo')).toMatchObject({ kind: 'table', name: 'Täble\ntwo' });
    expect(await resolve('find_orders')).toMatchObject({ kind: 'function', name: 'find_orders' });
    expect(await resolve('total_of')).toMatchObject({ kind: 'aggregate' });
    expect(await resolve('audit')).toMatchObject({ kind: 'trigger-function' });
    expect(await resolve('mood')).toMatchObject({ kind: 'type', name: 'mood' });
    expect(await resolve('positive')).toMatchObject({ kind: 'domain' });
    expect(await resolve('Odd "Schema')).toMatchObject({ kind: 'schema' });
    expect(await resolve('orders', 'total')).toMatchObject({ kind: 'column', name: 'total', sub: 3 });
    expect(await resolve('public', 'orders', 'id')).toMatchObject({ kind: 'column', sub: 1 });
    expect(await resolve('pg_class')).toMatchObject({ kind: 'table', schema: 'pg_catalog' });
    expect(await resolve('nothing')).toBeNull();
    expect(await resolve("'; DROP TABLE orders; --")).toBeNull();
  });
});

it('looks for names where the database says, and offers key words when nothing can be read', async () => {
  const server = await startServer({ major: 18 });
  await server.sql('CREATE SCHEMA sales');
  await server.sql('CREATE TABLE sales.invoices (amount int); CREATE TABLE public.invoices (other int)');
  await server.sql('ALTER DATABASE postgres SET search_path = sales, public');
  const bench = await queryBench(server);
  try {
    const session = await bench.open();
    const found = await complete(bench, session, 'SELECT | FROM invoices');
    expect(found.items.map(({ insert }) => insert)).toContain('amount');
    const tables = (await complete(bench, session, 'SELECT * FROM inv|')).items.map(({ insert }) => insert);
    expect(tables).toEqual(expect.arrayContaining(['invoices', 'public.invoices']));
    const object = await bench.feature.handlers.resolveName({ sessionId: session, path: ['invoices'] }, context);
    expect(object).toMatchObject({ schema: 'sales' });
    await server.createDatabase('other');
    const other = await bench.open('other');
    await server.sql('ALTER DATABASE other ALLOW_CONNECTIONS false');
    const words = await complete(bench, other, 'SEL|');
    expect(words.items.map(({ insert }) => insert)).toContain('SELECT');
  } finally {
    await bench.close();
    await server.stop();
  }
});
