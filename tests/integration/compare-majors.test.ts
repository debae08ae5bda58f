import { afterAll, beforeAll, expect, it } from 'vitest';
import { resolve } from 'node:path';
import { compareDatabases, differences, runScript, type Place } from '../support/compare';
import { readFile } from 'node:fs/promises';
import { SNAPSHOT, zooSql } from '../support/catalog-zoo';
import { startServer, type TestServer } from '../support/postgres';

const servers = new Map<number, TestServer>();
beforeAll(async () => {
  const started = await Promise.all([10, 13, 18].map((major) => startServer({ major })));
  for (const server of started) servers.set(server.major, server);
}, 120_000);
afterAll(() => Promise.all([...servers.values()].map((server) => server.stop())));

async function place(major: number, database: string, sql = ''): Promise<Place> {
  const server = servers.get(major);
  if (!server) throw new Error(`no server of ${major}`);
  await server.createDatabase(database);
  if (sql !== '') await runScript({ server, database }, sql);
  return { server, database };
}

/** What the catalogs say, by a query that knows nothing of comparisons. */
const snapshot = async ({ server, database }: Place): Promise<unknown[]> => server.sql(SNAPSHOT, database);

async function apply(source: Place, target: Place): Promise<string> {
  const { text } = await compareDatabases(source, target);
  await runScript(target, text).catch((error: unknown) => {
    throw new Error(`${String(error).slice(0, 3000)}\n${process.env['COMPARE_SCRIPT'] ? text : ''}`);
  });
  return text;
}

it('a collection of everything is made in an empty database of 18, and taken away again', async () => {
  const zoo = await place(18, 'zoo', zooSql(18));
  const empty = await place(18, 'empty');
  const target = await place(18, 'target');
  await apply(zoo, target);
  expect(differences((await compareDatabases(zoo, target)).items)).toEqual([]);
  expect(await snapshot(target)).toEqual(await snapshot(zoo));
  await apply(empty, target);
  expect(differences((await compareDatabases(empty, target)).items)).toEqual([]);
  expect(await snapshot(target)).toEqual(await snapshot(empty));
});

it('a collection of 13 is made on 18', async () => {
  const zoo = await place(13, 'zoo', zooSql(13));
  const target = await place(18, 'from_13');
  await apply(zoo, target);
  const { items, text } = await compareDatabases(zoo, target);
  expect(differences(items)).toEqual([]);
  expect(text).toBe('');
});

it('the sample of 18 is made on 13', async () => {
  const sample = await readFile(resolve(import.meta.dirname, '../../resources/sample/shop.sql'), 'utf8');
  const shop = await place(18, 'shop', sample);
  const target = await place(13, 'shop');
  await apply(shop, target);
  expect(differences((await compareDatabases(shop, target)).items)).toEqual([]);
});

it('a database of 10 becomes like one of 18, and one of 18 like that of 10', async () => {
  const sql = `CREATE SCHEMA s; CREATE TABLE s.t (id integer PRIMARY KEY, n integer NOT NULL DEFAULT 1); CREATE VIEW s.v AS SELECT t.id, t.n FROM s.t;
    CREATE FUNCTION s.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
    CREATE TRIGGER tr BEFORE INSERT ON s.t FOR EACH ROW EXECUTE PROCEDURE s.f(); CREATE TYPE s.r AS RANGE (SUBTYPE = integer);
    CREATE TABLE s.p (k integer NOT NULL) PARTITION BY LIST (k); CREATE TABLE s.p1 PARTITION OF s.p FOR VALUES IN (1, 2);`;
  const old = await place(10, 'old', sql);
  const fresh = await place(18, 'fresh', sql);
  expect(differences((await compareDatabases(old, fresh)).items)).toEqual([]);
  await runScript(
    old,
    'DROP VIEW s.v; ALTER TABLE s.t ADD more text; CREATE INDEX ON s.t (n); ALTER TABLE s.t ALTER n TYPE bigint, ALTER n DROP NOT NULL;',
  );
  await apply(old, fresh);
  expect(differences((await compareDatabases(old, fresh)).items)).toEqual([]);
  await runScript(
    fresh,
    'ALTER TABLE s.t ALTER n SET NOT NULL; CREATE TABLE s.q (id integer GENERATED ALWAYS AS IDENTITY, t text NOT NULL);',
  );
  await apply(fresh, old);
  expect(differences((await compareDatabases(fresh, old)).items)).toEqual([]);
});
