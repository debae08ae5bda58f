import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MigrationOptions } from '../../shared/model/migration';
import { applyFix } from '../support/check-context';
import { choiceOf, look, onlyTables, see, wholeDatabase, type PlantedOptions } from '../support/planted-checks';
import { startServer, type TestServer } from '../support/postgres';

let source: TestServer;
let target: TestServer;

const PLANTED = `
CREATE TYPE mood AS ENUM ('good');
CREATE TABLE customers (id int PRIMARY KEY, name varchar(20), m mood);
CREATE TABLE orders (id int PRIMARY KEY, customer int REFERENCES customers, net numeric(10,2));
CREATE TABLE notes (id serial PRIMARY KEY, t text);
CREATE TABLE logs (t text);
CREATE VIEW totals AS SELECT 1 AS n;
CREATE SEQUENCE numbers;
CREATE INDEX notes_t ON notes (t);
CREATE FUNCTION twice(i int) RETURNS int LANGUAGE sql AS 'SELECT 2 * i';
CREATE TABLE odd (id int PRIMARY KEY);
`;
const ON_TARGET = `
CREATE TYPE mood AS ENUM ('bad');
CREATE TABLE customers (id int PRIMARY KEY, name text, m mood, more int);
CREATE TABLE orders (id int PRIMARY KEY, customer int REFERENCES customers, net numeric(10,2));
CREATE UNIQUE INDEX orders_net ON orders (net);
CREATE TABLE notes (id serial PRIMARY KEY, t text);
CREATE TABLE logs (t text);
CREATE TRIGGER watch BEFORE UPDATE ON logs FOR EACH ROW EXECUTE FUNCTION pg_catalog.suppress_redundant_updates_trigger();
INSERT INTO logs SELECT 'x';
CREATE VIEW totals AS SELECT 2 AS n;
CREATE SEQUENCE numbers;
CREATE FUNCTION twice(i int) RETURNS int LANGUAGE sql AS 'SELECT 3 * i';
CREATE VIEW odd AS SELECT 1 AS id;
`;

beforeAll(async () => {
  [source, target] = await Promise.all([startServer({ major: 15 }), startServer({ major: 16 })]);
  await source.createDatabase('shop');
  await source.sql(PLANTED, 'shop');
  await source.createDatabase('fresh');
  await source.sql('CREATE TABLE t (id int PRIMARY KEY)', 'fresh');
  await target.createDatabase('shop');
  await target.sql(ON_TARGET, 'shop');
  await target.createDatabase('fresh');
});
afterAll(async () => void (await Promise.all([source?.stop(), target?.stop()])));

const whole = (options: Partial<MigrationOptions> = {}): PlantedOptions => ({
  source,
  target,
  databases: [wholeDatabase('shop')],
  options,
});
const part = (...tables: string[]): PlantedOptions => ({ ...whole(), databases: [onlyTables('shop', ...tables)] });
const fresh = (): PlantedOptions => ({ ...whole(), databases: [wholeDatabase('fresh')] });

