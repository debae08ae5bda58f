import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStateFolder, startControlPlane, stopEverything, type TestControlPlane } from '../support/control-plane';
import { dtsService } from '../support/dts-client';
import { createTask, makeShop, taskDetail, untilTask } from '../support/migration-service';
import { startServer, type TestServer } from '../support/postgres';
import { ownService, type OwnService, type Service } from '../support/sdk-call';

/** Tasks that follow, by our own service: the cut-over with all that can be chosen, its way back, and what is left when they are given up. */

const LOGICAL = ['wal_level = logical'];
const MIB = 1024 * 1024;
const DENIED = 'OperationDenied.JobOperationDeniedError';

let state = '';
let plane: TestControlPlane;
let dts: Service;
let own: OwnService;
let source: TestServer;
let target: TestServer;

beforeAll(async () => {
  state = await openStateFolder();
  [plane, source, target] = await Promise.all([
    startControlPlane(state),
    startServer({ major: 17, settings: LOGICAL }),
    startServer({ major: 18, settings: LOGICAL }),
  ]);
  dts = dtsService(plane);
  own = ownService(plane);
  await makeShop(source);
});
afterAll(async () => {
  await stopEverything(state);
  await Promise.all([source?.stop(), target?.stop()]);
});

const sideOf = (server: TestServer) => ({
  ...{ accessType: 'extranet', host: '127.0.0.1', port: server.port, user: 'postgres', password: 'x' },
  database: 'postgres',
});

async function started(newName: string, options: object = {}): Promise<string> {
  const databases = [{ name: 'shop', newName, mode: 'all' }];
  const JobId = await createTask(dts, own, {
    Source: sideOf(source),
    Target: sideOf(target),
    Options: {
      type: 'fullAndIncrement',
      objects: { mode: 'partial', roleMode: 'none', databases },
      keepOwners: false,
      ...options,
    },
    RetryMinutes: 10,
  });
  await dts.answer('CreateMigrateCheckJob', { JobId });
  await untilTask(own, JobId, 'checkPass');
  await dts.answer('StartMigrateJob', { JobId });
  return JobId;
}

const until = (JobId: string, status: string): Promise<void> =>
  expect.poll(async () => (await taskDetail(own, JobId)).status, { timeout: 60_000, interval: 100 }).toBe(status);
const ordersOf = (server: TestServer, database: string) =>
  server.sql(
    "SELECT count(*)::int AS n, md5(string_agg(o::text, ',' ORDER BY id)) AS sum FROM sales.orders o",
    database,
  );
const leftOn = async (server: TestServer, database: string): Promise<unknown[]> => [
  ...(await server.sql('SELECT slot_name FROM pg_replication_slots')),
  ...(await server.sql('SELECT pubname FROM pg_publication', database)),
  ...(await server.sql("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'howdah%'", database)),
];

