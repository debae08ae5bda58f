import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openSession, type PgSession } from '../../electron/adapters/postgres/session';
import { locateTools } from '../../electron/adapters/tools/locate';
import { openSnapshot } from '../../electron/control-plane/migration/copy/snapshot';
import { openJournal, type Journal } from '../../electron/control-plane/migration/journal';
import { prepareStructureSession, runEntries } from '../../electron/control-plane/migration/structure/run-entries';
import { failureKind } from '../../electron/control-plane/migration/worker/failure';
import { NEW_SERVER } from '../../shared/model/server';
import { startServer, type TestServer } from '../support/postgres';
import { startSshHost, type SshHost } from '../support/ssh-server';
import { entriesOf, listening, moveStructure, schemaOf } from '../support/structure';
import { entry } from '../support/structure-entries';

let server: TestServer;
let host: SshHost;
let folder: string;
let count = 0;
beforeAll(async () => {
  [server, host] = await Promise.all([
    startServer({ major: 15, password: 'se:cret' }),
    startSshHost({ user: 'tunneller', password: 'ssh secret' }),
  ]);
  folder = await mkdtemp(join(tmpdir(), 'howdah-run-'));
  await server.createDatabase('source');
  await server.sql(
    `CREATE SCHEMA a; CREATE SCHEMA b; CREATE TABLE a.one (id integer PRIMARY KEY); CREATE TABLE b.two (id integer PRIMARY KEY);
     CREATE ROLE reader LOGIN PASSWORD 'se:cret'; GRANT USAGE ON SCHEMA a TO reader; GRANT SELECT ON a.one TO reader`,
    'source',
  );
});
afterAll(async () => {
  await host?.stop();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

const made = (entries: readonly { kind: string; name: string }[]): string[] =>
  entries.filter(({ kind }) => kind === 'TABLE').map(({ name }) => name);

describe('a dump', () => {
  const tunnelled = () => ({
    ...server.profile('source'),
    ssh: {
      ...NEW_SERVER.ssh,
      enabled: true,
      host: '127.0.0.1',
      port: host.port,
      user: 'tunneller',
      hostKey: host.fingerprint,
    },
    sshPassword: 'ssh secret',
  });

  it('goes through an SSH tunnel, with the built-in program and with one of the machine', async () => {
    const tools = await locateTools([], new AbortController().signal);
    const ways = tools.some(({ name, major }) => name === 'pg_dump' && major >= 15)
      ? [async () => [], locateTools]
      : [async () => []];
    for (const findTools of ways) {
      const before = host.forwarded.length;
      expect(made(await entriesOf(server, 'source', { profile: tunnelled(), findTools }))).toEqual(['one', 'two']);
      expect(new Set(host.forwarded.slice(before))).toEqual(new Set([`127.0.0.1:${server.port}`]));
    }
    await expect.poll(() => host.open()).toBe(0);
  });

  it('is of the snapshot it is given', async () => {
    const snapshot = await openSnapshot(() => openSession(server.profile('source')));
    await server.sql('CREATE TABLE a.later (id integer)', 'source');
    try {
      expect(made(await entriesOf(server, 'source', { snapshot: snapshot.id() }))).toEqual(['one', 'two']);
    } finally {
      await snapshot.release();
      await server.sql('DROP TABLE a.later', 'source');
    }
  });

  it('of somebody who may read some schemas is of these', async () => {
    const profile = { ...server.profile('source'), user: 'reader' };
    await expect(entriesOf(server, 'source', { profile })).rejects.toMatchObject({
      info: { code: 'tool', message: expect.stringContaining('permission denied') },
    });
    expect(made(await entriesOf(server, 'source', { profile, schemas: ['a'] }))).toEqual(['one']);
  });

  it('of a database in which backslashes escape keeps them', async () => {
    await server.createDatabase('escapes');
    await server.sql('ALTER DATABASE escapes SET standard_conforming_strings = off');
    const body = "SELECT E'a\\\\b;'::text -- \\";
    await server.sql(
      `CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $f$${body}$f$; COMMENT ON FUNCTION f() IS E'it\\\\''s'`,
      'escapes',
    );
    await server.createDatabase('escaped');
    const moved = await moveStructure({ from: server, to: server, database: 'escapes', target: 'escaped' });
    expect(moved.failed).toEqual([]);
    const read = "SELECT prosrc, obj_description(oid, 'pg_proc') AS comment FROM pg_proc WHERE proname = 'f'";
    expect(await server.sql(read, 'escaped')).toEqual(await server.sql(read, 'escapes'));
    expect(await server.sql(read, 'escaped')).toEqual([{ prosrc: body, comment: "it\\'s" }]);
  });

  it('of tables in a tablespace takes them there, or to the default one where there is none of its name', async () => {
    const place = join(server.dataFolder, 'space');
    await server.sql(`COPY (SELECT 1) TO PROGRAM 'mkdir ${place}'`);
    await server.sql(`CREATE TABLESPACE "My space" LOCATION '${place}'`);
    await server.createDatabase('spaces');
    await server.sql(
      'CREATE TABLE t (id integer PRIMARY KEY USING INDEX TABLESPACE "My space") TABLESPACE "My space"; CREATE TABLE u (id integer)',
      'spaces',
    );
    await server.createDatabase('spaced');
    const moved = await moveStructure({ from: server, to: server, database: 'spaces', target: 'spaced' });
    expect(moved.failed).toEqual([]);
    expect(moved.adapted.notes).toEqual([expect.stringContaining('tablespace')]);
    expect(await schemaOf(server, 'spaced')).toBe(await schemaOf(server, 'spaces'));
    await server.createDatabase('no_space');
    const table = moved.entries.find(({ kind, name }) => kind === 'TABLE' && name === 't');
    await server.sql((table?.sql ?? '').replaceAll('My space', 'No space'), 'no_space');
    expect(await server.sql("SELECT reltablespace::int FROM pg_class WHERE relname = 't'", 'no_space')).toEqual([
      { reltablespace: 0 },
    ]);
  });

  it('tells what is no UTF-8', async () => {
    await server.createDatabase('raw', "TEMPLATE template0 ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'");
    await server.sql(
      `SET client_encoding = 'SQL_ASCII'; DO $$ BEGIN EXECUTE 'COMMENT ON SCHEMA public IS ' || quote_literal(convert_from('\\xe4'::bytea, 'SQL_ASCII')); END $$`,
      'raw',
    );
    const lines: string[] = [];
    const entries = await entriesOf(server, 'raw', { onLine: (line) => void lines.push(line) });
    expect(entries.map(({ kind }) => kind)).toContain('COMMENT');
    expect(lines).toContainEqual(expect.stringContaining('no UTF-8'));
  });

  it('does not wait for ever behind a lock: it may be tried again', async () => {
    const tools = await locateTools([], new AbortController().signal);
    const ways = tools.some(({ name, major }) => name === 'pg_dump' && major >= 15)
      ? [async () => [], locateTools]
      : [async () => []];
    const lock = await openSession(server.profile('source'));
    try {
      await lock.query('BEGIN; LOCK TABLE a.one IN ACCESS EXCLUSIVE MODE');
      for (const findTools of ways) {
        const error: unknown = await entriesOf(server, 'source', { findTools, lockWaitMs: 300 }).catch(
          (reason: unknown) => reason,
        );
        expect(error).toMatchObject({
          info: {
            code: 'sql',
            sqlstate: '55P03',
            retry: true,
            message: expect.stringContaining('source stayed locked'),
          },
        });
        expect(failureKind(error)).toBe('busy');
      }
    } finally {
      await lock.end();
    }
  });

  it('ends with the signal', async () => {
    const ending = new AbortController();
    const lock = await openSession(server.profile('source'));
    try {
      await lock.query('BEGIN; LOCK TABLE a.one IN ACCESS EXCLUSIVE MODE');
      const dump = entriesOf(server, 'source', { signal: ending.signal });
      const waiting = "SELECT count(*)::int AS n FROM pg_locks WHERE NOT granted AND mode = 'AccessShareLock'";
      await expect.poll(() => server.sql(waiting, 'source'), { timeout: 20_000 }).toEqual([{ n: 1 }]);
      ending.abort();
      await expect(dump).rejects.toMatchObject({ info: { code: 'cancelled' } });
      await expect.poll(() => server.sql(waiting, 'source'), { timeout: 20_000 }).toEqual([{ n: 0 }]);
    } finally {
      await lock.end();
    }
  });
});

describe('entries are run', () => {
  let session: PgSession;
  let journal: Journal;
  let database: string;
  const file = () => join(folder, database);
  beforeEach(async () => {
    count += 1;
    database = `target${count}`;
    await server.createDatabase(database);
    session = await openSession(server.profile(database));
    journal = await openJournal(file());
  });
  afterEach(async () => {
    await session.end();
    await journal.close();
  });
  const run = async (entries: Parameters<typeof runEntries>[0]) => {
    const { telling, outcomes } = listening();
    const signal = new AbortController().signal;
    const result = await runEntries(entries, { session, database, journal, telling, signal });
    return { ...result, outcomes: outcomes.map(({ kind, outcome, reason }) => [kind, outcome, reason]) };
  };
  /** As the next worker finds it. */
  const again = async (): Promise<void> => {
    await journal.close();
    journal = await openJournal(file());
  };

  it('in rounds, until nothing more gets through', async () => {
    const entries = [
      entry('VIEW', 'CREATE VIEW public.v AS SELECT * FROM public.w;'),
      entry('VIEW', 'CREATE VIEW public.w AS SELECT * FROM public.t;'),
      entry('TABLE', 'CREATE TABLE public.t (a integer);\nALTER TABLE public.t OWNER TO postgres;'),
      entry('TABLE', 'CREATE TABLE public.x (a public.nothing);'),
    ];
    const { failed, outcomes } = await run(entries);
    expect(failed).toBe(1);
    expect(outcomes).toEqual([
      ['TABLE', 'done', ''],
      ['VIEW', 'done', ''],
      ['VIEW', 'done', ''],
      ['TABLE', 'failed', 'type "public.nothing" does not exist'],
    ]);
  });

  it('and each is whole or not there', async () => {
    const { outcomes } = await run([
      entry('TABLE', 'CREATE TABLE public.half (a integer);\nALTER TABLE public.half ALTER COLUMN b SET NOT NULL;'),
    ]);
    expect(outcomes).toEqual([['TABLE', 'failed', expect.stringContaining('column "b"')]]);
    expect(await session.query("SELECT to_regclass('public.half') AS half")).toEqual([{ half: null }]);
  });

  it('a missing role costs the owner and its own grant; once the role is there, these are all that is run again', async () => {
    const table = entry('TABLE', 'CREATE TABLE public.t (a integer);\nALTER TABLE public.t OWNER TO missing_role;');
    const grants = entry(
      'ACL',
      'GRANT SELECT ON TABLE public.t TO missing_role;\nGRANT INSERT ON TABLE public.t TO reader;',
    );
    const first = await run([table, grants]);
    expect(first.failed).toBe(2);
    expect(first.outcomes).toEqual([
      ['OWNER', 'failed', 'role "missing_role" does not exist'],
      ['TABLE', 'done', ''],
      ['ACL', 'failed', 'role "missing_role" does not exist'],
      ['ACL', 'done', ''],
    ]);
    await server.sql('CREATE ROLE missing_role');
    await again();
    const second = await run([table, grants]);
    expect(second).toEqual({
      failed: 0,
      outcomes: [
        ['OWNER', 'done', ''],
        ['ACL', 'done', ''],
      ],
    });
    expect(
      await session.query(
        "SELECT relowner::regrole::text AS owner, relacl::text AS acl FROM pg_class WHERE relname = 't'",
      ),
    ).toEqual([{ owner: 'missing_role', acl: expect.stringMatching(/missing_role=.*reader=a/) }]);
    await again();
    expect(await run([table, grants])).toEqual({ failed: 0, outcomes: [] });
  });

  it('what was there is left alone and told; what a killed worker made counts as made', async () => {
    await session.query('CREATE TABLE public.before (z text); CREATE SCHEMA there');
    const entries = ['one', 'two', 'before', 'three'].map((name) =>
      entry('TABLE', `CREATE TABLE public.${name} (a integer);\nALTER TABLE public.${name} OWNER TO reader;`),
    );
    const left = 'relation "before" already exists; it was left as it is';
    // Killed between the commit of the second and its line in the journal.
    await run(entries.slice(0, 1));
    await session.query('CREATE TABLE public.two (a integer)');
    await again();
    const { outcomes } = await run(entries);
    expect(outcomes).toEqual([
      ['TABLE', 'done', ''],
      ['TABLE', 'skipped', left],
      ['TABLE', 'done', ''],
    ]);
    expect(
      await session.query(
        "SELECT relname AS name FROM pg_class WHERE relowner = 'reader'::regrole AND relkind = 'r' ORDER BY 1",
      ),
    ).toEqual([{ name: 'one' }, { name: 'three' }, { name: 'two' }]);
    await again();
    expect(await run(entries)).toEqual({ failed: 0, outcomes: [] });
  });

  it('a killed worker that had not got so far made nothing of what is there', async () => {
    await session.query('CREATE TABLE public.before (z text)');
    const entries = ['one', 'two', 'before'].map((name) => entry('TABLE', `CREATE TABLE public.${name} (a integer);`));
    await run(entries.slice(0, 1));
    await again();
    const { outcomes } = await run(entries);
    expect(outcomes.map(([, outcome]) => outcome)).toEqual(['done', 'skipped']);
  });

  it('a failed one is tried again by the next worker', async () => {
    const entries = [entry('VIEW', 'CREATE VIEW public.v AS SELECT * FROM public.t;')];
    expect(await run(entries)).toMatchObject({ failed: 1 });
    await session.query('CREATE TABLE public.t (a integer)');
    await again();
    expect(await run(entries)).toEqual({ failed: 0, outcomes: [['VIEW', 'done', '']] });
  });

  it('a lock that is not to be had is told for its object', async () => {
    await session.query('CREATE TABLE public.held (a integer); CREATE TABLE public.free (a integer)');
    await prepareStructureSession(session, new AbortController().signal);
    expect(await session.query('SHOW lock_timeout')).toEqual([{ lock_timeout: '5min' }]);
    const holder = await openSession(server.profile(database));
    try {
      await holder.query('BEGIN; LOCK TABLE public.held');
      const { outcomes } = await run([
        entry('DEFAULT', "SET lock_timeout = '200ms'; ALTER TABLE public.free ALTER COLUMN a SET DEFAULT 1;"),
        entry('DEFAULT', 'ALTER TABLE public.held ALTER COLUMN a SET DEFAULT 1;'),
        entry('COMMENT', "COMMENT ON TABLE public.free IS 'after it';"),
      ]);
      expect(outcomes).toEqual([
        ['DEFAULT', 'done', ''],
        ['DEFAULT', 'failed', 'canceling statement due to lock timeout'],
        ['COMMENT', 'done', ''],
      ]);
    } finally {
      await holder.end();
    }
  });

  it('a lost connection ends it, and the signal', async () => {
    const entries = [entry('FUNCTION', 'SELECT pg_terminate_backend(pg_backend_pid());')];
    await expect(run(entries)).rejects.toMatchObject({ info: { code: 'lost-connection' } });
    const { telling } = listening();
    const signal = AbortSignal.abort();
    await expect(runEntries(entries, { session, database, journal, telling, signal })).rejects.toThrow();
  });
});
