import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CAPACITY_CHECKS } from '../../electron/control-plane/migration/checks/capacity-checks';
import type { Found } from '../../electron/control-plane/migration/checks/check';
import { builtInFindings } from '../../electron/control-plane/migration/checks/settings-differ-check';
import { SOURCE_PARAMETER_CHECKS } from '../../electron/control-plane/migration/checks/source-parameter-checks';
import { TARGET_PARAMETER_CHECKS } from '../../electron/control-plane/migration/checks/target-parameter-checks';
import type { PlannedTable } from '../../electron/control-plane/migration/plan-model';
import {
  applyFix,
  openCheckContext,
  plannedDatabase,
  runCheck,
  type CheckContextOptions,
} from '../support/check-context';
import { startServer, type TestServer } from '../support/postgres';

let source: TestServer;
let target: TestServer;

beforeAll(async () => {
  [source, target] = await Promise.all([
    startServer({ major: 18, settings: ['max_replication_slots = 4', 'max_wal_senders = 2', 'max_connections = 40'] }),
    startServer({ major: 13, settings: ['wal_level = logical', 'max_connections = 40'] }),
  ]);
  for (const server of [source, target]) {
    await server.createDatabase('shop');
    await server.sql('CREATE ROLE mover LOGIN; ALTER DATABASE shop OWNER TO mover; GRANT pg_monitor TO mover');
  }
  await source.sql('CREATE TABLE orders (id int PRIMARY KEY)', 'shop');
});
afterAll(async () => void (await Promise.all([source?.stop(), target?.stop()])));

const CHECKS = [...SOURCE_PARAMETER_CHECKS, ...TARGET_PARAMETER_CHECKS, ...CAPACITY_CHECKS];
const check = (id: string, o: Partial<CheckContextOptions> = {}): Promise<Found[]> =>
  runCheck(CHECKS, id, { source, target, databases: ['shop'], ...o });
const levels = async (id: string, o: Partial<CheckContextOptions> = {}): Promise<string[]> =>
  (await check(id, o)).map(({ level }) => level);

const INCREMENTAL = { options: { type: 'fullAndIncrement' } } as const;
const AS_MOVER = { sourceAccount: { user: 'mover' }, targetAccount: { user: 'mover' } };

const set = async (server: TestServer, setting: string): Promise<void> => {
  const name = setting.split(' ')[0] ?? '';
  const before = (await server.sql(`SHOW ${name}`))[0]?.[name];
  await server.sql(`ALTER SYSTEM SET ${setting}`);
  await server.sql('SELECT pg_reload_conf()');
  await expect.poll(async () => (await server.sql(`SHOW ${name}`))[0]?.[name]).not.toBe(before);
};

/** The repair of a finding makes the check pass. */
const repaired = async (id: string, [found]: readonly Found[], o: Partial<CheckContextOptions> = {}): Promise<void> => {
  await applyFix(found?.fix, { source, target });
  await expect.poll(() => levels(id, o)).toEqual(['pass']);
};

