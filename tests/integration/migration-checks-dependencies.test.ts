import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHECKS } from '../../electron/control-plane/migration/checks/registry';
import { applyFix } from '../support/check-context';
import { choiceOf, look, onlyTables, see, wholeDatabase, type PlantedOptions } from '../support/planted-checks';
import { startServer, type TestServer } from '../support/postgres';

let source: TestServer;
let target: TestServer;

beforeAll(async () => {
  [source, target] = await Promise.all([startServer({ major: 16 }), startServer({ major: 17 })]);
  await source.createDatabase('shop');
  await source.sql(
    `CREATE TABLE customers (id int PRIMARY KEY);
     CREATE TABLE orders (id int PRIMARY KEY, customer int REFERENCES customers);
     CREATE VIEW open_orders AS SELECT o.id FROM orders o JOIN customers c ON c.id = o.customer;
     CREATE TABLE plain (id int PRIMARY KEY)`,
    'shop',
  );
  await target.createDatabase('shop');
  await target.sql('CREATE ROLE mover LOGIN CREATEDB; ALTER DATABASE shop OWNER TO mover');
});
afterAll(async () => void (await Promise.all([source?.stop(), target?.stop()])));

const whole = (name = 'shop'): PlantedOptions => ({ source, target, databases: [wholeDatabase(name)] });
const part = (...tables: string[]): PlantedOptions => ({ ...whole(), databases: [onlyTables('shop', ...tables)] });
const asMover = (o: PlantedOptions): PlantedOptions => ({ ...o, targetAccount: { user: 'mover' } });

test('every check has a name of its own and a title', () => {
  expect(new Set(CHECKS.map(({ id }) => id)).size).toBe(CHECKS.length);
  expect(CHECKS.filter(({ title }) => title === '')).toEqual([]);
});

describe('what was chosen', () => {
  test('nothing at all, or nothing of a database', async () => {
    expect(await see('selection', { ...whole(), databases: [] })).toMatchObject({ level: 'failed' });
    const empty = { ...whole(), databases: [choiceOf({ name: 'shop', mode: 'partial' })] };
    expect(await see('selection', empty)).toMatchObject({ level: 'failed', items: ['shop'] });
    expect(await see('selection', whole())).toMatchObject({ level: 'pass', found: '1 database, 3 tables' });
  });
});

describe('extensions', () => {
  beforeAll(async () => {
    await source.sql(
      `CREATE EXTENSION hstore VERSION '1.4'; CREATE TABLE things (h hstore);
       CREATE SCHEMA ext; CREATE EXTENSION citext SCHEMA ext;
       CREATE EXTENSION adminpack; CREATE EXTENSION old_snapshot;
       CREATE EXTENSION pg_stat_statements; CREATE EXTENSION postgres_fdw;
       CREATE VIEW snapshots AS SELECT * FROM pg_old_snapshot_time_mapping()`,
      'shop',
    );
    await target.sql('CREATE EXTENSION citext', 'shop');
  });

  test('that the target does not have, with and without what uses them', async () => {
    const seen = await see('extensions-absent', whole());
    expect(seen).toMatchObject({ level: 'failed', items: ['adminpack 2.1', 'old_snapshot 1.0 (1 object)'] });
    expect(seen.remedy).toMatch(/leave out what uses them/);
    await source.sql('DROP VIEW snapshots', 'shop');
    expect(await see('extensions-absent', whole())).toMatchObject({ level: 'warning' });
    expect(await see('extensions-absent', part('things'))).toMatchObject({ level: 'pass' });
  });

  test('that have to be created: the repair does it', async () => {
    const seen = await see('extensions-create', part('things'));
    expect(seen).toMatchObject({ level: 'info', items: ['hstore 1.4 (1 object)'] });
    const refused = await see('extensions-create', asMover(whole()));
    expect(refused).toMatchObject({ level: 'warning', items: ['pg_stat_statements 1.10', 'postgres_fdw 1.1'] });
    expect(refused.remedy).toMatch(/superuser run in shop: CREATE EXTENSION/);
    await applyFix(seen.fix, { source, target });
    expect(await see('extensions-create', part('things'))).toMatchObject({ level: 'pass' });
  });

  test('of another version, or in another schema', async () => {
    const versions = await see('extension-versions', part('things'));
    expect(versions).toMatchObject({ level: 'warning', items: ['hstore: 1.4 → 1.8'] });
    await source.sql('ALTER EXTENSION hstore UPDATE', 'shop');
    expect(await see('extension-versions', part('things'))).toMatchObject({ level: 'pass' });
    expect(await see('extension-schemas', whole())).toMatchObject({
      level: 'warning',
      items: ['citext: ext → public'],
    });
    expect(await see('extension-schemas', part('things'))).toMatchObject({ level: 'pass' });
  });

  test('whose library is loaded at the start, and that need care', async () => {
    const seen = await see('extension-preload', whole());
    expect(seen).toMatchObject({ level: 'warning', items: ['pg_stat_statements: pg_stat_statements'] });
    expect(seen.remedy).toMatch(/shared_preload_libraries/);
    expect(await see('extension-preload', part('things'))).toMatchObject({ level: 'pass' });
    const notes = await see('extension-notes', whole());
    expect(notes.level).toBe('warning');
    expect(notes.items[0]).toMatch(/^postgres_fdw: /);
    expect(await see('extension-notes', part('things'))).toMatchObject({ level: 'pass' });
  });
});

