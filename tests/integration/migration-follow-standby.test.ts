import { afterAll, beforeAll, expect, test } from 'vitest';
import { portOf, SUPERUSER, type ClusterNode } from '../../electron/control-plane/cluster/node';
import { slotName } from '../../electron/control-plane/migration/follow/follow-model';
import { eventually, openCluster, type TestCluster } from '../support/cluster';
import { cutOver, startFollow, untilPhase } from '../support/migration-follow';
import { openJobFolder, removeJobFolder, sideOf } from '../support/migration-worker';
import { startServer, type TestServer } from '../support/postgres';

let cluster: TestCluster;
let primary: ClusterNode;
let standby: ClusterNode;
let target: TestServer;
let folder: string;
beforeAll(async () => {
  [cluster, target] = await Promise.all([openCluster(16), startServer({ major: 17 })]);
  folder = await openJobFolder();
  primary = await cluster.primary({
    settings: [
      ['shared_buffers', '16MB'],
      ['max_connections', '50'],
      ['hot_standby_feedback', 'on'],
    ],
  });
  standby = await cluster.standby(primary, 'n2');
  await cluster.sql(
    primary,
    'CREATE TABLE book (id int PRIMARY KEY, name text); INSERT INTO book SELECT n, md5(n::text) FROM generate_series(1, 2000) n',
  );
  await eventually('the standby has the rows', async () =>
    cluster.sql(standby, 'SELECT 1 FROM book HAVING count(*) = 2000').then(
      (rows) => rows.length > 0,
      () => false,
    ),
  );
});
afterAll(async () => {
  await Promise.all([cluster?.close(), target?.stop()]);
  await removeJobFolder(folder);
});

test('changes of a standby are followed where its primary publishes them', async () => {
  const order = {
    folder,
    source: sideOf(target, {
      host: standby.socket,
      port: portOf(standby),
      user: SUPERUSER,
      password: standby.superuserPassword,
    }),
    options: {
      objects: { mode: 'partial', roleMode: 'none', databases: [{ name: 'postgres', newName: 'books', mode: 'all' }] },
    },
  };
  const refused = await startFollow(target, target, order);
  expect(await refused.ended).toMatchObject({
    outcome: 'failed',
    hint: expect.stringContaining('CREATE PUBLICATION'),
  });

  const [row] = await cluster.sql(primary, "SELECT oid::int8::int4 AS oid FROM pg_database WHERE datname = 'postgres'");
  const name = slotName('dts-test0001', Number(row?.['oid']), 'forward');
  await cluster.sql(primary, `CREATE PUBLICATION ${name} FOR ALL TABLES`);
  await eventually('the standby knows the publication', async () =>
    cluster.sql(standby, 'SELECT 1 FROM pg_publication').then((rows) => rows.length > 0),
  );
  const worker = await startFollow(target, target, order);
  // A slot of a standby waits for what its primary tells of its transactions.
  await eventually('the slot is made', async () => {
    await cluster.sql(primary, 'SELECT pg_log_standby_snapshot()');
    return cluster
      .sql(standby, 'SELECT 1 FROM pg_replication_slots WHERE confirmed_flush_lsn IS NOT NULL')
      .then((rows) => rows.length > 0);
  });
  await untilPhase(worker, 'following');
  await cluster.sql(
    primary,
    "INSERT INTO book SELECT n, 'later' FROM generate_series(2001, 2100) n; UPDATE book SET name = 'met' WHERE id % 10 = 0; DELETE FROM book WHERE id % 7 = 0",
  );
  const sums = 'SELECT count(*)::int AS n, sum(hashtext(b::text)) AS sum FROM book b';
  const wanted = await cluster.sql(primary, sums);
  await expect.poll(() => target.sql(sums, 'books'), { timeout: 30_000 }).toEqual(wanted);
  await cutOver(worker);
  expect(await target.sql(sums, 'books')).toEqual(wanted);
  expect(await cluster.sql(standby, 'SELECT slot_name FROM pg_replication_slots')).toEqual([]);
});
