import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stepNames } from '../../electron/control-plane/instances/runner';
import {
  addressOf,
  cloudClient,
  createRunning,
  nextSecond,
  PASSWORD,
  request,
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
import { documentOf, isWhole, postmasterOf, untilDocument } from '../support/instance-document';
import { SHORT } from './support/campaign';

/**
 * The daemon killed at every step of every operation: the next one goes on or goes back, and nothing is half. In the short form each operation is
 * cut at one step, drawn by the seed; `npm run faults` cuts at all of them.
 */
const SEED = Number(process.env['HOWDAH_SEED'] ?? Date.now() % 1_000_000);
let drawn = SEED;
const random = (): number => (drawn = (drawn * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

const steps = (kind: string): string[] => {
  const possible = stepNames(kind);
  return SHORT ? possible.slice(0).splice(Math.floor(random() * possible.length), 1) : possible;
};

let state: string;
let plane: TestControlPlane;
let api: CloudClient;
let id = '';
let address = { host: '', port: 0 };

async function restartDaemon(): Promise<void> {
  plane = await startControlPlane(state);
  api = cloudClient(plane);
}

async function ask(sql: string): Promise<unknown[]> {
  const client = new Client({ ...address, user: 'shop', password: PASSWORD, database: 'postgres' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** The documents of instances; what was damaged before stays aside. */
const documents = (): string[] => readdirSync(join(state, 'instances')).filter((each) => each.endsWith('.json'));

/** Kind and step of the operation that goes on; there is one instance at most. */
function journal(): { kind: string; step: string } | null {
  try {
    const [name = ''] = documents();
    return documentOf(state, name.replace('.json', '')).operation;
  } catch {
    return null;
  }
}

/**
 * Kills the daemon when the journal says that it is at this step, at once or a little later, and starts the next one. A step that was over before
 * it could be seen is cut as soon as that is known.
 */
async function cutAt<T>(kind: string, step: string, begin: () => Promise<T>): Promise<T | undefined> {
  await nextSecond();
  const names = stepNames(kind);
  const late = random() * 120;
  let seen = false;
  const asked = begin().catch(() => undefined);
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await pause(1)) {
    const now = journal();
    if (now?.kind === kind && names.indexOf(now.step) >= names.indexOf(step)) break;
    if (seen && now === null) break;
    seen ||= now?.kind === kind;
  }
  await pause(late);
  await plane.kill();
  const answer = await asked;
  await restartDaemon();
  return answer;
}

const classOf = (memory: number): string => (memory === 1 ? 'pg.lt.micro1' : 'pg.it.small2');

const twoNodes = {
  DBNodeSet: [
    { Role: 'Primary', Zone: 'ap-guangzhou-3' },
    { Role: 'Standby', Zone: 'ap-guangzhou-4' },
  ],
};

/** What is to be true after a cut: all is as it should be, and nothing is left of what was begun. */
async function wholeness() {
  const record = await untilDocument(state, id, 'the instance is whole', isWhole, 120_000);
  const folders = readdirSync(join(state, 'zones')).flatMap((zone) =>
    readdirSync(join(state, 'zones', zone)).flatMap((instance) =>
      readdirSync(join(state, 'zones', zone, instance)).map((node) => `${zone}/${instance}/${node}`),
    ),
  );
  const [network] = record.networks;
  return {
    kept: await ask('SELECT count(*)::int AS n FROM kept'),
    address: { host: network?.host, port: network?.port },
    servers: postmastersOf(state).length,
    primaries: record.nodes.filter(({ role }) => role === 'primary').length,
    surplus: folders.filter((folder) => !record.nodes.some((node) => node.folder === folder)),
    halves: folders.filter((folder) => existsSync(join(state, 'zones', folder, 'data.new'))),
  };
}
const whole = () => ({ kept: [{ n: 1000 }], address, servers: 2, primaries: 1, surplus: [], halves: [] });

beforeAll(async () => {
  state = await openStateFolder();
  await restartDaemon();
});
afterAll(() => stopEverything(state));

describe(`the daemon killed at a step (seed ${SEED}, HOWDAH_SEED repeats it)`, () => {
  it.each(steps('create'))('of a creation of two nodes: %s', async (step) => {
    if (id !== '') {
      await nextSecond();
      await api.IsolateDBInstances({ DBInstanceIdSet: [id] });
      await untilDocument(state, id, 'it is isolated', ({ status }) => status === 'isolated');
      await api.DestroyDBInstance({ DBInstanceId: id });
      await expect.poll(documents, { timeout: 30_000 }).toEqual([]);
    }
    await cutAt('create', step, () => api.CreateInstances(request(twoNodes)));
    // Whether the answer came before the end or not: what was accepted is there.
    const [name = ''] = documents();
    id = name.replace('.json', '');
    const record = await untilDocument(state, id, 'it runs', isWhole, 120_000);
    const [network] = record.networks;
    address = { host: network?.host ?? '', port: network?.port ?? 0 };
    await ask('CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n');
    expect(await wholeness()).toEqual(whole());
  });

  it('has an instance to work on', async () => {
    if (id !== '') return;
    const [made = {}] = await createRunning(api, twoNodes);
    [id, address] = [made.DBInstanceId ?? '', addressOf(made)];
    await ask('CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n');
    expect(await wholeness()).toEqual(whole());
  });

  it.each(steps('restart'))('of a restart: %s', async (step) => {
    await cutAt('restart', step, () => api.RestartDBInstance({ DBInstanceId: id }));
    expect(await wholeness()).toEqual(whole());
  });

  it.each(steps('switch'))('of a switch: %s', async (step) => {
    await cutAt('switch', step, () => api.SwitchDBInstancePrimary({ DBInstanceId: id, SwitchTag: 0 }));
    expect(await wholeness()).toEqual(whole());
  });

  it.each(steps('failover'))('of a fail-over: %s', async (step) => {
    const before = documentOf(state, id).nodes[0]?.id;
    await cutAt('failover', step, async () => process.kill(postmasterOf(state, id), 'SIGKILL'));
    expect(await wholeness()).toEqual(whole());
    expect(documentOf(state, id).nodes[0]?.id).not.toBe(before);
  });

  it.each(steps('recover'))('of starting both servers again that ended: %s', async (step) => {
    const both = documentOf(state, id).nodes.map((node) => postmasterOf(state, id, node.id));
    await cutAt('recover', step, async () => both.forEach((pid) => process.kill(pid, 'SIGKILL')));
    expect(await wholeness()).toEqual(whole());
  });

  it.each(steps('deployment'))('of a change of the deployment: %s', async (step) => {
    const [first = '', second = ''] = documentOf(state, id).nodes.map(({ zone }) => zone);
    const free = ['ap-guangzhou-3', 'ap-guangzhou-4', 'ap-guangzhou-6'].find((zone) => ![first, second].includes(zone));
    // A standby is built after the switch when the one that is there becomes the primary.
    const zones = step === 'build standby' ? [second, free ?? ''] : [free ?? '', second];
    const nodes = zones.map((Zone, index) => ({ Role: index === 0 ? 'Primary' : 'Standby', Zone }));
    await cutAt('deployment', step, () =>
      api.ModifyDBInstanceDeployment({ DBInstanceId: id, SwitchTag: 0, DBNodeSet: nodes }),
    );
    expect(await wholeness()).toEqual(whole());
    expect(documentOf(state, id).nodes.map(({ zone }) => zone)).toEqual(zones);
  });

  it.each(steps('respec'))('of a change of the specification: %s', async (step) => {
    const change = (Memory: number, Storage: number) => () =>
      api.ModifyDBInstanceSpec({ DBInstanceId: id, Memory, Storage, SwitchTag: 0 });
    // Fewer connections take a restart of both; more of them a switch to a standby that has them; a disk neither.
    const shrinks = ['checkpoint', 'restart', 'restart standby'].includes(step);
    const [before, after] = shrinks ? [2, 1] : [1, step === 'disk' ? 1 : 2];
    const { classCode: now, storageGb } = documentOf(state, id);
    if (now !== classOf(before)) {
      await nextSecond();
      await change(before, storageGb)();
      await untilDocument(
        state,
        id,
        'it is ready',
        (record) => record.classCode === classOf(before) && isWhole(record),
      );
    }
    await cutAt('respec', step, change(after, step === 'disk' ? storageGb + 10 : storageGb));
    expect(await wholeness()).toEqual(whole());
    const { classCode } = documentOf(state, id);
    const connections = classCode === classOf(1) ? 100 : 200;
    expect(await ask('SHOW max_connections')).toEqual([{ max_connections: String(connections) }]);
  });

  it.each(steps('ssl'))('of a change of TLS: %s', async (step) => {
    const on = !documentOf(state, id).ssl.enabled;
    await cutAt('ssl', step, () =>
      api.ModifyDBInstanceSSLConfig({
        DBInstanceId: id,
        SSLEnabled: on,
        ...(on ? { ConnectAddress: address.host } : {}),
      }),
    );
    expect(await wholeness()).toEqual(whole());
    expect(documentOf(state, id).ssl.enabled).toBe(on);
  });

  it.each(steps('isolate'))('of isolating: %s', async (step) => {
    await cutAt('isolate', step, () => api.IsolateDBInstances({ DBInstanceIdSet: [id] }));
    await untilDocument(state, id, 'it is isolated', ({ status }) => status === 'isolated');
    expect(postmastersOf(state)).toEqual([]);
    await nextSecond();
    await api.DisIsolateDBInstances({ DBInstanceIdSet: [id] });
    expect(await wholeness()).toEqual(whole());
  });

  it.each(steps('restore'))('of restoring: %s', async (step) => {
    await nextSecond();
    await api.IsolateDBInstances({ DBInstanceIdSet: [id] });
    await untilDocument(state, id, 'it is isolated', ({ status }) => status === 'isolated');
    await cutAt('restore', step, () => api.DisIsolateDBInstances({ DBInstanceIdSet: [id] }));
    expect(await wholeness()).toEqual(whole());
  });

  it('and everything else with it, as by a reboot, leaves an instance that comes back as it was', async () => {
    for (const { pid } of processesOf(state)) process.kill(pid, 'SIGKILL');
    await plane.kill();
    await restartDaemon();
    expect(await wholeness()).toEqual(whole());
  });

  it.each(['damaged', 'gone'])(
    'and the record of the instance %s, leaves an instance that is found beside its data',
    async (what) => {
      const before = documentOf(state, id);
      const server = postmasterOf(state, id);
      const file = join(state, 'instances', `${id}.json`);
      await plane.kill();
      if (what === 'gone') rmSync(file);
      else writeFileSync(file, '{"version":2,"data":{"id":"');
      await restartDaemon();
      expect(await wholeness()).toEqual(whole());
      expect(documentOf(state, id)).toMatchObject({ name: before.name, adminUser: before.adminUser });
      expect(postmasterOf(state, id)).toBe(server);
    },
  );

  it.each(steps('destroy'))('of destroying: %s', async (step) => {
    await nextSecond();
    await api.IsolateDBInstances({ DBInstanceIdSet: [id] });
    await untilDocument(state, id, 'it is isolated', ({ status }) => status === 'isolated');
    await cutAt('destroy', step, () => api.DestroyDBInstance({ DBInstanceId: id }));
    await expect.poll(documents, { timeout: 30_000 }).toEqual([]);
    const left = readdirSync(join(state, 'zones')).flatMap((zone) => readdirSync(join(state, 'zones', zone)));
    expect(left).toEqual([]);
    expect(postmastersOf(state)).toEqual([]);
  });
});
