import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSession } from '../../electron/adapters/postgres/session';
import { createDashboardFeature, type DashboardFeature } from '../../electron/features/dashboard/dashboard-feature';
import { runStatements } from '../../electron/features/catalog/run-statements';
import { createLogger } from '../../electron/log';
import type { ConnectionProfile } from '../../electron/ports';
import type { Look } from '../../shared/model/dashboard';
import { blockingLines, lockTargetText } from '../../shared/model/dashboard-blocking';
import { rateOf } from '../../shared/model/dashboard-rates';
import { dropSlot, endPrepared, settingStatements } from '../../shared/model/dashboard-statements';
import { startServer, type TestServer } from '../support/postgres';
import { eventually } from '../support/query';

const context = { signal: new AbortController().signal };
const DATABASE = 'shop "一"';

describe.each([10, 18])('PostgreSQL %i', (major) => {
  let server: TestServer;
  let feature: DashboardFeature;
  let as: Partial<ConnectionProfile> = {};
  const clients: Client[] = [];
  const where = { serverId: 's', database: DATABASE };
  const value = async <T>(look: Promise<Look<T>>): Promise<T> => (await look).value;

  /** A session of somebody else. */
  const connect = async (application: string): Promise<{ client: Client; pid: number }> => {
    const client = new Client({
      host: '127.0.0.1',
      port: server.port,
      user: 'postgres',
      database: DATABASE,
      application_name: application,
    });
    client.on('error', () => undefined);
    await client.connect();
    clients.push(client);
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    return { client, pid: rows[0]?.pid ?? 0 };
  };

  beforeAll(async () => {
    server = await startServer({
      major,
      settings: [
        'max_prepared_transactions = 5',
        'logging_collector = on',
        `log_destination = 'stderr,csvlog${major >= 15 ? ',jsonlog' : ''}'`,
        'deadlock_timeout = 60s',
      ],
    });
    await server.sql(`CREATE DATABASE "shop ""一"""`);
    await server.sql('CREATE TABLE "the ""orders" (id int PRIMARY KEY, note text)', DATABASE);
    feature = createDashboardFeature({
      connections: {
        profile: async (_server, database) => ({ ...server.profile(database ?? 'postgres'), ...as }),
        name: () => 'test',
        onDisconnect: () => () => undefined,
        reportLost: () => undefined,
      },
      log: createLogger(null),
    });
  });
  afterAll(async () => {
    await Promise.allSettled(clients.map((client) => client.end()));
    await feature?.close();
    await server?.stop();
  });

  it('counts what is done between two looks', async () => {
    const { handlers } = feature;
    const ask = (of: 'server' | 'database') => value(handlers.activity({ ...where, of }, context));
    let before = await ask('database');
    // A database is counted from its first statistics on.
    await eventually(async () => {
      before = await ask('database');
      return (before.counters.inserted ?? 0) > 0;
    }, 'the database is counted');
    await server.sql(`INSERT INTO "the ""orders" SELECT i FROM generate_series(1, 1234) i`, DATABASE);
    await server.sql(`UPDATE "the ""orders" SET note = 'x' WHERE id <= 100`, DATABASE);
    let after = before;
    await eventually(async () => {
      after = await ask('database');
      return (after.counters.updated ?? 0) > (before.counters.updated ?? 0);
    }, 'the counters move');
    const seconds = (after.at - before.at) / 1000;
    // Rows of the catalogs count too.
    const inserted = (rateOf(before, after, 'inserted') ?? 0) * seconds;
    expect(inserted).toBeGreaterThanOrEqual(1233.9);
    expect(inserted).toBeLessThan(1400);
    expect((rateOf(before, after, 'updated') ?? 0) * seconds).toBeGreaterThanOrEqual(99.9);
    expect(rateOf(before, after, 'walBytes')).toBeGreaterThan(0);
    expect(rateOf(before, after, 'commits')).toBeGreaterThan(0);
    expect(after.epoch).toBe(before.epoch);
    expect(after.counters.ioWrites === null).toBe(major < 16);
    const whole = await ask('server');
    expect(whole.counters.inserted).toBeGreaterThanOrEqual(after.counters.inserted ?? 0);
    expect(whole.maxConnections).toBe(100);
    await server.sql('SELECT pg_stat_reset()', DATABASE);
    await eventually(async () => (await ask('database')).epoch !== before.epoch, 'a reset is seen');
  });

  it('tells sessions, and leaves others alone when one is cancelled or ended', async () => {
    const { handlers } = feature;
    const busy = await connect('busy one');
    const idle = await connect('idle one');
    const sleeping = busy.client.query('SELECT pg_sleep(60)').then(
      () => 'finished',
      (error: Error) => error.message,
    );
    const find = async (pid: number) =>
      (await value(handlers.sessions(where, context))).find((session) => session.pid === pid);
    await eventually(async () => (await find(busy.pid))?.waitEvent === 'PgSleep', 'it sleeps');
    const session = await find(busy.pid);
    expect(session).toMatchObject({
      application: 'busy one',
      user: 'postgres',
      database: DATABASE,
      kind: 'client backend',
      state: 'active',
      query: 'SELECT pg_sleep(60)',
      waitType: 'Timeout',
      own: false,
      hidden: false,
    });
    expect(session?.client).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(session?.transactionMs).toBeGreaterThan(0);
    const all = await value(handlers.sessions(where, context));
    expect(all.filter(({ own }) => own)).toHaveLength(1);
    expect(all.some(({ kind }) => kind === 'checkpointer')).toBe(true);

    const signal = (deed: 'cancel' | 'terminate', pid: number, started: string | null) =>
      handlers.signal({ ...where, deed, backends: [{ pid, started }] }, context);
    expect(await signal('cancel', busy.pid, '1999-01-01 00:00:00.000000')).toEqual([
      { pid: busy.pid, outcome: 'gone', reason: '' },
    ]);
    expect(await signal('cancel', busy.pid, session?.started ?? null)).toEqual([
      { pid: busy.pid, outcome: 'sent', reason: '' },
    ]);
    expect(await sleeping).toContain('canceling statement due to user request');
    const other = await find(idle.pid);
    expect(await signal('terminate', idle.pid, other?.started ?? null)).toMatchObject([{ outcome: 'sent' }]);
    await eventually(async () => (await find(idle.pid)) === undefined, 'it is gone');
    const own = all.find((each) => each.own);
    expect(await signal('terminate', own?.pid ?? 0, own?.started ?? null)).toMatchObject([{ outcome: 'gone' }]);

    as = { readOnly: true };
    await expect(signal('cancel', busy.pid, null)).rejects.toMatchObject({ info: { code: 'denied' } });
    as = {};
  });

  it('shows who waits for whom, with the one that does nothing at the top', async () => {
    const { handlers } = feature;
    const [root, middle, last] = [await connect('root'), await connect('middle'), await connect('last')];
    await root.client.query(`BEGIN; UPDATE "the ""orders" SET note = 'r' WHERE id = 1`);
    await middle.client.query(`BEGIN; UPDATE "the ""orders" SET note = 'm' WHERE id = 2`);
    const waits = [
      middle.client.query(`UPDATE "the ""orders" SET note = 'm' WHERE id = 1`),
      last.client.query(`UPDATE "the ""orders" SET note = 'l' WHERE id = 2`),
    ];
    const look = () => value(handlers.blocking(where, context));
    await eventually(async () => (await look()).length === 3, 'three are in the tree');
    const lines = blockingLines(await look());
    expect(lines.map(({ pid, depth, waiting, root: top }) => [pid, depth, waiting, top])).toEqual([
      [root.pid, 0, 2, true],
      [middle.pid, 1, 1, false],
      [last.pid, 2, 0, false],
    ]);
    expect(lines[0]?.session).toMatchObject({ state: 'idle in transaction', wanted: null });
    const wanted = lines[1]?.session?.wanted;
    expect(wanted).toMatchObject({ type: 'transactionid', mode: 'ShareLock' });
    expect(wanted && lockTargetText(wanted)).toMatch(/^transaction \d+$/);
    expect(lines[1]?.session?.waitMs).toBeGreaterThan(0);

    const locks = await value(handlers.locks(where, context));
    const held = locks.filter(({ pid }) => pid === root.pid);
    expect(held.find(({ type }) => type === 'transactionid')).toMatchObject({
      mode: 'ExclusiveLock',
      granted: true,
      transactionId: expect.stringMatching(/^\d+$/),
      virtualXid: null,
    });
    expect(held.find(({ type }) => type === 'virtualxid')).toMatchObject({
      virtualXid: expect.stringMatching(/^\d+\/\d+$/),
      transactionId: null,
    });
    expect(held.find(({ relation }) => relation === 'public."the ""orders"')).toMatchObject({
      type: 'relation',
      mode: 'RowExclusiveLock',
      database: DATABASE,
    });
    expect(locks.some(({ pid, granted }) => pid === last.pid && !granted)).toBe(true);

    const session = lines[0]?.session;
    await handlers.signal(
      { ...where, deed: 'terminate', backends: [{ pid: root.pid, started: session?.started ?? null }] },
      context,
    );
    await waits[0];
    await middle.client.query('ROLLBACK');
    await waits[1];
    expect(await look()).toEqual([]);
  });

  it('lists prepared transactions, which hold up others without a process, and ends them', async () => {
    const { handlers } = feature;
    const one = await connect('preparing');
    await one.client.query(`BEGIN; UPDATE "the ""orders" SET note = 'p' WHERE id = 3; PREPARE TRANSACTION 'it''s one'`);
    const [prepared] = await value(handlers.prepared(where, context));
    expect(prepared).toMatchObject({ gid: "it's one", owner: 'postgres', database: DATABASE });
    expect(prepared?.ageMs).toBeGreaterThanOrEqual(0);
    const waiting = one.client.query(`UPDATE "the ""orders" SET note = 'q' WHERE id = 3`);
    await eventually(async () => (await value(handlers.blocking(where, context))).length > 0, 'it waits');
    const lines = blockingLines(await value(handlers.blocking(where, context)));
    expect(lines.map(({ pid, session, root }) => [pid, session?.pid ?? null, root])).toEqual([
      [0, null, true],
      [one.pid, one.pid, false],
    ]);
    await runStatements(server.profile(DATABASE), [endPrepared("it's one", 'rollback')], context.signal);
    await waiting;
    expect(await value(handlers.prepared(where, context))).toEqual([]);
  });

  it('tells of senders and slots', async () => {
    const { handlers } = feature;
    await server.sql(`SELECT pg_create_physical_replication_slot('a_slot', true)`);
    const sender = await openSession(server.profile(), context.signal, { replication: true });
    const state = await value(handlers.replication(where, context));
    expect(state).toMatchObject({ standby: false, receiver: null, subscriptions: [] });
    expect(state.senders).toMatchObject([{ application: 'howdah tests', state: 'startup', user: 'postgres' }]);
    expect(state.slots).toMatchObject([
      { name: 'a_slot', type: 'physical', active: false, walStatus: major >= 13 ? 'reserved' : null },
    ]);
    expect(state.slots[0]?.retainedBytes).toBeGreaterThanOrEqual(0);
    await sender.end();
    await runStatements(server.profile(), [dropSlot('a_slot')], context.signal);
    expect((await value(handlers.replication(where, context))).slots).toEqual([]);
  });

  it('lists settings and changes them for the server, a database and a role', async () => {
    const { handlers } = feature;
    const setting = async (name: string) =>
      (await value(handlers.settings(where, context))).find((each) => each.name === name);
    expect(await setting('work_mem')).toMatchObject({ value: '4096', shown: '4MB', unit: 'kB', changed: false });
    expect(await setting('max_prepared_transactions')).toMatchObject({
      value: '5',
      changed: true,
      file: expect.stringMatching(/postgresql\.conf$/),
      line: expect.any(Number),
    });
    // The session that looks has its own; it must not be told as the server's.
    expect(await setting('search_path')).toMatchObject({ value: '"$user", public', changed: false });
    const run = (statements: ReturnType<typeof settingStatements>) =>
      runStatements(server.profile(), statements, context.signal);
    await run(settingStatements('work_mem', '8MB', { of: 'server', reload: true }));
    await eventually(async () => (await setting('work_mem'))?.shown === '8MB', 'the new value is there');
    expect(await setting('work_mem')).toMatchObject({ changed: true, file: expect.stringContaining('auto.conf') });
    await run(settingStatements('max_connections', '120', { of: 'server', reload: true }));
    await eventually(async () => (await setting('max_connections'))?.pendingRestart === true, 'a restart is pending');
    await run(settingStatements('work_mem', null, { of: 'server', reload: true }));
    await eventually(async () => (await setting('work_mem'))?.shown === '4MB', 'it is taken back');
    await run(settingStatements('search_path', '"$user", "a b"', { of: 'database', name: DATABASE }));
    await run(settingStatements('work_mem', '1MB', { of: 'role', name: 'postgres' }));
    const rows = await server.sql('SELECT setconfig::text AS set FROM pg_db_role_setting ORDER BY setdatabase DESC');
    expect(rows).toEqual([{ set: '{"search_path=\\"$user\\", \\"a b\\""}' }, { set: '{work_mem=1MB}' }]);
    await run(settingStatements('work_mem', null, { of: 'role', name: 'postgres' }));
  });

  it('reads the log in every format, and no more of it than asked for', async () => {
    const { handlers } = feature;
    await server
      .sql(`SELECT 1 / (SELECT 0) AS "first
second"`)
      .catch(() => undefined);
    const read = (file: string, bytes = 262_144) => value(handlers.log({ ...where, file, bytes }, context));
    const current = await read('');
    expect(current.obstacle).toBeNull();
    const endings = ['.log', '.csv', ...(major >= 15 ? ['.json'] : [])];
    for (const ending of endings) {
      const file = current.files.find(({ name }) => name.endsWith(ending))?.name ?? '';
      let found;
      await eventually(async () => {
        found = (await read(file)).entries.find(({ message }) => message === 'division by zero');
        return found?.more.includes('second') === true;
      }, `the error in ${ending}`);
      expect(found).toMatchObject({ severity: 'error', more: expect.stringMatching(/STATEMENT: .*"first\nsecond"/) });
    }
    const little = await read(current.file, 1024);
    expect(little.readBytes).toBeLessThanOrEqual(1024);
    expect(little.fileBytes).toBeGreaterThanOrEqual(little.readBytes);
    expect(await read('../postgresql.conf')).toMatchObject({ obstacle: 'no-file', entries: [] });
  });

  it('tells of the health of databases', async () => {
    await server.sql('CREATE INDEX unused_one ON public."the ""orders" (note)', DATABASE);
    const health = await value(feature.handlers.health(where, context));
    expect(health.databases.find(({ name }) => name === DATABASE)).toMatchObject({ current: true });
    expect(health.databases.every(({ bytes, xidAge }) => (bytes ?? 0) > 1_000_000 && xidAge > 0)).toBe(true);
    expect(health.freezeAge).toBe(200_000_000);
    expect(health.unusedIndexes).toMatchObject([{ schema: 'public', table: 'the "orders', name: 'unused_one' }]);
  });

  it('does not take what a poor role may not see for nothing', async () => {
    const { client, pid } = await connect('secret');
    await server.sql('CREATE ROLE poor LOGIN');
    await client.query(`SELECT 'secret'`);
    await feature.handlers.leave({ serverId: 's' }, context);
    as = { user: 'poor' };
    const { handlers } = feature;
    try {
      const sessions = await value(handlers.sessions(where, context));
      const secret = sessions.find((session) => session.pid === pid);
      expect(secret).toMatchObject({ hidden: true, query: '', state: null, user: 'postgres' });
      expect((await value(handlers.activity({ ...where, of: 'server' }, context))).sessions.hidden).toBeGreaterThan(0);
      const outcomes = await handlers.signal(
        { ...where, deed: 'terminate', backends: [{ pid, started: null }] },
        context,
      );
      expect(outcomes).toMatchObject([
        { pid, outcome: 'denied', reason: expect.stringMatching(/superuser|permission/) },
      ]);
      expect(await value(handlers.log({ ...where, file: '', bytes: 1024 }, context))).toMatchObject({
        obstacle: 'not-permitted',
        reason: expect.stringContaining('permission denied'),
      });
      for (const ask of [handlers.blocking, handlers.locks, handlers.prepared, handlers.replication, handlers.health]) {
        await ask(where, context);
      }
      const settings = await value(handlers.settings(where, context));
      expect(settings.every(({ file }) => file === null)).toBe(true);
    } finally {
      as = {};
      await handlers.leave({ serverId: 's' }, context);
    }
  });

  it('looks at a standby too', async () => {
    const standby =
      major >= 12
        ? (['standby.signal', ''] as const)
        : (['recovery.conf', "standby_mode = 'on'\nprimary_conninfo = 'port=1'\n"] as const);
    await writeFile(join(server.dataFolder, standby[0]), standby[1]);
    await server.restart();
    const { handlers } = feature;
    const state = await value(handlers.replication(where, context));
    expect(state).toMatchObject({ standby: true, position: expect.stringContaining('/'), replayPaused: false });
    expect((await value(handlers.activity({ ...where, of: 'server' }, context))).counters.walBytes).toBeGreaterThan(0);
    for (const ask of [handlers.blocking, handlers.locks, handlers.prepared, handlers.settings, handlers.health]) {
      await ask(where, context);
    }
  });
});

