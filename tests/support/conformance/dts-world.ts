import type {
  DescribeMigrationDetailResponse,
  DescribeMigrationJobsResponse,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/dts/v20211206/dts_models';
import { expect } from 'vitest';
import type { TestControlPlane } from '../control-plane';
import { dtsService } from '../dts-client';
import { startServer, type TestServer } from '../postgres';
import { ownService, type OwnService, type Service } from '../sdk-call';

/** A control plane and two servers that the parts of the conformance test of dts work on, one after the other. */
export interface DtsWorld {
  dts: Service;
  own: OwnService;
  source: TestServer;
  target: TestServer;
}

export const SOURCE_PASSWORD = 'Elephant of the source';
export const TARGET_PASSWORD = 'Elephant of the target';

export async function openDtsWorld(plane: TestControlPlane): Promise<DtsWorld> {
  const [source, target] = await Promise.all([
    startServer({ major: 17, password: SOURCE_PASSWORD }),
    startServer({ major: 17, password: TARGET_PASSWORD }),
  ]);
  await source.createDatabase('shop');
  await source.sql('CREATE TABLE orders (id int PRIMARY KEY, note text)', 'shop');
  await source.sql("INSERT INTO orders SELECT n, 'order ' || n FROM generate_series(1, 1000) n", 'shop');
  await source.sql('CREATE TABLE notes (id int PRIMARY KEY)', 'shop');
  return { dts: dtsService(plane), own: ownService(plane), source, target };
}

export const GREETING = {
  SrcDatabaseType: 'postgresql',
  DstDatabaseType: 'postgresql',
  SrcRegion: 'ap-beijing',
  DstRegion: 'ap-guangzhou',
  InstanceClass: 'medium',
};

export async function create({ dts }: DtsWorld, change: object = {}): Promise<string> {
  const { JobIds } = await dts.answer<{ JobIds: string[] }>('CreateMigrationService', { ...GREETING, ...change });
  return JobIds[0] ?? '';
}

export async function remove({ dts }: DtsWorld, JobId: string): Promise<void> {
  await dts.answer('IsolateMigrateJob', { JobId });
  await dts.answer('DestroyMigrateJob', { JobId });
}

export const sideOf = (server: TestServer, password: string, change: object = {}, info: object = {}) => ({
  Region: 'ap-guangzhou',
  AccessType: 'extranet',
  DatabaseType: 'postgresql',
  NodeType: 'simple',
  Info: [{ Host: '127.0.0.1', Port: server.port, User: 'postgres', Password: password, ...info }],
  ...change,
});

/** What copies the database of the source, under the same name or another one. */
export const shopOption = (MigrateType: string, NewDbName = 'shop', more: object = {}) => ({
  DatabaseTable: { ObjectMode: 'partial', Databases: [{ DbName: 'shop', NewDbName, DBMode: 'all' }] },
  MigrateType,
  ...more,
});

/** A configuration that copies the database of the source. */
export const configuration = (
  { source, target }: DtsWorld,
  JobId: string,
  change: Readonly<Record<string, unknown>> = {},
): object => ({
  JobId,
  RunMode: 'immediate',
  MigrateOption: shopOption('full'),
  SrcInfo: sideOf(source, SOURCE_PASSWORD),
  DstInfo: sideOf(target, TARGET_PASSWORD),
  ...change,
});

export const detail = ({ dts }: DtsWorld, JobId: string) =>
  dts.answer<DescribeMigrationDetailResponse>('DescribeMigrationDetail', { JobId });

export const list = ({ dts }: DtsWorld, body: object = {}) =>
  dts.answer<DescribeMigrationJobsResponse>('DescribeMigrationJobs', body);

export const until = (world: DtsWorld, JobId: string, status: string): Promise<void> =>
  expect.poll(async () => (await detail(world, JobId)).Status, { timeout: 60_000, interval: 50 }).toBe(status);

/** Actions that are answered: the others say why they are not before anything else is looked at. */
export async function supported({ dts }: DtsWorld): Promise<string[]> {
  const found: string[] = [];
  for (const name of dts.sdk.actions.keys())
    if ((await dts.refusal(name, { Colour: 'red' })) === 'UnknownParameter') found.push(name);
  return found;
}