describe('our own service', () => {
  it('refuses what makes no sense', async () => {
    const JobId = await createTask(dts, own, {
      ...{ Source: sideOf(source), Target: sideOf(target), RetryMinutes: 0 },
      Options: { type: 'fullAndIncrement', objects: { mode: 'all', roleMode: 'none' } },
    });
    const wrongs: readonly (readonly [string, object, string])[] = [
      ['CompleteMigration', { JobId: 'dts-00000000' }, 'ResourceNotFound.JobNotExist'],
      ['CompleteMigration', { JobId }, DENIED],
      ['CompleteMigration', { JobId, Completion: { stopWrites: 'kindly' } }, 'InvalidParameterValue'],
      ['CompleteMigration', { JobId, Completion: { compare: 'half' } }, 'InvalidParameterValue'],
      ['CompleteMigration', { JobId, Colour: 'red' }, 'UnknownParameter'],
      ['TakeBackCompletion', { JobId }, DENIED],
      ['GoBackMigration', { JobId }, DENIED],
      ['GoBackMigration', { JobId, Completion: { failBack: 'yes' } }, 'InvalidParameter'],
      ['FinishMigration', { JobId }, DENIED],
      ['FinishMigration', {}, 'MissingParameter'],
      ['DecideMigrationHalt', { JobId }, 'MissingParameter'],
      ['DecideMigrationHalt', { JobId, Decision: { database: 'a', id: 'b', choice: 'cry' } }, 'InvalidParameterValue'],
    ];
    for (const [action, body, code] of wrongs)
      expect([action, body, await own.refusal(action, body)]).toEqual([action, body, code]);
    await dts.answer('IsolateMigrateJob', { JobId });
    await dts.answer('DestroyMigrateJob', { JobId });
  });

  it('cuts over with a way back, and goes back with everything that was written since', async () => {
    const JobId = await started('moved');
    await until(JobId, 'readyComplete');
    expect(await own.refusal('CompleteMigration', { JobId, Completion: { moveAddress: true } })).toBe(
      'InvalidParameterValue',
    );
    const Completion = { stopWrites: 'readOnly', failBack: true, compare: 'full' };
    await own.answer('CompleteMigration', { JobId, Completion });
    await until(JobId, 'guarding');
    expect(await dts.answer('DescribeMigrationDetail', { JobId })).toMatchObject({ Status: 'completing' });
    await target.sql("UPDATE sales.orders SET note = 'on the target' WHERE id % 3 = 0", 'moved');
    await target.sql('DELETE FROM sales.orders WHERE id > 4000', 'moved');
    await own.answer('GoBackMigration', { JobId, Completion: { stopWrites: 'readOnly', compare: 'full' } });
    await until(JobId, 'success');
    const { events, completion } = await taskDetail(own, JobId);
    expect(events.slice(0, 2).map(({ kind }) => kind)).toEqual(['success', 'went-back']);
    expect(completion).toMatchObject({ compare: 'full' });
    expect(await ordersOf(source, 'shop')).toEqual(await ordersOf(target, 'moved'));
    expect([...(await leftOn(source, 'shop')), ...(await leftOn(target, 'moved'))]).toEqual([]);
  });

  it('follows on under the next daemon when the first one is killed, and takes a cut-over back', async () => {
    const JobId = await started('killed');
    await until(JobId, 'readyComplete');
    await plane.kill();
    await source.sql("INSERT INTO sales.orders SELECT n, 1, 'meanwhile' FROM generate_series(10001, 10500) n", 'shop');
    plane = await startControlPlane(state);
    dts = dtsService(plane);
    own = ownService(plane);
    await until(JobId, 'readyComplete');
    await expect.poll(() => ordersOf(target, 'killed'), { timeout: 30_000 }).toEqual(await ordersOf(source, 'shop'));
    // What the target cannot take yet keeps the cut-over from its end.
    const holder = new Client(target.uri('killed'));
    await holder.connect();
    await holder.query('BEGIN; LOCK TABLE sales.orders');
    await source.sql("UPDATE sales.orders SET note = 'at last' WHERE id = 1", 'shop');
    await own.answer('CompleteMigration', { JobId, Completion: { stopWrites: 'readOnly' } });
    expect((await taskDetail(own, JobId)).actions).toEqual(['takeBack', 'stop']);
    await own.answer('TakeBackCompletion', { JobId });
    await holder.end();
    await until(JobId, 'readyComplete');
    await source.sql("UPDATE sales.orders SET note = 'and on' WHERE id = 2", 'shop');
    await expect.poll(() => ordersOf(target, 'killed'), { timeout: 30_000 }).toEqual(await ordersOf(source, 'shop'));
    await dts.answer('StopMigrateJob', { JobId });
    await expect.poll(() => leftOn(source, 'shop'), { timeout: 30_000 }).toEqual([]);
  });
});

describe('a task that is given up', () => {
  it('by itself, because it kept too much WAL, leaves nothing and is not resumed', async () => {
    const JobId = await started('costly', { walAlarm: 8 * MIB, walCeiling: 48 * MIB });
    await until(JobId, 'readyComplete');
    // What the target cannot take keeps the WAL.
    const holder = new Client(target.uri('costly'));
    await holder.connect();
    await holder.query('BEGIN; LOCK TABLE sales.orders');
    await source.sql("UPDATE sales.orders SET note = 'more' WHERE id < 10", 'shop');
    for (let at = 0; at < 64; at += 1)
      await source.sql(`SELECT pg_logical_emit_message(false, 'x', repeat('x', ${MIB}))`, 'shop');
    await until(JobId, 'failed');
    await holder.end();
    await expect.poll(async () => (await taskDetail(own, JobId)).events[0]?.kind, { timeout: 60_000 }).toBe('cleaned');
    const { problem, actions } = await taskDetail(own, JobId);
    expect(problem).toContain('more than was allowed');
    expect(actions).toEqual(['stop', 'isolate']);
    expect([...(await leftOn(source, 'shop')), ...(await leftOn(target, 'costly'))]).toEqual([]);
  });

  it('while its source is away is not forgotten until nothing is left there', async () => {
    const JobId = await started('abandoned');
    await until(JobId, 'readyComplete');
    source.kill();
    await dts.answer('StopMigrateJob', { JobId });
    await until(JobId, 'canceled');
    await dts.answer('IsolateMigrateJob', { JobId });
    const refused = await dts.outcome('DestroyMigrateJob', { JobId });
    expect(refused).toMatchObject({
      ok: false,
      code: DENIED,
      message: expect.stringContaining('pg_drop_replication_slot'),
    });
    await source.restart();
    await expect.poll(async () => (await taskDetail(own, JobId)).problem, { timeout: 60_000 }).toBe('');
    expect(await leftOn(source, 'shop')).toEqual([]);
    await dts.answer('DestroyMigrateJob', { JobId });
  });
});