describe('what a dump does not carry, or cannot make', () => {
  test('publications, subscriptions and event triggers', async () => {
    for (const id of ['publications', 'subscriptions', 'event-triggers'])
      expect(await see(id, whole())).toMatchObject({ level: 'pass' });
    await source.sql(
      `CREATE PUBLICATION news FOR TABLE plain;
       CREATE SUBSCRIPTION taken CONNECTION 'dbname=nowhere' PUBLICATION p WITH (connect = false);
       CREATE FUNCTION watched() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
       CREATE EVENT TRIGGER watch ON ddl_command_end EXECUTE FUNCTION watched();
       ALTER EVENT TRIGGER watch DISABLE`,
      'shop',
    );
    expect(await see('publications', whole())).toMatchObject({ level: 'warning', items: ['news'] });
    expect(await see('subscriptions', whole())).toMatchObject({ level: 'warning', items: ['taken (disabled)'] });
    const carried = await see('event-triggers', whole());
    expect(carried).toMatchObject({ level: 'warning', items: ['watch: ddl_command_end'] });
    expect(carried.effect).toMatch(/made at the end/);
    expect((await see('event-triggers', asMover(whole()))).effect).toMatch(/not made/);
    expect((await see('superuser-objects', asMover(whole()))).items).toContain('event trigger watch');
  });

  test('functions in C and in languages that the target lacks', async () => {
    for (const id of ['c-functions', 'languages']) expect(await see(id, whole())).toMatchObject({ level: 'pass' });
    await source.sql(
      `CREATE FUNCTION native(internal) RETURNS void LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler';
       CREATE LANGUAGE mine HANDLER plpgsql_call_handler;
       CREATE FUNCTION spoken() RETURNS int LANGUAGE mine AS 'BEGIN RETURN 1; END'`,
      'shop',
    );
    const native = await see('c-functions', whole());
    expect(native).toMatchObject({ level: 'warning', items: ['public.native(internal): $libdir/plpgsql'] });
    expect(native.remedy).toMatch(/libraries/);
    const seen = await see('languages', asMover(whole()));
    expect(seen).toMatchObject({ level: 'failed', items: ['mine: 1 function'] });
    expect(seen.remedy).toMatch(/CREATE LANGUAGE/);
    expect(await see('languages', whole())).toMatchObject({ level: 'pass' });
  });

  test('collations that the target does not have', async () => {
    expect(await see('collations-missing', whole())).toMatchObject({ level: 'pass' });
    await source.sql('CREATE TABLE sorted (t text COLLATE "de-x-icu")', 'shop');
    expect(await see('collations-missing', part('sorted'))).toMatchObject({ level: 'pass' });
    await target.sql(`DELETE FROM pg_collation WHERE collname = 'de-x-icu'`, 'shop');
    const seen = await see('collations-missing', part('sorted'));
    expect(seen).toMatchObject({ level: 'failed', items: ['de-x-icu: public.sorted.t'] });
    await target.sql("SELECT pg_import_system_collations('pg_catalog')", 'shop');
    expect(await see('collations-missing', part('sorted'))).toMatchObject({ level: 'pass' });
    expect(await look('collation-libraries', whole())).toHaveLength(1);
  });
});

describe('what chosen objects need', () => {
  const view = choiceOf({
    name: 'shop',
    mode: 'partial',
    schemas: [{ name: 'public', mode: 'partial', views: ['open_orders'] }],
  });

  test('is named until it is chosen, or on the target', async () => {
    expect(await look('closure', whole())).toEqual([]);
    expect(await see('closure', part('plain'))).toMatchObject({ level: 'pass' });
    const seen = await see('closure', { ...whole(), databases: [view] });
    expect(seen).toMatchObject({ level: 'failed' });
    expect(seen.items.toSorted()).toEqual([
      'view public.open_orders needs table public.customers',
      'view public.open_orders needs table public.orders',
    ]);
    expect(seen.remedy).toMatch(/Choose what is needed/);
    expect(await see('closure', part('orders'))).toMatchObject({ level: 'pass' });
    const cut = await see('foreign-keys-cut', part('orders'));
    expect(cut).toMatchObject({
      level: 'warning',
      items: ['public.orders: orders_customer_fkey to public.customers'],
    });
    expect(cut.remedy).toMatch(/Choose the other tables/);
    expect(await see('foreign-keys-cut', part('orders', 'customers'))).toMatchObject({ level: 'pass' });
    const both = choiceOf({
      name: 'shop',
      mode: 'partial',
      schemas: [{ name: 'public', mode: 'partial', tables: [{ name: 'orders' }], views: ['open_orders'] }],
    });
    expect(await see('closure', { ...whole(), databases: [both] })).toMatchObject({ level: 'failed' });
    await target.sql('CREATE TABLE customers (id int PRIMARY KEY); CREATE TABLE orders (id int, customer int)', 'shop');
    expect(await see('closure', { ...whole(), databases: [view] })).toMatchObject({ level: 'pass' });
  });
});
