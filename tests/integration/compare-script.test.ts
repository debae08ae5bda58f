import { afterAll, beforeAll, expect, it } from 'vitest';
import { compareShapes } from '../../electron/features/compare/compare-shapes';
import { syncScript } from '../../electron/features/compare/script/sync-script';
import { DEFAULT_COMPARE_OPTIONS, scriptText, type CompareItem, type SyncScript } from '../../shared/model/compare';
import { compareDatabases, differences, runScript, shapeOf, type Place } from '../support/compare';
import { startServer, type TestServer } from '../support/postgres';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ major: 15 });
});
afterAll(() => server?.stop());

let number = 0;
async function create(sql: string): Promise<Place> {
  number += 1;
  const database = `script_${number}`;
  await server.createDatabase(database);
  await runScript({ server, database }, sql);
  return { server, database };
}

/** A script for the target, run there. */
async function apply(
  source: Place,
  target: Place,
  drop: boolean,
  isExcluded: (item: CompareItem) => boolean = () => false,
): Promise<SyncScript & { readonly text: string }> {
  const left = await shapeOf(source);
  const right = await shapeOf(target);
  const options = DEFAULT_COMPARE_OPTIONS;
  const items = compareShapes(left, right, options);
  const excluded = new Set(items.filter(isExcluded).map(({ key }) => key));
  const script = syncScript(left, right, { items, excluded, drop, options });
  const text = scriptText(script);
  await runScript(target, text).catch((error: unknown) => {
    throw new Error(`${String(error)}\n${text}`);
  });
  return { ...script, text };
}

/** Makes the target like the source, whole. */
async function sync(source: string, target: string): Promise<Awaited<ReturnType<typeof apply>> & { place: Place }> {
  const from = await create(source);
  const place = await create(target);
  const script = await apply(from, place, true);
  const again = await compareDatabases(from, place);
  expect(differences(again.items)).toEqual([]);
  return { ...script, place };
}

const lossesOf = ({ statements }: SyncScript): string[] =>
  statements.filter(({ mark }) => mark === 'loss').map(({ sql }) => sql);

it('what has the name of something that is not chosen to go is left out, with what needs it', async () => {
  const source = await create(
    `CREATE VIEW foo AS SELECT 1 AS a; CREATE VIEW over_foo AS SELECT a FROM foo; CREATE TABLE other (a integer);
     CREATE TABLE t (a integer, b text, CONSTRAINT c CHECK (a > 0));`,
  );
  const target = await create(
    `CREATE TABLE foo (a integer); INSERT INTO foo VALUES (7); CREATE TABLE t (a integer);
     ALTER TABLE t ADD CONSTRAINT c CHECK (a > 1) NOT VALID;`,
  );
  const script = await apply(source, target, false);
  expect(await server.sql('SELECT a FROM foo', target.database)).toEqual([{ a: 7 }]);
  expect(script.warnings).toEqual([
    { code: 'name-taken', name: 'public.t' },
    { code: 'name-taken', name: 'public.foo' },
    { code: 'left-out', name: 'public.over_foo' },
  ]);
  expect(script.text).toContain('CREATE TABLE public.other');
  await apply(source, target, true, ({ object }) => object.kind === 'table' && object.name === 'foo');
  expect(await server.sql('SELECT a FROM foo', target.database)).toEqual([{ a: 7 }]);
  await apply(source, target, true);
  expect(differences((await compareDatabases(source, target)).items)).toEqual([]);
});

