import { expect } from 'vitest';
import type { JobStatus } from '../../shared/model/migration';
import type { MigrationJobDetail } from '../../shared/model/migration-api';
import type { TestServer } from './postgres';
import type { OwnService, Service } from './sdk-call';

/** Migration tasks of a real control plane, by its services. */

/** A small database with a foreign key and a view, and a role. */
export async function makeShop(server: TestServer): Promise<void> {
  await server.createDatabase('shop');
  await server.sql(
    `CREATE SCHEMA sales; CREATE TABLE sales.customers (id int PRIMARY KEY);
     CREATE TABLE sales.orders (id int PRIMARY KEY, customer int REFERENCES sales.customers, note text);
     CREATE VIEW sales.open_orders AS SELECT * FROM sales.orders WHERE note IS NULL;
     INSERT INTO sales.customers SELECT n FROM generate_series(1, 100) n;
     INSERT INTO sales.orders SELECT n, 1 + n % 100, 'order ' || n FROM generate_series(1, 5000) n`,
    'shop',
  );
  await server.sql("CREATE ROLE clerk LOGIN PASSWORD 'Clerk-of-shop-1'");
}

/** Creates a task of the largest class and configures it by our own service. */
export async function createTask(dts: Service, own: OwnService, configuration: object): Promise<string> {
  const { JobIds } = await dts.answer<{ JobIds: string[] }>('CreateMigrationService', {
    SrcDatabaseType: 'postgresql',
    DstDatabaseType: 'postgresql',
    SrcRegion: 'ap-guangzhou',
    DstRegion: 'ap-guangzhou',
    InstanceClass: '2xlarge',
  });
  const [JobId = ''] = JobIds;
  await own.answer('ConfigureMigrationJob', { JobId, ...configuration });
  return JobId;
}

export const taskDetail = async (own: OwnService, JobId: string): Promise<MigrationJobDetail> =>
  (await own.answer<{ Job: MigrationJobDetail }>('DescribeMigrationJob', { JobId })).Job;

/** Waits until a check or a run is over, however it ends, and fails with the problem when it ended otherwise. */
export async function untilTask(own: OwnService, JobId: string, status: JobStatus): Promise<void> {
  const over = /^(success|failed|canceled|checkPass|checkNotPass)$/;
  await expect.poll(async () => (await taskDetail(own, JobId)).status, { timeout: 60_000, interval: 50 }).toMatch(over);
  const { status: found, problem } = await taskDetail(own, JobId);
  expect([found, found === status ? '' : problem]).toEqual([status, '']);
}
