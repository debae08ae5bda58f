import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JobStatus } from '../../shared/model/migration';
import { addressOf, cloudClient, createRunning, nextSecond, PASSWORD } from '../support/cloud-client';
import { startCommitWriter } from '../support/commit-writer';
import { openStateFolder, startControlPlane, stopEverything, type TestControlPlane } from '../support/control-plane';
import { dtsService } from '../support/dts-client';
import { documentOf, isWhole, untilDocument } from '../support/instance-document';
import { createTask, taskDetail, untilTask } from '../support/migration-service';
import { ownService, type OwnService, type Service } from '../support/sdk-call';

/** A task between two instances of a control plane that leads the clients over, and back. */

let state = '';
let plane: TestControlPlane;
let dts: Service;
let own: OwnService;
let ids: string[];
let address: { host: string; port: number };

beforeAll(async () => {
  state = await openStateFolder();
  plane = await startControlPlane(state);
  [dts, own] = [dtsService(plane), ownService(plane)];
  const api = cloudClient(plane);
  const made = await createRunning(api, { InstanceCount: 2 });
  ids = made.map(({ DBInstanceId = '' }) => DBInstanceId);
  address = addressOf(made[0] ?? {});
  for (const [index, id] of ids.entries()) {
    const { host } = addressOf(made[index] ?? {});
    await nextSecond();
    await api.ModifyDBInstanceSSLConfig({ DBInstanceId: id, SSLEnabled: true, ConnectAddress: host });
  }
  for (const id of ids) {
    await untilDocument(state, id, 'it speaks TLS', (record) => record.ssl.enabled && isWhole(record));
  }
});
afterAll(() => (state === '' ? undefined : stopEverything(state)));

/** As libpq does with `sslmode=verify-full`, at the address of the source. */
async function connect(database: string): Promise<Client> {
  const { host, port } = address;
  const ca = readFileSync(join(state, 'authority/authority.pem'), 'utf8');
  const client = new Client({ host, port, user: 'shop', password: PASSWORD, database, ssl: { ca, host } });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}
/** Which instance answers at the address of the source. */
async function served(): Promise<string | undefined> {
  const client = await connect('postgres');
  const { rows } = await client.query<{ folder: string }>(
    "SELECT current_setting('unix_socket_directories') AS folder",
  );
  await client.end();
  return ids.find((id) => rows[0]?.folder.includes(id));
}

const detail = (JobId: string) => taskDetail(own, JobId);
const until = (JobId: string, status: JobStatus, timeout = 60_000) =>
  expect
    .poll(
      async () => {
        const { status: now, problem } = await detail(JobId);
        return problem === '' || now === status ? now : `${now}: ${problem}`;
      },
      { timeout, interval: 50 },
    )
    .toBe(status);
const how = (change: object = {}) => ({
  stopWrites: 'byHand',
  moveAddress: true,
  failBack: false,
  compare: 'full',
  ...change,
});
const side = (instanceId: string) => ({ accessType: 'cdb', instanceId, user: 'shop', password: PASSWORD });

test('clients see a pause and no more than the error of their transaction, and nothing that was acknowledged is lost', async () => {
  const admin = await connect('postgres');
  await admin.query('CREATE DATABASE mall');
  await admin.end();
  const writer = await startCommitWriter({ ...address, user: 'shop', password: PASSWORD, database: 'mall' });
  const [source = '', target = ''] = ids;
  const JobId = await createTask(dts, own, {
    Name: 'mall',
    RunMode: 'immediate',
    At: null,
    Source: side(source),
    Target: side(target),
    Options: {
      type: 'fullAndIncrement',
      objects: { mode: 'partial', roleMode: 'none', databases: [{ name: 'mall', mode: 'all' }] },
      keepOwners: false,
      keepPrivileges: false,
    },
    RetryMinutes: 5,
  });
  await dts.answer('CreateMigrateCheckJob', { JobId });
  await untilTask(own, JobId, 'checkPass');
  await dts.answer('StartMigrateJob', { JobId });
  await until(JobId, 'readyComplete');
  expect((await detail(JobId)).canMoveAddress).toBe(true);
  expect(await served()).toBe(source);

  writer.reset();
  const before = writer.errors();
  await own.answer('CompleteMigration', { JobId, Completion: how({ failBack: true }) });
  await until(JobId, 'guarding');
  await writer.nextCommit();
  expect(await served()).toBe(target);
  expect(writer.errors() - before).toBeLessThanOrEqual(1);
  expect(writer.longestGapMs()).toBeLessThan(30_000);
  expect(documentOf(state, target).networks[0]).toMatchObject(address);

  // The daemon ends; its worker ends with it, and everything goes on with the next one.
  await plane.kill();
  await writer.nextCommit();
  plane = await startControlPlane(state);
  [dts, own] = [dtsService(plane), ownService(plane)];
  await until(JobId, 'guarding');

  const again = writer.errors();
  await nextSecond();
  await own.answer('GoBackMigration', { JobId, Completion: how() });
  await until(JobId, 'success');
  await writer.nextCommit();
  expect(await served()).toBe(source);
  expect(writer.errors() - again).toBeLessThanOrEqual(1);
  const { acknowledged, lost } = await writer.stop();
  expect(acknowledged).toBeGreaterThan(50);
  expect(lost).toEqual([]);
}, 240_000);
