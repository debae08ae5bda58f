import { readdir } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { parseLsn } from '../../electron/control-plane/migration/follow/change-stream';
import { createRecorder, valuesAt } from '../support/change-recorder';
import {
  commits,
  confirm,
  firstValues,
  startStreamed,
  STREAMING,
  type StreamedServer,
} from '../support/streamed-server';

describe('a session', () => {
  let on: StreamedServer;
  beforeAll(async () => {
    on = await startStreamed(16, ['wal_sender_timeout = 2s', STREAMING]);
  });
  afterEach(() => on.endTest());
  afterAll(() => on?.stop());

  test('outlives the patience of the server while a sink has enough', async () => {
    const slot = await on.prepare((name) => `CREATE TABLE ${name} (id int PRIMARY KEY, pad text)`);
    let release = (): void => undefined;
    let held = 0;
    const recorder = createRecorder((change) => {
      if (change.kind !== 'insert' || held > 0) return undefined;
      held += 1;
      return new Promise((resolve) => (release = resolve));
    });
    const followed = await on.follow(slot, { recorder });
    // More than fits between the server and us.
    await on.server.sql(`INSERT INTO ${slot} SELECT i, repeat('z', 1000) FROM generate_series(1, 20000) i`);
    await expect.poll(() => held).toBe(1);
    const from = Date.now();
    await expect.poll(() => Date.now() - from, { interval: 200 }).toBeGreaterThan(5000);
    expect(firstValues(recorder.rows(`public.${slot}`))).toEqual(['1']);
    expect(followed.session.silentMs).toBe(0);
    release();
    await expect.poll(() => commits(followed)).toBe(1);
    expect(recorder.rows(`public.${slot}`)).toHaveLength(20_000);
    expect(followed.session.closed).toBe(false);
  });

  test('hears how far an idle source is, and can have it let go of its WAL', async () => {
    const slot = await on.prepare((name) => `CREATE TABLE ${name} (id int PRIMARY KEY)`);
    const followed = await on.follow(slot);
    await on.server.sql('CREATE TABLE other AS SELECT generate_series(1, 10000)');
    const [{ lsn } = {}] = await on.server.sql('SELECT pg_current_wal_lsn()::text AS lsn');
    const wanted = parseLsn(String(lsn));
    await expect.poll(() => followed.keptAlive() >= wanted).toBe(true);
    confirm(followed, followed.keptAlive());
    await expect
      .poll(() =>
        on.server.sql(
          `SELECT confirmed_flush_lsn >= '${String(lsn)}' AS done FROM pg_replication_slots WHERE slot_name = '${slot}'`,
        ),
      )
      .toEqual([{ done: true }]);
  });

  test('ends with what the sink throws, and the slot is free', async () => {
    const slot = await on.prepare((name) => `CREATE TABLE ${name} (id int PRIMARY KEY)`);
    for (const fail of [
      () => {
        throw new Error('no more');
      },
      () => Promise.reject(new Error('no more')),
    ]) {
      const followed = await on.follow(slot, {
        recorder: createRecorder((change) => (change.kind === 'commit' ? fail() : undefined)),
      });
      await on.server.sql(`INSERT INTO ${slot} SELECT count(*) FROM ${slot}`);
      await expect(followed.ended).rejects.toThrow('no more');
      expect(followed.session.closed).toBe(true);
      await expect.poll(() => on.isActive(slot)).toBe(false);
    }
  });

  test.each(['cut', 'terminated'])('that is %s is told as lost', async (how) => {
    const slot = await on.prepare((name) => `CREATE TABLE ${name} (id int PRIMARY KEY)`);
    const followed = await on.follow(slot);
    if (how === 'cut') followed.session.cut('it was silent');
    else await on.server.sql(`SELECT pg_terminate_backend(${followed.session.backendPid})`);
    await expect(followed.ended).rejects.toMatchObject({ info: { code: 'lost-connection', retry: true } });
    await expect(followed.session.query('SELECT 1')).rejects.toMatchObject({ info: { code: 'lost-connection' } });
  });

  test('gives up a slot that waits for a running transaction, and goes on', async () => {
    const writer = await on.connect();
    await writer.query('BEGIN; CREATE TABLE pending (); SELECT txid_current()');
    const session = await on.open();
    const ending = new AbortController();
    const making = session.query('CREATE_REPLICATION_SLOT waits TEMPORARY LOGICAL pgoutput', ending.signal);
    await expect
      .poll(() => on.server.sql(`SELECT wait_event_type FROM pg_stat_activity WHERE pid = ${session.backendPid}`))
      .toEqual([{ wait_event_type: 'Lock' }]);
    ending.abort();
    await expect(making).rejects.toMatchObject({ info: { code: 'cancelled' } });
    await writer.query('ROLLBACK');
    expect(await session.query('IDENTIFY_SYSTEM')).toMatchObject([{ dbname: 'postgres' }]);
    const [slot] = await session.query("CREATE_REPLICATION_SLOT waits TEMPORARY LOGICAL pgoutput (SNAPSHOT 'export')");
    expect(slot?.['snapshot_name']).toMatch(/^[\dA-F-]+$/);
  });

  test('sends the bytes of a database that does not know what they are', async () => {
    await on.server.createDatabase('ascii', "ENCODING 'SQL_ASCII' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'");
    const profile = on.server.profile('ascii');
    const slot = await on.prepare((name) => `CREATE TABLE ${name} (id int PRIMARY KEY, t text)`, profile);
    await on.server.sql(`INSERT INTO ${slot} VALUES (1, E'caf\\xe9\\xff')`, 'ascii');
    const seen: unknown[] = [];
    const followed = await on.follow(slot, {
      profile,
      recorder: {
        ...createRecorder(),
        insert: (_relation, bytes, from) => void seen.push(valuesAt(bytes, from, 'latin1')),
      },
    });
    await expect.poll(() => commits(followed)).toBe(1);
    expect(seen).toEqual([['1', 'café\u00ff']]);
  });

  test('streams with protocol 4, too, and begins anew with what it had not finished', async () => {
    const slot = await on.prepare((name) => `CREATE TABLE ${name} (id int PRIMARY KEY, pad text)`);
    const writer = await on.connect();
    const before = await on.follow(slot, { protocol: 4 });
    await writer.query(`BEGIN; INSERT INTO ${slot} SELECT i, repeat('z', 500) FROM generate_series(1, 5000) i`);
    // What nobody has committed is sent once it is on disk.
    await on.server.sql('CHECKPOINT');
    await expect.poll(() => readdir(on.spoolOf(slot))).not.toEqual([]);
    // What is idle may be told as flushed: the transaction is sent whole all the same.
    confirm(before, before.keptAlive());
    await before.session.end();
    await expect.poll(() => on.isActive(slot)).toBe(false);
    const after = await on.follow(slot, { protocol: 4 });
    await writer.query('COMMIT');
    await expect.poll(() => commits(after)).toBe(1);
    expect(after.recorder.rows(`public.${slot}`)).toHaveLength(5000);
  });
});
