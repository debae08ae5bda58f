import { afterAll, beforeAll, expect, it } from 'vitest';
import { resolve } from 'node:path';
import { compareDatabases, differences, runScript, type Place } from '../support/compare';
import { readFile } from 'node:fs/promises';
import { SNAPSHOT, zooSql } from '../support/catalog-zoo';
import { startServer, type TestServer } from '../support/postgres';

const servers = new Map<number, TestServer>();
/** The collection of everything on 18. */
let zoo: Place;
beforeAll(async () => {
  const started = await Promise.all([10, 13, 18].map((major) => startServer({ major })));
  for (const server of started) servers.set(server.major, server);
  zoo = await place(18, 'zoo', zooSql(18));
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
  const old = await place(13, 'zoo', zooSql(13));
  const target = await place(18, 'from_13');
  await apply(old, target);
  const { items, text } = await compareDatabases(old, target);
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

/** Changes under names of every kind: a column and a comment more on every table, no policies, triggers, rules, views and indexes. */
const SPOIL = `DO $$ DECLARE r record; BEGIN
  FOR r IN SELECT c.oid::regclass AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'f') AND c.reloftype = 0 AND n.nspname !~ '^(pg_|information_schema)' AND NOT EXISTS (SELECT FROM pg_inherits i WHERE i.inhrelid = c.oid)
  LOOP
    EXECUTE format('ALTER TABLE %s ADD COLUMN "Added ""x; --" integer DEFAULT 5', r.name);
    EXECUTE format('COMMENT ON COLUMN %s."Added ""x; --" IS %L', r.name, 'spoilt');
    EXECUTE format('ALTER TABLE %s OWNER TO keeper', r.name);
  END LOOP;
  FOR r IN SELECT polname, polrelid::regclass AS name FROM pg_policy LOOP EXECUTE format('DROP POLICY %I ON %s', r.polname, r.name); END LOOP;
  FOR r IN SELECT tgname, tgrelid::regclass AS name FROM pg_trigger WHERE NOT tgisinternal AND tgparentid = 0 LOOP
    EXECUTE format('DROP TRIGGER %I ON %s', r.tgname, r.name); END LOOP;
  FOR r IN SELECT rulename, ev_class::regclass AS name FROM pg_rewrite WHERE rulename <> '_RETURN' AND oid > 16384 LOOP
    EXECUTE format('DROP RULE %I ON %s', r.rulename, r.name); END LOOP;
  FOR r IN SELECT c.oid, c.relkind, n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('v', 'm') AND c.oid > 16384 LOOP
    EXECUTE format('DROP %s IF EXISTS %I.%I CASCADE', CASE r.relkind WHEN 'v' THEN 'VIEW' ELSE 'MATERIALIZED VIEW' END, r.nspname, r.relname); END LOOP;
  FOR r IN SELECT oid::regprocedure AS name FROM pg_proc WHERE oid > 16384 AND prokind = 'f' AND proowner = 10 AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = pg_proc.oid AND d.deptype IN ('i', 'e')) LOOP
    EXECUTE format('ALTER FUNCTION %s COST 7', r.name); EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO keeper', r.name); END LOOP;
END $$;`;

it('a collection of everything under nasty names is brought back after changes all over', async () => {
  await zoo.server.createDatabase('zoo_spoilt', 'TEMPLATE zoo');
  const spoilt = { server: zoo.server, database: 'zoo_spoilt' };
  await runScript(spoilt, SPOIL);
  expect((await compareDatabases(zoo, spoilt)).items.filter(({ state }) => state !== 'equal').length).toBeGreaterThan(
    30,
  );
  await apply(zoo, spoilt);
  const again = await compareDatabases(zoo, spoilt);
  expect(differences(again.items)).toEqual([]);
  expect(again.text).toBe('');
  // Privileges that were granted and taken back are the usual ones, spelled out.
  const plain = (rows: unknown[]): string => JSON.stringify(rows).replaceAll('|=X/postgres,postgres=X/postgres', '');
  expect(plain(await snapshot(spoilt))).toBe(plain(await snapshot(zoo)));
});
