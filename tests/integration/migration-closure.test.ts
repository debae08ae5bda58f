import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSession, type PgSession } from '../../electron/adapters/postgres/session';
import { readClosure } from '../../electron/control-plane/migration/plan/closure';
import { databaseChoice } from '../../shared/model/migration';
import { startServer, type TestServer } from '../support/postgres';

const never = new AbortController().signal;

const OBJECTS = `
CREATE EXTENSION IF NOT EXISTS plpgsql;
CREATE SCHEMA "S ""1""";
CREATE SCHEMA far;
CREATE SCHEMA whole;
CREATE TABLE far.customers (id int PRIMARY KEY);
CREATE TABLE far.countries (code text PRIMARY KEY);
ALTER TABLE far.customers ADD country text REFERENCES far.countries;
CREATE TABLE "S ""1""".orders (id int PRIMARY KEY, customer int REFERENCES far.customers);
CREATE TABLE far.lines (order_id int REFERENCES "S ""1""".orders);
CREATE VIEW far."Open" AS SELECT id FROM "S ""1""".orders;
CREATE VIEW "S ""1""".report AS SELECT * FROM far."Open";
CREATE MATERIALIZED VIEW "S ""1""".mat AS SELECT * FROM "S ""1""".report;
CREATE SEQUENCE far.numbers;
CREATE FUNCTION far.twice(i int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT i * 2';
CREATE FUNCTION far.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE "S ""1""".defaults (id bigint DEFAULT nextval('far.numbers'), n int DEFAULT far.twice(2));
CREATE TABLE "S ""1""".touched (id int);
CREATE TRIGGER touch BEFORE INSERT ON "S ""1""".touched FOR EACH ROW EXECUTE PROCEDURE far.touch();
CREATE TYPE far.mood AS ENUM ('a');
CREATE TYPE far.pair AS (a far.mood[], c far.customers);
CREATE DOMAIN far.percent AS int CHECK (far.twice(VALUE) < 200);
CREATE COLLATION far."Coll" (LOCALE = 'C');
CREATE TYPE far.span AS RANGE (SUBTYPE = int);
CREATE TABLE "S ""1""".typed (p far.pair[], d far.percent, t text COLLATE far."Coll", s far.span);
CREATE FUNCTION far.same(far.mood, far.mood) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE OPERATOR far.=== (PROCEDURE = far.same, LEFTARG = far.mood, RIGHTARG = far.mood);
CREATE VIEW "S ""1""".operated AS SELECT 'a'::far.mood OPERATOR(far.===) 'a'::far.mood AS same;
CREATE TABLE far.parts (id int NOT NULL, region text NOT NULL) PARTITION BY LIST (region);
CREATE TABLE far.part_sub PARTITION OF far.parts FOR VALUES IN ('b') PARTITION BY RANGE (id);
CREATE TABLE "S ""1""".leaf PARTITION OF far.part_sub FOR VALUES FROM (1) TO (9);
CREATE TABLE far.parent (id int);
CREATE TABLE "S ""1""".child () INHERITS (far.parent);
CREATE TABLE "S ""1""".guarded (id int);
CREATE POLICY p ON "S ""1""".guarded USING (EXISTS (SELECT FROM far.countries));
CREATE TABLE "S ""1""".indexed (id int);
CREATE INDEX ON "S ""1""".indexed (far.twice(id));
CREATE TABLE far.owner (id serial);
CREATE SEQUENCE "S ""1""".owned;
CREATE TABLE "S ""1""".holder (id int);
ALTER SEQUENCE "S ""1""".owned OWNED BY "S ""1""".holder.id;
CREATE FOREIGN DATA WRAPPER nowhere;
CREATE SERVER nowhere FOREIGN DATA WRAPPER nowhere;
CREATE FOREIGN TABLE "S ""1""".remote (id int) SERVER nowhere;
CREATE FUNCTION far.extended() RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
ALTER EXTENSION plpgsql ADD FUNCTION far.extended();
CREATE VIEW "S ""1""".uses_extension AS SELECT far.extended() AS one;
CREATE FUNCTION "S ""1""".takes(far.customers, far.mood) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE TRANSFORM FOR int LANGUAGE sql (FROM SQL WITH FUNCTION prsd_lextype(internal), TO SQL WITH FUNCTION int4recv(internal));
CREATE FUNCTION "S ""1""".transformed(int) RETURNS int LANGUAGE sql TRANSFORM FOR TYPE int AS 'SELECT 1';
CREATE TYPE whole.inner_type AS ENUM ('x');
CREATE TYPE whole.outer_type AS (c far.customers);
CREATE TABLE whole.inside (m whole.inner_type);
CREATE VIEW whole.v AS SELECT * FROM whole.inside;
`;
const S = 'S "1"';

