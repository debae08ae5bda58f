import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openSession, type PgSession } from '../../electron/adapters/postgres/session';
import {
  createPublications,
  dropPublications,
  publishMore,
  type PublishedTable,
} from '../../electron/control-plane/migration/follow/publication';
import { cleaningSql } from '../../electron/control-plane/migration/job-left';
import { startServer, type TestServer } from '../support/postgres';

/** The triggers by which a server before 11 tells that a table is emptied. */

const { signal } = new AbortController();
const NAME = 'howdah_dts_emptied1_1';
const OTHER = 'howdah_dts_emptied2_1';

let server: TestServer;
let database: string;
let number = 0;
let owner: PgSession;
let plain: PgSession;

beforeAll(async () => {
  server = await startServer({ major: 10, settings: ['wal_level = logical'] });
  await server.sql('CREATE ROLE plain LOGIN; CREATE ROLE guest LOGIN');
});
afterAll(() => server?.stop());
beforeEach(async () => {
  number += 1;
  database = `told${number}`;
  await server.createDatabase(database);
  await server.sql(
    `GRANT CREATE ON DATABASE ${database} TO plain; GRANT ALL ON SCHEMA public TO plain;
     SET ROLE plain; CREATE TABLE mine (id int PRIMARY KEY); CREATE TABLE "My ""second""" (id int PRIMARY KEY);
     GRANT ALL ON mine TO guest`,
    database,
  );
  owner = await openSession(server.profile(database), signal);
  plain = await openSession({ ...server.profile(database), user: 'plain' }, signal);
});
afterEach(() => Promise.all([owner.end(), plain.end()]));

async function tablesOf(...names: string[]): Promise<PublishedTable[]> {
  const rows = await server.sql(
    `SELECT oid::int8::text AS oid, relname::text AS name FROM pg_class WHERE relname IN (${names.map((name) => `'${name}'`).join(', ')}) ORDER BY 1`,
    database,
  );
  return rows.map(({ oid, name }) => ({
    oid: Number(oid),
    schema: 'public',
    name: String(name),
    kind: 'table',
    persistence: 'permanent',
    rowFilter: '',
  }));
}
const both = () => tablesOf('mine', 'My "second"');
function orderOf(tables: readonly PublishedTable[], name = NAME) {
  const notes: string[] = [];
  return { notes, order: { name, tables, onNote: (_level: string, text: string) => void notes.push(text), signal } };
}
const triggers = async (): Promise<string[]> =>
  (
    await server.sql(
      `SELECT tgrelid::regclass::text || ' ' || tgname || ' ' || tgenabled AS line FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1`,
      database,
    )
  ).map(({ line }) => String(line));
const schemas = () => server.sql(`SELECT 1 FROM pg_namespace WHERE nspname = 'howdah_migration'`, database);
async function written(sql: string): Promise<string[]> {
  await server.sql(`SELECT pg_create_logical_replication_slot('looked', 'test_decoding')`, database);
  try {
    await server.sql(sql, database);
    const rows = await server.sql(`SELECT data FROM pg_logical_slot_get_changes('looked', NULL, NULL)`, database);
    return rows.flatMap(({ data }) => {
      const told = /^table howdah_migration\.truncated_\w+: INSERT: .*content\[text\]:'(.*)'$/s.exec(String(data))?.[1];
      return told === undefined ? [] : [told];
    });
  } finally {
    await server.sql(`SELECT pg_drop_replication_slot('looked')`);
  }
}

