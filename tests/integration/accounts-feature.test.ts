import { afterAll, beforeAll, expect, it } from 'vitest';
import { openCloudPlane } from '../../electron/adapters/control-plane/cloud-plane';
import type { Plane } from '../../electron/adapters/control-plane/plane';
import { callApi } from '../../electron/adapters/control-plane/signed-call';
import { createAccountsFeature } from '../../electron/features/accounts/accounts-feature';
import { AppError } from '../../shared/errors';
import { HOWDAH_API } from '../../shared/model/control-plane';
import type { PrivilegeObject } from '../../shared/model/account';
import { cloudClient, createRunning } from '../support/cloud-client';
import { openStateFolder, startControlPlane, stopEverything } from '../support/control-plane';

const SECRET = 'Reader-42-secret';
const context = { signal: new AbortController().signal };
let state: string;
let id: string;
let feature: ReturnType<typeof createAccountsFeature>;

beforeAll(async () => {
  state = await openStateFolder();
  const daemon = await startControlPlane(state);
  const [instance] = await createRunning(cloudClient(daemon), { DBMajorVersion: '13' });
  id = instance?.DBInstanceId ?? '';
  const cloud = openCloudPlane({
    id: 'cloud',
    endpoint: daemon.endpoint,
    protocol: 'http',
    region: 'ap-guangzhou',
    secretId: daemon.secretId,
    secretKey: () => Promise.resolve(daemon.secretKey),
  });
  const local: Plane = {
    ...cloud,
    id: 'local',
    local: true,
    callOwn: (wanted) => callApi(daemon, { ...wanted, version: HOWDAH_API }),
  };
  feature = createAccountsFeature({ planeOf: (plane) => (plane === 'cloud' ? cloud : local) });
});
afterAll(() => stopEverything(state));

const failure = async (work: Promise<unknown>) => {
  try {
    await work;
  } catch (error) {
    if (error instanceof AppError) return error.info;
    throw error;
  }
  throw new Error('it succeeded');
};

it.each(['local', 'cloud'])('does the same on a plane that is %s', async (plane) => {
  const one = { plane, id };
  const name = `reader_${plane}`;
  const account = { ...one, name };
  await feature.create({ ...account, password: SECRET, remark: 'r', type: 'normal' }, context);
  const listed = await feature.list(one, context);
  expect(listed.find((each) => each.name === name)).toMatchObject({ remark: 'r', status: 'normal', type: 'normal' });
  expect(Math.abs((listed.find((each) => each.name === name)?.createdAt ?? 0) - Date.now())).toBeLessThan(60_000);
  expect(
    await failure(feature.create({ ...account, password: SECRET, remark: '', type: 'normal' }, context)),
  ).toMatchObject({
    apiCode: 'InvalidParameterValue.AccountExist',
    field: 'name',
  });
  expect(await failure(feature.resetPassword({ ...account, password: 'short' }, context))).toMatchObject({
    field: 'password',
  });

  const database = { ...one, name: `crm_${plane}` };
  await feature.createDatabase({ ...database, owner: 'shop', encoding: 'LATIN1', collate: '', ctype: '' }, context);
  const made = (await feature.databases(one, context)).find((each) => each.name === database.name);
  expect(made).toMatchObject({ owner: 'shop', encoding: 'LATIN1', collate: 'C' });
  expect(made?.size === null).toBe(plane === 'cloud');
  expect(made?.connections).toBe(plane === 'cloud' ? null : 0);
  expect(
    await feature.objects({ ...one, type: 'schema', database: database.name, schema: '', table: '' }, context),
  ).toEqual(['public']);

  const none = { database: '', schema: '', table: '' };
  const itself: PrivilegeObject = { ...none, type: 'database', name: database.name };
  const objects: PrivilegeObject[] = [itself, { ...none, type: 'schema', name: 'public', database: database.name }];
  const changes = objects.map((object) => ({ object, grant: ['CREATE'], revoke: [], cascade: false }));
  await feature.setPrivileges({ ...account, changes, type: 'super' }, context);
  expect((await feature.privileges({ ...account, objects }, context)).map(({ privileges }) => privileges)).toEqual([
    ['CREATE'],
    ['CREATE'],
  ]);
  expect((await feature.list(one, context)).find((each) => each.name === name)?.type).toBe('super');
  const many = Array.from({ length: 26 }, () => ({
    object: itself,
    grant: ['CREATE'],
    revoke: ['CONNECT'],
    cascade: false,
  }));
  expect(await failure(feature.setPrivileges({ ...account, changes: many }, context))).toMatchObject({
    code: 'invalid-input',
  });

  await feature.lock(account, context);
  expect((await feature.list(one, context)).find((each) => each.name === name)?.status).toBe('locked');
  await feature.unlock(account, context);
  await feature.setRemark({ ...account, remark: '日报' }, context);
  await feature.setDatabaseOwner({ ...database, owner: name }, context);
  expect(await failure(feature.remove(account, context))).toMatchObject({
    apiCode: 'FailedOperation.PreCheckError',
    message: expect.stringContaining(`owns database ${database.name}`) as string,
  });
  await feature.dropDatabase(database, context);
  await feature.remove(account, context);
  expect((await feature.list(one, context)).map((each) => each.name)).not.toContain(name);
});
