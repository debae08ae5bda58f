import { describe, expect, it } from 'vitest';
import { apiFailure } from '../../electron/adapters/control-plane/errors';
import type { ApiDeps } from '../../electron/control-plane/api/action';
import { AVAILABILITY_ACTIONS } from '../../electron/control-plane/api/availability-actions';
import { asApiError } from '../../electron/control-plane/api/errors';
import { mustRegion } from '../../electron/control-plane/api/place';
import { mustCarryAgain } from '../../electron/control-plane/api/room';
import { TASK_ACTIONS } from '../../electron/control-plane/api/task-actions';
import { instanceRecord, type InstanceRecord } from '../../electron/control-plane/instances/record';
import { AppError, type ErrorInfo } from '../../shared/errors';
import { checkTags } from '../../shared/model/instance-rules';
import { aNode, anInstance } from '../support/instance-record';

const GB = 1024 ** 3;

async function codeOf(work: () => unknown): Promise<string> {
  try {
    await work();
    return '';
  } catch (error) {
    return (error as { apiCode: string }).apiCode;
  }
}

/** A control plane of these instances on a machine of 4 GB, on which beginning anything fails as told. */
const planeOf = (records: readonly InstanceRecord[], failure?: ErrorInfo): ApiDeps =>
  ({
    machine: () => ({ cpus: 4, memoryBytes: 4 * GB, diskFreeBytes: 100 * GB }),
    instances: {
      list: () => records,
      get: (id: string) => records.find((each) => each.id === id),
      diskUsed: () => 0,
      begin: async () => {
        throw new AppError(failure ?? { code: 'bug', message: '' });
      },
    },
  }) as unknown as ApiDeps;

describe('a failure of our own', () => {
  it('goes out under the code that it brings along', () => {
    const failure = new AppError({
      code: 'conflict',
      message: 'No private address is free',
      hint: 'Choose another subnet',
      apiCode: 'ResourceInsufficient.ResourceNotEnough',
    });
    for (const family of ['postgres', 'vpc', 'tag'] as const) {
      expect(asApiError(failure, family)).toMatchObject({
        apiCode: 'ResourceInsufficient.ResourceNotEnough',
        message: 'No private address is free. Choose another subnet',
      });
    }
    expect(asApiError(new AppError({ code: 'conflict', message: 'busy' }))?.apiCode).toBe(
      'OperationDenied.InstanceStatusLimitError',
    );
  });

  it.each([
    [{ code: 'invalid-input', field: 'zones' }, 'InvalidParameterValue.IllegalZone'],
    [{ code: 'invalid-input', field: 'storageGb' }, 'FailedOperation.StorageMemoryCheckError'],
    [{ code: 'invalid-input' }, 'ResourceInsufficient.ResourceNotEnough'],
    [{ code: 'invalid-input', apiCode: 'FailedOperation' }, undefined],
  ] as const)('of a deployment, %j, is called %s', async (info, code) => {
    const record = anInstance({ nodes: [aNode('n1')] });
    const request = {
      DBInstanceId: record.id,
      SwitchTag: 0,
      DBNodeSet: [{ Role: 'Primary', Zone: 'ap-guangzhou-4' }],
    };
    const deps = planeOf([record], { message: '', ...info });
    const work = () => AVAILABILITY_ACTIONS['ModifyDBInstanceDeployment']?.handle(request, { deps, region: '' });
    expect(await codeOf(work)).toBe(code);
  });

  it('that speaks of addresses blames no field, one that speaks of memory the class', () => {
    const code = 'ResourceInsufficient.ResourceNotEnough';
    expect(apiFailure(code, 'No private address of 127.41.3.0/24 is free', 'r').info.field).toBeUndefined();
    expect(apiFailure(code, 'The instances would take 9 GB of memory', 'r').info.field).toBe('classCode');
  });
});

it('of a single node replication cannot be changed', async () => {
  const record = anInstance();
  const request = {
    DBInstanceId: record.id,
    SyncMode: 'Async',
    MaxStandbyLag: 10,
    MaxStandbyLatency: GB,
  };
  const deps = planeOf([record]);
  expect(
    await codeOf(() => AVAILABILITY_ACTIONS['ModifyDBInstanceHAConfig']?.handle(request, { deps, region: '' })),
  ).toBe('FailedOperation.NoAvailableStandby');
});

it('a region that is none is told whatever is asked', async () => {
  expect(await codeOf(() => mustRegion('eu-moon'))).toBe('UnsupportedRegion');
  expect(await codeOf(() => mustRegion('ap-beijing'))).toBe('');
  expect(await codeOf(() => mustRegion(''))).toBe('');
});

it('instances that come back from the recycle bin are counted together with those that run', async () => {
  const of = (id: string, status: InstanceRecord['status'], nodes = 1) =>
    anInstance({
      id,
      status,
      classCode: 'pg.it.small2',
      nodes: Array.from({ length: nodes }, (_, index) => aNode(`n${index + 1}`)),
    });
  const running = of('postgres-0000000a', 'running');
  const [one, other] = [of('postgres-0000000b', 'isolated'), of('postgres-0000000c', 'isolated')];
  const deps = planeOf([running, one, other]);
  expect(await codeOf(() => mustCarryAgain(deps, [one]))).toBe('');
  expect(await codeOf(() => mustCarryAgain(deps, [one, other]))).toBe('ResourceInsufficient.ResourceNotEnough');
  expect(await codeOf(() => mustCarryAgain(deps, [of('postgres-0000000d', 'isolated', 2)]))).toBe(
    'ResourceInsufficient.ResourceNotEnough',
  );
});

describe('what waits for its time', () => {
  const waiting = { kind: 'switch', input: {}, from: Date.now() + 60_000, until: Date.now() + 120_000 } as const;
  const tasks = (change: object): Promise<object> | undefined => {
    const record = instanceRecord.parse({ ...anInstance(), waiting: { ...waiting, ...change } });
    return TASK_ACTIONS['DescribeTasks']?.handle({}, { deps: planeOf([record]), region: '' });
  };

  it('has the number and the tag that it was given', async () => {
    expect(await tasks({ taskId: 42, tag: 1 })).toMatchObject({
      TaskSet: [{ TaskId: 42, Status: 'WaitSwitch', TaskDetail: { SwitchTag: 1 } }],
    });
  });

  it('of an earlier version has no number and waits for the window', async () => {
    expect(await tasks({})).toMatchObject({
      TaskSet: [{ TaskId: 0, Status: 'WaitSwitch', TaskDetail: { SwitchTag: 2 } }],
    });
  });
});

it.each([
  [Array.from({ length: 21 }, (_, index) => ({ key: `k${index}`, value: '' })), 'tag-count'],
  [[{ key: 'x'.repeat(128), value: '' }], 'tag-length'],
  [[{ key: 'x', value: 'x'.repeat(256) }], 'tag-length'],
  [[{ key: ' ', value: '' }], 'tag-key'],
  [[{ key: 'x'.repeat(127), value: 'x'.repeat(255) }], undefined],
])('tags are counted and measured', (tags, rule) => {
  expect(checkTags(tags)?.rule).toBe(rule);
  expect(checkTags(tags)?.field ?? 'tags').toBe('tags');
});
