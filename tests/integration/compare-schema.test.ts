import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { compareShapes } from '../../electron/features/compare/compare-shapes';
import { syncScript } from '../../electron/features/compare/script/sync-script';
import { DEFAULT_COMPARE_OPTIONS, scriptText } from '../../shared/model/compare';
import { compareDatabases, differences, runScript, shapeOf, structureOf, type Place } from '../support/compare';
import { startServer, type TestServer } from '../support/postgres';

const run = promisify(execFile);
const LARGE = { maxBuffer: 512 * 1024 * 1024 };
const DATA = resolve(import.meta.dirname, '../../../shared/data');

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ major: 15 });
});
afterAll(() => server?.stop());

const at = (database: string): Place => ({ server, database });

async function create(database: string, template: string | null, sql: string): Promise<Place> {
  await server.createDatabase(database, template === null ? '' : `TEMPLATE ${template}`);
  if (sql !== '') await runScript(at(database), sql);
  return at(database);
}

/** A dump, with whatever of it this server takes; owners that don't exist here are made first. */
async function load(database: string, file: string): Promise<Place> {
  const sql = await readFile(file, 'utf8');
  for (const [, role] of sql.matchAll(/(?:OWNER TO|TO|FROM) "?([a-z_]\w*)"?;/g)) {
    if (role && role !== 'public')
      await server.sql(`DO $$ BEGIN CREATE ROLE "${role}"; EXCEPTION WHEN OTHERS THEN NULL; END $$`);
  }
  await server.createDatabase(database);
  await run('psql', ['-X', '-q', '-d', server.uri(database), '-f', file], LARGE);
  return at(database);
}

/** Makes the target like the source: what is left of differences by pg_dump and by a second comparison, which should be nothing. */
async function sync(source: Place, target: Place): Promise<{ text: string; left: unknown }> {
  const { text } = await compareDatabases(source, target);
  await runScript(target, text).catch((error: unknown) => {
    throw new Error(`${String(error).slice(0, 3000)}\n${process.env['COMPARE_SCRIPT'] ? text : ''}`);
  });
  const has = await structureOf(target);
  const wanted = await structureOf(source);
  const again = await compareDatabases(source, target);
  return {
    text,
    left: {
      missing: wanted.filter((statement) => !has.includes(statement)),
      surplus: has.filter((statement) => !wanted.includes(statement)),
      differences: differences(again.items),
      script: again.text,
    },
  };
}

const NOTHING = { missing: [], surplus: [], differences: [], script: '' };

const zoo = join(DATA, 'extra-object-zoo');
it.skipIf(!existsSync(zoo))(
  'of two collections of objects either becomes the other, and an empty database becomes one',
  async () => {
    const a = await load('zoo_a', join(zoo, 'source_17.sql'));
    const b = await load('zoo_b', join(zoo, 'target_17.sql'));
    await create('zoo_a2', a.database, '');
    await create('zoo_e', null, '');
    expect((await sync(a, at('zoo_e'))).left).toEqual(NOTHING);
    expect((await sync(b, at('zoo_a2'))).left).toEqual(NOTHING);
    expect((await sync(a, b)).left).toEqual(NOTHING);
  },
);

