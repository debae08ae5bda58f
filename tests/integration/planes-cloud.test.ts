import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCloudPlane } from '../../electron/adapters/control-plane/cloud-plane';
import { createControlPlane } from '../../electron/adapters/control-plane/control-plane';
import { createFileTokens } from '../../electron/adapters/storage/file-tokens';
import { createAccountsFeature } from '../../electron/features/accounts/accounts-feature';
import { createInstancesFeature } from '../../electron/features/instances/instances-feature';
import { createNetworksFeature } from '../../electron/features/networks/networks-feature';
import { createPlanesFeature } from '../../electron/features/planes/planes-feature';
import { createInstanceInput, type SwitchWhen } from '../../shared/contract/instances';
import type { InstanceDetail, InstanceStatus } from '../../shared/model/instance';
import type { SecurityRule } from '../../shared/model/security-rules';
import type { ServerDefinition } from '../../shared/model/server';
import { PASSWORD } from '../support/cloud-client';
import { openStateFolder, startControlPlane, stopEverything, type TestControlPlane } from '../support/control-plane';
import { memoryLog } from '../support/log';

/** A second daemon plays the cloud: it is reached by its endpoint and key pair alone, and its own service is never called. */

const context = { signal: new AbortController().signal };
const log = memoryLog();
let state: string;
let folder: string;
let cloud: TestControlPlane;
let plane: string;
let desk: ReturnType<typeof openDesk>;
const secrets = new Map<string, string>();
const registered: ServerDefinition[] = [];

function openDesk() {
  const controlPlane = createControlPlane({
    state: join(folder, 'nowhere'),
    launch: () => Promise.reject(new Error('the local control plane is not asked here')),
    log,
  });
  const planes = createPlanesFeature({
    folder,
    secrets: {
      get: async (key) => secrets.get(key) ?? null,
      set: async (key, value) => void secrets.set(key, value),
      delete: async (key) => void secrets.delete(key),
      has: (key) => secrets.has(key),
    },
    controlPlane,
    emit: () => undefined,
    log,
  });
  const planeOf = planes.planes.get;
  const files = createFileTokens();
  const instances = createInstancesFeature({
    controlPlane,
    planeOf,
    registerServer: async (definition) => `server-${registered.push(definition)}`,
    files,
    startAtLogin: { state: async () => ({ enabled: false, available: false }), set: async () => undefined },
    emit: () => undefined,
    log,
  });
  return {
    files,
    planes: planes.handlers,
    instances: instances.handlers,
    networks: createNetworksFeature({ planeOf }).handlers,
    accounts: createAccountsFeature({ planeOf }),
    close: async () => {
      await instances.close();
      await planes.close();
    },
  };
}

beforeAll(async () => {
  state = await openStateFolder();
  folder = await mkdtemp(join(tmpdir(), 'howdah-planes-'));
  cloud = await startControlPlane(state);
  desk = openDesk();
});
afterAll(async () => {
  await desk?.close();
  await rm(folder, { recursive: true, force: true });
  await stopEverything(state);
});

async function until(id: string, ...statuses: InstanceStatus[]): Promise<InstanceDetail> {
  for (const deadline = Date.now() + 60_000; ; await new Promise((done) => setTimeout(done, 50))) {
    const found = await desk.instances.detail({ plane, id }, context);
    if (statuses.includes(found.status)) return found;
    if (Date.now() > deadline) throw new Error(`${id} is ${found.status}`);
  }
}

const rule = (change: Partial<SecurityRule> = {}): SecurityRule => ({
  action: 'ACCEPT',
  source: '0.0.0.0/0',
  protocol: 'TCP',
  ports: '5432',
  remark: '',
  ...change,
});

