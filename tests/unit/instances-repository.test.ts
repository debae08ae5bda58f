import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { changeRecord } from '../../electron/control-plane/instances/change-record';
import { openRepository } from '../../electron/control-plane/instances/repository';
import { operationInput } from '../../electron/control-plane/instances/record';
import { anInstance } from '../support/instance-record';
import { memoryLog } from '../support/log';

let folder: string;
let zones: string;
const open = () => openRepository(join(folder, 'instances'), zones, memoryLog());
const record = anInstance();
const file = () => join(folder, 'instances', `${record.id}.json`);
const copy = () => join(zones, record.nodes[0]?.folder ?? '', 'instance.json');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'howdah-repository-'));
  zones = join(folder, 'zones');
  mkdirSync(join(folder, 'instances'));
  const data = join(zones, record.nodes[0]?.folder ?? '', 'data');
  mkdirSync(data, { recursive: true });
  writeFileSync(join(data, 'PG_VERSION'), '17\n');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Keeps an instance and waits for the copy beside its data. */
async function keep(change: Partial<typeof record> = {}): Promise<void> {
  const repository = open();
  await repository.put(record);
  await expect.poll(() => existsSync(copy())).toBe(true);
  await changeRecord(repository, record.id, change);
}

describe('a document of an instance', () => {
  it('is what is found at the next start', async () => {
    await keep({ name: 'bazaar' });
    expect(open().get(record.id)?.name).toBe('bazaar');
  });

  it('of version 1 becomes an instance of one node at its old folder and address', () => {
    const old = {
      id: record.id,
      name: 'shop',
      region: 'ap-guangzhou',
      zone: 'ap-guangzhou-3',
      major: 17,
      version: '17.10',
      classCode: 'pg.lt.micro1',
      storageGb: 10,
      charset: 'UTF8',
      adminUser: 'shop',
      projectId: 0,
      tags: [],
      deletionProtection: false,
      status: 'restarting',
      problem: '',
      address: { host: '127.41.3.7', port: 5432 },
      createdAt: 5,
      updatedAt: 6,
      isolatedAt: null,
      operation: { taskId: 9, kind: 'recover', step: 'start', note: 'It ended', startedAt: 6, adminVerifier: null },
      history: [{ taskId: 1, kind: 'create', startedAt: 5, endedAt: 6, ok: true, message: '' }],
    };
    writeFileSync(file(), JSON.stringify({ version: 1, data: old }));
    const found = open().get(record.id);
    expect(found?.nodes).toMatchObject([
      { id: 'n1', folder: `ap-guangzhou-3/${record.id}`, role: 'primary', state: 'ready' },
    ]);
    expect(found?.networks).toEqual([
      { vpcId: 'vpc-dflt0041', subnetId: expect.stringMatching(/^subnet-/), host: '127.41.3.7', port: 5432 },
    ]);
    expect(found?.operation?.input.reason).toBe('It ended');
    expect(found?.securityGroupIds).toEqual(['sg-dflt0041']);
  });

  it.each([
    ['damaged', () => writeFileSync(file(), '{"version":2,"data":{"id":')],
    ['of another kind', () => writeFileSync(file(), '{"version":2,"data":{"id":"x"}}')],
    ['gone', () => rmSync(file())],
  ])('that is %s is made again from the copy beside the data', async (what, damage) => {
    await keep({ name: 'bazaar' });
    await expect.poll(() => readFileSync(copy(), 'utf8')).toContain('bazaar');
    damage();
    const repository = open();
    expect(repository.get(record.id)).toMatchObject({ name: 'bazaar', status: 'running', operation: null });
    await expect.poll(() => existsSync(file())).toBe(true);
    const aside = (): string[] => readdirSync(join(folder, 'instances')).filter((name) => name.includes('.broken'));
    await expect.poll(aside).toHaveLength(what === 'gone' ? 0 : 1);
  });

  it('is not made again where the data is gone', async () => {
    await keep();
    rmSync(file());
    rmSync(join(zones, record.nodes[0]?.folder ?? '', 'data'), { recursive: true });
    expect(open().all()).toEqual([]);
  });

  it('has no copy of what goes on, nor of secrets', async () => {
    const repository = open();
    await repository.put(record);
    await expect.poll(() => existsSync(copy())).toBe(true);
    const operation = {
      taskId: 1,
      kind: 'create' as const,
      step: 'account',
      note: '',
      startedAt: 1,
      adminVerifier: 'SCRAM-SHA-256$secret',
      input: operationInput.parse({}),
      facts: {},
    };
    await changeRecord(repository, record.id, { name: 'bazaar', operation });
    await changeRecord(repository, record.id, { name: 'bazaar', operation: null });
    await expect.poll(() => readFileSync(copy(), 'utf8')).toContain('bazaar');
    expect(readFileSync(copy(), 'utf8')).not.toContain('SCRAM');
  });

  it('refuses a transition that cannot happen', async () => {
    const repository = open();
    await repository.put(record);
    await expect(changeRecord(repository, record.id, { status: 'recycled' })).rejects.toThrow(
      /may not go from running/,
    );
  });
});
