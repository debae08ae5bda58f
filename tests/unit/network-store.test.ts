import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openNetworks } from '../../electron/control-plane/network/store';
import type { Networks } from '../../electron/control-plane/network/networks';
import { AppError } from '../../shared/errors';
import { memoryLog } from '../support/log';

const REGION = 'ap-guangzhou';
let folder: string;
let networks: Networks;

const open = (): Networks => openNetworks(folder, memoryLog());

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'howdah-networks-'));
  networks = open();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function failure(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof AppError) return [error.code, error.info.field].filter(Boolean).join(':');
    throw error;
  }
  return '';
}

const vpc = (cidr: string, name = 'shop') => networks.createVpc({ region: REGION, name, cidr });

describe('defaults', () => {
  it('exist in every region without a file', () => {
    expect(networks.vpcs()).toHaveLength(9);
    expect(networks.vpcs(REGION)).toEqual([
      expect.objectContaining({ id: 'vpc-dflt0041', cidr: '127.41.0.0/16', isDefault: true }),
    ]);
    expect(networks.subnets(REGION).map(({ cidr }) => cidr)).toEqual([
      '127.41.3.0/24',
      '127.41.4.0/24',
      '127.41.6.0/24',
    ]);
    expect(networks.group('sg-dflt0041')).toMatchObject({
      isDefault: true,
      inbound: [{ action: 'ACCEPT', ports: '5432' }],
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('can be renamed and ruled, and keep that, but not be deleted', async () => {
    const [subnet] = networks.subnets(REGION);
    await networks.renameVpc('vpc-dflt0041', 'home');
    await networks.renameSubnet(subnet?.id ?? '', 'cellar');
    await networks.changeGroup('sg-dflt0041', { inbound: [], remark: 'nobody' });
    expect(await failure(networks.deleteVpc('vpc-dflt0041'))).toBe('conflict');
    expect(await failure(networks.deleteSubnet(subnet?.id ?? '', () => false))).toBe('conflict');
    expect(await failure(networks.deleteGroup('sg-dflt0041', () => false))).toBe('conflict');
    networks = open();
    expect(networks.vpc('vpc-dflt0041')?.name).toBe('home');
    expect(networks.subnet(subnet?.id ?? '')?.name).toBe('cellar');
    expect(networks.group('sg-dflt0041')).toMatchObject({ remark: 'nobody', inbound: [], version: 2, isDefault: true });
    expect(networks.group('sg-dflt0044')?.inbound).toHaveLength(1);
  });
});

describe('VPCs', () => {
  it('are kept', async () => {
    const made = await vpc('127.200.0.0/16');
    expect(made.id).toMatch(/^vpc-[0-9a-z]{8}$/);
    expect(open().vpc(made.id)).toEqual(made);
    await networks.renameVpc(made.id, 'Laden');
    expect(open().vpc(made.id)?.name).toBe('Laden');
    await networks.deleteVpc(made.id);
    expect(open().vpc(made.id)).toBeUndefined();
  });

  it.each([
    ['10.0.0.0/16', 'invalid-input:cidr'],
    ['127.0.0.0/16', 'invalid-input:cidr'],
    ['127.128.0.0/9', 'invalid-input:cidr'],
    ['127.128.0.0/15', 'invalid-input:cidr'],
    ['127.128.0.0/29', 'invalid-input:cidr'],
    ['127.128.0.1/16', 'invalid-input:cidr'],
    ['everything', 'invalid-input:cidr'],
    ['127.200.16.0/20', 'conflict:cidr'],
    ['127.201.0.0/28', ''],
  ])('take %s: %s', async (cidr, expected) => {
    await vpc('127.200.0.0/16');
    expect(await failure(vpc(cidr))).toBe(expected);
  });

  it('overlap with none, in whatever region', async () => {
    await networks.createVpc({ region: 'ap-beijing', name: 'a', cidr: '127.130.0.0/16' });
    expect(await failure(vpc('127.130.8.0/24'))).toBe('conflict:cidr');
  });

  it('have a name of 1 to 60 characters and a known region, and are 20 at most', async () => {
    expect(await failure(vpc('127.200.0.0/16', ' '))).toBe('invalid-input:name');
    expect(await failure(vpc('127.200.0.0/16', 'x'.repeat(61)))).toBe('invalid-input:name');
    expect(await failure(networks.createVpc({ region: 'moon', name: 'a', cidr: '127.200.0.0/16' }))).toBe('not-found');
    for (let index = 0; index < 20; index += 1) await vpc(`127.${130 + index}.0.0/16`);
    expect(await failure(vpc('127.200.0.0/16'))).toBe('invalid-input:count');
  });

  it('asked for at the same time do not take the same block', async () => {
    const results = await Promise.all([0, 1, 2].map(() => failure(vpc('127.200.0.0/16'))));
    expect(results.toSorted()).toEqual(['', 'conflict:cidr', 'conflict:cidr']);
  });
});

describe('subnets', () => {
  it('lie in their VPC, apart from each other, in a zone of its region', async () => {
    const { id: vpcId } = await vpc('127.200.0.0/16');
    const subnet = (cidr: string, zone = 'ap-guangzhou-3') => networks.createSubnet({ vpcId, name: 'a', zone, cidr });
    const made = await subnet('127.200.1.0/24');
    expect(await failure(subnet('127.200.1.128/25'))).toBe('conflict:cidr');
    expect(await failure(subnet('127.201.1.0/24'))).toBe('invalid-input:cidr');
    expect(await failure(subnet('127.200.2.0/30'))).toBe('invalid-input:cidr');
    expect(await failure(subnet('127.200.2.0/24', 'ap-beijing-3'))).toBe('invalid-input:zone');
    expect(await failure(subnet('127.200.2.0/24', 'ap-guangzhou-6'))).toBe('');
    expect(await failure(networks.deleteVpc(vpcId))).toBe('conflict');
    expect(await failure(networks.deleteSubnet(made.id, (id) => id === made.id))).toBe('conflict');
    await networks.deleteSubnet(made.id, () => false);
    expect(await failure(networks.deleteSubnet(made.id, () => false))).toBe('not-found');
    expect(await failure(networks.createSubnet({ vpcId: 'vpc-none', name: 'a', zone: '', cidr: '' }))).toBe(
      'not-found',
    );
  });

  it('of the default VPC can be added beside the default ones', async () => {
    const wanted = { vpcId: 'vpc-dflt0041', name: 'more', zone: 'ap-guangzhou-4' };
    expect(await failure(networks.createSubnet({ ...wanted, cidr: '127.41.3.0/25' }))).toBe('conflict:cidr');
    expect(await failure(networks.createSubnet({ ...wanted, cidr: '127.41.100.0/24' }))).toBe('');
  });
});

describe('security groups', () => {
  const group = () => networks.createGroup({ region: REGION, name: 'web', remark: '', projectId: 0 });
  const accept = { action: 'ACCEPT', source: '127.0.0.0/8', protocol: 'TCP', ports: '5432', remark: '' } as const;

  it('count their versions, and tell who listens when inbound rules change', async () => {
    const { id } = await group();
    const heard: string[] = [];
    const stop = networks.onRules((changed) => heard.push(changed));
    await networks.changeGroup(id, { name: 'door' });
    await networks.changeGroup(id, { outbound: [accept] });
    expect(heard).toEqual([]);
    await networks.changeGroup(id, { inbound: [accept] });
    stop();
    await networks.changeGroup(id, { inbound: [] });
    expect(heard).toEqual([id]);
    expect(open().group(id)).toMatchObject({ name: 'door', version: 4, inbound: [], outbound: [accept] });
  });

  it('refuse rules that say nothing', async () => {
    const { id } = await group();
    const change = (rule: object) => failure(networks.changeGroup(id, { inbound: [{ ...accept, ...rule }] }));
    expect(await change({ source: '127.0.0.1/8' })).toBe('invalid-input:rules');
    expect(await change({ source: 'home' })).toBe('invalid-input:rules');
    expect(await change({ ports: '70000' })).toBe('invalid-input:rules');
    expect(await failure(networks.changeGroup(id, { inbound: Array.from({ length: 101 }, () => accept) }))).toBe(
      'invalid-input:rules',
    );
    expect(await failure(networks.changeGroup(id, { remark: 'x'.repeat(101) }))).toBe('invalid-input:remark');
    expect(networks.group(id)?.inbound).toEqual([]);
  });

  it('give their rules as one list, in the order of the groups', async () => {
    const { id } = await group();
    await networks.changeGroup(id, { inbound: [{ ...accept, action: 'DROP' }] });
    expect(networks.rulesOf([id, 'sg-none', 'sg-dflt0041']).map(({ action }) => action)).toEqual(['DROP', 'ACCEPT']);
    expect(networks.rulesOf(['sg-dflt0041', id]).map(({ action }) => action)).toEqual(['ACCEPT', 'DROP']);
    expect(await failure(networks.deleteGroup(id, (each) => each === id))).toBe('conflict');
    await networks.deleteGroup(id, () => false);
    expect(networks.rulesOf([id])).toEqual([]);
  });
});

const cut = (name: string): void =>
  writeFileSync(join(folder, name), readFileSync(join(folder, name), 'utf8').slice(0, 40));
const isThere = (name: string) => () => readdirSync(folder).includes(name);

it('puts a broken document aside and goes on with its copy, default groups included', async () => {
  const { id } = await vpc('127.200.0.0/16');
  await networks.changeGroup('sg-dflt0041', { inbound: [] });
  cut('networks.json');
  networks = open();
  expect(networks.trouble).toMatchObject({ kind: 'restored' });
  expect(networks.vpc(id)).toBeDefined();
  expect(networks.group('sg-dflt0041')?.inbound).toEqual([]);
  expect(readdirSync(folder).some((name) => name.startsWith('networks.json.broken-'))).toBe(true);
  await expect.poll(isThere('networks.json')).toBe(true);
  networks = open();
  expect(networks.trouble).toBeNull();
  expect(networks.vpc(id)).toBeDefined();
});

it('says so when there is no copy either, and begins anew', async () => {
  await vpc('127.200.0.0/16');
  cut('networks.json');
  cut('networks.json.kept');
  networks = open();
  expect(networks.trouble).toMatchObject({ kind: 'lost' });
  expect(networks.vpcs().every(({ isDefault }) => isDefault)).toBe(true);
});
