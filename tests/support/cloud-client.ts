import { postgres } from 'tencentcloud-sdk-nodejs/tencentcloud/services/postgres';
import type { DBInstance } from 'tencentcloud-sdk-nodejs/tencentcloud/services/postgres/v20170312/postgres_models';
import type { TestControlPlane } from './control-plane';

/** The official SDK's client, unchanged. */
export type CloudClient = InstanceType<typeof postgres.v20170312.Client>;

export const cloudClient = (
  plane: Pick<TestControlPlane, 'endpoint' | 'secretId' | 'secretKey'>,
  region = 'ap-guangzhou',
): CloudClient =>
  new postgres.v20170312.Client({
    credential: { secretId: plane.secretId, secretKey: plane.secretKey },
    region,
    profile: { httpProfile: { protocol: 'http://', endpoint: plane.endpoint } },
  });

export const PASSWORD = 'Elephant-42-seat';

/** A request that the API accepts; tests change what they are about. */
export const request = (change: Partial<Parameters<CloudClient['CreateInstances']>[0]> = {}) => ({
  SpecCode: 'pg.lt.micro1',
  Storage: 10,
  InstanceCount: 1,
  Period: 1,
  Charset: 'UTF8',
  AdminName: 'shop',
  AdminPassword: PASSWORD,
  Zone: 'ap-guangzhou-3',
  DBMajorVersion: '17',
  Name: 'shop',
  ...change,
});

/** The documented code of the error that a call ends with; fails when it succeeds. */
export async function codeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    return String((error as { code?: unknown }).code);
  }
  throw new Error('the call succeeded');
}

/** Polls an instance until it has one of the statuses. */
export async function untilStatus(api: CloudClient, id: string, ...statuses: string[]): Promise<DBInstance> {
  let last: DBInstance = {};
  for (const deadline = Date.now() + 60_000; Date.now() < deadline;) {
    const { DBInstance: found = {} } = await api.DescribeDBInstanceAttribute({ DBInstanceId: id });
    last = found;
    if (statuses.includes(found.DBInstanceStatus ?? '')) return found;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`instance ${id} is ${last.DBInstanceStatus}, not ${statuses.join(' or ')}`);
}

/** Creates instances and waits until all of them run. */
export async function createRunning(
  api: CloudClient,
  change: Partial<Parameters<CloudClient['CreateInstances']>[0]> = {},
): Promise<DBInstance[]> {
  const { DBInstanceIdSet = [] } = await api.CreateInstances(request(change));
  return Promise.all(DBInstanceIdSet.map((id) => untilStatus(api, id, 'running')));
}

/** Where an instance is reached. */
export function addressOf(instance: DBInstance): { host: string; port: number } {
  const net = instance.DBInstanceNetInfo?.[0];
  return { host: net?.Ip ?? '', port: net?.Port ?? 0 };
}

/**
 * Resolves in the next second of the clock. The official SDK signs whole seconds and no nonce, so that the same change asked for twice in one
 * second looks like a replay and is refused.
 */
export async function nextSecond(): Promise<void> {
  const now = Date.now();
  await new Promise((done) => setTimeout(done, 1000 - (now % 1000) + 5));
}