describe('what is on the target already', () => {
  test('tables of the same name: rows block, or are replaced, or added to', async () => {
    const o = (existingRows: MigrationOptions['existingRows']): PlantedOptions => ({
      ...part('logs', 'orders'),
      options: { existingRows },
    });
    const refused = await see('same-name-tables', o('refuse'));
    expect(refused).toMatchObject({ level: 'failed', side: 'target', database: 'shop', items: ['public.logs'] });
    expect(refused.found).toBe('2 tables of the same name on the target, 1 with rows');
    expect(refused.remedy).toMatch(/Empty or drop/);
    expect(await see('same-name-tables', o('truncate'))).toMatchObject({
      level: 'warning',
      effect: expect.stringMatching(/deleted/),
    });
    expect(await see('same-name-tables', o('append'))).toMatchObject({
      level: 'warning',
      effect: expect.stringMatching(/added/),
    });
    expect(await see('same-name-tables', part('orders'))).toMatchObject({ level: 'warning', items: ['public.orders'] });
    expect(await see('same-name-tables', { ...part('logs'), options: { type: 'structure' } })).toMatchObject({
      level: 'warning',
    });
    expect(await see('same-name-tables', fresh())).toMatchObject({ level: 'pass' });
    const elsewhere = choiceOf({
      name: 'shop',
      mode: 'partial',
      schemas: [{ name: 'public', mode: 'partial', tables: [{ name: 'logs', newName: 'journal' }] }],
    });
    expect(await see('same-name-tables', { ...whole(), databases: [elsewhere] })).toMatchObject({ level: 'pass' });
  });

  test('a table whose name a view has, and a table that somebody has locked', async () => {
    expect(await see('same-name-tables', part('odd'))).toMatchObject({ level: 'failed', items: ['public.odd'] });
    const other = new Client(target.uri('shop'));
    await other.connect();
    try {
      await other.query('BEGIN; LOCK TABLE logs');
      expect(await see('same-name-tables', part('logs'))).toMatchObject({ level: 'failed', items: ['public.logs'] });
    } finally {
      await other.end();
    }
  });

  test('other objects of the same name, but not those of tables that are there', async () => {
    const seen = await see('same-name-objects', whole());
    expect(seen).toMatchObject({
      level: 'warning',
      items: ['public.numbers', 'public.totals', 'public.twice(i integer)', 'type public.mood'],
    });
    expect(await see('same-name-objects', fresh())).toMatchObject({ level: 'pass' });
  });

  test('columns that do not fit', async () => {
    const seen = await see('target-structure', part('customers', 'orders'));
    expect(seen).toMatchObject({
      level: 'failed',
      items: [
        'public.customers: name is text, not character varying(20)',
        'public.customers: more is not on the source',
      ],
    });
    expect(seen.remedy).toMatch(/Drop the tables/);
    expect(await see('target-structure', part('orders'))).toMatchObject({ level: 'pass' });
    expect(await look('target-structure', fresh())).toEqual([]);
  });

  test('triggers, foreign keys and indexes of tables that get rows', async () => {
    const seen = await see('target-triggers', part('logs', 'orders'));
    expect(seen).toMatchObject({
      level: 'warning',
      items: ['public.logs: trigger watch', 'public.orders: foreign key orders_customer_fkey'],
    });
    expect(await see('target-triggers', part('notes'))).toMatchObject({ level: 'pass' });
    expect(await see('target-indexes', part('orders'))).toMatchObject({
      level: 'warning',
      items: ['public.orders_net'],
    });
    expect(await see('target-indexes', part('notes'))).toMatchObject({ level: 'pass' });
  });

  test('keys that make following changes slow', async () => {
    const options = { type: 'fullAndIncrement' as const };
    expect(await see('target-apply-keys', { ...part('logs', 'orders'), options })).toMatchObject({
      level: 'warning',
      items: [
        'public.logs: no primary key, no unique index',
        'public.orders: beside the primary key public.orders_net',
      ],
    });
    expect(await see('target-apply-keys', { ...part('notes'), options })).toMatchObject({ level: 'pass' });
    expect(await look('target-apply-keys', part('logs'))).toEqual([]);
  });
});

describe('roles', () => {
  beforeAll(async () => {
    await source.sql(
      `CREATE ROLE alike; CREATE ROLE differs LOGIN CREATEDB; CREATE ROLE "Only here";
       CREATE TABLE owned (id int); ALTER TABLE owned OWNER TO "Only here";
       CREATE TABLE granted (id int); GRANT SELECT ON granted TO "Only here"; CREATE TABLE theirs (id int); ALTER TABLE theirs OWNER TO alike`,
      'shop',
    );
    await target.sql('CREATE ROLE alike; CREATE ROLE differs LOGIN; CREATE ROLE mover LOGIN CREATEDB');
  });
  const withRoles = (roleMode: 'all' | 'partial' | 'none', roles: string[] = []): PlantedOptions => ({
    ...whole(),
    options: { objects: { mode: 'partial', roleMode, roles, databases: [wholeDatabase('shop')] } },
  });

  test('roles that are on both servers', async () => {
    const seen = await see('same-name-roles', withRoles('all'));
    expect(seen).toMatchObject({ level: 'warning', items: ['differs: createdb, login → login', 'alike'] });
    expect(seen.remedy).toMatch(/same person/);
    expect(await see('same-name-roles', withRoles('partial', ['alike']))).toMatchObject({
      level: 'info',
      items: ['alike'],
    });
    expect(await see('same-name-roles', withRoles('partial', ['Only here']))).toMatchObject({ level: 'pass' });
    expect(await look('same-name-roles', withRoles('none'))).toEqual([]);
  });

  test('owners that the target does not have: the repair creates them', async () => {
    const seen = await see('owners-missing', part('owned'));
    expect(seen).toMatchObject({ level: 'warning', items: ['Only here: owner, 1 time'] });
    expect(await see('owners-missing', { ...part('granted'), options: { keepOwners: false } })).toMatchObject({
      items: ['Only here: privileges, 1 time'],
    });
    expect(await see('owners-missing', { ...part('owned'), options: { keepOwners: false } })).toMatchObject({
      level: 'pass',
    });
    expect(await see('owners-missing', withRoles('all'))).toMatchObject({ level: 'pass' });
    expect(await see('owners-missing', { ...part('owned'), targetAccount: { user: 'mover' } })).toMatchObject({
      fix: null,
    });
    await applyFix(seen.fix, { source, target });
    expect(await see('owners-missing', part('owned'))).toMatchObject({ level: 'pass' });
  });

  test('owners that the account of the target is no member of', async () => {
    const as = (o: PlantedOptions): PlantedOptions => ({ ...o, targetAccount: { user: 'mover' } });
    const seen = await see('owners-refused', as(part('theirs')));
    expect(seen).toMatchObject({ level: 'warning', items: ['alike', 'postgres'] });
    expect(seen.remedy).toMatch(/GRANT alike TO mover/);
    expect(await look('owners-refused', part('theirs'))).toEqual([]);
    await target.sql('GRANT alike TO mover; GRANT postgres TO mover');
    expect(await see('owners-refused', as(part('theirs')))).toMatchObject({ level: 'pass' });
    await target.sql('REVOKE postgres FROM mover');
  });

  test('a database that cannot be created, or entered, or filled', async () => {
    await target.sql('CREATE ROLE nobody LOGIN');
    await target.createDatabase('closed', 'ALLOW_CONNECTIONS false');
    await source.createDatabase('new_one');
    const as = (user: string, choice: unknown): PlantedOptions => ({
      ...whole(),
      targetAccount: { user },
      databases: [choiceOf(choice)],
    });
    expect(await see('target-database', as('mover', { name: 'new_one', mode: 'all' }))).toMatchObject({
      level: 'pass',
    });
    const refused = await see('target-database', as('nobody', { name: 'new_one', mode: 'all' }));
    expect(refused).toMatchObject({ level: 'failed', items: ['new_one'] });
    expect(refused.remedy).toMatch(/ALTER ROLE nobody CREATEDB/);
    const filled = await see(
      'target-database',
      as('nobody', { name: 'fresh', mode: 'all', schemas: [{ name: 'public', newName: 'other', mode: 'all' }] }),
    );
    expect(filled).toMatchObject({ level: 'failed', items: ['CREATE on the database'] });
    const schema = await see('target-database', as('nobody', { name: 'fresh', mode: 'all' }));
    expect(schema).toMatchObject({ level: 'failed', items: ['CREATE on the schema public'] });
    expect(schema.remedy).toMatch(/GRANT CREATE, USAGE ON SCHEMA public TO nobody/);
    await target.sql('GRANT CREATE, USAGE ON SCHEMA public TO nobody', 'fresh');
    expect(await see('target-database', as('nobody', { name: 'fresh', mode: 'all' }))).toMatchObject({ level: 'pass' });
  });
});

