import { NEW_SERVER } from '../../shared/model/server';
import { startServer, type TestServer } from '../support/postgres';
import { expect, test } from './fixtures';
import { ExplorerPage } from './pages/catalog';
import { chooseUnder, FormPage } from './pages/forms-page';
import { registerServer } from './pages/servers';
import { barriers } from './pages/shell';

let server: TestServer;
test.beforeAll(async () => {
  server = await startServer({ major: 18 });
  await server.createDatabase('shop');
  await server.sql('CREATE SCHEMA shop; CREATE TABLE shop.customers (id bigint PRIMARY KEY, name text)', 'shop');
});
test.afterAll(() => server.stop());

test('a table is made with its columns and its key', async ({ page, shot }) => {
  await registerServer(page, { ...NEW_SERVER, name: 'Shop', host: '127.0.0.1', port: server.port });
  const explorer = new ExplorerPage(page);
  await explorer.line('Not connected').dblclick();
  await explorer.open('Databases', 'shop', 'Schemas');
  await explorer.tree.locator('[aria-level="6"]').filter({ hasText: 'shop' }).click();
  await explorer.tree.press('ArrowRight');
  await chooseUnder(page, explorer.line('Tables'), 'Create', 'Table…');
  const create = new FormPage(page, 'Create - Table');
  await create.field('Name').fill('order "lines');
  await shot('forms-table-general');
  await create.tab('Columns');
  await create.button('Add to Columns').click();
  await create.field('Name, Columns 1').fill('id');
  await create.field('Data type, Columns 1').fill('bigint');
  await create.field('Primary key, Columns 1').click();
  await create.button('Add to Columns').click();
  await create.field('Name, Columns 2').fill('total');
  await create.field('Data type, Columns 2').fill('numeric(12,2)');
  await create.button('More of Columns 2').click();
  await shot('forms-table-columns');
  expect(await barriers(page)).toEqual([]);
  await create.tab('Constraints');
  await shot('forms-table-constraints');
  await create.tab('Partitions');
  await shot('forms-table-partitions');
  await create.tab('Advanced');
  await shot('forms-table-advanced');
  await create.expectSql('CREATE TABLE shop."order ""lines"', 'id bigint', 'PRIMARY KEY (id)');
  await shot('forms-table-sql');
  await create.button('Save').click();
  await expect(create.root).toBeHidden();
  expect(
    await server.sql(
      `SELECT attname FROM pg_attribute WHERE attrelid = 'shop."order ""lines"'::regclass AND attnum > 0`,
      'shop',
    ),
  ).toEqual([{ attname: 'id' }, { attname: 'total' }]);
});
