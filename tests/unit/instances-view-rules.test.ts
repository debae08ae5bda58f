import { describe, expect, it } from 'vitest';
import { COLUMNS, columnsFrom } from '../../renderer/features/instances/columns';
import { logOf } from '../../renderer/features/instances/detail/log-model';
import { moved } from '../../renderer/features/instances/detail/order';
import { CLIENTS, snippetOf, type Target } from '../../renderer/features/instances/detail/snippets';
import {
  deploymentOf,
  failuresOf,
  fieldOf,
  networkOf,
  newForm,
  withClass,
  withDeployment,
  withRegion,
  withZone,
} from '../../renderer/features/instances/form';
import {
  allows,
  EXPECTATION_MS,
  filterInstances,
  footprint,
  INSTANCE_ACTIONS,
  isChanging,
  keepUnchanged,
  NO_FILTER,
  openExpectations,
  toneOf,
  withExpectations,
} from '../../renderer/features/instances/model';
import { isWhenComplete } from '../../renderer/features/instances/when-choice';
import { INSTANCE_STATUSES, type InstanceOptions, type InstanceView } from '../../shared/model/instance';
import { passwordChecks } from '../../shared/model/instance-password';
import { checkAdminPassword } from '../../shared/model/instance-rules';
import type { VpcView } from '../../shared/model/network';

const instance = (change: Partial<InstanceView> = {}): InstanceView => ({
  plane: 'local',
  id: 'postgres-1',
  name: 'shop',
  status: 'running',
  problem: '',
  step: '',
  progress: null,
  note: '',
  region: 'ap-guangzhou',
  zone: 'ap-guangzhou-3',
  standbyZones: [],
  version: '17.10',
  major: 17,
  classCode: 'small',
  cpu: 1,
  memoryGb: 2,
  storageGb: 10,
  charset: 'UTF8',
  adminUser: 'alice',
  host: '127.41.3.7',
  port: 5432,
  publicHost: '',
  publicPort: 0,
  vpcId: 'vpc-1',
  subnetId: 'subnet-1',
  projectId: 0,
  tags: [{ key: 'team', value: 'red' }],
  deletionProtection: false,
  createdAt: 0,
  isolatedAt: null,
  ...change,
});

const machine = { cpus: 2, memoryBytes: 8 * 1024 ** 3, diskFreeBytes: 50 * 1024 ** 3 };