describe('the source of an incremental task', () => {
  test('needs slots, and senders that reach for them', async () => {
    expect(await levels('replication-slots', INCREMENTAL)).toEqual(['pass']);
    await source.sql("SELECT pg_create_physical_replication_slot('s' || i) FROM generate_series(1, 4) i");
    const [taken] = await check('replication-slots', INCREMENTAL);
    expect(taken).toMatchObject({ level: 'failed', found: '4 of 4 replication slots are in use; the task needs 1' });
    expect(taken?.remedy).toContain('max_replication_slots = 7');
    await source.sql('SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots');

    const [fewer] = await check('wal-senders', INCREMENTAL);
    expect(fewer).toMatchObject({
      level: 'warning',
      found: expect.stringContaining('less than max_replication_slots'),
    });
    expect(fewer?.remedy).toContain('max_wal_senders = 4');
    const [none] = await check('wal-senders', { ...INCREMENTAL, databases: ['shop', 'postgres', 'template1'] });
    expect(none).toMatchObject({ level: 'failed', found: '0 of 2 WAL senders are in use; the task needs 3' });
  });

  test('keeps log for a slot: without a limit is an alarm, nothing at all is refused', async () => {
    const unlimited = await check('slot-wal-kept', INCREMENTAL);
    expect(unlimited[0]).toMatchObject({ level: 'warning', found: expect.stringContaining('without a limit') });
    await set(source, "max_slot_wal_keep_size = '0'");
    const [nothing] = await check('slot-wal-kept', INCREMENTAL);
    expect(nothing).toMatchObject({ level: 'failed', found: 'max_slot_wal_keep_size is 0 bytes' });
    await set(source, "max_slot_wal_keep_size = '1GB'");
    const little = await check('slot-wal-kept', INCREMENTAL);
    expect(little[0]).toMatchObject({ level: 'warning', found: 'max_slot_wal_keep_size is 1 GiB' });
    await repaired('slot-wal-kept', little, INCREMENTAL);
  });

  test('must not drop slots that nobody reads for a while', async () => {
    await set(source, "idle_replication_slot_timeout = '300s'");
    const found = await check('idle-slot-timeout', INCREMENTAL);
    expect(found[0]).toMatchObject({ level: 'warning', found: 'idle_replication_slot_timeout is 300 s' });
    await repaired('idle-slot-timeout', found, INCREMENTAL);
    expect(await levels('idle-slot-timeout', { ...INCREMENTAL, source: target, target: source })).toEqual(['pass']);
  });

  test('should wait for a silent receiver; the account sets it for itself', async () => {
    await set(source, "wal_sender_timeout = '5s'");
    const found = await check('wal-sender-timeout', { ...INCREMENTAL, ...AS_MOVER });
    expect(found[0]).toMatchObject({ level: 'warning', found: 'wal_sender_timeout is 5 s' });
    await repaired('wal-sender-timeout', found, { ...INCREMENTAL, ...AS_MOVER });
    await set(source, "wal_sender_timeout = '60s'");
  });

  test('should decode in memory; the account sets it for itself', async () => {
    await set(source, "logical_decoding_work_mem = '4MB'");
    const found = await check('decoding-memory', { ...INCREMENTAL, ...AS_MOVER });
    expect(found[0]).toMatchObject({ level: 'warning', found: 'logical_decoding_work_mem is 4 MiB' });
    await repaired('decoding-memory', found, { ...INCREMENTAL, ...AS_MOVER });
    await set(source, "logical_decoding_work_mem = '64MB'");
  });

  test('has to write a log that can be decoded, once it is started again', async () => {
    const [found] = await check('wal-level', INCREMENTAL);
    expect(found).toMatchObject({ level: 'failed', found: 'wal_level is replica' });
    expect(found?.remedy).toContain('ALTER SYSTEM SET wal_level = logical');
    for (const setting of ['wal_level = logical', 'max_wal_senders = 6'])
      await source.sql(`ALTER SYSTEM SET ${setting}`);
    await source.restart();
    expect(await levels('wal-level', INCREMENTAL)).toEqual(['pass']);
    expect(await levels('wal-senders', INCREMENTAL)).toEqual(['pass']);
  });
});

describe('time limits', () => {
  test('of the account matter to what follows the source, and are told otherwise', async () => {
    await source.sql("ALTER ROLE mover SET statement_timeout = '30s'");
    await source.sql("ALTER DATABASE shop SET idle_in_transaction_session_timeout = '2min'");
    const o = { ...INCREMENTAL, ...AS_MOVER };
    const found = await check('source-time-limits', o);
    expect(found[0]).toMatchObject({
      level: 'warning',
      items: expect.arrayContaining([
        'statement_timeout = 30000ms (user)',
        'idle_in_transaction_session_timeout = 120000ms (database)',
      ]),
    });
    expect(await levels('source-time-limits', AS_MOVER)).toEqual(['info']);
    await repaired('source-time-limits', found, o);
    await source.sql(
      'ALTER ROLE mover RESET ALL; ALTER DATABASE shop RESET ALL; ALTER ROLE mover IN DATABASE shop RESET ALL',
    );
  });

  test('of the target are told', async () => {
    await target.sql("ALTER ROLE mover SET lock_timeout = '1s'");
    const found = await check('target-time-limits', AS_MOVER);
    expect(found[0]).toMatchObject({ level: 'info', items: ['lock_timeout = 1000ms (user)'] });
    await repaired('target-time-limits', found, AS_MOVER);
    await target.sql('ALTER ROLE mover RESET ALL; ALTER ROLE mover IN DATABASE shop RESET ALL');
  });
});