describe('a control plane by its endpoint and key pair', () => {
  it('is tested and registered', async () => {
    const definition = {
      id: '',
      name: 'Cloud',
      endpoint: cloud.endpoint,
      protocol: 'http',
      region: 'ap-guangzhou',
      secretId: cloud.secretId,
      secretKey: cloud.secretKey,
    } as const;
    expect(await desk.planes.test(definition, context)).toMatchObject({ ok: true, instances: 0, text: '' });
    expect(await desk.planes.test({ ...definition, secretKey: 'other' }, context)).toMatchObject({
      ok: false,
      steps: expect.arrayContaining([{ step: 'signature', state: 'failed' }]),
      text: expect.stringContaining('AuthFailure.SignatureFailure'),
    });
    plane = (await desk.planes.save(definition, context)).id;
    expect(await readFile(join(folder, 'planes.json'), 'utf8')).not.toContain(cloud.secretKey);
  });

  it('offers what can be made in its region', async () => {
    const options = await desk.instances.options({ plane }, context);
    expect(options).toMatchObject({ plane, machine: null });
    expect(options.regions.map(({ code }) => code)).toEqual(['ap-guangzhou']);
    expect(options.zones.every(({ region }) => region === 'ap-guangzhou')).toBe(true);
    expect(options.versions.every(({ installed }) => installed)).toBe(true);
    const asked = { plane, zone: 'ap-guangzhou-3', classCode: 'pg.it.small2', storageGb: 20, count: 2, nodes: 1 };
    expect(await desk.instances.price(asked, context)).toMatchObject({ hourly: expect.any(Number) });
  });

  it('has no own service', async () => {
    const one = { plane, id: 'postgres-00000000' };
    expect(await desk.instances.events(one, context)).toEqual([]);
    expect(await desk.instances.sessions(one, context)).toEqual([]);
    expect(await desk.instances.drills(one, context)).toEqual([]);
    await expect(desk.instances.drill({ ...one, scenario: 'kill' }, context)).rejects.toMatchObject({
      code: 'unsupported',
    });
    await expect(desk.instances.cancelWaiting(one, context)).rejects.toMatchObject({ code: 'unsupported' });
    const direct = openCloudPlane({ id: 'x', ...cloud, protocol: 'http', region: '', secretKey: async () => '' });
    expect(direct.callOwn).toBeNull();
  });
});