describe('characters and their order', () => {
  const into = (database: string, name: string): PlantedOptions => ({
    ...whole(),
    databases: [choiceOf({ name: database, newName: name, mode: 'all' })],
  });
  beforeAll(async () => {
    await source.createDatabase('latin', "TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'");
    await source.createDatabase('ascii', "TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'");
    await source.createDatabase('icu', "TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'de' LOCALE 'C.UTF-8'");
    await target.createDatabase('latin9', "TEMPLATE template0 ENCODING 'LATIN9' LOCALE 'C'");
    await target.createDatabase('c_utf8', "TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'");
  });

  test('encodings', async () => {
    expect(await see('encoding', into('shop', 'c_utf8'))).toMatchObject({ level: 'pass' });
    expect(await see('encoding', into('latin', 'not_there'))).toMatchObject({ level: 'pass' });
    expect(await see('encoding', into('latin', 'c_utf8'))).toMatchObject({
      level: 'warning',
      items: ['LATIN1 → UTF8'],
    });
    expect(await see('encoding', into('ascii', 'c_utf8'))).toMatchObject({
      level: 'warning',
      effect: expect.stringMatching(/refuses rows/),
    });
    const seen = await see('encoding', into('latin', 'latin9'));
    expect(seen).toMatchObject({ level: 'failed', items: ['LATIN1 → LATIN9'] });
    expect(seen.remedy).toMatch(/ENCODING 'LATIN1'/);
  });

  test('locales', async () => {
    expect(await see('locale', fresh())).toMatchObject({ level: 'pass' });
    expect(await see('locale', into('icu', 'not_there'))).toMatchObject({ level: 'pass' });
    const seen = await see('locale', into('icu', 'c_utf8'));
    expect(seen).toMatchObject({ level: 'warning' });
    expect(seen.items[0]).toMatch(/^icu, de, .* → libc, LC_COLLATE C/);
  });

  test('amounts of money under another locale', async () => {
    await source.sql('CREATE TABLE prices (p money)', 'shop');
    expect(await see('money', part('prices'))).toMatchObject({ level: 'pass' });
    await source.sql("ALTER DATABASE shop SET lc_monetary = 'C'");
    await target.sql("ALTER ROLE postgres SET lc_monetary = 'POSIX'");
    const seen = await see('money', part('prices'));
    expect(seen).toMatchObject({ level: 'warning', items: ['public.prices.p'] });
    expect(seen.remedy).toMatch(/lc_monetary/);
    await target.sql('ALTER ROLE postgres RESET lc_monetary');
    expect(await see('money', part('orders'))).toMatchObject({ level: 'pass' });
  });
});