describe.each([10, 18])('What chosen objects need, on %i', (major) => {
  let server: TestServer;
  let session: PgSession;
  beforeAll(async () => {
    server = await startServer({ major });
    await server.createDatabase('shop');
    await server.sql(OBJECTS, 'shop');
    session = await openSession(server.profile('shop'));
  });
  afterAll(async () => {
    await session?.end();
    await server?.stop();
  });

  const closure = async (schema: object, ...others: object[]) => {
    const choice = databaseChoice.parse({
      name: 'shop',
      mode: 'partial',
      schemas: [{ name: S, mode: 'partial', ...schema }, ...others],
    });
    return (
      (await readClosure(session, choice, never))
        .map(({ object, needs, how }) => `${object}: ${how} ${needs.kind} ${needs.schema}.${needs.name}`)
        // Newer servers word a transform otherwise.
        .map((text) => text.replace(' on language', ' language'))
        .toSorted()
    );
  };
  const tables = (...names: string[]) => ({ tables: names.map((name) => ({ name })) });

  test('A foreign key needs its table, and what that needs; not what points at it', async () => {
    expect(await closure(tables('orders'))).toEqual([
      `table ${S}.orders: add table far.customers`,
      'table far.customers: add table far.countries',
    ]);
    const far = { name: 'far', mode: 'partial', ...tables('customers', 'countries') };
    expect(await closure(tables('orders'), far)).toEqual([]);
  });

  test('A view needs all that it reads, through other views and schemas', async () => {
    expect(await closure({ views: ['mat'] })).toEqual([
      `materialized view ${S}.mat: add view ${S}.report`,
      `table ${S}.orders: add table far.customers`,
      'table far.customers: add table far.countries',
      `view ${S}.report: add view far.Open`,
      `view far.Open: add table ${S}.orders`,
    ]);
  });

  test('Defaults, triggers, policies, indexes', async () => {
    expect(await closure(tables('defaults'))).toEqual([
      `table ${S}.defaults: add sequence far.numbers`,
      `table ${S}.defaults: comes function far.twice(i integer)`,
    ]);
    expect(await closure(tables('touched'))).toEqual([`table ${S}.touched: comes function far.touch()`]);
    expect(await closure(tables('guarded'))).toEqual([`table ${S}.guarded: add table far.countries`]);
    expect(await closure(tables('indexed'))).toEqual([`table ${S}.indexed: comes function far.twice(i integer)`]);
  });

  test('Types, domains, collations and operators come; a row type needs its table', async () => {
    expect(await closure(tables('typed'))).toEqual([
      'composite type far.pair: add table far.customers',
      'composite type far.pair: comes type far.mood',
      `table ${S}.typed: comes collation far.Coll`,
      `table ${S}.typed: comes composite type far.pair`,
      `table ${S}.typed: comes type far.percent`,
      `table ${S}.typed: comes type far.span`,
      'table far.customers: add table far.countries',
      'type far.percent: comes function far.twice(i integer)',
    ]);
    const operated = await closure({ views: ['operated'] });
    expect(operated).toContain(`view ${S}.operated: comes type far.mood`);
    expect(operated).toContain(`view ${S}.operated: comes operator far.===(far.mood,far.mood)`);
    expect(operated.every((each) => each.includes(': comes '))).toBe(true);
    const takes = await closure({ functions: ['takes(far.customers, far.mood)'] });
    expect(takes).toContain(`function ${S}.takes(far.customers, far.mood): add table far.customers`);
  });

  test('A partition needs its root, a child its parent, a sequence the table of its column', async () => {
    expect(await closure(tables('leaf'))).toEqual([`table ${S}.leaf: add partitioned far.parts`]);
    expect(await closure(tables('child'))).toEqual([`table ${S}.child: add table far.parent`]);
    expect(await closure({ sequences: ['owned'] })).toEqual([`sequence ${S}.owned: add table ${S}.holder`]);
    expect(await closure(tables('holder'))).toEqual([]);
    expect(await closure({}, { name: 'far', mode: 'partial', ...tables('parts') })).toEqual([]);
  });

  test('Servers and extensions come', async () => {
    expect(await closure(tables('remote'))).toEqual([
      `foreign table ${S}.remote: comes server .nowhere`,
      'server nowhere: comes foreign-data wrapper .nowhere',
    ]);
    expect(await closure({ views: ['uses_extension'] })).toEqual([
      `view ${S}.uses_extension: comes extension .plpgsql`,
    ]);
  });

  test('What can neither be chosen nor comes is a gap', async () => {
    expect(await closure({ functions: ['transformed(integer)'] })).toEqual([
      `function ${S}.transformed(integer): gap transform .for integer language sql`,
    ]);
  });

  test('Nothing within a whole schema is missing, but what its types need elsewhere is', async () => {
    expect(await closure({}, { name: 'whole', mode: 'all' })).toEqual([
      'composite type whole.outer_type: add table far.customers',
      'table far.customers: add table far.countries',
    ]);
    expect(await closure({ mode: 'all' }, { name: 'far', mode: 'all' })).toEqual([
      `foreign table ${S}.remote: comes server .nowhere`,
      `function ${S}.transformed(integer): gap transform .for integer language sql`,
      'server nowhere: comes foreign-data wrapper .nowhere',
      `view ${S}.uses_extension: comes extension .plpgsql`,
    ]);
    expect(await readClosure(session, databaseChoice.parse({ name: 'shop', mode: 'all' }), never)).toEqual([]);
  });

  test('What is chosen and gone is told', async () => {
    await expect(closure(tables('gone'))).rejects.toMatchObject({ info: { code: 'not-found' } });
  });
});