describe('an instance of a cloud', () => {
  let id: string;
  const one = () => ({ plane, id });

  /** A standby that was restarted catches up first: until then a switch is refused. */
  async function switchWhenReady(when: SwitchWhen): Promise<void> {
    for (const deadline = Date.now() + 30_000; ; await new Promise((done) => setTimeout(done, 100))) {
      try {
        return await desk.instances.switchPrimary({ ...one(), force: false, when }, context);
      } catch (error) {
        if (Date.now() > deadline || !/in sync|caught up/.test(String(error))) throw error;
      }
    }
  }

  it('is made, listed and described', async () => {
    const input = createInstanceInput.parse({
      plane,
      name: 'shop',
      region: 'ap-guangzhou',
      zone: 'ap-guangzhou-3',
      standbyZone: 'ap-guangzhou-4',
      major: 17,
      classCode: 'pg.lt.micro1',
      storageGb: 10,
      charset: 'UTF8',
      adminUser: 'shop',
      adminPassword: PASSWORD,
      count: 1,
      tags: [
        { key: 'team', value: 'shop' },
        { key: 'old', value: '1' },
      ],
    });
    ({
      ids: [id = ''],
    } = await desk.instances.create(input, context));
    const [listed] = await desk.instances.list({ plane }, context);
    expect(listed).toMatchObject({ plane, id, name: 'shop', problem: '' });
    const detail = await until(id, 'running');
    expect(detail).toMatchObject({
      plane,
      local: false,
      adminUser: 'shop',
      zone: 'ap-guangzhou-3',
      standbyZones: ['ap-guangzhou-4'],
      syncMode: 'Semi-sync',
      ha: { maxStandbyLag: 10, maxSyncStandbyLag: 10 },
      diskUsed: null,
      instanceHours: null,
      degradedAt: null,
      maintenance: { start: expect.stringMatching(/^\d\d:\d\d$/), duration: expect.any(Number) },
      securityGroupIds: [expect.stringMatching(/^sg-/)],
      networks: [{ vpcId: detail.vpcId, subnetId: detail.subnetId, host: detail.host, port: 5432 }],
    });
    expect(detail.nodes.map(({ role, state: how, lagBytes }) => [role, how, lagBytes])).toEqual([
      ['primary', 'ready', null],
      ['standby', 'ready', null],
    ]);
  });

  it('is registered with the account that the API tells', async () => {
    expect(await desk.instances.register({ ...one(), password: PASSWORD }, context)).toEqual({ serverId: 'server-1' });
    const [definition] = registered;
    const client = new Client({
      host: definition?.host,
      port: definition?.port,
      user: definition?.user,
      password: PASSWORD,
      database: 'postgres',
    });
    await client.connect();
    await client.end();
    expect(definition).toMatchObject({ user: 'shop', instanceId: id });
  });

  it('is renamed, labelled, protected and given a maintenance window', async () => {
    await desk.instances.rename({ ...one(), name: 'shop-2' }, context);
    await desk.instances.setProject({ plane, ids: [id], projectId: 7 }, context);
    await desk.instances.setTags({ ...one(), tags: [{ key: 'team', value: 'new' }] }, context);
    await desk.instances.setDeletionProtection({ ...one(), enabled: true }, context);
    await desk.instances.setMaintenance(
      { ...one(), weekdays: ['monday', 'friday'], start: '03:30', duration: 2 },
      context,
    );
    expect(await desk.instances.detail(one(), context)).toMatchObject({
      name: 'shop-2',
      projectId: 7,
      tags: [{ key: 'team', value: 'new' }],
      deletionProtection: true,
      maintenance: { weekdays: ['monday', 'friday'], start: '03:30', duration: 2 },
    });
    await desk.instances.setDeletionProtection({ ...one(), enabled: false }, context);
  });

  it('restarts, changes its replication and switches', async () => {
    await desk.instances.restart(one(), context);
    await until(id, 'running');
    const ha = {
      maxStandbyLag: 5,
      maxStandbyLatency: 2 * 1024 ** 3,
      maxSyncStandbyLag: null,
      maxSyncStandbyLatency: null,
    };
    await desk.instances.setHa({ ...one(), syncMode: 'Semi-sync', ...ha }, context);
    expect(await desk.instances.detail(one(), context)).toMatchObject({ syncMode: 'Semi-sync', ha });
    await switchWhenReady({ at: 'now' });
    expect(await until(id, 'running')).toMatchObject({ zone: 'ap-guangzhou-4', standbyZones: ['ap-guangzhou-3'] });
    const tasks = await desk.instances.tasks(one(), context);
    expect(tasks[0]).toMatchObject({ kind: 'switch', status: 'done', progress: 100 });
    expect(tasks.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['restart', 'create']));
  });

  it('waits for its maintenance window, and is told to switch now', async () => {
    await switchWhenReady({ at: 'window' });
    expect(await until(id, 'waitSwitch')).toMatchObject({ waiting: { kind: 'switch' } });
    await desk.instances.switchNow(one(), context);
    expect(await until(id, 'running')).toMatchObject({ zone: 'ap-guangzhou-3', waiting: null });
  });

  it('has accounts and databases', async () => {
    await desk.accounts.create(
      { ...one(), name: 'reader', password: PASSWORD, remark: 'reads', type: 'normal' },
      context,
    );
    expect((await desk.accounts.list(one(), context)).map(({ name, type, remark }) => [name, type, remark])).toEqual(
      expect.arrayContaining([
        ['shop', 'super', ''],
        ['reader', 'normal', 'reads'],
      ]),
    );
    await desk.accounts.createDatabase(
      { ...one(), name: 'orders', owner: 'shop', encoding: 'UTF8', collate: 'C', ctype: 'C' },
      context,
    );
    expect((await desk.accounts.databases(one(), context)).map(({ name }) => name)).toContain('orders');
    await desk.accounts.remove({ ...one(), name: 'reader' }, context);
  });

  it('has networks and security groups', async () => {
    const [before] = await desk.networks.vpcs({ plane, region: '' }, context);
    expect(before).toMatchObject({ isDefault: true, region: 'ap-guangzhou', subnets: expect.any(Array) });
    const vpc = await desk.networks.createVpc(
      { plane, region: 'ap-guangzhou', name: 'mine', cidr: '127.200.0.0/16' },
      context,
    );
    const subnet = await desk.networks.createSubnet(
      { plane, region: 'ap-guangzhou', vpcId: vpc.id, name: 'a', zone: 'ap-guangzhou-3', cidr: '127.200.1.0/24' },
      context,
    );
    await desk.networks.renameVpc({ plane, region: '', id: vpc.id, name: 'ours' }, context);
    await desk.networks.renameSubnet({ plane, region: '', id: subnet.id, name: 'b' }, context);
    const mine = (await desk.networks.vpcs({ plane, region: '' }, context)).find((each) => each.id === vpc.id);
    expect(mine).toMatchObject({
      name: 'ours',
      cidr: '127.200.0.0/16',
      isDefault: false,
      subnets: [{ id: subnet.id, name: 'b', zone: 'ap-guangzhou-3', availableAddresses: expect.any(Number) }],
    });
    expect(Math.abs((mine?.createdAt ?? 0) - Date.now())).toBeLessThan(60_000);

    const inbound = [
      rule({ action: 'DROP', source: '127.0.0.9', remark: 'not this one' }),
      rule({ source: '127.0.0.0/8', protocol: 'ALL', ports: 'ALL' }),
    ];
    const group = await desk.networks.createGroup(
      { plane, region: 'ap-guangzhou', name: 'office', remark: 'who works here', inbound },
      context,
    );
    await desk.networks.bind({ plane, instanceId: id, groupIds: [group.id] }, context);
    const groups = await desk.networks.groups({ plane, region: '' }, context);
    expect(groups.find((each) => each.id === group.id)).toMatchObject({
      name: 'office',
      remark: 'who works here',
      isDefault: false,
      inbound,
      outbound: [],
      boundCount: 1,
    });
    expect(await desk.networks.bindings({ plane, region: '', id: group.id }, context)).toEqual([id]);
    expect(groups.find(({ isDefault }) => isDefault)).toMatchObject({ boundCount: 0 });
    const preview = (source: string, port = 5432) =>
      desk.networks.preview({ plane, region: '', groupIds: [group.id], source, port }, context);
    expect(await preview('127.0.0.9')).toEqual({ action: 'DROP', groupId: group.id, rule: 0 });
    expect(await preview('127.0.0.1')).toEqual({ action: 'ACCEPT', groupId: group.id, rule: 1 });
    expect(await preview('10.0.0.1')).toEqual({ action: 'DROP', groupId: null, rule: null });

    await desk.networks.setRules({ plane, region: '', id: group.id, inbound: [], outbound: [] }, context);
    await desk.networks.changeGroup({ plane, region: '', id: group.id, name: 'empty', remark: '' }, context);
    const changed = (await desk.networks.groups({ plane, region: '' }, context)).find((each) => each.id === group.id);
    expect(changed).toMatchObject({ name: 'empty', remark: '', inbound: [], outbound: [] });
    await expect(desk.networks.deleteGroup({ plane, region: '', id: group.id }, context)).rejects.toMatchObject({
      code: 'control-plane',
    });
    const normal = groups.find(({ isDefault }) => isDefault)?.id ?? '';
    await desk.networks.bind({ plane, instanceId: id, groupIds: [normal] }, context);
    await desk.networks.deleteGroup({ plane, region: '', id: group.id }, context);
    await desk.networks.deleteSubnet({ plane, region: '', id: subnet.id }, context);
    await desk.networks.deleteVpc({ plane, region: '', id: vpc.id }, context);
  });

  it('has a second private address and a public one', async () => {
    const before = await desk.instances.detail(one(), context);
    const { vpcId, subnetId } = before;
    await desk.instances.addNetwork({ ...one(), network: { vpcId, subnetId, host: '' } }, context);
    const { networks } = await until(id, 'running');
    expect(networks).toHaveLength(2);
    const [, second] = networks;
    await desk.instances.removeNetwork({ ...one(), network: { vpcId, subnetId, host: second?.host ?? '' } }, context);
    expect((await until(id, 'running')).networks).toEqual(before.networks);
    await desk.instances.openPublic(one(), context);
    expect((await desk.instances.detail(one(), context)).publicPort).toBeGreaterThan(0);
    await desk.instances.closePublic(one(), context);
    expect(await desk.instances.detail(one(), context)).toMatchObject({ publicHost: '', publicPort: 0 });
  });

  it('gets another size, other zones, and TLS with a certificate to save', async () => {
    await desk.instances.adjust({ ...one(), classCode: 'pg.lt.micro1', storageGb: 20, when: { at: 'now' } }, context);
    expect(await until(id, 'running')).toMatchObject({ storageGb: 20 });
    await desk.instances.deploy({ ...one(), zone: 'ap-guangzhou-3', standbyZone: null, when: { at: 'now' } }, context);
    expect(await until(id, 'running')).toMatchObject({ standbyZones: [] });
    const { host } = await desk.instances.detail(one(), context);
    await desk.instances.setSsl({ ...one(), enabled: true, connectAddress: host }, context);
    expect(await until(id, 'running')).toMatchObject({ ssl: { enabled: true, connectAddress: host } });
    const file = join(folder, 'ca.pem');
    await desk.instances.saveCertificate({ ...one(), fileToken: desk.files.add(file, 'write') }, context);
    expect(await readFile(file, 'utf8')).toMatch(/^-----BEGIN CERTIFICATE-----/);
  });

  it('goes into the recycle bin, and for good', async () => {
    await desk.instances.isolate(one(), context);
    expect((await until(id, 'isolated')).isolatedAt).not.toBeNull();
    await desk.instances.destroy(one(), context);
    for (const deadline = Date.now() + 20_000; (await desk.instances.list({ plane }, context)).length > 0;) {
      expect(Date.now()).toBeLessThan(deadline);
    }
  });
});
