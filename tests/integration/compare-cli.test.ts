import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSession, type PgSession } from '../../electron/adapters/postgres/session';
import { diffCommand } from '../../electron/cli/diff';
import { withScratchDatabase } from '../../electron/features/compare/scratch-database';
import { runScript } from '../support/compare';
import { openTempFolder, startServer, type TestServer } from '../support/postgres';

const run = promisify(execFile);

let server: TestServer;
let folder: string;
const STRUCTURE = `CREATE SCHEMA a; CREATE TYPE a.mood AS ENUM ('x'); CREATE TABLE a.t (id integer PRIMARY KEY, mood a.mood, n integer DEFAULT 1);
  CREATE SEQUENCE a.s; ALTER TABLE a.t ALTER n SET DEFAULT nextval('a.s'); CREATE VIEW a.v AS SELECT id, mood FROM a.t WHERE mood = 'x'::a.mood;
  CREATE FUNCTION a.f(m a.mood) RETURNS a.mood LANGUAGE sql AS 'SELECT $1';`;
const ROWS = `INSERT INTO a.t VALUES (1, 'x', 1), (2, 'x', 2), (10, NULL, 3), (9, 'x', 4);`;

beforeAll(async () => {
  server = await startServer({ major: 15 });
  folder = await openTempFolder('howdah-diff-');
  for (const [name, sql] of [
    ['one', STRUCTURE + ROWS],
    [
      'two',
      `${STRUCTURE}${ROWS}CREATE TABLE a.extra (x integer); ALTER TABLE a.t ADD more text; DELETE FROM a.t WHERE id = 1;`,
    ],
    ['three', STRUCTURE.replaceAll(/\ba\b/g, '"B b"').replace(/m "B b"\.mood/, 'm "B b".mood')],
    ['rows', `${STRUCTURE}INSERT INTO a.t VALUES (2, 'x', 20), (3, NULL, 1), (10, NULL, 3), (9, 'x', 4);`],
  ] as const) {
    await server.createDatabase(name);
    await server.sql(sql, name);
  }
});
afterAll(async () => {
  await server?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

async function diff(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const lines = { out: '', err: '' };
  const code = await diffCommand(args, {
    out: (text) => void (lines.out += `${text}\n`),
    err: (text) => void (lines.err += `${text}\n`),
    signal: new AbortController().signal,
  });
  return { code, ...lines };
}

const scratches = (): Promise<Record<string, unknown>[]> =>
  server.sql("SELECT datname FROM pg_database WHERE datname LIKE 'howdah_compare%'");

it('tells equal, different and trouble by its exit code', async () => {
  expect(await diff(server.uri('one'), server.uri('one'))).toEqual({ code: 0, out: '', err: '' });
  const found = await diff(server.uri('one'), server.uri('two'));
  expect(found.code).toBe(1);
  expect(found.out).toContain('ALTER TABLE a.t DROP COLUMN more;');
  expect(found.out).not.toContain('DROP TABLE a.extra');
  expect(found.err).toBe('warning: drop-column: a.t.more\n');
  const dropping = await diff(server.uri('one'), server.uri('two'), '--drop', '--json');
  expect(JSON.parse(dropping.out)).toMatchObject({
    objects: [{ state: 'different' }, { state: 'only-target', object: { kind: 'table', schema: 'a', name: 'extra' } }],
    warnings: [{ code: 'drop-column' }, { code: 'drop-table', name: 'a.extra' }],
  });
  expect((await diff(server.uri('one'), server.uri('none'))).code).toBe(2);
  expect((await diff(server.uri('one'))).code).toBe(2);
  const dump = join(folder, 'there.sql');
  await writeFile(dump, STRUCTURE);
  for (const sides of [
    ['no-such.dump', server.uri('one')],
    [server.uri('one'), 'no-such.dump'],
    [dump, 'no-such.dump'],
  ]) {
    const mistyped = await diff(...sides);
    expect(mistyped.code).toBe(2);
    expect(mistyped.err).toContain('There is no file no-such.dump');
  }
});

it('compares schemas of other names: definitions name their own', async () => {
  expect((await diff(server.uri('one'), server.uri('three'), '--schema', 'a:B b')).out).toBe('');
  await server.createDatabase('fresh');
  await server.sql('CREATE SCHEMA "B b"', 'fresh');
  const { code, out } = await diff(server.uri('one'), server.uri('fresh'), '--schema', 'a:B b');
  expect(code).toBe(1);
  await runScript({ server, database: 'fresh' }, out);
  expect(await diff(server.uri('three'), server.uri('fresh'))).toEqual({ code: 0, out: '', err: '' });
});

it('reads dump files of every format in a database that is gone afterwards', async () => {
  const dump = (format: string): Promise<unknown> =>
    run('pg_dump', ['-d', server.uri('one'), `-F${format}`, '-f', join(folder, `dump.${format}`)]);
  for (const format of ['p', 'c', 't', 'd']) {
    await dump(format);
    const found = await diff(join(folder, `dump.${format}`), server.uri('one'));
    expect(found).toEqual({ code: 0, out: '', err: '' });
  }
  expect((await diff(server.uri('two'), join(folder, 'dump.c'), '--drop')).out).toContain('ADD COLUMN more text;');
  expect(await scratches()).toEqual([]);
});

it('a dump that tries to reach outside the scratch database does nothing there', async () => {
  const path = join(folder, 'hostile.sql');
  await writeFile(
    path,
    `CREATE ROLE intruder SUPERUSER;\nALTER ROLE postgres PASSWORD 'x';\nDROP DATABASE one;\nCREATE DATABASE trap;\nALTER SYSTEM SET work_mem = '1MB';
\\! touch ${join(folder, 'touched')}\nCOPY (SELECT 1) TO PROGRAM 'touch ${join(folder, 'touched')}';\nCREATE TABLE public.fine (id integer);\nDO $$ BEGIN CREATE ROLE intruder2; END $$;\n`,
  );
  const { out } = await diff(path, server.uri('one'));
  expect(out).toContain('CREATE TABLE public.fine');
  expect(await server.sql("SELECT rolname FROM pg_roles WHERE rolname LIKE 'intruder%'")).toEqual([]);
  expect(await server.sql("SELECT datname FROM pg_database WHERE datname IN ('one', 'trap')")).toEqual([
    { datname: 'one' },
  ]);
  expect(await scratches()).toEqual([]);
});

it('a dump that hides what it does to the lending server in comments, memberships and second commands does nothing there', async () => {
  const path = join(folder, 'sneaky.sql');
  await server.createDatabase('app');
  await server.sql('CREATE ROLE plain');
  await writeFile(
    path,
    `REVOKE CONNECT ON DATABASE app FROM PUBLIC;\nGRANT postgres TO plain;\nCREATE /* x */ ROLE sneaky SUPERUSER;
SET standard_conforming_strings = off;\nCOMMENT ON SCHEMA public IS '\\'; CREATE ROLE sneaky2; --';
CREATE SCHEMA s GRANT CONNECT ON DATABASE app TO plain;
CREATE FUNCTION public.evil() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN CREATE ROLE sneaky3; END $$;
CREATE EVENT TRIGGER evil ON ddl_command_end EXECUTE FUNCTION public.evil();\nCREATE TABLE public.fine (id integer);\n`,
  );
  const before = await server.sql("SELECT datacl::text FROM pg_database WHERE datname = 'app'");
  const { out } = await diff(path, server.uri('one'));
  expect(out).toContain('CREATE TABLE public.fine');
  expect(out).toContain('CREATE EVENT TRIGGER evil');
  expect(await server.sql("SELECT rolname FROM pg_roles WHERE rolname LIKE 'sneaky%'")).toEqual([]);
  expect(await server.sql("SELECT FROM pg_auth_members WHERE member = 'plain'::regrole")).toEqual([]);
  expect(await server.sql("SELECT datacl::text FROM pg_database WHERE datname = 'app'")).toEqual(before);
  expect(await scratches()).toEqual([]);
});

it('the scratch database goes when the reading fails and when it is cancelled', async () => {
  const path = join(folder, 'plain.sql');
  await writeFile(path, STRUCTURE);
  const stop = new AbortController();
  const request = {
    path,
    profile: async (database: string | null) => server.profile(database ?? 'postgres'),
    restoreProgram: async () => '',
    signal: stop.signal,
  };
  const failing = withScratchDatabase(request, async () => {
    throw new Error('read failed');
  });
  await expect(failing).rejects.toThrow('read failed');
  const cancelling = withScratchDatabase(request, async () => {
    stop.abort();
    throw new Error('cancelled');
  });
  await expect(cancelling).rejects.toThrow('cancelled');
  await expect(
    withScratchDatabase(
      { ...request, path: join(folder, 'no-such'), signal: new AbortController().signal },
      async () => 1,
    ),
  ).rejects.toThrow('does not exist');
  expect(await scratches()).toEqual([]);
});

it('what a killed program left behind is dropped at the next use, what is young, foreign or in use stays', async () => {
  const path = join(folder, 'plain.sql');
  await writeFile(path, STRUCTURE);
  const [clock] = await server.sql('SELECT extract(epoch FROM now())::bigint::text AS now');
  const now = Number(clock?.['now']);
  const hex = '0123456789abcdef';
  const [old, used, young, alien] = [now - 9000, now - 9001, now, now - 9002].map(
    (at) => `howdah_compare_${at}_${hex}`,
  );
  if (!old || !used || !young || !alien) throw new Error('no names');
  for (const name of [old, used, young, alien, 'howdah_compare_mine']) await server.createDatabase(name);
  await server.sql(`CREATE ROLE lender LOGIN CREATEDB PASSWORD 'lender'`);
  for (const name of [old, used, young]) await server.sql(`ALTER DATABASE "${name}" OWNER TO lender`);
  const inside = await openSession(server.profile(used));
  const lend = (work: (database: string) => Promise<void>) =>
    withScratchDatabase(
      {
        path,
        profile: async (database) => ({
          ...server.profile(database ?? 'postgres'),
          user: 'lender',
          password: 'lender',
        }),
        restoreProgram: async () => '',
        signal: new AbortController().signal,
      },
      async ({ database }) => {
        await work(database);
        return database;
      },
    );
  const names = async () => (await scratches()).map((row) => String(row['datname'])).toSorted();
  const kept = [alien, used, young, 'howdah_compare_mine'];
  const { notes } = await lend(async () => undefined);
  expect(notes).toEqual([]);
  expect(await names()).toEqual(kept.toSorted());
  // A session that a plain account may not end: the result stands, and what is left is told.
  const guests: PgSession[] = [];
  const held = await lend(async (database) => void guests.push(await openSession(server.profile(database))));
  expect(held.notes).toEqual([expect.stringContaining(`The scratch database ${held.result} could not be dropped`)]);
  expect(await names()).toEqual([...kept, held.result].toSorted());
  await Promise.all([inside, ...guests].map((session) => session.end()));
  for (const name of await names()) await server.sql(`DROP DATABASE "${name}"`);
});

it('rows of tables with keys are compared and made the same', async () => {
  const found = await diff(server.uri('one'), server.uri('rows'), '--data', '--drop');
  expect(found.code).toBe(1);
  expect(found.out).toBe(
    "BEGIN;\nSET CONSTRAINTS ALL DEFERRED;\nDELETE FROM ONLY a.t WHERE id = '3';\nUPDATE ONLY a.t SET n = '2' WHERE id = '2';\nINSERT INTO a.t (id, mood, n) VALUES ('1', 'x', '1');\nCOMMIT;\n",
  );
  await runScript({ server, database: 'rows' }, found.out);
  expect(await diff(server.uri('one'), server.uri('rows'), '--data')).toEqual({ code: 0, out: '', err: '' });
});

it('rows of every type are compared as text that reads back, whatever they hold', async () => {
  const table = `CREATE TABLE "T ""x""" (k text COLLATE "C", n numeric, f float8, at timestamptz, b bytea, j jsonb, a text[], i interval, "d""d" date, g text GENERATED ALWAYS AS (k || 'x') STORED,
    id integer GENERATED ALWAYS AS IDENTITY, PRIMARY KEY (k, id));`;
  await server.createDatabase('types_a');
  await server.sql(
    `${table} INSERT INTO "T ""x""" (k, n, f, at, b, j, a, i, "d""d") VALUES
      ('it''s \\ "q"', 1.50, 0.1, '2026-03-29 02:30+02', '\\x00ff', '{"a": [1, null]}', '{"a,b",NULL,"c\\"d"}', '1 mon 2 days', 'infinity'),
      ('', 'NaN', 'Infinity', NULL, NULL, 'null', '{}', '-1 us', NULL), ('😀', 1e30, 1e-300, now(), '', '"x"', NULL, NULL, '0044-03-15 BC');`,
    'types_a',
  );
  await server.createDatabase('types_b');
  await server.sql(`${table} SET timezone = 'Asia/Tokyo'; ALTER DATABASE types_b SET datestyle = 'German'`, 'types_b');
  const found = await diff(server.uri('types_a'), server.uri('types_b'), '--data');
  expect(found.code).toBe(1);
  await runScript({ server, database: 'types_b' }, found.out.slice(found.out.indexOf('BEGIN;\nSET CONSTRAINTS')));
  const settings = await diff(server.uri('types_a'), server.uri('types_b'), '--drop');
  expect(settings.out).toContain('ALTER DATABASE %1$I RESET "DateStyle"');
  await runScript({ server, database: 'types_b' }, settings.out);
  const again = await diff(server.uri('types_a'), server.uri('types_b'), '--data');
  expect(again).toEqual({ code: 0, out: '', err: '' });
});