it('columns are made anew or get other types with all that is over them, of partitions and at both ends of foreign keys too', async () => {
  const made = (factor: number, type: string, labels: string, plain: string): string => `
    CREATE TABLE t (a integer, b integer GENERATED ALWAYS AS (a * ${factor}) STORED NOT NULL, c integer, PRIMARY KEY (b),
      CONSTRAINT low CHECK (b > 0), CONSTRAINT both_ok CHECK (b > c));
    COMMENT ON COLUMN t.b IS 'made'; COMMENT ON CONSTRAINT low ON t IS 'low'; ALTER TABLE t ALTER b SET STATISTICS 20;
    GRANT SELECT (b) ON t TO PUBLIC; CREATE INDEX t_b ON t (c, b); COMMENT ON INDEX t_b IS 'index'; CREATE STATISTICS st ON b, c FROM t;
    CREATE VIEW v AS SELECT b FROM t; CREATE TABLE r (b integer REFERENCES t); INSERT INTO t VALUES (6, DEFAULT, 2);
    CREATE TABLE p (k integer, g integer GENERATED ALWAYS AS (k * ${factor}) STORED) PARTITION BY RANGE (k);
    CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10); CREATE INDEX p1_g ON p1 (g); CREATE INDEX p_g ON p (g, k);
    INSERT INTO p VALUES (3);
    CREATE TYPE mood AS ENUM (${labels}); CREATE TABLE one (id ${type} PRIMARY KEY, mood mood UNIQUE);
    CREATE TABLE two (one ${type} REFERENCES one ON DELETE CASCADE, mood mood CONSTRAINT by_mood REFERENCES one (mood));
    INSERT INTO one VALUES (1, 'x'); INSERT INTO two VALUES (1, 'x');
    CREATE TABLE plain (a integer, b ${plain}); CREATE INDEX plain_b ON plain (b); INSERT INTO plain VALUES (1), (2);`;
  const { place, text } = await sync(
    made(2, 'text', "'y', 'x'", 'bigint DEFAULT 3'),
    made(1, 'integer', "'x', 'y', 'z'", 'integer GENERATED ALWAYS AS (a * 2) STORED'),
  );
  expect(await server.sql('SELECT a, b, c FROM t', place.database)).toEqual([{ a: 6, b: 12, c: 2 }]);
  expect(await server.sql('SELECT k, g FROM p', place.database)).toEqual([{ k: 3, g: 6 }]);
  expect(await server.sql('SELECT one, mood::text FROM two', place.database)).toEqual([{ one: '1', mood: 'x' }]);
  // The values of a generated column that becomes a plain one stay.
  expect(await server.sql('SELECT a, b::integer FROM plain', place.database)).toEqual([
    { a: 1, b: 2 },
    { a: 2, b: 4 },
  ]);
  expect(text).not.toContain('plain DROP COLUMN');
});

it('an identity goes on counting where the serial was', async () => {
  const { place, warnings } = await sync(
    `CREATE TABLE t (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, x text);
     CREATE TABLE "od'd" ("i d" bigint GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.elsewhere));`,
    `CREATE TABLE t (id serial PRIMARY KEY, x text); INSERT INTO t (x) VALUES ('a'), ('b'), ('c');
     CREATE TABLE "od'd" ("i d" bigserial); INSERT INTO "od'd" DEFAULT VALUES;`,
  );
  await server.sql(`INSERT INTO t (x) VALUES ('d'); INSERT INTO "od'd" DEFAULT VALUES`, place.database);
  expect(await server.sql('SELECT max(id) AS id, count(*)::integer AS n FROM t', place.database)).toEqual([
    { id: 4, n: 4 },
  ]);
  expect(await server.sql(`SELECT max("i d")::integer AS id FROM "od'd"`, place.database)).toEqual([{ id: 2 }]);
  expect(warnings).toEqual([]);
  const source = await create('CREATE TABLE t (id integer GENERATED ALWAYS AS IDENTITY);');
  const shared = await create(
    `CREATE TABLE t (id serial); CREATE TABLE u (id integer DEFAULT nextval('t_id_seq')); INSERT INTO t DEFAULT VALUES;`,
  );
  const serial = await create('CREATE TABLE t (id serial); INSERT INTO t DEFAULT VALUES;');
  expect((await apply(source, shared, false)).warnings).toEqual([{ code: 'name-taken', name: expect.anything() }]);
  await apply(source, serial, false);
  expect(differences((await compareDatabases(source, serial)).items)).toEqual([]);
});

it('a column that something needs which stays is not dropped', async () => {
  const source = await create('CREATE TABLE t (a integer); CREATE TABLE h () INHERITS (t);');
  const target = await create(
    `CREATE TABLE t (a integer, b text, c text, d text); CREATE TABLE h () INHERITS (t); CREATE VIEW v AS SELECT b FROM t;
     CREATE INDEX i ON h (c); COMMENT ON COLUMN t.b IS 'kept'; INSERT INTO t VALUES (1, 'x', 'y', 'z');`,
  );
  const script = await apply(source, target, false);
  expect(await server.sql('SELECT * FROM t', target.database)).toEqual([{ a: 1, b: 'x', c: 'y' }]);
  expect(script.warnings).toEqual([
    { code: 'column-kept', name: 'public.t.b ← public.v' },
    { code: 'column-kept', name: 'public.t.c ← public.i' },
    { code: 'drop-column', name: 'public.t.d' },
  ]);
  expect(script.text).not.toContain('COMMENT');
  await apply(source, target, true);
  expect(differences((await compareDatabases(source, target)).items)).toEqual([]);
});