const BEFORE = `
CREATE SCHEMA s; CREATE SCHEMA gone; COMMENT ON SCHEMA s IS 'old';
CREATE ROLE compare_a; CREATE ROLE compare_b;
CREATE TYPE s.mood AS ENUM ('a', 'c'); CREATE TYPE s.shrinking AS ENUM ('x', 'y', 'z');
CREATE TYPE s.pair AS (one integer, two text);
CREATE TYPE s.span AS RANGE (SUBTYPE = integer);
CREATE DOMAIN s.pct AS integer DEFAULT 0 CONSTRAINT low CHECK (VALUE >= 0);
CREATE DOMAIN s.moved AS integer;
CREATE FUNCTION s.f(a integer) RETURNS integer LANGUAGE sql AS 'SELECT $1';
CREATE FUNCTION s.retyped(a integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE FUNCTION s.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE PROCEDURE s.p() LANGUAGE sql AS 'SELECT 1';
CREATE SEQUENCE s.counter; CREATE SEQUENCE s.bounded MAXVALUE 1000; SELECT setval('s.bounded', 900);
CREATE TABLE s.t (id integer PRIMARY KEY, name varchar(50) DEFAULT 'x', amount numeric(10,2) NOT NULL, gone text, mood s.mood,
  shrink s.shrinking DEFAULT 'x', spans s.span, pct s.pct, moved s.moved, total integer GENERATED ALWAYS AS (id * 2) STORED, ident integer,
  CONSTRAINT positive CHECK (amount > 0), CONSTRAINT shrinks CHECK (shrink <> 'z'::s.shrinking));
ALTER TABLE s.t ALTER name SET STATISTICS 50, ALTER name SET STORAGE EXTERNAL;
COMMENT ON TABLE s.t IS 'old'; COMMENT ON COLUMN s.t.name IS 'old name'; COMMENT ON CONSTRAINT positive ON s.t IS 'check';
GRANT SELECT ON s.t TO compare_a; GRANT UPDATE (name) ON s.t TO compare_a; GRANT SELECT ON s.t TO compare_b WITH GRANT OPTION;
INSERT INTO s.t (id, name, amount, mood, shrink, spans, ident) VALUES (1, 'one', 5, 'a', 'x', '[1,5)', 1);
CREATE TABLE s.child (t integer REFERENCES s.t, note text); ALTER TABLE s.child ENABLE ROW LEVEL SECURITY;
CREATE POLICY mine ON s.child USING (note = 'a');
CREATE INDEX t_name ON s.t (name); CREATE INDEX t_gone ON s.t (gone);
CREATE VIEW s.v AS SELECT id, name FROM s.t; CREATE VIEW s.v2 AS SELECT id FROM s.v; CREATE VIEW s.v3 AS SELECT s.retyped(id) AS r FROM s.t;
GRANT SELECT ON s.v2 TO compare_b; COMMENT ON VIEW s.v2 IS 'over v';
CREATE MATERIALIZED VIEW s.m AS SELECT name, count(*) FROM s.t GROUP BY name; CREATE UNIQUE INDEX m_name ON s.m (name);
CREATE TRIGGER tr BEFORE UPDATE OF name ON s.t FOR EACH ROW WHEN (OLD.name <> NEW.name) EXECUTE FUNCTION s.touch();
CREATE RULE r AS ON DELETE TO s.child DO INSTEAD NOTHING;
CREATE TABLE s.parts (k integer NOT NULL, v text) PARTITION BY RANGE (k);
CREATE TABLE s.parts_1 PARTITION OF s.parts FOR VALUES FROM (0) TO (10); CREATE TABLE s.parts_2 PARTITION OF s.parts FOR VALUES FROM (10) TO (20);
CREATE INDEX parts_v ON s.parts (v); ALTER TABLE s.parts ADD PRIMARY KEY (k);
CREATE TABLE s.base (a integer, b text); CREATE TABLE s.heir (c integer) INHERITS (s.base);
CREATE TABLE gone.old (a integer); CREATE VIEW gone.seen AS SELECT * FROM gone.old; CREATE FUNCTION gone.f() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE TABLE s.with_serial (id serial, other integer); CREATE TABLE s.kind_changes (a integer);
CREATE STATISTICS s.st ON id, name FROM s.t;
CREATE PUBLICATION pub FOR TABLE s.t; CREATE COLLATION s.coll (PROVIDER = libc, LC_COLLATE = 'C', LC_CTYPE = 'C');
CREATE FOREIGN DATA WRAPPER w; CREATE SERVER srv FOREIGN DATA WRAPPER w OPTIONS (host 'a', port '1');
CREATE USER MAPPING FOR compare_a SERVER srv OPTIONS (u 'x'); CREATE FOREIGN TABLE s.ft (a integer OPTIONS (n 'a'), b text) SERVER srv OPTIONS (t 'x');
CREATE TEXT SEARCH CONFIGURATION s.cfg (COPY = pg_catalog.simple); CREATE OPERATOR s.=== (LEFTARG = integer, RIGHTARG = integer, PROCEDURE = int4eq);
CREATE CAST (s.pair AS text) WITH INOUT; ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT SELECT ON TABLES TO compare_a;
CREATE FUNCTION s.evt() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'; CREATE EVENT TRIGGER compare_evt ON sql_drop EXECUTE FUNCTION s.evt();
CREATE EXTENSION pg_trgm WITH SCHEMA s;
`;

