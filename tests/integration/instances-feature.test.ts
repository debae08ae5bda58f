import { spawn } from 'node:child_process';
import { chmod, copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createControlPlane, localPlane, type ControlPlane } from '../../electron/adapters/control-plane/control-plane';
import { anyResponse } from '../../electron/adapters/control-plane/responses';
import { createFileTokens } from '../../electron/adapters/storage/file-tokens';
import { startDetached } from '../../electron/adapters/tools/start-detached';
import { createInstancesFeature, type InstancesFeature } from '../../electron/features/instances/instances-feature';
import type { Logger } from '../../electron/log';
import { createInstanceInput } from '../../shared/contract/instances';
import type { InstanceStatus } from '../../shared/model/instance';
import type { ServerDefinition } from '../../shared/model/server';
import { PASSWORD } from '../support/cloud-client';
import { daemonProgram, openStateFolder, processesOf, stopEverything } from '../support/control-plane';

const log: Logger = { write: () => undefined, bug: () => 'bug' };
const context = { signal: new AbortController().signal };
const local = { plane: 'local' };
const files = createFileTokens();
let state: string;
let program: string;
let launches = 0;
let plane: ControlPlane;
let feature: InstancesFeature;
let changes = 0;
const registered: { definition: ServerDefinition; password: string | null }[] = [];

const open = (folder = state): ControlPlane =>
  createControlPlane({
    state: folder,
    launch: (at) => {
      launches += 1;
      return startDetached({ program, args: ['--state', at], timeoutMs: 30_000 });
    },
    log,
  });

const input = createInstanceInput.parse({
  name: 'shop',
  region: 'ap-shanghai',
  zone: 'ap-shanghai-2',
  major: 17,
  classCode: 'pg.lt.micro1',
  storageGb: 10,
  charset: 'UTF8',
  adminUser: 'shop',
  adminPassword: PASSWORD,
  count: 1,
  tags: [{ key: 'team', value: 'shop' }],
});

async function until(id: string, status: InstanceStatus): Promise<void> {
  for (const deadline = Date.now() + 60_000; ; await new Promise((done) => setTimeout(done, 50))) {
    const found = (await feature.handlers.list(local, context)).find((each) => each.id === id);
    if (found?.status === status) return;
    if (Date.now() > deadline) throw new Error(`${id} is ${found?.status}: ${found?.problem}`);
  }
}

beforeAll(async () => {
  program = await daemonProgram();
  state = await openStateFolder();
  plane = open();
  feature = createInstancesFeature({
    controlPlane: plane,
    planeOf: () => localPlane(plane),
    files,
    startAtLogin: { state: async () => ({ enabled: false, available: false }), set: async () => undefined },
    registerServer: async (definition, password) => {
      registered.push({ definition, password });
      return 'server-1';
    },
    emit: () => void (changes += 1),
    log,
  });
});
afterAll(async () => {
  await feature?.close();
  await stopEverything(state);
});

const daemonPid = (): number => processesOf(state).find(({ kind }) => kind === 'daemon')?.pid ?? 0;