const options: InstanceOptions = {
  plane: 'local',
  regions: [
    { code: 'ap-guangzhou', name: 'Guangzhou', publicAddress: true },
    { code: 'ap-beijing', name: 'Beijing', publicAddress: true },
  ],
  zones: [
    { code: 'ap-guangzhou-3', name: '3', region: 'ap-guangzhou' },
    { code: 'ap-guangzhou-4', name: '4', region: 'ap-guangzhou' },
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
  machine,
};

describe('the list', () => {
  it('offers nothing while something changes', () => {
    const changing = INSTANCE_STATUSES.filter(isChanging);
    const offered = INSTANCE_ACTIONS.filter((action) =>
      changing.some((status) => allows(action, instance({ status, standbyZones: ['ap-guangzhou-4'] }))),
    );
    // What changes the network goes on serving.
    expect(offered).toEqual(['connect', 'manage', 'rename', 'labels']);
    expect(new Set(changing.map(toneOf))).toEqual(new Set(['busy']));
  });

  it('offers what the status allows', () => {
    const offered = (change: Partial<InstanceView>) =>
      INSTANCE_ACTIONS.filter((action) => action !== 'manage' && allows(action, instance(change)));
    const running = ['connect', 'adjust', 'restart', 'rename', 'labels', 'isolate'];
    expect(offered({})).toEqual(running);
    expect(offered({ standbyZones: ['ap-guangzhou-4'] })).toEqual([...running.slice(0, 5), 'switch', 'isolate']);
    expect(offered({ status: 'isolated' })).toEqual(['rename', 'labels', 'restore', 'destroy']);
    expect(offered({ status: 'offline' })).toEqual(['destroy']);
    expect(offered({ status: 'recycled' })).toEqual([]);
    expect(offered({ status: 'waitSwitch' })).toEqual(['connect', 'rename', 'labels']);
  });

  it('filters by text, region, project, status and tag', () => {
    const list = [
      instance(),
      instance({
        id: 'postgres-2',
        name: 'reports',
        region: 'ap-beijing',
        status: 'isolated',
        tags: [],
        host: '',
        projectId: 7,
      }),
    ];
    const names = (change: object) => filterInstances(list, { ...NO_FILTER, ...change }).map(({ name }) => name);
    expect(names({})).toEqual(['shop', 'reports']);
    expect(names({ text: 'REP' })).toEqual(['reports']);
    expect(names({ text: '127.41' })).toEqual(['shop']);
    expect(names({ region: 'ap-beijing' })).toEqual(['reports']);
    expect(names({ project: 7 })).toEqual(['reports']);
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

  it('keeps what did not change', () => {
    const before = [instance(), instance({ id: 'postgres-2' })];
    expect(keepUnchanged(before, structuredClone(before))).toBe(before);
    const after = keepUnchanged(before, [instance(), instance({ id: 'postgres-2', status: 'restarting' })]);
    expect(after[0]).toBe(before[0]);
    expect(after[1]?.status).toBe('restarting');
    expect(keepUnchanged(before, [instance()])).toEqual([instance()]);
  });

  it('reads a saved choice of columns', () => {
    expect(columnsFrom(null)).toContain('status');
    expect(columnsFrom('created,status,unheard-of')).toEqual(['status', 'created']);
    expect(columnsFrom('')).toEqual([]);
    expect(columnsFrom(COLUMNS.join(','))).toEqual(COLUMNS);
  });
});

describe('the purchase page', () => {
  it('opens with the newest version that is there', () => {
    expect(newForm(options)).toMatchObject({
      major: 17,
      region: 'ap-guangzhou',
      zone: 'ap-guangzhou-3',
      standbyZone: 'ap-guangzhou-4',
      storageGb: 10,
    });
  });

  it('another region takes one of its zones, another class its limits', () => {
    const form = newForm(options);
    expect(withRegion(form, 'ap-beijing', options)).toMatchObject({
      zone: 'ap-beijing-5',
      standbyZone: 'ap-beijing-5',
    });
    const large = options.classes[1];
    expect(large && withClass(form, large)).toMatchObject({ classCode: 'large', storageGb: 50 });
  });

  it('keeps the standby where it was chosen to be', () => {
    const form = newForm(options);
    expect(deploymentOf(form)).toBe('two-zones');
    expect(withZone(form, 'ap-guangzhou-4', options).standbyZone).toBe('ap-guangzhou-3');
    const together = withDeployment(form, 'one-zone', options);
    expect(withZone(together, 'ap-guangzhou-4', options).standbyZone).toBe('ap-guangzhou-4');
    const alone = withDeployment(form, 'single', options);
    expect(withZone(alone, 'ap-guangzhou-4', options).standbyZone).toBeNull();
    expect(deploymentOf(withRegion(alone, 'ap-beijing', options))).toBe('single');
  });

  it('an empty network is the default one, with the subnet of the zone', () => {
    const subnet = (id: string, zone: string, isDefault: boolean) => ({
      id,
      vpcId: '',
      name: id,
      zone,
      cidr: '127.0.0.0/24',
      isDefault,
      createdAt: 0,
      availableAddresses: 9,
    });
    const vpc = (id: string, isDefault: boolean, subnets: VpcView['subnets']): VpcView => ({
      id,
      name: id,
      region: 'ap-guangzhou',
      cidr: '127.0.0.0/16',
      isDefault,
      createdAt: 0,
      subnets,
    });
    const vpcs = [
      vpc('own', false, [subnet('own-3', 'ap-guangzhou-3', false)]),
      vpc('usual', true, [subnet('usual-4', 'ap-guangzhou-4', true), subnet('usual-3', 'ap-guangzhou-3', true)]),
    ];
    const ids = (change: object) => {
      const found = networkOf({ ...newForm(options), ...change }, vpcs);
      return [found.vpc?.id, found.subnet?.id];
    };
    expect(ids({})).toEqual(['usual', 'usual-3']);
    expect(ids({ vpcId: 'own' })).toEqual(['own', 'own-3']);
    expect(ids({ vpcId: 'own', zone: 'ap-guangzhou-4' })).toEqual(['own', undefined]);
    expect(ids({ region: 'ap-beijing' })).toEqual([undefined, undefined]);
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
    expect(fieldOf({ code: 'invalid-input', message: '', field: 'subnetId' })).toBe('subnetId');
    expect(fieldOf({ code: 'control-plane', message: '' })).toBeUndefined();
  });

  it('knows what the machine carries', () => {
    const wish = { cpu: 1, memoryGb: 2, storageGb: 10, count: 2, nodes: 1 };
    expect(footprint(wish, machine, [])).toMatchObject({ cpuFits: true, memoryFits: true, diskFits: true });
    // Two more take 4 GiB; three that run already take 6 of the 8.
    const running = [instance(), instance({ id: '2' }), instance({ id: '3' })];
    expect(footprint(wish, machine, running).memoryFits).toBe(false);
    // A standby is a server as well.
    expect(footprint({ ...wish, nodes: 2 }, machine, []).memory).toBe(8 * 1024 ** 3);
    const pair = [instance({ standbyZones: ['ap-guangzhou-4'] })];
    expect(footprint(wish, machine, pair).memoryTaken).toBe(4 * 1024 ** 3);
    const isolated = running.map((each) => ({ ...each, status: 'isolated' as const }));
    expect(footprint(wish, machine, isolated).memoryFits).toBe(true);
    expect(footprint({ ...wish, cpu: 5 }, machine, []).cpuFits).toBe(false);
    expect(footprint({ ...wish, storageGb: 30 }, machine, []).diskFits).toBe(false);
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

describe('the management page', () => {
  it('a window of time lasts half an hour at least, over midnight too', () => {
    expect(isWhenComplete({ at: 'now' })).toBe(true);
    expect(isWhenComplete({ at: 'times', start: '02:00:00', end: '02:29:00' })).toBe(false);
    expect(isWhenComplete({ at: 'times', start: '23:45:00', end: '00:15:00' })).toBe(true);
    expect(isWhenComplete({ at: 'times', start: ':00', end: '04:00:00' })).toBe(false);
  });

  it('moves a group up and down, not over the ends', () => {
    expect(moved(['a', 'b', 'c'], 1, -1)).toEqual(['b', 'a', 'c']);
    expect(moved(['a', 'b', 'c'], 1, 1)).toEqual(['a', 'c', 'b']);
    expect(moved(['a', 'b'], 0, -1)).toEqual(['a', 'b']);
    expect(moved(['a', 'b'], 1, 1)).toEqual(['a', 'b']);
  });

  it('the log mixes tasks and events by time and leaves out what is below the level', () => {
    const task = (id: number, startedAt: number, status: 'done' | 'failed') => ({
      id,
      kind: 'restart',
      status,
      progress: 100,
      step: '',
      steps: [],
      message: '',
      startedAt,
      endedAt: startedAt,
    });
    const events = [{ at: 15, level: 'warn' as const, kind: 'degraded', text: '' }];
    const ats = (least: 'info' | 'warn' | 'error') =>
      logOf([task(1, 10, 'done'), task(2, 20, 'failed')], events, least).map(({ at }) => at);
    expect(ats('info')).toEqual([20, 15, 10]);
    expect(ats('warn')).toEqual([20, 15]);
    expect(ats('error')).toEqual([20]);
  });

  it('snippets say how to connect, and how to check the certificate', () => {
    const target: Target = {
      host: '127.41.3.4',
      port: 5432,
      user: 'shop',
      database: 'postgres',
      ssl: 'off',
      authority: 'ca.pem',
    };
    const plain = CLIENTS.map((client) => snippetOf(client, target));
    expect(plain.every((text) => text.includes('127.41.3.4') && text.includes('shop'))).toBe(true);
    expect(plain.some((text) => /ssl/i.test(text))).toBe(false);
    expect(snippetOf('uri', { ...target, ssl: 'on' })).toBe(
      'postgresql://shop@127.41.3.4:5432/postgres?sslmode=require',
    );
    const checked = CLIENTS.map((client) => snippetOf(client, { ...target, ssl: 'verified' }));
    expect(checked.every((text) => text.includes('ca.pem'))).toBe(true);
  });
});
