import { connect as tlsConnect } from 'node:tls';
import { connect } from 'node:net';
import { readFileSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import type { DBInstance } from 'tencentcloud-sdk-nodejs/tencentcloud/services/postgres/v20170312/postgres_models';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addressOf, cloudClient, createRunning, nextSecond, PASSWORD, type CloudClient } from '../support/cloud-client';
import { startCommitWriter } from '../support/commit-writer';
import { openStateFolder, startControlPlane, stopEverything, type TestControlPlane } from '../support/control-plane';
import { dataOf, documentOf, isWhole, postmasterOf, untilDocument } from '../support/instance-document';

let state: string;
let plane: TestControlPlane;
let api: CloudClient;
let made: DBInstance = {};
let id = '';

const whole = (what = 'the instance is whole') => untilDocument(state, id, what, isWhole, 90_000);
const writerHere = () => startCommitWriter({ ...addressOf(made), user: 'shop', password: PASSWORD });
const nodes = () => documentOf(state, id).nodes.map(({ id: node, zone, role }) => `${node} ${zone} ${role}`);

/** An operation is asked for and has come to its end. */
async function done(kind: string, ask: () => Promise<unknown>) {
  const before = documentOf(state, id).history[0]?.taskId ?? 0;
  await nextSecond();
  await ask();
  const record = await untilDocument(
    state,
    id,
    `${kind} is done`,
    ({ history, operation }) => operation === null && history[0]?.kind === kind && history[0].taskId !== before,
    90_000,
  );
  expect(record.history[0]).toMatchObject({ ok: true, message: '' });
  return record;
}

async function settingOf(name: string): Promise<string> {
  const client = new Client({ ...addressOf(made), user: 'shop', password: PASSWORD, database: 'postgres' });
  await client.connect();
  try {
    return String((await client.query<Record<string, string>>(`SHOW ${name}`)).rows[0]?.[name]);
  } finally {
    await client.end();
  }
}

beforeAll(async () => {
  state = await openStateFolder();
  plane = await startControlPlane(state);
  api = cloudClient(plane);
  [made = {}] = await createRunning(api);
  id = made.DBInstanceId ?? '';
});
afterAll(() => stopEverything(state));

const deploy = (...zones: string[]) =>
  api.ModifyDBInstanceDeployment({
    DBInstanceId: id,
    SwitchTag: 0,
    DBNodeSet: zones.map((Zone, index) => ({ Role: index === 0 ? 'Primary' : 'Standby', Zone })),
  });

it('a single node gets a standby, moves, and becomes single again, under a writer', async () => {
  const writer = await writerHere();
  await done('deployment', () => deploy('ap-guangzhou-3', 'ap-guangzhou-4'));
  await whole();
  expect(nodes()).toEqual(['n1 ap-guangzhou-3 primary', 'n2 ap-guangzhou-4 standby']);
  await done('deployment', () => deploy('ap-guangzhou-6', 'ap-guangzhou-3'));
  await whole();
  expect(nodes()).toEqual(['n3 ap-guangzhou-6 primary', 'n1 ap-guangzhou-3 standby']);
  await done('deployment', () => deploy('ap-guangzhou-3', 'ap-guangzhou-4'));
  await whole();
  expect(nodes()).toEqual(['n1 ap-guangzhou-3 primary', 'n4 ap-guangzhou-4 standby']);
  await done('deployment', () => deploy('ap-guangzhou-3'));
  expect(nodes()).toEqual(['n1 ap-guangzhou-3 primary']);
  await writer.nextCommit();
  const { lost, acknowledged } = await writer.stop();
  expect(acknowledged).toBeGreaterThan(0);
  expect(lost).toEqual([]);
});

it('a single node gets another class by a restart, and its disk without one', async () => {
  const pid = postmasterOf(state, id);
  await done('respec', () => api.ModifyDBInstanceSpec({ DBInstanceId: id, Memory: 1, Storage: 20 }));
  expect(documentOf(state, id).storageGb).toBe(20);
  expect(postmasterOf(state, id)).toBe(pid);
  await done('respec', () => api.ModifyDBInstanceSpec({ DBInstanceId: id, Memory: 2, Storage: 20 }));
  expect(await settingOf('max_connections')).toBe('200');
  expect(documentOf(state, id).classCode).toBe('pg.it.small2');
});

it('a restart whose settings keep the server from starting is rolled back', async () => {
  await appendFile(join(dataOf(state, id), 'postgresql.conf'), "\nshared_preload_libraries = 'no_such_library'\n");
  await nextSecond();
  await api.RestartDBInstance({ DBInstanceId: id });
  const record = await untilDocument(
    state,
    id,
    'it is rolled back',
    ({ history, operation }) => operation === null && history[0]?.kind === 'restart',
  );
  expect([record.status, record.history[0]?.ok]).toEqual(['running', false]);
  expect(record.problem).toMatch(/The restart failed: .*no_such_library/);
  expect(await settingOf('shared_preload_libraries')).toBe('');
});

it('two nodes get a larger class by a switch, and a smaller one in their places', async () => {
  await done('deployment', () => deploy('ap-guangzhou-3', 'ap-guangzhou-4'));
  await whole();
  const before = documentOf(state, id).nodes[0]?.id;
  const writer = await writerHere();
  await done('respec', () => api.ModifyDBInstanceSpec({ DBInstanceId: id, Memory: 4, Storage: 20, SwitchTag: 0 }));
  await whole();
  expect(documentOf(state, id).nodes[0]?.id).not.toBe(before);
  expect(await settingOf('max_connections')).toBe('400');
  await done('respec', () => api.ModifyDBInstanceSpec({ DBInstanceId: id, Memory: 1, Storage: 20, SwitchTag: 0 }));
  await whole();
  expect(await settingOf('max_connections')).toBe('100');
  expect((await writer.stop()).lost).toEqual([]);
});

