import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openSession, type PgSession } from '../../electron/adapters/postgres/session';
import { copyLargeObjects, type LargeObjectWork } from '../../electron/control-plane/migration/finish/large-objects';
import { openJournal, type Journal } from '../../electron/control-plane/migration/journal';
import type { Telling } from '../../electron/control-plane/migration/worker-protocol';
import type { ObjectOutcome } from '../../shared/model/migration';
import { startServer, type TestServer } from '../support/postgres';

const never = new AbortController().signal;
let servers: Record<number, TestServer>;
let folder: string;
let files = 0;
let journal: Journal;
let told: Omit<ObjectOutcome, 'at'>[];
const open: PgSession[] = [];
const telling: Telling = {
  log: () => undefined,
  step: () => undefined,
  table: () => undefined,
  object: (outcome) => void told.push(outcome),
  findings: () => undefined,
};

beforeAll(async () => {
  const [old, recent] = await Promise.all([startServer({ major: 10 }), startServer({ major: 18 })]);
  servers = { 10: old, 18: recent };
  for (const each of [old, recent])
    await each.sql('CREATE ROLE "Lo ""owner"; CREATE ROLE reader LOGIN; CREATE ROLE other');
  folder = await mkdtemp(join(tmpdir(), 'howdah-finish-'));
});
afterAll(async () => {
  await Promise.all(Object.values(servers ?? {}).map((server) => server.stop()));
  await rm(folder, { recursive: true, force: true });
});
const journalFile = () => join(folder, `journal-${files}`);
beforeEach(async () => {
  told = [];
  files += 1;
  journal = await openJournal(journalFile());
});
afterEach(async () => {
  await journal.close();
  await Promise.all(open.splice(0).map((session) => session.end()));
});

const server = (major: number): TestServer => {
  const found = servers[major];
  if (!found) throw new Error(`no server ${major}`);
  return found;
};

/** Contents, owners, privileges and comments. */
const ALL = `SELECT m.oid, md5(lo_get(m.oid)) AS md5, length(lo_get(m.oid)) AS length, pg_get_userbyid(lomowner) AS owner,
  CASE WHEN lomacl IS NULL THEN '' ELSE (SELECT string_agg(x::text, ',' ORDER BY x::text) FROM unnest(lomacl) x) END AS acl,
  obj_description(m.oid, 'pg_largeobject') AS comment FROM pg_largeobject_metadata m ORDER BY m.oid`;

