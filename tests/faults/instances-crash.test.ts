import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import type { DBInstance } from 'tencentcloud-sdk-nodejs/tencentcloud/services/postgres/v20170312/postgres_models';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  addressOf,
  cloudClient,
  createRunning,
  PASSWORD,
  request,
  untilStatus,
  type CloudClient,
} from '../support/cloud-client';
import {
  openStateFolder,
  postmastersOf,
  processesOf,
  startControlPlane,
  stopEverything,
  type TestControlPlane,
} from '../support/control-plane';

const SEED = Number(process.env['HOWDAH_SEED'] ?? Date.now() % 1_000_000);
const ROUNDS = Number(process.env['HOWDAH_ROUNDS'] ?? 4);
let drawn = SEED;
const random = (): number => (drawn = (drawn * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

let state: string;
let plane: TestControlPlane;
let api: CloudClient;

async function restartDaemon(): Promise<void> {
  plane = await startControlPlane(state);
  api = cloudClient(plane);
}
beforeEach(async () => {
  state = await openStateFolder();
  await restartDaemon();
});
afterEach(() => stopEverything(state));

async function ask(instance: DBInstance, sql: string): Promise<unknown[]> {
  const client = new Client({ ...addressOf(instance), user: 'shop', password: PASSWORD, database: 'postgres' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

const pidOf = (kind: 'gateway' | 'postgres'): number =>
  kind === 'postgres'
    ? (postmastersOf(state)[0] ?? 0)
    : (processesOf(state).find((each) => each.kind === kind)?.pid ?? 0);

async function until(what: string, check: () => Promise<boolean> | boolean): Promise<void> {
  for (const deadline = Date.now() + 60_000; !(await check()); await pause(20)) {
    if (Date.now() > deadline) throw new Error(`did not come true: ${what}; ${plane.log()}`);
  }
}

describe(`the daemon killed at random points (seed ${SEED}, HOWDAH_SEED repeats it)`, () => {
  it('of creations leaves whole instances and nothing else', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const wait = random() * 1_400;
      const asked = api.CreateInstances(request({ InstanceCount: 2 })).then(
        ({ DBInstanceIdSet = [] }) => DBInstanceIdSet,
        () => [],
      );
      await pause(wait);
      await plane.kill();
      const accepted = await asked;
      await restartDaemon();
      const { DBInstanceSet = [] } = await api.DescribeDBInstances({ Limit: 100 });
      const known = DBInstanceSet.map(({ DBInstanceId = '' }) => DBInstanceId);
      expect(known).toEqual(expect.arrayContaining(accepted));
      const running = await Promise.all(known.map((id) => untilStatus(api, id, 'running')));
      for (const instance of running) expect(await ask(instance, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
      // One server each, one folder each, whatever had been begun before.
      expect(postmastersOf(state)).toHaveLength(known.length);
      expect(readdirSync(join(state, 'zones/ap-guangzhou-3')).toSorted()).toEqual(known.toSorted());
      for (const id of known) {
        expect(existsSync(join(state, 'zones/ap-guangzhou-3', id, 'n1/data.new'))).toBe(false);
        expect(readFileSync(join(state, 'instances', `${id}.json`), 'utf8')).not.toContain('SCRAM-SHA-256');
      }
      if (known.length > 0) await api.IsolateDBInstances({ DBInstanceIdSet: known });
      for (const id of known) await untilStatus(api, id, 'isolated');
      expect(postmastersOf(state)).toEqual([]);
      for (const id of known) await api.DestroyDBInstance({ DBInstanceId: id });
      await until('all are gone', async () => (await api.DescribeDBInstances({})).TotalCount === 0);
    }
  });

  it('of restarts keeps the data, the address and one server', async () => {
    const [made = {}] = await createRunning(api);
    await ask(made, 'CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n');
    for (let round = 0; round < ROUNDS; round += 1) {
      await api.RestartDBInstance({ DBInstanceId: made.DBInstanceId ?? '' });
      await pause(random() * 250);
      await plane.kill();
      await restartDaemon();
      const instance = await untilStatus(api, made.DBInstanceId ?? '', 'running');
      expect(addressOf(instance)).toEqual(addressOf(made));
      expect(postmastersOf(state)).toHaveLength(1);
      expect(await ask(instance, 'SELECT count(*)::int AS n FROM kept')).toEqual([{ n: 1000 }]);
    }
  });

  it('of isolating, restoring and destroying ends each of them', async () => {
    for (let round = 0; round < Math.ceil(ROUNDS / 2); round += 1) {
      const [made = {}] = await createRunning(api);
      const id = made.DBInstanceId ?? '';
      const interrupted = async (work: Promise<unknown>): Promise<void> => {
        await work;
        await pause(random() * 60);
        await plane.kill();
        await restartDaemon();
      };
      await interrupted(api.IsolateDBInstances({ DBInstanceIdSet: [id] }));
      await untilStatus(api, id, 'isolated');
      expect(postmastersOf(state)).toEqual([]);
      await interrupted(api.DisIsolateDBInstances({ DBInstanceIdSet: [id] }));
      expect(await ask(await untilStatus(api, id, 'running'), 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
      await pause(1_000 - (Date.now() % 1_000));
      await api.IsolateDBInstances({ DBInstanceIdSet: [id] });
      await untilStatus(api, id, 'isolated');
      await interrupted(api.DestroyDBInstance({ DBInstanceId: id }));
      await until('it is gone', async () => (await api.DescribeDBInstances({})).TotalCount === 0);
      expect(readdirSync(join(state, 'zones/ap-guangzhou-3'))).toEqual([]);
      // It is forgotten first, its document goes a moment later.
      await until('its document is gone', () => readdirSync(join(state, 'instances')).length === 0);
    }
  });
});

it('keeps serving while the daemon is dead, and the next daemon adopts server and gateway', async () => {
  const [made = {}] = await createRunning(api);
  const client = new Client({ ...addressOf(made), user: 'shop', password: PASSWORD, database: 'postgres' });
  await client.connect();
  const [server, gateway] = [pidOf('postgres'), pidOf('gateway')];
  await plane.kill();
  expect((await client.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }]);
  expect(await ask(made, 'SELECT 2 AS n')).toEqual([{ n: 2 }]);
  await restartDaemon();
  await untilStatus(api, made.DBInstanceId ?? '', 'running');
  expect([pidOf('postgres'), pidOf('gateway')]).toEqual([server, gateway]);
  expect((await client.query('SELECT 3 AS n')).rows).toEqual([{ n: 3 }]);
  await client.end();
});

it('does not start a second daemon on the same state', async () => {
  await expect(startControlPlane(state)).rejects.toThrow(/already runs/);
  expect(await ask((await createRunning(api))[0] ?? {}, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
});

it('starts one of several daemons that find the lock of a dead one', async () => {
  await plane.kill();
  const outcomes = await Promise.allSettled(Array.from({ length: 4 }, () => startControlPlane(state)));
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(processesOf(state).filter(({ kind }) => kind === 'daemon')).toHaveLength(1);
});

it('starts a killed gateway again at the same addresses', async () => {
  const made = await createRunning(api, { InstanceCount: 2 });
  const killed = pidOf('gateway');
  process.kill(killed, 'SIGKILL');
  await until('another gateway', () => ![0, killed].includes(pidOf('gateway')));
  for (const instance of made) {
    await until('the address serves', () =>
      ask(instance, 'SELECT 1').then(
        () => true,
        () => false,
      ),
    );
  }
  expect(processesOf(state).filter(({ kind }) => kind === 'gateway')).toHaveLength(1);
});

it('starts gateway and daemon again when both were killed', async () => {
  const [made = {}] = await createRunning(api);
  process.kill(pidOf('gateway'), 'SIGKILL');
  await plane.kill();
  await restartDaemon();
  expect(await ask(await untilStatus(api, made.DBInstanceId ?? '', 'running'), 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
});

it.each(['SIGKILL', 'SIGQUIT', 'SIGTERM'] as const)(
  'starts a server that ended by %s again and says so',
  async (signal) => {
    const [made = {}] = await createRunning(api);
    await ask(made, 'CREATE TABLE kept AS SELECT 7 AS n');
    const killed = pidOf('postgres');
    process.kill(killed, signal);
    const document = (): string => readFileSync(join(state, 'instances', `${made.DBInstanceId}.json`), 'utf8');
    await until('the instance tells of it', () => /"problem": "The server process ended unexpectedly/.test(document()));
    const instance = await untilStatus(api, made.DBInstanceId ?? '', 'running');
    expect(await ask(instance, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
    expect(postmastersOf(state)).toHaveLength(1);
    expect(postmastersOf(state)).not.toContain(killed);
    expect(document()).toMatch(/ended unexpectedly at .* UTC and was started again/);
  },
);

it('starts a server again that was killed while the daemon was dead', async () => {
  const [made = {}] = await createRunning(api);
  await plane.kill();
  process.kill(pidOf('postgres'), 'SIGKILL');
  await restartDaemon();
  expect(await ask(await untilStatus(api, made.DBInstanceId ?? '', 'running'), 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
  expect(postmastersOf(state)).toHaveLength(1);
});