describe('the instances feature', () => {
  let id = '';

  it('starts the control plane when it is first asked for', async () => {
    expect(plane.state()).toEqual({ state: 'stopped' });
    expect(await feature.handlers.controlPlane({}, context)).toMatchObject({
      state: 'running',
      endpoint: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      pid: daemonPid(),
    });
    expect(launches).toBe(1);
  });

  it('offers regions, zones, versions, classes and what the machine has', async () => {
    const options = await feature.handlers.options(local, context);
    expect(options.regions.length).toBe(9);
    expect(options.zones.every((zone) => options.regions.some(({ code }) => code === zone.region))).toBe(true);
    expect(options.versions.map(({ major }) => major)).toEqual([18, 17, 16, 15, 14, 13, 12, 11, 10]);
    expect(options.versions.find(({ major }) => major === 17)?.installed).toBe(true);
    expect(options.classes[0]).toEqual({
      code: 'pg.lt.micro1',
      cpu: 1,
      memoryGb: 1,
      minStorageGb: 10,
      maxStorageGb: 500,
      maxConnections: 100,
    });
    expect(options.machine?.memoryBytes).toBeGreaterThan(1e9);
  });

  it('creates an instance and tells of its progress', async () => {
    ({
      ids: [id = ''],
    } = await feature.handlers.create(input, context));
    await until(id, 'running');
    const [view] = await feature.handlers.list(local, context);
    expect(view).toMatchObject({
      name: 'shop',
      region: 'ap-shanghai',
      zone: 'ap-shanghai-2',
      major: 17,
      cpu: 1,
      memoryGb: 1,
      adminUser: 'shop',
      problem: '',
      host: expect.stringMatching(/^127\.44\.2\./),
      tags: [{ key: 'team', value: 'shop' }],
    });
    expect(Math.abs((view?.createdAt ?? 0) - Date.now())).toBeLessThan(60_000);
    expect(changes).toBeGreaterThan(0);
  });

  it('registers it with the address and the account that let a client in', async () => {
    expect(await feature.handlers.register({ ...local, id, password: PASSWORD }, context)).toEqual({
      serverId: 'server-1',
    });
    const [{ definition, password } = { definition: null, password: null }] = registered;
    const client = new Client({
      host: definition?.host,
      port: definition?.port,
      user: definition?.user,
      database: definition?.database,
      password: password ?? '',
    });
    await client.connect();
    expect((await client.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }]);
    await client.end();
    expect(definition).toMatchObject({ instanceId: id, name: 'shop', ssl: { mode: 'prefer' } });
  });

  it('describes it with what only a control plane of our own knows', async () => {
    const detail = await feature.handlers.detail({ ...local, id }, context);
    expect(detail).toMatchObject({
      plane: 'local',
      local: true,
      adminUser: 'shop',
      kernelVersion: expect.stringMatching(/^v17\.\d+_r/),
      nodes: [{ id: 'n1', zone: 'ap-shanghai-2', role: 'primary', state: 'ready', sync: '', lagBytes: null }],
      networks: [{ host: detail.host, port: detail.port, vpcId: detail.vpcId, subnetId: detail.subnetId }],
      securityGroupIds: [expect.stringMatching(/^sg-/)],
      ssl: { enabled: false, connectAddress: '' },
      waiting: null,
      degradedAt: null,
      freeBackupGb: 5,
      instanceHours: expect.any(Number),
      deletionProtection: false,
    });
    const client = new Client({
      host: detail.host,
      port: detail.port,
      user: 'shop',
      database: 'postgres',
      password: PASSWORD,
    });
    await client.connect();
    expect(await feature.handlers.sessions({ ...local, id }, context)).toEqual([
      expect.objectContaining({ state: 'open', user: 'shop', database: 'postgres', tls: false, address: 'private' }),
    ]);
    await client.end();
    const [task] = await feature.handlers.tasks({ ...local, id }, context);
    expect(task).toMatchObject({ kind: 'create', status: 'done', progress: 100, endedAt: expect.any(Number) });
    expect(task?.steps.length).toBeGreaterThan(1);
    expect(await feature.handlers.events({ ...local, id }, context)).toEqual(expect.any(Array));
    expect(await feature.handlers.drills({ ...local, id }, context)).toEqual([]);
    await expect(feature.handlers.detail({ ...local, id: 'postgres-00000000' }, context)).rejects.toMatchObject({
      info: { apiCode: 'ResourceNotFound.InstanceNotFoundError' },
    });
  });

  it('names the field, the code and the request of an error', async () => {
    const refused = feature.handlers.create({ ...input, adminUser: 'pg_shop' }, context);
    await expect(refused).rejects.toMatchObject({
      info: {
        code: 'control-plane',
        field: 'adminUser',
        apiCode: 'InvalidParameterValue.InvalidAccountError',
        detail: expect.stringMatching(/RequestId [0-9a-f-]{36}/),
      },
    });
    await expect(feature.handlers.destroy({ ...local, id }, context)).rejects.toMatchObject({
      info: { apiCode: 'OperationDenied.InstanceStatusLimitError' },
    });
    await expect(feature.handlers.register({ ...local, id: 'postgres-00000000' }, context)).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it('stops waiting when the person gives up', async () => {
    const aborted = AbortSignal.abort();
    await expect(feature.handlers.list(local, { signal: aborted })).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('finds the daemon of an earlier app, and starts another one after it was killed', async () => {
    const before = launches;
    const second = open();
    await second.connect();
    expect(launches).toBe(before);
    process.kill(daemonPid(), 'SIGKILL');
    expect((await feature.handlers.list(local, context)).map((each) => each.id)).toEqual([id]);
    expect(launches).toBe(before + 1);
  });

  it('is started once by two apps at the same moment', async () => {
    process.kill(daemonPid(), 'SIGKILL');
    const apps = [open(), open(), open()];
    await Promise.all(apps.map((app) => app.connect()));
    expect(new Set(apps.map((app) => JSON.stringify(app.state()))).size).toBe(1);
    expect(processesOf(state).filter(({ kind }) => kind === 'daemon')).toHaveLength(1);
  });

  it('isolates, restores and destroys', async () => {
    await feature.handlers.isolate({ ...local, id }, context);
    await until(id, 'isolated');
    await feature.handlers.restore({ ...local, id }, context);
    await until(id, 'running');
    await feature.handlers.restart({ ...local, id }, context);
    await until(id, 'running');
    await feature.handlers.isolate({ ...local, id }, context);
    await until(id, 'isolated');
    await feature.handlers.destroy({ ...local, id }, context);
    for (const deadline = Date.now() + 20_000; (await feature.handlers.list(local, context)).length > 0;) {
      expect(Date.now()).toBeLessThan(deadline);
    }
  });

  it('can end the daemon', async () => {
    await plane.shutdown();
    for (const deadline = Date.now() + 10_000; daemonPid() !== 0;) expect(Date.now()).toBeLessThan(deadline);
    expect(await plane.find()).toBe(false);
  });
});

describe('a control plane that is not ours', () => {
  let strange: string;
  beforeAll(async () => {
    strange = await openStateFolder();
    await open(strange).connect();
  });
  afterAll(() => stopEverything(strange));
  const copyState = async (): Promise<string> => {
    const copy = await openStateFolder();
    await mkdir(copy, { recursive: true });
    for (const name of ['endpoint.json', 'key-pair.json']) {
      await copyFile(join(strange, name), join(copy, name));
      await chmod(join(copy, name), 0o600);
    }
    return copy;
  };

  it('is refused when it does not know the key', async () => {
    const copy = await copyState();
    const asked: string[] = [];
    const impostor = createServer((request, response) => {
      asked.push(String(request.headers['x-tc-action']));
      request.resume();
      response.end(JSON.stringify({ Response: { Proof: 'f'.repeat(64), RequestId: 'x' } }));
    });
    await new Promise<void>((done) => void impostor.listen(0, '127.0.0.1', done));
    const address = impostor.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const endpoint = JSON.parse(await readFile(join(copy, 'endpoint.json'), 'utf8')) as object;
    await writeFile(join(copy, 'endpoint.json'), JSON.stringify({ ...endpoint, endpoint: `127.0.0.1:${port}` }));
    await expect(open(copy).connect()).rejects.toMatchObject({ info: { code: 'denied' } });
    expect(asked).toEqual(['ProveIdentity']);
    impostor.close();
    impostor.closeAllConnections();
    await rm(copy, { recursive: true });
  });

  it('is refused when others can read its key', async () => {
    const copy = await copyState();
    await chmod(join(copy, 'key-pair.json'), 0o644);
    await expect(open(copy).connect()).rejects.toMatchObject({ info: { code: 'denied' } });
    await rm(copy, { recursive: true });
  });

  it.runIf(process.getuid?.() === 0)('is refused when its process belongs to another user', async () => {
    const copy = await copyState();
    const other = spawn('sleep', ['60'], { uid: 65_534, stdio: 'ignore' });
    const endpoint = JSON.parse(await readFile(join(copy, 'endpoint.json'), 'utf8')) as object;
    await writeFile(join(copy, 'endpoint.json'), JSON.stringify({ ...endpoint, pid: other.pid }));
    await expect(open(copy).connect()).rejects.toMatchObject({ info: { code: 'denied' } });
    other.kill();
    await rm(copy, { recursive: true });
  });
});

it('tells why the daemon does not start, and does not start it over and over', async () => {
  const before = launches;
  const folder = join(state, 'x'.repeat(90));
  const broken = open(folder);
  await expect(broken.call({ action: 'DescribeRegions', body: {}, response: anyResponse })).rejects.toMatchObject({
    info: { code: 'control-plane', message: expect.stringContaining('too long for Unix sockets') },
  });
  expect(broken.state()).toMatchObject({ state: 'failed' });
  await expect(broken.connect()).rejects.toMatchObject({ code: 'control-plane' });
  await expect(broken.connect()).rejects.toMatchObject({ code: 'control-plane' });
  expect(launches - before).toBeLessThanOrEqual(3);
});