describe('the target', () => {
  test('that is meant for reading is an alarm', async () => {
    await target.sql('ALTER ROLE mover SET default_transaction_read_only = on');
    const found = await check('target-writable', AS_MOVER);
    expect(found[0]).toMatchObject({ level: 'warning', side: 'target' });
    expect(found[0]?.fix?.statements).toEqual(['ALTER ROLE mover SET default_transaction_read_only = off']);
    await target.sql('ALTER ROLE mover SET default_transaction_read_only = off');
    expect(await levels('target-writable', AS_MOVER)).toEqual(['pass']);
  });

  test('may have subscriptions that write too', async () => {
    expect(await levels('target-other-writers')).toEqual(['pass']);
    await target.sql(
      "CREATE SUBSCRIPTION other CONNECTION 'host=127.0.0.1 port=1' PUBLICATION p WITH (connect = false, enabled = false, slot_name = 'other');",
      'shop',
    );
    expect(await levels('target-other-writers')).toEqual(['pass']);
    await target.sql('ALTER SUBSCRIPTION other ENABLE', 'shop');
    const [found] = await check('target-other-writers', AS_MOVER);
    expect(found).toMatchObject({ level: 'warning', items: ['subscription other'] });
    await target.sql(found?.remedy?.match(/ALTER SUBSCRIPTION .*?;/)?.[0] ?? '', 'shop');
    expect(await levels('target-other-writers')).toEqual(['pass']);
    await target.sql('ALTER SUBSCRIPTION other SET (slot_name = NONE); ', 'shop');
    await target.sql('DROP SUBSCRIPTION other', 'shop');
  });

  test('may mean something else by the same text', async () => {
    expect(await levels('settings-differ', AS_MOVER)).toEqual(['pass']);
    await source.sql(
      "ALTER DATABASE shop SET datestyle = 'German, DMY'; ALTER DATABASE shop SET timezone = 'Asia/Tokyo'",
    );
    const found = await check('settings-differ', AS_MOVER);
    expect(found[0]).toMatchObject({
      level: 'warning',
      items: [
        'DateStyle: German, DMY at the source, ISO, MDY at the target',
        'TimeZone: Asia/Tokyo at the source, UTC at the target',
      ],
    });
    await repaired('settings-differ', found, AS_MOVER);
    for (const server of [source, target]) await server.sql('ALTER DATABASE shop RESET ALL');
  });

  test('gets the settings of the database', async () => {
    await source.sql(
      `ALTER DATABASE shop SET search_path = "$user", "Odd Name", public;
       ALTER DATABASE shop SET my.note = 'it''s \\ here'`,
    );
    const found = await check('database-settings', AS_MOVER);
    expect(found[0]).toMatchObject({ level: 'warning', database: 'shop' });
    expect(found[0]?.items).toEqual([`my.note=it's \\ here`, 'search_path="$user", "Odd Name", public']);
    await repaired('database-settings', found, AS_MOVER);
    for (const server of [source, target]) await server.sql('ALTER DATABASE shop RESET ALL');
  });

  test('may have been built otherwise', () => {
    // Every server that can be fetched was built alike.
    const [found] = builtInFindings([{ name: 'block_size', from: '32768', to: '8192' }]);
    expect(found).toMatchObject({ level: 'warning', items: ['block_size: 32768 at the source, 8192 at the target'] });
    expect(found?.remedy).toContain('built as the source');
    expect(builtInFindings([])).toEqual([]);
  });
});