describe('PostgreSQL 14 without a log collector', () => {
  it('answers every question, and says why there is no log', async () => {
    const server = await startServer({ major: 14 });
    const feature = createDashboardFeature({
      connections: {
        profile: async (_server, database) => server.profile(database ?? 'postgres'),
        name: () => 'test',
        onDisconnect: () => () => undefined,
        reportLost: () => undefined,
      },
      log: createLogger(null),
    });
    const where = { serverId: 's', database: 'postgres' };
    const { handlers } = feature;
    try {
      const asks = [handlers.sessions, handlers.blocking, handlers.locks, handlers.prepared, handlers.replication];
      for (const ask of [...asks, handlers.settings, handlers.health]) {
        expect((await ask(where, context)).ms).toBeGreaterThan(0);
      }
      expect(
        (await handlers.activity({ ...where, of: 'server' }, context)).value.counters.commits,
      ).toBeGreaterThanOrEqual(0);
      const log = (await handlers.log({ ...where, file: '', bytes: 1024 }, context)).value;
      expect(log).toMatchObject({ obstacle: 'collector-off', entries: [] });
      await server.restart();
      expect((await handlers.sessions(where, context)).value.length).toBeGreaterThan(0);
    } finally {
      await feature.close();
      await server.stop();
    }
  });
});
