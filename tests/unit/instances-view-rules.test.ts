import { describe, expect, it } from 'vitest';
import { failuresOf, fieldOf, newForm, withClass, withRegion } from '../../renderer/features/instances/form';
import {
  allows,
  EXPECTATION_MS,
  filterInstances,
  footprint,
  INSTANCE_ACTIONS,
  isChanging,
  NO_FILTER,
  openExpectations,
  toneOf,
  withExpectations,
} from '../../renderer/features/instances/model';
import { INSTANCE_STATUSES, type InstanceOptions, type InstanceView } from '../../shared/model/instance';
import { passwordChecks } from '../../shared/model/instance-password';
import { checkAdminPassword } from '../../shared/model/instance-rules';

const instance = (change: Partial<InstanceView> = {}): InstanceView => ({
  id: 'postgres-1',
  name: 'shop',
  status: 'running',
  problem: '',
  region: 'ap-guangzhou',
  zone: 'ap-guangzhou-3',
  version: '17.10',
  major: 17,
  cpu: 1,
  memoryGb: 2,
  storageGb: 10,
  charset: 'UTF8',
  adminUser: 'alice',
  host: '127.41.3.7',
  port: 5432,
  projectId: 0,
  tags: [{ key: 'team', value: 'red' }],
  createdAt: 0,
  ...change,
});

const options: InstanceOptions = {
  regions: [
    { code: 'ap-guangzhou', name: 'Guangzhou' },
    { code: 'ap-beijing', name: 'Beijing' },
  ],
  zones: [
    { code: 'ap-guangzhou-3', name: '3', region: 'ap-guangzhou' },
    { code: 'ap-beijing-5', name: '5', region: 'ap-beijing' },
  ],
  versions: [
    { major: 18, version: '18.4', installed: false },
    { major: 17, version: '17.10', installed: true },
  ],
  classes: [
    { code: 'small', cpu: 1, memoryGb: 2, minStorageGb: 10, maxStorageGb: 500, maxConnections: 200 },
    { code: 'large', cpu: 4, memoryGb: 16, minStorageGb: 50, maxStorageGb: 4000, maxConnections: 1600 },
  ],
  charsets: ['UTF8', 'LATIN1'],
  machine: { cpus: 2, memoryBytes: 8 * 1024 ** 3, diskFreeBytes: 50 * 1024 ** 3 },
};

describe('the list', () => {
  it('offers nothing while something changes', () => {
    const changing = INSTANCE_STATUSES.filter(isChanging);
    expect(changing.filter((status) => INSTANCE_ACTIONS.some((action) => allows(action, status)))).toEqual([]);
    expect(new Set(changing.map(toneOf))).toEqual(new Set(['busy']));
  });

  it('offers what the status allows', () => {
    const offered = (status: InstanceView['status']) => INSTANCE_ACTIONS.filter((action) => allows(action, status));
    expect(offered('running')).toEqual(['connect', 'restart', 'isolate']);
    expect(offered('isolated')).toEqual(['restore', 'destroy']);
    expect(offered('offline')).toEqual(['destroy']);
    expect(offered('recycled')).toEqual([]);
  });

  it('filters by text, region, status and tag', () => {
    const list = [
      instance(),
      instance({ id: 'postgres-2', name: 'reports', region: 'ap-beijing', status: 'isolated', tags: [], host: '' }),
    ];
    const names = (change: object) => filterInstances(list, { ...NO_FILTER, ...change }).map(({ name }) => name);
    expect(names({})).toEqual(['shop', 'reports']);
    expect(names({ text: 'REP' })).toEqual(['reports']);
    expect(names({ text: '127.41' })).toEqual(['shop']);
    expect(names({ region: 'ap-beijing' })).toEqual(['reports']);
    expect(names({ status: 'running' })).toEqual(['shop']);
    expect(names({ tag: 'team=red' })).toEqual(['shop']);
    expect(names({ tag: 'team=red', status: 'isolated' })).toEqual([]);
  });

  it('shows the expected status until it is confirmed or too old', () => {
    const expected = { 'postgres-1': { status: 'restarting', from: 'running', since: 1000 } as const };
    const still = [instance()];
    expect(openExpectations(expected, still, 2000)).toEqual(expected);
    expect(withExpectations(still, expected)[0]?.status).toBe('restarting');
    expect(openExpectations(expected, [instance({ status: 'restarting' })], 2000)).toEqual({});
    expect(openExpectations(expected, still, 1000 + EXPECTATION_MS)).toEqual({});
    expect(openExpectations(expected, [], 2000)).toEqual({});
  });
});

