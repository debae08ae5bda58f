import { describe, expect, it } from 'vitest';
import { addressCandidates } from '../../electron/control-plane/instances/addresses';
import { shortage } from '../../electron/control-plane/instances/capacity';
import { classSettings, CLASSES } from '../../electron/control-plane/instances/classes';
import { defaultSubnet, defaultVpc, REGIONS } from '../../electron/control-plane/instances/regions';
import { mayBecome, mayBegin, served, shouldServe } from '../../electron/control-plane/instances/status';
import { defaultStateFolder } from '../../shared/model/control-plane';
import {
  adminRole,
  checkAdminPassword,
  checkAdminUser,
  checkCount,
  checkInstance,
  checkInstanceName,
  checkStorage,
  checkTags,
} from '../../shared/model/instance-rules';

describe('instance name', () => {
  it.each(['', 'shop', '订单-archive_2', 'a'.repeat(60), '库'.repeat(60)])('takes %j', (name) => {
    expect(checkInstanceName(name)).toBeNull();
  });
  it.each([
    ['a'.repeat(61), 'name-too-long'],
    ['shop one', 'name-characters'],
    ['shop.one', 'name-characters'],
    ['käse', 'name-characters'],
    ['🐘', 'name-characters'],
  ])('refuses %j', (name, rule) => {
    expect(checkInstanceName(name)).toMatchObject({ field: 'name', rule });
  });
});

describe('admin user', () => {
  it.each(['a', 'Shop_1', '_x', 'a'.repeat(16)])('takes %j', (user) => expect(checkAdminUser(user)).toBeNull());
  it.each([
    ['', 'user-missing'],
    ['a'.repeat(17), 'user-too-long'],
    ['shop-1', 'user-characters'],
    ['9lives', 'user-start'],
    ['Postgres', 'user-reserved'],
    ['pG_x', 'user-reserved'],
    ['tencentdb_x', 'user-reserved'],
    ['PUBLIC', 'user-reserved'],
  ])('refuses %j', (user, rule) => expect(checkAdminUser(user)).toMatchObject({ field: 'adminUser', rule }));
  it('is the same in any case of letters', () => expect(adminRole('Shop_1')).toBe('shop_1'));
});

describe('admin password', () => {
  it.each(['Aa1-5678', `Aa1-${'x'.repeat(28)}`, "Aa1()`~!@#$%^&*-+=_|{}[]:;'<>,."])('takes %j', (password) => {
    expect(checkAdminPassword(password)).toBeNull();
  });
  it.each([
    ['Aa1-567', 'password-length'],
    [`Aa1-${'x'.repeat(29)}`, 'password-length'],
    ['/Aa1-5678', 'password-slash'],
    ['AA1-5678', 'password-lower'],
    ['aa1-5678', 'password-upper'],
    ['Aab-cdef', 'password-digit'],
    ['Aa1b5678', 'password-special'],
    ['Aa1- 5678', 'password-characters'],
    ['Aa1-ü5678', 'password-characters'],
    ['Aa1-"5678', 'password-characters'],
  ])('refuses %j', (password, rule) => {
    expect(checkAdminPassword(password)).toMatchObject({ field: 'adminPassword', rule });
  });
  it('never repeats what was typed', () => {
    expect(JSON.stringify(checkAdminPassword('Aa1-ü5678'))).not.toContain('5678');
  });
});

it('takes disks in steps of 10 within the class', () => {
  expect(checkStorage(20, { min: 10, max: 500 })).toBeNull();
  expect(checkStorage(15, { min: 10, max: 500 })?.rule).toBe('storage-step');
  expect(checkStorage(10.5, { min: 10, max: 500 })?.rule).toBe('storage-step');
  expect(checkStorage(510, { min: 10, max: 500 })?.rule).toBe('storage-range');
});

it('takes 1 to 10 instances and distinct tags', () => {
  expect([0, 1, 10, 11, 1.5].map((count) => checkCount(count) === null)).toEqual([false, true, true, false, false]);
  expect(checkTags([{ key: 'a', value: '' }])).toBeNull();
  expect(checkTags([{ key: ' ', value: '' }])?.rule).toBe('tag-key');
  expect(
    checkTags([
      { key: 'a', value: '1' },
      { key: 'a', value: '2' },
    ])?.rule,
  ).toBe('tag-twice');
});

it('tells every broken field once', () => {
  const broken = checkInstance(
    { name: ' ', adminUser: '', adminPassword: '', charset: 'x', storageGb: 1, count: 0, tags: [] },
    { min: 10, max: 20 },
  );
  expect(broken.map(({ field }) => field)).toEqual([
    'storageGb',
    'name',
    'charset',
    'adminUser',
    'adminPassword',
    'count',
  ]);
});

