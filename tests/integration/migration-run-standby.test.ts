import { afterAll, beforeAll, expect, test } from 'vitest';
import { portOf, SUPERUSER, type ClusterNode } from '../../electron/control-plane/cluster/node';
import { eventually, openCluster, type TestCluster } from '../support/cluster';
import { openJobFolder, orderOf, removeJobFolder, sideOf, startWorker } from '../support/migration-worker';
import { startServer, type TestServer } from '../support/postgres';

let cluster: TestCluster;
let standby: ClusterNode;
let target: TestServer;
let folder: string;
beforeAll(async () => {
  [cluster, target] = await Promise.all([openCluster(16), startServer({ major: 17 })]);
  folder = await openJobFolder();
  const primary = await cluster.primary();
  standby = await cluster.standby(primary, 'n2');
  await cluster.sql(
    primary,
    `CREATE TABLE shelf (id int PRIMARY KEY, words text[]);
     CREATE TABLE book (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, shelf int REFERENCES shelf, name text);
     INSERT INTO shelf SELECT n, ARRAY['a', n::text] FROM generate_series(1, 100) n;
     INSERT INTO book (shelf, name) SELECT 1 + n % 100, md5(n::text) FROM generate_series(1, 20000) n`,
  );
  await eventually('the standby has the rows', async () =>
    cluster.sql(standby, 'SELECT 1 FROM book HAVING count(*) = 20000').then(
      (rows) => rows.length > 0,
      () => false,
    ),
  );
});
afterAll(async () => {
  await Promise.all([cluster?.close(), target?.stop()]);
  await removeJobFolder(folder);
});

test('a standby can be the source', async () => {
  const source = sideOf(target, {
    host: standby.socket,
    port: portOf(standby),
    user: SUPERUSER,
    password: standby.superuserPassword,
  });
  const options = {
    splitAbove: 500_000,
    objects: { mode: 'partial', roleMode: 'none', databases: [{ name: 'postgres', newName: 'books', mode: 'all' }] },
  };
  const worker = await startWorker(orderOf(target, target, { folder, source, options }));
  expect(await worker.ended).toEqual({ outcome: 'done', problem: '', hint: '' });
  const sums = 'SELECT count(*)::int AS n, sum(hashtext(b::text)) AS sum, max(id) AS last FROM book b';
  expect(await target.sql(sums, 'books')).toEqual(await cluster.sql(standby, sums));
  // A standby knows a sequence only as far as it was logged, which is up to 32 values ahead.
  const [next] = await target.sql("INSERT INTO book (name) VALUES ('next') RETURNING id", 'books');
  expect(next?.['id']).toBeGreaterThan(20_000);
});
