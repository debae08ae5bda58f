import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Found } from '../../electron/control-plane/migration/checks/check';
import { SOURCE_PRIVILEGE_CHECKS } from '../../electron/control-plane/migration/checks/source-privilege-checks';
import { TARGET_PRIVILEGE_CHECKS } from '../../electron/control-plane/migration/checks/target-privilege-checks';
import { migrationOptions } from '../../shared/model/migration';
import { runCheck, type CheckContextOptions } from '../support/check-context';
import { startServer, type TestServer } from '../support/postgres';

/** Before pg_read_all_data and after it; before privileges on settings and after it. */
let older: TestServer;
let newer: TestServer;

beforeAll(async () => {
  [older, newer] = await Promise.all([startServer({ major: 13 }), startServer({ major: 16 })]);
  for (const server of [older, newer]) {
    await server.sql('CREATE ROLE mover LOGIN; CREATE ROLE owner_a LOGIN; CREATE ROLE owner_b');
    await server.createDatabase('shop');
    await server.sql(
      `CREATE SCHEMA "Odd Name" AUTHORIZATION owner_a;
       CREATE TABLE "Odd Name"."Orders" (id serial PRIMARY KEY);
       ALTER TABLE "Odd Name"."Orders" OWNER TO owner_a;
       CREATE TABLE public.open_to_all (id int PRIMARY KEY);
       ALTER TABLE public.open_to_all OWNER TO owner_b;
       GRANT SELECT ON public.open_to_all TO PUBLIC`,
      'shop',
    );
  }
});
afterAll(async () => void (await Promise.all([older?.stop(), newer?.stop()])));

const check = (id: string, o: Partial<CheckContextOptions> = {}): Promise<Found[]> =>
  runCheck([...SOURCE_PRIVILEGE_CHECKS, ...TARGET_PRIVILEGE_CHECKS], id, {
    source: older,
    target: newer,
    sourceAccount: { user: 'mover' },
    targetAccount: { user: 'mover' },
    databases: ['shop'],
    ...o,
  });
const levels = async (id: string, o: Partial<CheckContextOptions> = {}): Promise<string[]> =>
  (await check(id, o)).map(({ level }) => level);

const INCREMENTAL = { options: { type: 'fullAndIncrement' } } as const;
const FROM_NEWER = (): Partial<CheckContextOptions> => ({ source: newer, target: older });
const SUPERUSERS = { sourceAccount: { user: 'postgres' }, targetAccount: { user: 'postgres' } };

/** What a finding advises, as a superuser would run it. */
const follow = async (server: TestServer, found: Found | undefined, database = 'shop'): Promise<void> => {
  const statements = found?.remedy?.match(/(?:GRANT|ALTER ROLE) [^;]*;/g) ?? [];
  if (statements.length === 0) throw new Error(`no statement in: ${found?.remedy ?? ''}`);
  for (const statement of statements) {
    if (!statement.includes('rds_replication')) await server.sql(statement, database);
  }
};

describe('the account of the source', () => {
  test('has to read every table and sequence; the advice lets it, by schema or at once', async () => {
    for (const [server, o] of [
      [older, {}],
      [newer, FROM_NEWER()],
    ] as const) {
      const [found] = await check('source-read', o);
      expect(found).toMatchObject({ level: 'failed', database: 'shop' });
      expect(found?.items).toEqual(['"Odd Name"."Orders"', '"Odd Name"."Orders_id_seq"']);
      expect(found?.remedy).toContain(
        server === newer ? 'GRANT pg_read_all_data TO mover;' : 'GRANT USAGE ON SCHEMA "Odd Name" TO mover;',
      );
      await follow(server, found);
      expect(await levels('source-read', o)).toEqual(['pass']);
    }
  });

  test('has to read the large objects of others', async () => {
    await older.sql("SELECT lo_from_bytea(0, 'text'); SELECT lo_from_bytea(0, 'more')", 'shop');
    await older.sql("SELECT lo_from_bytea(424242, 'open'); GRANT SELECT ON LARGE OBJECT 424242 TO PUBLIC", 'shop');
    await older.sql("SELECT lo_from_bytea(434343, 'of a'); ALTER LARGE OBJECT 434343 OWNER TO owner_a", 'shop');
    const [found] = await check('source-read-large-objects');
    expect(found).toMatchObject({
      level: 'failed',
      items: ['1 large object of owner_a', '2 large objects of postgres'],
    });
    expect(found?.remedy).toContain('GRANT owner_a TO mover;');
    expect(found?.remedy).toContain('GRANT SELECT ON LARGE OBJECT');
    expect(found?.remedy).not.toContain('GRANT postgres');
    expect(await levels('source-read-large-objects', SUPERUSERS)).toEqual(['pass']);
    await older.sql('SELECT lo_unlink(oid) FROM pg_largeobject_metadata', 'shop');
  });

  test('has to see rows that policies hide', async () => {
    await older.sql('ALTER TABLE public.open_to_all ENABLE ROW LEVEL SECURITY', 'shop');
    const [found] = await check('source-row-security');
    expect(found).toMatchObject({ level: 'failed', items: ['public.open_to_all'] });
    expect(found?.remedy).toContain('ALTER ROLE mover BYPASSRLS');
    await older.sql('ALTER ROLE mover BYPASSRLS');
    expect(await levels('source-row-security')).toEqual(['pass']);
    await older.sql('ALTER ROLE mover NOBYPASSRLS; ');
    await older.sql('ALTER TABLE public.open_to_all DISABLE ROW LEVEL SECURITY', 'shop');
  });

  test('that is no superuser does not read passwords', async () => {
    const [found] = await check('source-role-passwords');
    expect(found).toMatchObject({ level: 'warning', items: ['mover', 'owner_a', 'postgres'] });
    expect(found?.remedy).toContain('ALTER ROLE … PASSWORD');
    expect(await levels('source-role-passwords', SUPERUSERS)).toEqual(['pass']);
    const none = migrationOptions.parse({ type: 'full', objects: { mode: 'all', roleMode: 'none' } });
    expect(await levels('source-role-passwords', { options: none })).toEqual([]);
  });
});