const MUTATIONS = `
DROP SCHEMA gone CASCADE; CREATE SCHEMA fresh; COMMENT ON SCHEMA s IS 'new'; ALTER SCHEMA s OWNER TO compare_b;
ALTER TYPE s.mood ADD VALUE 'b' BEFORE 'c'; ALTER TYPE s.mood ADD VALUE '0' BEFORE 'a'; ALTER TYPE s.mood ADD VALUE 'd';
ALTER TYPE s.pair ADD ATTRIBUTE three date; ALTER TYPE s.pair ALTER ATTRIBUTE two TYPE varchar;
ALTER DOMAIN s.pct SET DEFAULT 5; ALTER DOMAIN s.pct ADD CONSTRAINT high CHECK (VALUE <= 100); ALTER DOMAIN s.pct DROP CONSTRAINT low; ALTER DOMAIN s.pct SET NOT NULL;
CREATE OR REPLACE FUNCTION s.f(a integer) RETURNS integer LANGUAGE sql AS 'SELECT $1 + 1'; ALTER FUNCTION s.f(integer) OWNER TO compare_a;
REVOKE ALL ON FUNCTION s.f(integer) FROM PUBLIC; CREATE FUNCTION s.f(a text) RETURNS text LANGUAGE sql AS 'SELECT $1';
DROP VIEW s.v3; DROP FUNCTION s.retyped(integer); CREATE FUNCTION s.retyped(a integer) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1::text';
ALTER SEQUENCE s.counter AS integer INCREMENT 5 CACHE 10 CYCLE; ALTER SEQUENCE s.bounded RESTART 10; ALTER SEQUENCE s.bounded MAXVALUE 500;
DROP MATERIALIZED VIEW s.m; DROP TRIGGER tr ON s.t; DROP VIEW s.v CASCADE; DROP STATISTICS s.st;
ALTER TABLE s.t DROP CONSTRAINT shrinks, ALTER shrink DROP DEFAULT, ALTER shrink TYPE text; DROP TYPE s.shrinking; CREATE TYPE s.shrinking AS ENUM ('y', 'x');
ALTER TABLE s.t ALTER shrink TYPE s.shrinking USING shrink::s.shrinking, ALTER shrink SET DEFAULT 'y', ADD CONSTRAINT shrinks CHECK (shrink <> 'y'::s.shrinking) NOT VALID;
ALTER TABLE s.t ALTER spans TYPE text; DROP TYPE s.span; CREATE TYPE s.span AS RANGE (SUBTYPE = bigint); ALTER TABLE s.t ALTER spans TYPE s.span USING spans::s.span;
ALTER TABLE s.t ALTER moved TYPE text; DROP DOMAIN s.moved; CREATE DOMAIN s.moved AS text; ALTER TABLE s.t ALTER moved TYPE s.moved;
ALTER TABLE s.t DROP gone, ADD added timestamptz DEFAULT now(), ALTER name TYPE varchar(80), ALTER name DROP DEFAULT, ALTER name SET NOT NULL,
  ALTER amount TYPE integer, ALTER amount DROP NOT NULL, ALTER name SET STATISTICS -1, ALTER name SET STORAGE EXTENDED, ALTER amount SET STATISTICS 7;
ALTER TABLE s.t DROP total; ALTER TABLE s.t ADD total integer GENERATED ALWAYS AS (id * 3) STORED;
UPDATE s.t SET ident = 1; ALTER TABLE s.t ALTER ident SET NOT NULL, ALTER ident ADD GENERATED BY DEFAULT AS IDENTITY (START 10);
ALTER TABLE s.t DROP CONSTRAINT positive, ADD CONSTRAINT positive CHECK (amount >= 0); COMMENT ON CONSTRAINT positive ON s.t IS 'check';
COMMENT ON TABLE s.t IS NULL; COMMENT ON COLUMN s.t.name IS 'new name'; REVOKE SELECT ON s.t FROM compare_a; GRANT INSERT ON s.t TO compare_a;
REVOKE GRANT OPTION FOR SELECT ON s.t FROM compare_b; ALTER TABLE s.t SET (fillfactor = 70), OWNER TO compare_a; ALTER TABLE s.t REPLICA IDENTITY FULL;
CREATE INDEX t_amount ON s.t (amount) WHERE amount > 5; DROP INDEX s.t_name; CREATE INDEX t_name ON s.t (lower(name)); CLUSTER s.t USING t_pkey;
ALTER TABLE s.child DROP CONSTRAINT child_t_fkey, ADD CONSTRAINT child_t_fkey FOREIGN KEY (t) REFERENCES s.t ON DELETE CASCADE;
ALTER TABLE s.child FORCE ROW LEVEL SECURITY; DROP POLICY mine ON s.child; CREATE POLICY mine ON s.child FOR SELECT TO compare_a USING (note = 'b');
DROP RULE r ON s.child; CREATE RULE r AS ON DELETE TO s.child DO ALSO NOTHING;
CREATE VIEW s.v AS SELECT id, name, amount FROM s.t; CREATE VIEW s.v2 AS SELECT id FROM s.v; GRANT SELECT ON s.v2 TO compare_b;
COMMENT ON VIEW s.v2 IS 'over v'; CREATE VIEW s.v3 AS SELECT s.retyped(id) AS r FROM s.t;
CREATE MATERIALIZED VIEW s.m AS SELECT name, sum(amount) FROM s.t GROUP BY name WITH NO DATA; CREATE UNIQUE INDEX m_name ON s.m (name);
CREATE TRIGGER tr BEFORE UPDATE OF amount ON s.t FOR EACH ROW EXECUTE FUNCTION s.touch(); ALTER TABLE s.t DISABLE TRIGGER tr;
DROP TABLE s.parts_2; CREATE TABLE s.parts_2 PARTITION OF s.parts FOR VALUES FROM (10) TO (30); ALTER TABLE s.parts ADD w integer;
CREATE TABLE s.parts_3 PARTITION OF s.parts DEFAULT; DROP INDEX s.parts_v; CREATE INDEX parts_v ON s.parts (v, k);
ALTER TABLE s.base ADD d date, ALTER b TYPE varchar(10); ALTER TABLE s.with_serial ALTER id DROP DEFAULT; DROP SEQUENCE s.with_serial_id_seq;
CREATE SEQUENCE s.other_seq OWNED BY s.with_serial.other; ALTER TABLE s.with_serial ALTER other SET DEFAULT nextval('s.other_seq');
DROP TABLE s.kind_changes; CREATE VIEW s.kind_changes AS SELECT 1 AS a; CREATE STATISTICS s.st (ndistinct) ON id, amount FROM s.t;
ALTER PUBLICATION pub SET (publish = 'insert'); ALTER PUBLICATION pub ADD TABLE s.child;
DROP COLLATION s.coll; CREATE COLLATION s.coll (PROVIDER = icu, LOCALE = 'de');
ALTER SERVER srv OPTIONS (SET host 'b', DROP port, ADD db 'd'); ALTER USER MAPPING FOR compare_a SERVER srv OPTIONS (SET u 'y');
ALTER FOREIGN TABLE s.ft OPTIONS (SET t 'y'); ALTER FOREIGN TABLE s.ft ALTER a OPTIONS (SET n 'b'), DROP b, ADD c date;
ALTER TEXT SEARCH CONFIGURATION s.cfg DROP MAPPING FOR asciiword; DROP OPERATOR s.=== (integer, integer);
CREATE OPERATOR s.=== (LEFTARG = integer, RIGHTARG = integer, PROCEDURE = int4ne); DROP CAST (s.pair AS text); CREATE CAST (s.pair AS text) WITH INOUT AS ASSIGNMENT;
ALTER DEFAULT PRIVILEGES IN SCHEMA s REVOKE SELECT ON TABLES FROM compare_a; ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT EXECUTE ON FUNCTIONS TO compare_b;
ALTER EVENT TRIGGER compare_evt DISABLE; DROP PROCEDURE s.p(); CREATE FUNCTION s.p() RETURNS integer LANGUAGE sql AS 'SELECT 1';
ALTER EXTENSION pg_trgm SET SCHEMA fresh;
`;