describe.each([
  [10, 18],
  [18, 10],
])('Large objects from %i to %i', (from, to) => {
  /** A database on each side, the source's session in a snapshot. */
  async function sides(sql: string, user = 'postgres') {
    const name = `db_${files}`;
    await Promise.all([server(from).createDatabase(name), server(to).createDatabase(`${name}_t`)]);
    await server(from).sql(sql, name);
    const target = await openSession(server(to).profile(`${name}_t`));
    open.push(target);
    const snapshot = async (): Promise<PgSession> => {
      const source = await openSession({ ...server(from).profile(name), user });
      open.push(source);
      await source.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
      await source.query('SELECT 1');
      return source;
    };
    const copy = async (change: Partial<LargeObjectWork> = {}) =>
      copyLargeObjects({
        source: change.source ?? (await snapshot()),
        target,
        database: name,
        journal,
        telling,
        signal: never,
        onBytes: () => undefined,
        ...change,
      });
    const both = async () => [await server(from).sql(ALL, name), await server(to).sql(ALL, `${name}_t`)] as const;
    return { name, target, snapshot, copy, both };
  }
  const ofSource = (sql: string) => server(from).sql(sql, `db_${files}`);
  const ofTarget = (sql: string) => server(to).sql(sql, `db_${files}_t`);

  test('All of any size arrive as the snapshot shows them, with owners, privileges and comments', async () => {
    const { copy, snapshot, both } = await sides(`
      SELECT lo_create(1001), lo_from_bytea(1002, ''), lo_from_bytea(1003, '\\x00ff27225c');
      SELECT lo_from_bytea(2000 + n, convert_to(repeat('x', n), 'UTF8')) FROM unnest(ARRAY[65535, 65536, 65537, 589824, 589825, 3000000]) n;
      SELECT lo_from_bytea(5000 + i, convert_to('number ' || i, 'UTF8')) FROM generate_series(1, 150) i;
      SELECT lo_create(4000000000); SELECT lo_put(4000000000, 1500000, 'end');
      ALTER LARGE OBJECT 1002 OWNER TO "Lo ""owner";
      GRANT SELECT ON LARGE OBJECT 1002 TO reader WITH GRANT OPTION; GRANT UPDATE ON LARGE OBJECT 1002 TO PUBLIC;
      GRANT SELECT ON LARGE OBJECT 1003 TO reader; REVOKE UPDATE ON LARGE OBJECT 1003 FROM postgres;
      COMMENT ON LARGE OBJECT 1002 IS 'it''s a \\ comment';
      COMMENT ON LARGE OBJECT 1003 IS '界'`);
    const before = await ofSource(ALL);
    const source = await snapshot();
    await ofSource(`SELECT lo_create(99999); SELECT lo_unlink(5001); SELECT lo_put(5002, 0, 'changed')`);
    let bytes = 0;
    await copy({ source, onBytes: async (more) => void (bytes += more) });
    const [, after] = await both();
    expect(after).toEqual(before);
    expect(told).toEqual([]);
    expect(bytes).toBe(before.reduce((sum, { length }) => sum + Number(length), 0));
    expect(journal.entries.at(-1)).toMatchObject({ did: 'step', step: 'large-objects' });
    expect(await source.query('SELECT 1 AS alive')).toEqual([{ alive: 1 }]);
    // Another attempt brings what was made since, whatever its number; what it has passed is not read again.
    await ofSource(
      "SELECT lo_from_bytea(6000, 'late'); SELECT lo_put(5003, 0, 'changed'); SELECT lo_from_bytea(4100000000, 'last')",
    );
    await copy();
    const late = await ofTarget(
      "SELECT oid FROM pg_largeobject_metadata WHERE lo_get(oid) IN ('late', 'last') ORDER BY 1",
    );
    expect(late).toEqual([{ oid: 6000 }, { oid: 4_100_000_000 }]);
    expect(await ofTarget("SELECT FROM pg_largeobject_metadata WHERE lo_get(oid) = 'changed'")).toEqual([]);
  });

  test('Without owners and privileges they belong to the account of the target', async () => {
    const { copy } =
      await sides(`SELECT lo_create(7); ALTER LARGE OBJECT 7 OWNER TO other; GRANT SELECT ON LARGE OBJECT 7 TO reader;
      SELECT lo_create(8); ALTER LARGE OBJECT 8 OWNER TO other; GRANT SELECT ON LARGE OBJECT 8 TO reader`);
    await copy({ keepOwners: false, keepPrivileges: false });
    expect(await ofTarget(ALL)).toMatchObject([
      { oid: 7, owner: 'postgres', acl: '' },
      { oid: 8, owner: 'postgres', acl: '' },
    ]);
    await ofTarget('SELECT lo_unlink(7), lo_unlink(8)');
    await journal.close();
    journal = await openJournal(`${journalFile()}-again`);
    await copy({ keepOwners: false });
    expect(await ofTarget(ALL)).toMatchObject([
      { oid: 7, owner: 'postgres', acl: 'postgres=rw/postgres,reader=r/postgres' },
      { oid: 8, owner: 'postgres', acl: 'postgres=rw/postgres,reader=r/postgres' },
    ]);
    expect(told).toEqual([]);
  });

  test('After a kill between a commit and its line in the journal, that batch is copied anew and the ones before are not', async () => {
    const { copy, both } = await sides(
      "SELECT lo_from_bytea(i, convert_to('old', 'UTF8')) FROM generate_series(1, 200) i",
    );
    await copy();
    await journal.close();
    const lines = (await readFile(journalFile(), 'utf8')).split('\n');
    const cut = lines.findIndex((line) => line.includes('large-objects begun 128'));
    await writeFile(journalFile(), `${lines.slice(0, cut + 1).join('\n')}\n`);
    journal = await openJournal(journalFile());
    // What came behind the batch was not there yet either.
    await ofTarget('SELECT lo_unlink(oid) FROM pg_largeobject_metadata WHERE oid > 128');
    await ofSource("SELECT lo_put(100, 0, 'new'); SELECT lo_unlink(101); SELECT lo_put(1, 0, 'new')");
    await copy();
    const [source, target] = await both();
    expect(target[0]).toMatchObject({
      oid: 1,
      length: 3,
      md5: expect.not.stringMatching(String(source[0]?.['md5'])) as string,
    });
    expect(target.slice(1)).toEqual(source.slice(1));
    expect(target).toHaveLength(199);
    expect(told).toEqual([]);
  });

  test('Ended half-way, nothing half is there, and the next call completes it', async () => {
    const { copy, both } =
      await sides(`SELECT lo_from_bytea(i, convert_to(repeat('y', i * 1000), 'UTF8')) FROM generate_series(1, 100) i;
      SELECT lo_from_bytea(200, convert_to(repeat('z', 4000000), 'UTF8'))`);
    const ending = new AbortController();
    let bytes = 0;
    const onBytes = (more: number) => {
      bytes += more;
      if (bytes > 6_000_000) ending.abort();
    };
    await expect(copy({ signal: ending.signal, onBytes })).rejects.toMatchObject({ info: { code: 'cancelled' } });
    expect(await ofTarget('SELECT oid FROM pg_largeobject_metadata WHERE oid > 64')).toEqual([]);
    expect(await ofTarget('SELECT oid FROM pg_largeobject_metadata')).toHaveLength(64);
    await copy();
    const [source, target] = await both();
    expect(target).toEqual(source);
  });

  test('What cannot be read, or is there already, is told and left; when that is put right the next call brings it', async () => {
    const { copy, both } = await sides(
      `SELECT lo_from_bytea(i, convert_to('source', 'UTF8')) FROM generate_series(1, 5) i;
       GRANT SELECT ON LARGE OBJECT 1, 2, 3, 5 TO reader`,
      'reader',
    );
    await ofTarget("SELECT lo_from_bytea(2, 'theirs')");
    await copy();
    expect(told).toMatchObject([
      { kind: 'LARGE OBJECT', name: '2', outcome: 'failed', reason: expect.stringContaining('already') as string },
      {
        kind: 'LARGE OBJECT',
        name: '4',
        outcome: 'failed',
        reason: expect.stringContaining('permission denied') as string,
      },
    ]);
    expect(
      await ofTarget("SELECT oid, convert_from(lo_get(oid), 'UTF8') AS text FROM pg_largeobject_metadata ORDER BY 1"),
    ).toEqual([1, 2, 3, 5].map((oid) => ({ oid, text: oid === 2 ? 'theirs' : 'source' })));
    told = [];
    await ofTarget('SELECT lo_unlink(2)');
    await ofSource('GRANT SELECT ON LARGE OBJECT 4 TO reader');
    await copy();
    expect(told).toEqual([]);
    const [source, target] = await both();
    expect(target).toEqual(source);
    expect(journal.entries.at(-1)).toMatchObject({ did: 'step', step: 'large-objects' });
  });

  test('A role that the target lacks, or a privilege that is refused, is told and made up for later', async () => {
    const role = `departed_${from}`;
    await server(from).sql(`CREATE ROLE ${role}`);
    const { copy, both } =
      await sides(`SELECT lo_create(i) FROM generate_series(1, 3) i; ALTER LARGE OBJECT 1 OWNER TO ${role};
      GRANT SELECT ON LARGE OBJECT 2 TO ${role}; COMMENT ON LARGE OBJECT 2 IS 'two'`);
    await copy();
    expect(told).toMatchObject([
      { name: role, outcome: 'failed', reason: expect.stringContaining('2 ownerships') as string },
    ]);
    expect(await ofTarget(ALL)).toMatchObject([{ owner: 'postgres' }, { comment: 'two' }, {}]);
    told = [];
    await server(to).sql(`CREATE ROLE ${role}`);
    await copy();
    const [source, target] = await both();
    expect(target).toEqual(source);
    expect(told).toEqual([]);
    expect(journal.entries.at(-1)).toMatchObject({ did: 'step', step: 'large-objects' });
  });

  test('An account that may not give them away tells each', async () => {
    const { copy, target } = await sides('SELECT lo_create(1), lo_create(2); ALTER LARGE OBJECT 2 OWNER TO other');
    await target.query('SET ROLE reader');
    await copy();
    expect(told).toMatchObject([
      { name: '1', outcome: 'failed', statement: 'ALTER LARGE OBJECT 1 OWNER TO postgres' },
      { name: '2', outcome: 'failed', statement: 'ALTER LARGE OBJECT 2 OWNER TO other' },
    ]);
    expect(await ofTarget(ALL)).toMatchObject([{ owner: 'reader' }, { owner: 'reader' }]);
  });
});
