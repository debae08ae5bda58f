import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Client } from 'pg';
import type { CompareView, RowDifference, TableCompare } from '../../shared/model/migration-api';
import { openStateFolder, startControlPlane, stopEverything, type TestControlPlane } from '../support/control-plane';
import { dtsService } from '../support/dts-client';
import { createTask, makeShop, taskDetail, untilTask } from '../support/migration-service';
import { startServer, type TestServer } from '../support/postgres';
import { ownService, type OwnService, type Service } from '../support/sdk-call';

/** Comparisons of a task of a real control plane: their results, and what happens when workers, daemons and servers do not last. */

let state = '';
let plane: TestControlPlane;
let dts: Service;
let own: OwnService;
let source: TestServer;
let target: TestServer;
let job = '';

beforeAll(async () => {
  state = await openStateFolder();
  plane = await startControlPlane(state);
  [dts, own] = [dtsService(plane), ownService(plane)];
  source = await startServer({ major: 14 });
  target = await startServer({ major: 16 });
  await makeShop(source);
  await source.createDatabase('other');
  await source.sql('CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t SELECT generate_series(1, 100)', 'other');
});
afterAll(async () => {
  await Promise.all([source?.stop(), target?.stop(), state === '' ? undefined : stopEverything(state)]);
});

/** The task whose sides are compared. */
async function moveAll(): Promise<void> {
  const side = (server: TestServer) => ({
    accessType: 'extranet',
    host: '127.0.0.1',
    port: server.port,
    user: 'postgres',
    password: null,
  });
  job = await createTask(dts, own, {
    Name: 'shop',
    RunMode: 'immediate',
    At: null,
    Source: side(source),
    Target: side(target),
    Options: { type: 'full', objects: { mode: 'all', roleMode: 'all' } },
    RetryMinutes: 0,
  });
  await dts.answer('CreateMigrateCheckJob', { JobId: job });
  await untilTask(own, job, 'checkPass');
  await dts.answer('StartMigrateJob', { JobId: job });
  await untilTask(own, job, 'success');
}

let begun = 0;
/** Each by a name of its own: what is signed alike within one second is refused as a repetition. */
const begin = async (more: object = {}): Promise<string> => {
  const Name = `comparison ${(begun += 1)}`;
  const request = { JobId: job, Mode: 'full', Name, ...more };
  return (await own.answer<{ CompareTaskId: string }>('CreateMigrationCompare', request)).CompareTaskId;
};
const look = (CompareTaskId: string, more: object = {}) =>
  own.answer<{ Compare: CompareView; TotalCount: number; Tables: TableCompare[] }>('DescribeMigrationCompare', {
    JobId: job,
    CompareTaskId,
    ...more,
  });
const ended = async (id: string, status = 'success'): Promise<CompareView> => {
  await expect
    .poll(async () => (await look(id)).Compare.status, { timeout: 60_000, interval: 50 })
    .toMatch(/^(success|failed|canceled)$/);
  const { Compare } = await look(id);
  expect([Compare.status, Compare.status === status ? '' : Compare.problem]).toEqual([status, '']);
  return Compare;
};

const folderOf = (id: string): string => join(state, 'migrations', job, `compare-${id.slice(-8)}`);
const workerOf = (id: string): number => {
  try {
    const { pid } = JSON.parse(readFileSync(join(folderOf(id), 'worker.json'), 'utf8')) as { pid: number };
    return pid;
  } catch {
    return 0;
  }
};

/** Keeps a table of the target locked; resolves when a comparison waits for it, to what lets it go. */
async function holdTable(table: string): Promise<{ waitedFor(): Promise<void>; release(): Promise<void> }> {
  const client = new Client(target.uri('shop'));
  // The server is killed under it.
  client.on('error', () => undefined);
  await client.connect();
  await client.query('BEGIN');
  await client.query(`LOCK ${table}`);
  const waiting = async (): Promise<unknown> =>
    (
      await target.sql("SELECT count(*)::int AS n FROM pg_locks WHERE NOT granted AND mode = 'AccessShareLock'", 'shop')
    )[0]?.['n'];
  return {
    waitedFor: () => expect.poll(waiting, { timeout: 30_000 }).toBe(1),
    release: () => client.end(),
  };
}

