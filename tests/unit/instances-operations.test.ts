import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { changeRecord } from '../../electron/control-plane/instances/change-record';
import { createCreation } from '../../electron/control-plane/instances/creation';
import type { NewInstance } from '../../electron/control-plane/instances/instance-service';
import { createOperations, type Operations } from '../../electron/control-plane/instances/operations';
import type { InstanceRecord } from '../../electron/control-plane/instances/record';
import { createTurns } from '../../electron/control-plane/instances/turns';
import { openGround, type TestGround } from '../support/ground';
import { aNode, anInstance } from '../support/instance-record';

const GIB = 1024 ** 3;
const before = anInstance();
const { id } = before;
const WINDOW = { at: 'window', from: 1, until: 2, tag: 1 } as const;
const NOT_ENOUGH = 'ResourceInsufficient.ResourceNotEnough';

let ground: TestGround;
let operations: Operations;
const record = (): InstanceRecord | undefined => ground.repository.get(id);

beforeEach(async () => {
  ground = await openGround([before]);
  // The end of everything: operations are journalled and none of their steps is done.
  operations = createOperations(ground, createTurns(), AbortSignal.abort());
});
afterEach(async () => {
  await operations.settled();
  await ground.close();
});

/** Data that takes so much of the disk as its files tell. */
function fill(bytes: number): void {
  const base = join(ground.place.folder.zones, before.nodes[0]?.folder ?? '');
  mkdirSync(base, { recursive: true });
  writeFileSync(join(base, 'big'), '');
  truncateSync(join(base, 'big'), bytes);
}

describe('an operation that waits', () => {
  it('keeps the number it was given and how it was asked for', async () => {
    const taskId = await operations.begin('respec', id, { classCode: 'pg.it.small2', storageGb: 20 }, WINDOW);
    expect(record()).toMatchObject({ status: 'waitSwitch', waiting: { taskId, tag: 1 } });
    expect(await operations.beginWaiting(id)).toBe(taskId);
    expect(record()).toMatchObject({ waiting: null, operation: { taskId, kind: 'respec' } });
  });

  it('is judged again when it begins', async () => {
    await operations.begin('respec', id, { classCode: 'pg.it.small2', storageGb: 20 }, WINDOW);
    const small = createOperations(
      { ...ground, machine: () => ({ cpus: 8, memoryBytes: GIB, diskFreeBytes: 64 * GIB }) },
      createTurns(),
      AbortSignal.abort(),
    );
    await expect(small.beginWaiting(id)).rejects.toMatchObject({ info: { apiCode: NOT_ENOUGH } });
    expect(record()).toMatchObject({ status: 'waitSwitch', operation: null });
  });
});

describe('the disk', () => {
  it('that was never looked at is measured before it is made smaller', async () => {
    await changeRecord(ground.repository, id, { storageGb: 40 });
    fill(21 * GIB);
    await expect(operations.begin('respec', id, { classCode: before.classCode, storageGb: 20 })).rejects.toMatchObject({
      info: { code: 'invalid-input', field: 'storageGb' },
    });
    expect(ground.diskUsed(id)).toBe(21 * GIB);
    expect(record()).toMatchObject({ status: 'running', operation: null });
  });

  it('must have room for a standby before its building begins', async () => {
    fill(2 ** 43);
    await expect(
      operations.begin('deployment', id, { zones: ['ap-guangzhou-3', 'ap-guangzhou-4'] }),
    ).rejects.toMatchObject({ info: { code: 'conflict', apiCode: NOT_ENOUGH } });
    expect(record()).toMatchObject({ status: 'running', operation: null, nodes: [aNode('n1')] });
  });
});

describe('several instances at a time', () => {
  const wanted = (change: Partial<NewInstance> = {}): NewInstance => ({
    name: 'shop',
    region: 'ap-guangzhou',
    zones: ['ap-guangzhou-3'],
    major: 17,
    version: '17.10',
    classCode: 'pg.lt.micro1',
    storageGb: 10,
    charset: 'UTF8',
    adminUser: 'shop',
    adminVerifier: 'verifier',
    projectId: 0,
    tags: [],
    deletionProtection: false,
    syncMode: 'Semi-sync',
    vpcId: 'vpc-dflt0041',
    subnetId: ground.networks.subnets('ap-guangzhou')[0]?.id ?? '',
    securityGroupIds: ['sg-dflt0041'],
    ...change,
  });
  const run: string[] = [];
  const creation = (from: Pick<TestGround, 'repository' | 'networks'>): ReturnType<typeof createCreation> =>
    createCreation(from, { nextTask: () => operations.nextTask(), run: (each) => void run.push(each) });
  const others = (): readonly InstanceRecord[] => ground.repository.all().filter((each) => each.id !== id);
  beforeEach(() => void run.splice(0));

  it('get an address each, also those of many requests', async () => {
    const createMany = creation(ground);
    const ids = (
      await Promise.all([1, 2, 3].map((count) => createMany(Array.from({ length: count }, () => wanted()))))
    ).flat();
    expect(ids).toHaveLength(6);
    expect(run.toSorted()).toEqual(ids.toSorted());
    expect(new Set(others().map(({ networks }) => networks[0]?.host)).size).toBe(6);
    expect(new Set(others().map(({ operation }) => operation?.taskId)).size).toBe(6);
  });

  it('are none when one of them has no address', async () => {
    await expect(creation(ground)([wanted(), wanted({ subnetId: 'subnet-unknown' })])).rejects.toMatchObject({
      info: { code: 'not-found' },
    });
    const networks = { ...ground.networks, subnet: () => ({ ...ground.networks.subnets()[0], cidr: '127.0.0.0/30' }) };
    const small = creation({ ...ground, networks } as TestGround);
    await expect(small([wanted(), wanted()])).rejects.toMatchObject({
      info: { code: 'conflict', apiCode: NOT_ENOUGH },
    });
    expect(others()).toEqual([]);
    expect(run).toEqual([]);
  });

  it('are none when the disk refuses the record of one', async () => {
    let puts = 0;
    const repository: TestGround['repository'] = {
      ...ground.repository,
      async put(each) {
        await ground.repository.put(each);
        if ((puts += 1) === 2) throw new Error('the disk is full');
      },
    };
    await expect(creation({ ...ground, repository })([wanted(), wanted(), wanted()])).rejects.toThrow('full');
    expect(others()).toEqual([]);
    expect(run).toEqual([]);
  });
});
