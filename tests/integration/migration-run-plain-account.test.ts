import { afterAll, beforeAll, expect, test } from 'vitest';
import { contentsOf, expectNothingLeft, mixedSql } from '../support/migration-mixed';
import { openJobFolder, orderOf, removeJobFolder, sideOf, startWorker } from '../support/migration-worker';
import { startServer, type TestServer } from '../support/postgres';

let source: TestServer;
let target: TestServer;
let folder: string;
beforeAll(async () => {
  [source, target] = await Promise.all([startServer({ major: 15 }), startServer({ major: 17 })]);
  folder = await openJobFolder();
  await source.createDatabase('shop');
  await source.sql(mixedSql(source, { rows: 2000, smallTables: 5 }), 'shop');
  // Rows of tables with row security are for those whom no policy binds.
  await source.sql(
    `CREATE ROLE reader LOGIN BYPASSRLS; GRANT pg_read_all_data TO reader;
     GRANT SELECT ON LARGE OBJECT 4711, 4712 TO reader`,
    'shop',
  );
  await target.sql('CREATE ROLE mover LOGIN CREATEDB');
});
afterAll(async () => {
  await Promise.all([source?.stop(), target?.stop()]);
  await removeJobFolder(folder);
});

test('an account that may only read and one that may only make databases move everything', async () => {
  const order = orderOf(source, target, {
    folder,
    database: 'shop',
    source: sideOf(source, { user: 'reader' }),
    target: sideOf(target, { user: 'mover' }),
    options: { keepOwners: false, keepPrivileges: false },
  });
  const worker = await startWorker(order);
  const end = await worker.ended;
  const missing = [...worker.objects.values()].filter(({ outcome }) => outcome === 'failed');
  expect({ end, missing }).toEqual({ end: { outcome: 'done', problem: '', hint: '' }, missing: [] });
  expect(await contentsOf(target, 'shop')).toEqual(await contentsOf(source, 'shop'));
  expect(
    await target.sql(
      "SELECT DISTINCT pg_get_userbyid(relowner) AS owner FROM pg_class WHERE relnamespace = 'shop'::regnamespace",
      'shop',
    ),
  ).toEqual([{ owner: 'mover' }]);
  await expectNothingLeft(source);
});
