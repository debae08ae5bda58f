import { connect, createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { contextOf } from '../../electron/control-plane/instances/context';
import { createNetworking } from '../../electron/control-plane/instances/networking';
import { operationInput, type InstanceRecord } from '../../electron/control-plane/instances/record';
import { holdTraffic, openTraffic } from '../../electron/control-plane/instances/serve';
import { closed, startupPacket, until } from '../support/gateway';
import { openGround, type TestGround } from '../support/ground';
import { anInstance } from '../support/instance-record';
import { freePort } from '../support/postgres';

const ALL = { action: 'ACCEPT', source: '0.0.0.0/0', protocol: 'ALL', ports: 'ALL', remark: '' } as const;
const forever = new AbortController().signal;

let ground: TestGround;
let networking: ReturnType<typeof createNetworking>;
let group: string;
let port: number;
let id: string;
const record = (): InstanceRecord => {
  const found = ground.repository.get(id);
  if (!found) throw new Error('the instance is gone');
  return found;
};
/** A long operation on an instance that serves. */
const busy = (): Promise<void> =>
  contextOf(ground, id, forever).update({
    status: 'expanding',
    operation: {
      taskId: 7,
      kind: 'respec',
      step: 'resize',
      note: '',
      startedAt: 0,
      adminVerifier: null,
      input: operationInput.parse({}),
      facts: {},
    },
  });
const enter = (): Socket => {
  const socket = connect({ host: '127.0.0.1', port });
  socket.on('error', () => undefined);
  return socket;
};

beforeEach(async () => {
  port = await freePort();
  const before = anInstance();
  id = before.id;
  ground = await openGround([before]);
  let task = 100;
  networking = createNetworking(ground, forever, () => (task += 1));
  group = (
    await ground.networks.createGroup({
      region: before.region,
      name: 'shop',
      remark: '',
      projectId: 0,
      inbound: [ALL],
    })
  ).id;
  await contextOf(ground, id, forever).update({
    networks: [{ vpcId: 'vpc-dflt0041', subnetId: 'subnet-00000000', host: '127.0.0.1', port }],
    securityGroupIds: [group],
  });
});
afterEach(() => ground.close());

it('ends the sessions that a changed rule forbids while an operation works on the instance, and holds on', async () => {
  await openTraffic(contextOf(ground, id, forever));
  await busy();
  await holdTraffic(contextOf(ground, id, forever));
  const socket = enter();
  const end = closed(socket);
  socket.write(startupPacket({ user: 'shop', database: 'shop' }));
  const waits = async (): Promise<boolean> => (await ground.gateway.sessions())[0]?.state === 'waiting';
  await until(waits, 'a session that is held');
  await networking.refresh(group);
  expect(await waits()).toBe(true);
  await ground.networks.changeGroup(group, { inbound: [] });
  await networking.refresh(group);
  await end;
  expect(await ground.gateway.sessions()).toEqual([]);
  expect(record().operation?.taskId).toBe(7);

  await ground.networks.changeGroup(group, { inbound: [ALL] });
  await networking.refresh(group);
  enter().write(startupPacket({ user: 'shop', database: 'shop' }));
  await until(waits, 'another session that is held');
});

it('binds other groups while an operation works on the instance', async () => {
  await openTraffic(contextOf(ground, id, forever));
  await busy();
  const { id: none } = await ground.networks.createGroup({
    region: record().region,
    name: 'none',
    remark: '',
    projectId: 0,
  });
  const end = closed(enter());
  await until(async () => (await ground.gateway.sessions()).length === 1, 'a session');
  await networking.bindGroups(id, [none, none]);
  await end;
  expect(record()).toMatchObject({ securityGroupIds: [none], operation: { taskId: 7 } });
});

it('notes changes of the network as finished tasks', async () => {
  await openTraffic(contextOf(ground, id, forever));
  const opened = await networking.openPublic(id);
  const shut = await networking.closePublic(id);
  expect(record()).toMatchObject({
    status: 'running',
    history: [
      { taskId: shut, kind: 'public', ok: true },
      { taskId: opened, kind: 'public', ok: true },
    ],
  });
  const second = { vpcId: 'vpc-dflt0041', subnetId: ground.networks.subnets(record().region)[0]?.id ?? '', host: '' };
  const added = await networking.addNetwork(id, second);
  expect(record().history[0]).toMatchObject({ taskId: added, kind: 'network' });
  expect(await networking.removeNetwork(id, { ...second, host: record().networks[1]?.host ?? '' })).toBe(
    record().history[0]?.taskId,
  );
});

it('says what is taken in the words of the API', async () => {
  const subnet = ground.networks.subnets(record().region)[0];
  const host = `${subnet?.cidr.split('.').slice(0, 3).join('.') ?? ''}.77`;
  const other: Server = createServer();
  await new Promise<void>((done) => other.listen({ host, port: 5432 }, () => done()));
  expect((other.address() as AddressInfo).address).toBe(host);
  try {
    const wanted = { vpcId: subnet?.vpcId ?? '', subnetId: subnet?.id ?? '', host };
    await expect(networking.addNetwork(id, wanted)).rejects.toMatchObject({
      info: { code: 'conflict', apiCode: 'InvalidParameterValue' },
    });
    expect(record()).toMatchObject({ status: 'running', history: [] });
    expect(record().networks).toHaveLength(1);
  } finally {
    other.close();
  }
});