describe('following changes', () => {
  test('asks for no right when nothing is followed', async () => {
    for (const id of ['source-replication-right', 'source-publication-right', 'source-ddl-right', 'target-origins'])
      expect({ id, levels: await levels(id) }).toEqual({ id, levels: [] });
  });

  test('needs the attribute REPLICATION', async () => {
    const [found] = await check('source-replication-right', INCREMENTAL);
    expect(found).toMatchObject({ level: 'failed', side: 'source' });
    await follow(older, found);
    expect(await levels('source-replication-right', INCREMENTAL)).toEqual(['pass']);
    await older.sql('ALTER ROLE mover NOREPLICATION');
  });

  test('needs the owners of the tables and CREATE', async () => {
    const [found] = await check('source-publication-right', INCREMENTAL);
    expect(found).toMatchObject({
      level: 'failed',
      items: ['"Odd Name"."Orders" (of owner_a)', 'public.open_to_all (of owner_b)'],
    });
    await follow(older, found);
    expect(await levels('source-publication-right', INCREMENTAL)).toEqual(['pass']);
    await older.sql(
      'SET ROLE mover; CREATE PUBLICATION probe FOR TABLE "Odd Name"."Orders"; DROP PUBLICATION probe',
      'shop',
    );
    await older.sql('REVOKE owner_a, owner_b FROM mover; REVOKE CREATE ON DATABASE shop FROM mover');
  });

  test('never asks to make the account a member of a superuser', async () => {
    await older.sql('ALTER TABLE public.open_to_all OWNER TO postgres', 'shop');
    const [found] = await check('source-publication-right', INCREMENTAL);
    expect(found?.remedy).toContain('ALTER TABLE … OWNER TO');
    expect(found?.remedy).not.toContain('GRANT postgres');
    await older.sql('ALTER TABLE public.open_to_all OWNER TO owner_b', 'shop');
  });

  test('notices changes of the structure as a superuser only', async () => {
    const [found] = await check('source-ddl-right', INCREMENTAL);
    expect(found).toMatchObject({ level: 'warning' });
    expect(found?.remedy).toContain('superuser');
    expect(await levels('source-ddl-right', { ...INCREMENTAL, ...SUPERUSERS })).toEqual(['pass']);
  });

  test('says that origins cannot be used', async () => {
    expect(await levels('target-origins', INCREMENTAL)).toEqual(['info']);
    expect(await levels('target-origins', { ...INCREMENTAL, ...SUPERUSERS })).toEqual(['pass']);
    const grants = ['create(text)', 'session_setup(text)', 'xact_setup(pg_lsn, timestamptz)'].map(
      (name) => `GRANT EXECUTE ON FUNCTION pg_replication_origin_${name} TO mover`,
    );
    await newer.sql(grants.join(';'));
    expect(await levels('target-origins', INCREMENTAL)).toEqual(['pass']);
  });
});

describe('the account of the target', () => {
  test('should keep triggers quiet; the advice lets it where such a privilege exists', async () => {
    const [found] = await check('target-replica-role');
    expect(found).toMatchObject({ level: 'warning', side: 'target' });
    await follow(newer, found);
    expect(await levels('target-replica-role')).toEqual(['pass']);
    const [before] = await check('target-replica-role', FROM_NEWER());
    expect(before?.remedy).toContain('DISABLE TRIGGER USER');
    expect(await levels('target-replica-role', { options: { type: 'structure' } })).toEqual([]);
  });

  test('should create roles', async () => {
    const [found] = await check('target-create-roles');
    expect(found).toMatchObject({ level: 'warning' });
    await follow(newer, found);
    expect(await levels('target-create-roles')).toEqual(['pass']);
  });
});

test('superusers on both sides pass everything', async () => {
  for (const { id } of [...SOURCE_PRIVILEGE_CHECKS, ...TARGET_PRIVILEGE_CHECKS]) {
    const found = await levels(id, { ...INCREMENTAL, ...SUPERUSERS });
    expect({ id, levels: new Set(found) }).toEqual({ id, levels: new Set(['pass']) });
  }
});