/** The server's certificate as a client gets it through the gateway. */
function certificateAt(ca: string): Promise<{ authorized: boolean; addresses: string }> {
  const { host, port } = addressOf(made);
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    socket.once('error', reject);
    socket.once('connect', () => socket.write(Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f])));
    socket.once('data', (answer) => {
      if (answer.toString() !== 'S') return reject(new Error(`answered ${answer.toString('hex')}`));
      const secure = tlsConnect({ socket, ca, checkServerIdentity: () => undefined }, () => {
        const { subjectaltname = '' } = secure.getPeerCertificate();
        resolve({ authorized: secure.authorized, addresses: subjectaltname });
        secure.destroy();
      });
      secure.once('error', reject);
    });
  });
}

it('speaks TLS with a certificate of its own authority, also after a fail-over, and stops to', async () => {
  const { host } = addressOf(made);
  await done('ssl', () => api.ModifyDBInstanceSSLConfig({ DBInstanceId: id, SSLEnabled: true, ConnectAddress: host }));
  await whole();
  const [ca = ''] =
    /-----BEGIN CERTIFICATE[\s\S]+?END CERTIFICATE-----/.exec(
      readFileSync(join(state, 'authority/authority.pem'), 'utf8'),
    ) ?? [];
  expect(await certificateAt(ca)).toEqual({ authorized: true, addresses: expect.stringContaining(host) });
  const before = documentOf(state, id).nodes[0]?.id;
  process.kill(postmasterOf(state, id), 'SIGKILL');
  await untilDocument(
    state,
    id,
    'it failed over',
    ({ nodes: [first], operation }) => first?.id !== before && operation === null,
  );
  expect(await certificateAt(ca)).toEqual({ authorized: true, addresses: expect.stringContaining(host) });
  await whole();
  await done('ssl', () => api.ModifyDBInstanceSSLConfig({ DBInstanceId: id, SSLEnabled: false }));
  await whole();
  await expect(certificateAt(ca)).rejects.toThrow('answered 4e');
});

it('an operation waits for its time, can be taken back, and begun by hand', async () => {
  await nextSecond();
  const inHours = (hours: number) => new Date(Date.now() + (8 + hours) * 3_600_000).toISOString().slice(11, 19);
  const ask = () =>
    api.SwitchDBInstancePrimary({
      DBInstanceId: id,
      SwitchTag: 1,
      SwitchStartTime: inHours(2),
      SwitchEndTime: inHours(4),
    });
  await ask();
  await untilDocument(
    state,
    id,
    'it waits',
    ({ status, waiting }) => status === 'waitSwitch' && waiting?.kind === 'switch',
  );
  expect(await settingOf('max_connections')).toBe('100');
  // A waiting instance is looked after like any other.
  const before = documentOf(state, id).nodes[0]?.id;
  process.kill(postmasterOf(state, id), 'SIGKILL');
  const record = await untilDocument(
    state,
    id,
    'it failed over and waits',
    ({ nodes: [first], operation }) => first?.id !== before && operation === null,
  );
  expect(record.status).toBe('waitSwitch');
  await untilDocument(state, id, 'it may be switched', ({ nodes: all }) => all[1]?.inSync === true);
  // `Switch now`: no time is left to wait for.
  await done('switch', () => api.ModifySwitchTimePeriod({ DBInstanceId: id, SwitchTag: 0 }));
  expect(documentOf(state, id)).toMatchObject({ status: 'running', waiting: null });
});

it('a public address and a second private one open and close at once', async () => {
  const reach = async (host: string, port: number): Promise<boolean> => {
    const client = new Client({ host, port, user: 'shop', password: PASSWORD, database: 'postgres' });
    client.on('error', () => undefined);
    return client.connect().then(
      () => client.end().then(() => true),
      () => false,
    );
  };
  await nextSecond();
  await api.OpenDBExtranetAccess({ DBInstanceId: id });
  const { publicAddress } = await untilDocument(state, id, 'it is public', (now) => now.publicAddress !== null);
  expect(publicAddress?.port).toBeGreaterThanOrEqual(30_000);
  expect(await reach('127.0.0.1', publicAddress?.port ?? 0)).toBe(true);
  const [first] = documentOf(state, id).networks;
  const network = { VpcId: first?.vpcId ?? '', SubnetId: first?.subnetId ?? '' };
  await api.CreateDBInstanceNetworkAccess({ DBInstanceId: id, ...network, IsAssignVip: false });
  const { networks } = await untilDocument(state, id, 'it has two networks', (now) => now.networks.length === 2);
  const second = networks[1]?.host ?? '';
  expect(await reach(second, networks[1]?.port ?? 0)).toBe(true);
  await nextSecond();
  await api.DeleteDBInstanceNetworkAccess({ DBInstanceId: id, ...network, Vip: first?.host ?? '' });
  await untilDocument(
    state,
    id,
    'the second is the only one',
    (now) => now.networks[0]?.host === second && now.networks.length === 1,
  );
  expect(await reach(second, networks[1]?.port ?? 0)).toBe(true);
  expect(await reach(first?.host ?? '', first?.port ?? 0)).toBe(false);
  await api.CloseDBExtranetAccess({ DBInstanceId: id });
  await untilDocument(
    state,
    id,
    'it is not public any more',
    (now) => now.publicAddress === null && now.status === 'running',
  );
  expect(await reach('127.0.0.1', publicAddress?.port ?? 0)).toBe(false);
});