describe('room', () => {
  const table = (bytes: number): PlannedTable => ({
    oid: 1,
    schema: 'public',
    name: 'orders',
    targetSchema: 'public',
    targetName: 'orders',
    kind: 'table',
    persistence: 'permanent',
    columns: [],
    bytes,
    heapBytes: bytes,
    rows: 1,
    integerKey: null,
    rowFilter: '',
  });
  const planOf = (...tables: PlannedTable[]): Partial<CheckContextOptions> => ({
    databases: [],
    plans: [plannedDatabase('shop', { tables })],
  });
  const TIB = 1024 ** 4;

  test('for the connections of the task: of the server, of the account, of the database', async () => {
    expect(await levels('source-connections', AS_MOVER)).toEqual(['pass']);
    expect(await levels('target-connections', AS_MOVER)).toEqual(['pass']);
    const [server] = await check('target-connections', { sessionsNeeded: 39 });
    expect(server).toMatchObject({
      level: 'failed',
      items: [expect.stringMatching(/^\d+ of 40 connections of the server are free$/)],
    });
    await source.sql('ALTER ROLE mover CONNECTION LIMIT 5; ALTER DATABASE shop CONNECTION LIMIT 6');
    const [limited] = await check('source-connections', AS_MOVER);
    expect(limited?.items).toEqual([
      expect.stringMatching(/of 5 connections of mover are free/),
      expect.stringMatching(/of 6 connections to the database shop are free/),
    ]);
    expect(limited?.remedy).toContain('CONNECTION LIMIT');
    await source.sql('ALTER ROLE mover CONNECTION LIMIT -1; ALTER DATABASE shop CONNECTION LIMIT -1');
  });

  test('on the disk: seen on this machine, told with figures elsewhere', async () => {
    expect(await levels('target-disk')).toEqual(['pass']);
    const [small] = await check('target-disk', planOf(table(1000 * TIB)));
    expect(small).toMatchObject({ level: 'warning', found: expect.stringMatching(/^About 1.2 PiB are needed/) });
    expect(small?.remedy).toContain('1.2 PiB');
    const [unseen] = await check('target-disk', { ...planOf(table(TIB)), ...AS_MOVER });
    expect(unseen).toMatchObject({ level: 'warning', found: expect.stringContaining('cannot be seen') });
    expect(await levels('target-disk', AS_MOVER)).toEqual(['info']);
  });

  test('for very many tables', async () => {
    const tables = Array.from({ length: 10_001 }, () => table(0));
    const [found] = await check('many-tables', planOf(...tables));
    expect(found).toMatchObject({ level: 'warning', found: '10,001 tables travel' });
    expect(found?.remedy).toContain('max_locks_per_transaction');
    expect(await levels('many-tables')).toEqual(['pass']);
  });

  test('before the numbers of transactions are used up', async () => {
    expect(await levels('wraparound')).toEqual(['pass']);
    const [{ before } = {}] = await source.sql(
      "SELECT datfrozenxid::text AS before FROM pg_database WHERE datname = 'shop'",
    );
    // As if 1.3 billion transactions had passed since the last freeze.
    await source.sql("UPDATE pg_database SET datfrozenxid = '2994968046' WHERE datname = 'shop'");
    const [found] = await check('wraparound');
    await source.sql(`UPDATE pg_database SET datfrozenxid = '${String(before)}' WHERE datname = 'shop'`);
    expect(found).toMatchObject({
      level: 'warning',
      found: expect.stringMatching(/ 1,3\d\d,\d{3},\d{3} transactions old/),
    });
    expect(found?.remedy).toContain('VACUUM (FREEZE)');
  });

  test('beside those who lock tables', async () => {
    expect(await levels('exclusive-locks')).toEqual(['pass']);
    const { context, close } = await openCheckContext({ source, target, databases: ['shop'], ...AS_MOVER });
    const holder = new Client(source.uri('shop'));
    await holder.connect();
    await holder.query('BEGIN; LOCK TABLE orders');
    const exclusive = CHECKS.find(({ id }) => id === 'exclusive-locks');
    const [found] = (await exclusive?.run(context).finally(() => holder.end())) ?? [];
    await close();
    expect(found).toMatchObject({ level: 'warning', items: [expect.stringMatching(/^public\.orders: process \d+$/)] });
    expect(found?.remedy).toContain('change no structure');
  });
});