describe('triggers that tell of emptied tables', () => {
  test('are made by an account that is no superuser, once, and tell what anybody does', async () => {
    const { notes, order } = orderOf(await both());
    await createPublications(plain, order);
    await publishMore(plain, order);
    expect(notes).toEqual([]);
    expect(await triggers()).toEqual([
      '"My ""second""" 00_howdah_dts_emptied1_1_after A',
      '"My ""second""" zz_howdah_dts_emptied1_1_before A',
      'mine 00_howdah_dts_emptied1_1_after A',
      'mine zz_howdah_dts_emptied1_1_before A',
    ]);
    const told = await written('SET ROLE guest; BEGIN; TRUNCATE mine; COMMIT');
    expect(told.map((text): unknown => JSON.parse(text))).toMatchObject([
      { when: 'BEFORE', depth: 1, schema: 'public', name: 'mine', identity: 'd', columns: [{ name: 'id', key: true }] },
      { when: 'AFTER', depth: 1, schema: 'public', name: 'mine' },
    ]);
    expect(await server.sql('SELECT * FROM howdah_migration.truncated_dts_emptied1_1', database)).toEqual([]);
    await expect(
      server.sql('SET ROLE guest; SELECT 1 FROM howdah_migration.truncated_dts_emptied1_1', database),
    ).rejects.toThrow('permission denied');
    await dropPublications(plain, NAME, signal);
    await dropPublications(plain, NAME, signal);
    expect(await triggers()).toEqual([]);
    expect(await schemas()).toEqual([]);
  });

  test('come back where one is switched off or gone, and hold the statement of nobody up when they fail', async () => {
    const { order } = orderOf(await both());
    await createPublications(plain, order);
    await server.sql(
      `ALTER TABLE mine DISABLE TRIGGER USER; DROP TRIGGER "00_howdah_dts_emptied1_1_after" ON "My ""second"""`,
      database,
    );
    await publishMore(plain, order);
    expect((await triggers()).filter((line) => line.endsWith(' A'))).toHaveLength(4);
    await server.sql('DROP TABLE howdah_migration.truncated_dts_emptied1_1', database);
    await server.sql('INSERT INTO mine VALUES (1); TRUNCATE mine', database);
    await publishMore(plain, order);
    expect(await written('TRUNCATE mine')).toHaveLength(2);
    await server.sql('ALTER TABLE mine OWNER TO postgres', database);
    await dropPublications(plain, NAME, signal);
    expect(await triggers()).toEqual([]);
    expect(await schemas()).toEqual([]);
  });

  test('wait for a table that is in use without holding others up', async () => {
    const { order } = orderOf(await both());
    await owner.query('BEGIN');
    await owner.query('INSERT INTO mine VALUES (7)');
    const made = createPublications(plain, order);
    // Longer than the lock is waited for at once.
    await pause(3000);
    await owner.query('COMMIT');
    await made;
    expect(await triggers()).toHaveLength(4);
  });

  test('that the account may not make are told in words', async () => {
    await server.sql('CREATE SCHEMA howdah_migration', database);
    const { notes, order } = orderOf(await both());
    await createPublications(plain, order);
    expect(notes).toMatchObject([
      expect.stringMatching(/^TRUNCATE is not carried over for public.mine, public."My ""second""": /),
    ]);
    expect(await triggers()).toEqual([]);
    await server.sql('GRANT ALL ON SCHEMA howdah_migration TO plain; ALTER TABLE mine OWNER TO guest', database);
    notes.length = 0;
    await publishMore(plain, order);
    expect(notes).toMatchObject([expect.stringMatching(/^TRUNCATE is not carried over for public.mine: /)]);
    expect(await triggers()).toHaveLength(2);
    await dropPublications(plain, NAME, signal);
    expect(await triggers()).toEqual([]);
    // It is not ours.
    expect(await schemas()).toHaveLength(1);
  });

  test('go by the statements for a person, those of other tasks stay', async () => {
    for (const name of [NAME, OTHER]) await createPublications(plain, orderOf(await both(), name).order);
    await server.sql(cleaningSql('dts-emptied1'), database);
    expect(await triggers()).toHaveLength(4);
    expect((await triggers()).every((line) => line.includes('emptied2'))).toBe(true);
    await server.sql(cleaningSql('dts-emptied2'), database);
    expect(await triggers()).toEqual([]);
    expect(await schemas()).toEqual([]);
    expect(await server.sql('SELECT 1 FROM pg_publication', database)).toEqual([]);
  });
});