it('subscriptions are altered, never dropped or made anew, and no password is written', async () => {
  const source = await create('');
  const target = await create('');
  const subscribe = (place: Place, name: string, connection: string, rest: string): Promise<unknown> =>
    server.sql(`CREATE SUBSCRIPTION ${name} CONNECTION '${connection}' ${rest}`, place.database);
  const off = 'connect = false, slot_name = NONE';
  try {
    await subscribe(source, 'one', 'host=a password=secret', `PUBLICATION p, q WITH (${off}, binary = true)`);
    await subscribe(source, 'fresh', "host=a password=''se cret'' dbname=x", `PUBLICATION p WITH (${off})`);
    await server.sql("COMMENT ON SUBSCRIPTION one IS 'new'", source.database);
    await subscribe(target, 'one_', 'host=b password=secret', 'PUBLICATION p WITH (connect = false, streaming = true)');
    await subscribe(target, 'gone', 'host=b', `PUBLICATION p WITH (${off})`);
    await server.sql('ALTER SUBSCRIPTION one_ RENAME TO one', target.database);
    await server.sql('ALTER SUBSCRIPTION one ENABLE', target.database);
    await server.sql("ALTER SUBSCRIPTION fresh SET (slot_name = 'fresh')", source.database);
    await server.sql('ALTER SUBSCRIPTION fresh ENABLE', source.database);
    const script = await apply(source, target, true);
    expect(script.text).not.toContain('cret');
    expect(script.text).not.toContain('DROP SUBSCRIPTION');
    expect(script.warnings).toEqual([
      { code: 'subscription', name: 'gone' },
      { code: 'subscription', name: 'one' },
    ]);
    expect(
      await server.sql(
        `SELECT subname, subenabled AS enabled, subconninfo, subbinary, substream, subpublications FROM pg_subscription
          WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database()) ORDER BY 1`,
        target.database,
      ),
    ).toEqual([
      {
        subname: 'fresh',
        enabled: false,
        subconninfo: 'host=a dbname=x',
        subbinary: false,
        substream: false,
        subpublications: ['p'],
      },
      {
        subname: 'gone',
        enabled: false,
        subconninfo: 'host=b',
        subbinary: false,
        substream: false,
        subpublications: ['p'],
      },
      {
        subname: 'one',
        enabled: false,
        subconninfo: 'host=b password=secret',
        subbinary: true,
        substream: false,
        subpublications: ['p', 'q'],
      },
    ]);
  } finally {
    for (const { database } of [source, target]) {
      const names = await server.sql(
        'SELECT subname FROM pg_subscription WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())',
        database,
      );
      for (const { subname } of names) {
        for (const what of ['DISABLE', 'SET (slot_name = NONE)'])
          await server.sql(`ALTER SUBSCRIPTION ${String(subname)} ${what}`, database);
        await server.sql(`DROP SUBSCRIPTION ${String(subname)}`, database);
      }
    }
  }
});

it('what may lose values is marked', async () => {
  const script = await sync(
    `CREATE SEQUENCE s MINVALUE 5000 MAXVALUE 6000; CREATE SEQUENCE near MAXVALUE 100; CREATE TABLE t (id integer NOT NULL);
     CREATE TYPE pair AS (a smallint, b bigint);`,
    `CREATE SEQUENCE s MAXVALUE 1000; CREATE SEQUENCE near MAXVALUE 500; SELECT setval('near', 300);
     CREATE TABLE t (id integer GENERATED ALWAYS AS IDENTITY); CREATE TYPE pair AS (a integer, b integer); CREATE EXTENSION pg_trgm;`,
  );
  expect(lossesOf(script).map((sql) => sql.replace(/\s+/g, ' ').slice(0, 40))).toEqual([
    expect.stringContaining('ALTER TYPE public.pair ALTER ATTRIBUTE a'),
    expect.stringContaining('SELECT pg_catalog.setval('),
    expect.stringContaining('ALTER SEQUENCE public.s'),
    expect.stringContaining('ALTER TABLE public.t ALTER COLUMN id DRO'),
    expect.stringContaining('DROP EXTENSION pg_trgm'),
  ]);
});

it('labels that stand already, from a run that failed, are no error', async () => {
  const source = await create("CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE t (x integer NOT NULL);");
  const target = await create("CREATE TYPE e AS ENUM ('a'); CREATE TABLE t (x integer); INSERT INTO t VALUES (NULL);");
  const { text } = await compareDatabases(source, target);
  await expect(runScript(target, text)).rejects.toThrow('contains null values');
  await server.sql('DELETE FROM t', target.database);
  await runScript(target, text);
  expect(differences((await compareDatabases(source, target)).items)).toEqual([]);
});