it('all tables of a task, or some of them, and each says how it is', async () => {
  await moveAll();
  const id = await begin({ Name: 'all of it' });
  expect(await ended(id)).toMatchObject({
    name: 'all of it',
    mode: 'full',
    tables: 3,
    equal: 3,
    different: 0,
    failed: 0,
    rows: 5200,
    differences: 0,
    fraction: 1,
    problem: '',
  });
  expect((await look(id, { Search: 'orders' })).Tables).toMatchObject([
    { database: 'shop', schema: 'sales', name: 'orders', result: 'equal', sourceRows: 5000, targetRows: 5000 },
  ]);
  expect((await taskDetail(own, job)).compares.map((each) => each.id)).toEqual([id]);
  await target.sql('UPDATE sales.orders SET note = NULL WHERE id = 77', 'shop');
  const some = await begin({ Tables: [{ database: 'shop', schema: 'sales', name: 'orders' }] });
  expect(await ended(some)).toMatchObject({ tables: 1, different: 1, differences: 1 });
  expect(await look(some, { Result: 'different' })).toMatchObject({ TotalCount: 1 });
  const { Differences } = await own.answer<{ Differences: RowDifference[] }>('DescribeMigrationDifferences', {
    JobId: job,
    CompareTaskId: some,
    Database: 'shop',
    Schema: 'sales',
    Name: 'orders',
  });
  expect(Differences).toEqual([
    {
      kind: 'changed',
      key: [{ column: 'id', value: '77' }],
      columns: [{ column: 'note', source: 'order 77', target: null }],
    },
  ]);
  const gone = await begin({ Tables: [{ database: 'shop', schema: 'sales', name: 'nothing' }] });
  expect((await ended(gone, 'failed')).problem).toContain('nothing');
  const wide = await begin({ Mode: 'rowCount', Tables: [{ database: 'shop', schema: '', name: '' }] });
  expect(await ended(wide)).toMatchObject({ tables: 2, equal: 2, mode: 'rowCount' });
});

it('goes on when its worker is killed, without looking twice at what it has compared', async () => {
  const held = await holdTable('sales.customers');
  const id = await begin();
  await held.waitedFor();
  await expect.poll(async () => (await look(id)).Compare.different + (await look(id)).Compare.equal).toBe(2);
  const before = (await look(id, { Search: 'orders' })).Tables[0];
  const first = workerOf(id);
  process.kill(first, 'SIGKILL');
  await expect.poll(() => workerOf(id)).not.toBe(first);
  await held.waitedFor();
  await held.release();
  expect(await ended(id)).toMatchObject({ tables: 3, equal: 2, different: 1, differences: 1 });
  expect((await look(id, { Search: 'orders' })).Tables[0]).toEqual(before);
});

it('goes on when the daemon is killed, and when the target is away for a while', async () => {
  const held = await holdTable('sales.customers');
  const id = await begin();
  await held.waitedFor();
  await plane.kill();
  plane = await startControlPlane(state);
  [dts, own] = [dtsService(plane), ownService(plane)];
  await held.waitedFor();
  expect((await look(id)).Compare.status).toBe('running');
  target.kill('SIGKILL');
  await target.restart();
  await held.release().catch(() => undefined);
  expect(await ended(id)).toMatchObject({ tables: 3, differences: 1 });
});

it('is stopped, deleted, and ended with its task', async () => {
  const held = await holdTable('sales.customers');
  const id = await begin();
  await held.waitedFor();
  expect(await own.refusal('CreateMigrationCompare', { JobId: job, Mode: 'rowCount' })).toBe(
    'OperationDenied.JobOperationDeniedError',
  );
  await dts.answer('StopCompare', { JobId: job, CompareTaskId: id });
  expect(await ended(id, 'canceled')).toMatchObject({ problem: '' });
  await dts.answer('DeleteCompareTask', { JobId: job, CompareTaskId: id });
  expect(existsSync(folderOf(id))).toBe(false);
  const last = await begin();
  await held.waitedFor();
  const pid = workerOf(last);
  await dts.answer('IsolateMigrateJob', { JobId: job });
  await dts.answer('DestroyMigrateJob', { JobId: job });
  await expect.poll(() => existsSync(`/proc/${pid}`)).toBe(false);
  expect(readdirSync(join(state, 'migrations')).filter((name) => name.includes(job))).toEqual([]);
  await held.release();
});