describe('statuses', () => {
  it('change only along the documented ways', () => {
    expect(mayBecome('applying', 'init')).toBe(true);
    expect(mayBecome('applying', 'running')).toBe(false);
    expect(mayBecome('isolated', 'running')).toBe(false);
    expect(mayBecome('recycled', 'running')).toBe(false);
  });
  it('let an instance that waits for its time be served and fail over, and nothing else', () => {
    expect(mayBecome('waitSwitch', 'switching')).toBe(true);
    expect(mayBegin('failover', 'waitSwitch')).toBe(true);
    expect(mayBegin('restart', 'waitSwitch')).toBe(false);
    expect(shouldServe('waitSwitch')).toBe(true);
    expect(shouldServe('restarting')).toBe(false);
    expect(served({ waiting: null })).toBe('running');
  });
  it('decide which operation may begin', () => {
    expect(mayBegin('restart', 'running')).toBe(true);
    expect(mayBegin('restart', 'isolated')).toBe(false);
    expect(mayBegin('destroy', 'running')).toBe(false);
    expect(mayBegin('destroy', 'isolated')).toBe(true);
  });
});

describe('regions', () => {
  const zones = REGIONS.flatMap((region) => region.zones);
  it('own address ranges and networks that differ', () => {
    expect(new Set(REGIONS.map(({ octet }) => octet)).size).toBe(REGIONS.length);
    expect(new Set(REGIONS.map(defaultVpc)).size).toBe(REGIONS.length);
    expect(new Set(zones.map(defaultSubnet)).size).toBe(zones.length);
    for (const vpc of REGIONS.map(defaultVpc)) expect(vpc).toMatch(/^vpc-[0-9a-z]{8}$/);
    for (const subnet of zones.map(defaultSubnet)) expect(subnet).toMatch(/^subnet-[0-9a-z]{8}$/);
  });
  it.runIf(process.platform === 'linux')('give addresses of their subnet that nobody has', () => {
    const taken = Array.from({ length: 250 }, (_, index) => ({ host: `127.41.3.${index + 2}`, port: 5432 }));
    const found = addressCandidates('127.41.3.0/24', taken);
    const usual = found.filter(({ port }) => port === 5432).map(({ host }) => host);
    expect(usual.toSorted()).toEqual(['127.41.3.252', '127.41.3.253', '127.41.3.254']);
    expect(new Set(found.map(({ host }) => host)).size).toBe(3);
    expect(addressCandidates('127.200.0.0/28', []).map(({ host }) => host)).not.toContain('127.200.0.15');
    expect(addressCandidates('nowhere', [])).toEqual([]);
  });
});

describe('classes', () => {
  it('set memory, connections and parallel workers', () => {
    const spec = CLASSES.find(({ code }) => code === 'pg.it.medium8');
    const settings = Object.fromEntries(spec ? classSettings(spec, 17) : []);
    expect(settings).toMatchObject({
      shared_buffers: '2048MB',
      effective_cache_size: '6144MB',
      max_connections: '800',
      max_parallel_workers: '2',
    });
    expect(Object.keys(Object.fromEntries(spec ? classSettings(spec, 10) : []))).not.toContain(
      'max_parallel_maintenance_workers',
    );
  });
  it('are refused when the machine cannot carry them', () => {
    const laptop = { cpus: 2, memoryBytes: 8 * 1024 ** 3, diskFreeBytes: 10 * 1024 ** 3 };
    const [micro, , medium] = CLASSES;
    if (!micro || !medium) throw new Error('no classes');
    expect(shortage(laptop, medium, 2, 0)).toBeNull();
    expect(shortage(laptop, medium, 2, 1)).toMatch(/9 GB of memory; this machine has 8 GB/);
    expect(shortage({ ...laptop, diskFreeBytes: 0 }, micro, 1, 0)).toMatch(/disk has 0 MB/);
    expect(shortage({ ...laptop, cpus: 1, memoryBytes: 1e12 }, CLASSES.at(-1) ?? micro, 1, 0)).toMatch(/16 CPUs/);
  });
});

it('keeps the state where the system wants it', () => {
  const facts = { platform: 'linux', env: {}, home: '/home/ada', isRoot: false };
  expect(defaultStateFolder(facts)).toBe('/home/ada/.local/share/howdah/control-plane');
  expect(defaultStateFolder({ ...facts, isRoot: true })).toBe('/var/lib/howdah');
  expect(defaultStateFolder({ ...facts, env: { HOWDAH_STATE: '/x' } })).toBe('/x');
  expect(defaultStateFolder({ ...facts, env: { XDG_DATA_HOME: '/data' } })).toBe('/data/howdah/control-plane');
  expect(defaultStateFolder({ ...facts, platform: 'darwin' })).toMatch(/Application Support/);
});