describe('the purchase page', () => {
  it('opens with the newest version that is there', () => {
    expect(newForm(options)).toMatchObject({
      major: 17,
      region: 'ap-guangzhou',
      zone: 'ap-guangzhou-3',
      storageGb: 10,
    });
  });

  it('another region takes one of its zones, another class its limits', () => {
    const form = newForm(options);
    expect(withRegion(form, 'ap-beijing', options).zone).toBe('ap-beijing-5');
    const large = options.classes[1];
    expect(large && withClass(form, large)).toMatchObject({ classCode: 'large', storageGb: 50 });
  });

  it('names the first broken rule of each field', () => {
    const failures = failuresOf(
      { ...newForm(options), name: 'a b', adminUser: 'pg_x', storageGb: 15, count: 11 },
      options,
    );
    expect(failures).toMatchObject({
      name: { rule: 'name-characters' },
      adminUser: { rule: 'user-reserved' },
      adminPassword: { rule: 'password-length' },
      storageGb: { rule: 'storage-step' },
      count: { rule: 'count-range' },
    });
    expect(failures.tags).toBeUndefined();
  });

  it('puts an error of the API at its field', () => {
    expect(fieldOf({ code: 'invalid-input', message: '', field: 'adminUser' })).toBe('adminUser');
    expect(fieldOf({ code: 'invalid-input', message: '', field: 'tags.0.key' })).toBe('tags');
    expect(fieldOf({ code: 'control-plane', message: '' })).toBeUndefined();
  });

  it('knows what the machine carries', () => {
    const wish = { cpu: 1, memoryGb: 2, storageGb: 10, count: 2 };
    expect(footprint(wish, options.machine, [])).toMatchObject({ cpuFits: true, memoryFits: true, diskFits: true });
    // Two more take 4 GiB; three that run already take 6 of the 8.
    const running = [instance(), instance({ id: '2' }), instance({ id: '3' })];
    expect(footprint(wish, options.machine, running).memoryFits).toBe(false);
    const isolated = running.map((each) => ({ ...each, status: 'isolated' as const }));
    expect(footprint(wish, options.machine, isolated).memoryFits).toBe(true);
    expect(footprint({ ...wish, cpu: 5 }, options.machine, []).cpuFits).toBe(false);
    expect(footprint({ ...wish, storageGb: 30 }, options.machine, []).diskFits).toBe(false);
  });
});

describe('password checks', () => {
  const accepted = (password: string) => passwordChecks(password).every(({ ok, advice }) => ok || advice);

  it.each([
    '',
    'short',
    'Secret-2026',
    '/Secret-2026',
    'secret-2026',
    'SECRET-2026',
    'Secret-word',
    'Secret2026',
    'Sécret-2026',
  ])('agrees with the rule on "%s"', (password) => {
    expect(accepted(password)).toBe(checkAdminPassword(password) === null);
  });

  it('agrees with the rule on 5,000 random passwords', () => {
    let seed = 7;
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed % below;
    };
    const disagreed: string[] = [];
    const signs = 'abcXYZ019/-!@ é密"\\';
    for (let round = 0; round < 5000; round++) {
      const password = Array.from({ length: random(36) }, () => signs[random(signs.length)]).join('');
      if (accepted(password) !== (checkAdminPassword(password) === null)) disagreed.push(password);
    }
    expect(disagreed).toEqual([]);
  });

  it('advice alone keeps nothing back', () => {
    const advised = passwordChecks('Secret-26').find(({ advice }) => advice);
    expect(advised?.ok).toBe(false);
    expect(accepted('Secret-26')).toBe(true);
  });
});