it('every kind of change is brought about and taken back again', async () => {
  const old = await create('changes_old', null, BEFORE);
  const fresh = await create('changes_new', 'changes_old', MUTATIONS);
  await create('changes_back', 'changes_new', '');
  const there = await sync(fresh, old);
  expect(there.left).toEqual(NOTHING);
  expect(there.text).toContain("ALTER TYPE s.mood ADD VALUE IF NOT EXISTS 'b' AFTER 'a';");
  expect(await server.sql('SELECT id, name, amount, mood, shrink, spans, ident FROM s.t', 'changes_old')).toEqual([
    { id: 1, name: 'one', amount: 5, mood: 'a', shrink: 'x', spans: '[1,5)', ident: 1 },
  ]);
  await create('changes_first', null, BEFORE.replace(/CREATE ROLE \w+;/g, ''));
  expect((await sync(at('changes_first'), at('changes_back'))).left).toEqual(NOTHING);
});

it('what is left out stays as it was, though what it stands on changes', async () => {
  const base = `CREATE SCHEMA s; CREATE TABLE s.t (id integer, n integer); CREATE VIEW s.v AS SELECT id, n FROM s.t; CREATE VIEW s.w AS SELECT n FROM s.v;`;
  const target = await create('left_out', null, base);
  const source = await create(
    'left_out_source',
    null,
    base
      .replace('n integer', 'n bigint')
      .replace('SELECT id, n FROM s.t', 'SELECT id, n FROM s.t WHERE n > 5')
      .replace('s.w', 's.other'),
  );
  const left = await shapeOf(source);
  const right = await shapeOf(target);
  const options = DEFAULT_COMPARE_OPTIONS;
  const items = compareShapes(left, right, options);
  const excluded = new Set(items.filter(({ object }) => object.name === 'v').map(({ key }) => key));
  await runScript(target, scriptText(syncScript(left, right, { items, excluded, drop: false, options })));
  const again = await compareDatabases(source, target);
  expect(
    again.items.filter(({ state }) => state !== 'equal').map(({ object, state }) => `${object.name} ${state}`),
  ).toEqual(['v different', 'w only-target']);
});

const pagila = join(DATA, '1-pagila/pagila.sql');
it.skipIf(!existsSync(pagila))(
  'pagila as it was is made of a changed one, and everything of it out of nothing',
  async () => {
    const whole = await load('pagila', pagila);
    const changed = await create(
      'pagila_changed',
      'pagila',
      `ALTER TABLE film ALTER rental_duration TYPE integer; ALTER TYPE mpaa_rating ADD VALUE 'X'; DROP VIEW customer_list;
     ALTER TABLE customer RENAME email TO mail; DROP TRIGGER last_updated ON film; DROP INDEX idx_title; ALTER DOMAIN year DROP CONSTRAINT year_check;
     DROP AGGREGATE group_concat(text) CASCADE; CREATE TABLE new_one (id serial PRIMARY KEY); ALTER TABLE payment ADD note text;`,
    );
    expect((await sync(whole, changed)).left).toEqual(NOTHING);
    const empty = await create('pagila_empty', null, '');
    expect((await sync(whole, empty)).left).toEqual(NOTHING);
  },
);
