import { NEW_SERVER } from '../../shared/model/server';
import { startServer, type TestServer } from '../support/postgres';
import { callMain, expect, test } from './fixtures';
import { ExplorerPage, ObjectPage } from './pages/catalog';
import { DeedDialog, FolderPage } from './pages/objects';
import { registerServer } from './pages/servers';
import { barriers } from './pages/shell';

const SHOP = `
CREATE SCHEMA shop;
CREATE ROLE clerk; CREATE ROLE chief;
CREATE TABLE shop.customers (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL);
CREATE TABLE shop.orders (id bigint PRIMARY KEY, customer_id integer REFERENCES shop.customers, total numeric CHECK (total >= 0));
CREATE VIEW shop.open_orders AS SELECT id, total FROM shop.orders;
CREATE MATERIALIZED VIEW shop.totals AS SELECT customer_id, sum(total) AS total FROM shop.orders GROUP BY customer_id;
CREATE FUNCTION shop.tax(amount numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS 'SELECT amount * 0.2 /* needle */';
CREATE FUNCTION shop.touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER touched BEFORE UPDATE ON shop.orders FOR EACH ROW EXECUTE PROCEDURE shop.touch();
CREATE TABLE shop.spare_1 (a integer); CREATE TABLE shop.spare_2 (a integer); CREATE TABLE shop.spare_3 (a integer);
CREATE TABLE shop.ledger (at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE shop.ledger_2026 PARTITION OF shop.ledger FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
INSERT INTO shop.customers (name) SELECT 'Customer ' || n FROM generate_series(1, 50) n;
INSERT INTO shop.orders SELECT n, 1 + n % 50, n FROM generate_series(1, 1234) n;
`;

let server: TestServer;
test.beforeAll(async () => {
  server = await startServer({ major: 17 });
});
test.afterAll(() => server.stop());
test.beforeEach(async () => {
  await server.sql('DROP DATABASE IF EXISTS shop WITH (FORCE)');
  await server.sql('DROP ROLE IF EXISTS clerk, chief');
  await server.createDatabase('shop');
  await server.sql(SHOP, 'shop');
});

const definition = (name: string) => ({ ...NEW_SERVER, name, host: '127.0.0.1', port: server.port });
const exists = async (name: string): Promise<boolean> => {
  const [row] = await server.sql(`SELECT to_regclass('${name}') IS NOT NULL AS yes`, 'shop');
  return row?.['yes'] === true;
};

async function openShop(explorer: ExplorerPage): Promise<void> {
  await explorer.line('Not connected').dblclick();
  await explorer.open('Databases', 'shop', 'Schemas');
  await explorer.tree.locator('[aria-level="6"]').filter({ hasText: 'shop' }).click();
  await explorer.tree.press('ArrowRight');
  await expect(explorer.line('Tables')).toBeVisible();
  await explorer.open('Tables');
}

test('an object shows what it needs and what needs it, and drops with what falls', async ({ page, shot }) => {
  await registerServer(page, { ...definition('Shop prod'), environment: 'production' });
  const explorer = new ExplorerPage(page);
  await openShop(explorer);
  await explorer.line('orders').dblclick();
  const object = new ObjectPage(page);
  await object.tab('Dependents');
  await expect(object.root.getByRole('table', { name: 'Dependents' })).toContainText('shop.open_orders');
  await shot('objects-dependents');
  expect(await barriers(page)).toEqual([]);
  await object.tab('Dependencies');
  await expect(object.root.getByRole('table', { name: 'Dependencies' })).toContainText('shop.customers');
  await object.root.getByRole('button', { name: 'shop.touch' }).click();
  await expect(page.getByRole('heading', { name: 'shop.touch' })).toBeVisible();

  await test.step('what is in the way is told, cascade takes it along, production asks for the name', async () => {
    await explorer.line('orders').click({ button: 'right' });
    await shot('objects-menu');
    await explorer.menuEntry('Drop…').click();
    const drop = new DeedDialog(page, 'Drop table shop.orders?');
    await expect(drop.root).toContainText('2 objects depend on it');
    await expect(drop.button('Drop table shop.orders')).toBeDisabled();
    await drop.root.getByRole('checkbox', { name: /Cascade/ }).check();
    await expect(drop.sql).toHaveValue('DROP TABLE shop.orders CASCADE;');
    await expect(drop.root).toContainText('shop.totals');
    const deed = drop.button('Drop table shop.orders and what depends on it');
    await expect(deed).toBeDisabled();
    await drop.root.getByLabel('Type orders to confirm').fill('orders');
    await shot('objects-drop');
    expect(await barriers(page)).toEqual([]);
    await deed.click();
    await expect(drop.root).toBeHidden();
    expect(await exists('shop.orders')).toBe(false);
    await expect(explorer.line('orders')).toHaveCount(0);
  });
});

test('a folder as a grid: sort, filter, choose by keyboard, drop many at once; both themes', async ({ page, shot }) => {
  await registerServer(page, definition('db1'));
  const explorer = new ExplorerPage(page);
  await openShop(explorer);
  await explorer.line('Tables').click();
  await page.keyboard.press('Control+Enter');
  const folder = new FolderPage(page);
  await expect(folder.row('customers')).toBeVisible();
  await folder.root.getByRole('textbox', { name: 'Filter' }).fill('spare');
  await expect(folder.row('customers')).toHaveCount(0);
  await folder.grid.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowDown');
  await expect(folder.root).toContainText('3 chosen');
  await shot('objects-folder');
  expect(await barriers(page)).toEqual([]);
  await callMain(page, 'settings.update', { theme: 'dark' });
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark');
  await shot('objects-folder-dark');
  expect(await barriers(page)).toEqual([]);
  await page.keyboard.press('Delete');
  const drop = new DeedDialog(page, 'Drop 3 tables?');
  await expect(drop.sql).toHaveValue(/DROP TABLE shop.spare_1, shop.spare_2, shop.spare_3;/);
  await drop.button('Drop 3 tables').click();
  await expect(drop.root).toBeHidden();
  expect(await exists('shop.spare_2')).toBe(false);
  await expect(folder.row('spare_2')).toHaveCount(0);
  await folder.button('Create').click();
  await page.getByRole('menuitem', { name: 'Table…', exact: true }).click();
  await expect(page.getByRole('dialog', { name: 'Create - Table' })).toBeVisible();
});

test('in Chinese, with names that are long and hostile', async ({ page, shot }) => {
  const name = `<img src=x onerror=alert(1)> "quoted" 很长的名字 xxx`;
  await server.sql(`CREATE TABLE shop."${name.replaceAll('"', '""')}" (a integer)`, 'shop');
  await callMain(page, 'settings.update', { language: 'zh-CN' });
  await registerServer(page, { ...definition('db1'), environment: 'production' });
  const explorer = new ExplorerPage(page);
  await explorer.line('未连接').dblclick();
  await explorer.open('数据库', 'shop', '模式');
  await explorer.tree.locator('[aria-level="6"]').filter({ hasText: 'shop' }).click();
  await explorer.tree.press('ArrowRight');
  await expect(explorer.line('表')).toBeVisible();
  await explorer.line('表').click();
  await page.keyboard.press('Control+Enter');
  const folder = new FolderPage(page);
  await folder.grid.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('Space');
  await shot('objects-folder-zh');
  await page.keyboard.press('Delete');
  const drop = new DeedDialog(page, /^删除/);
  await expect(drop.root.getByLabel('将执行的语句')).toHaveValue(`DROP TABLE shop."${name.replaceAll('"', '""')}";`);
  await shot('objects-drop-zh');
  expect(await barriers(page)).toEqual([]);
  expect(await page.locator('img[src=x]').count()).toBe(0);
});

test('scripts, rows, counting, maintenance, triggers, truncate and privileges', async ({ page, shot }) => {
  await registerServer(page, definition('db1'));
  const explorer = new ExplorerPage(page);
  await openShop(explorer);
  const menu = async (line: string, ...entries: readonly string[]): Promise<void> => {
    await explorer.line(line).click({ button: 'right' });
    for (const entry of entries.slice(0, -1)) await page.getByRole('menuitem', { name: entry, exact: true }).hover();
    await page.getByRole('menuitem', { name: entries.at(-1) ?? '', exact: true }).click();
  };

  await menu('orders', 'Count rows');
  await expect(page.getByText('orders: 1,234 rows')).toBeVisible();
  await menu('orders', 'View rows', 'Last 100 rows');
  await expect(page.locator('[data-view=query]').filter({ visible: true })).toContainText('ORDER BY id DESC');
  await menu('orders', 'Scripts', 'INSERT script');
  await expect(page.locator('[data-view=query]').filter({ visible: true })).toContainText('INSERT INTO');

  await test.step('maintenance tells what the server said', async () => {
    await menu('orders', 'Maintenance…');
    const dialog = new DeedDialog(page, /^Maintenance of/);
    await dialog.root.getByRole('checkbox', { name: 'FREEZE' }).check();
    await expect(dialog.sql).toHaveValue(/VACUUM \(FREEZE, VERBOSE, ANALYZE\) shop.orders;/);
    await dialog.button('Run VACUUM').click();
    await expect(dialog.root.getByLabel('What the server said')).toHaveValue(/shop.orders/);
    await shot('objects-maintenance');
    expect(await barriers(page)).toEqual([]);
    await dialog.button('Close').last().click();
  });

  await test.step('a trigger is disabled on its table', async () => {
    await explorer.open('orders', 'Triggers');
    await menu('touched', 'Disable…');
    const dialog = new DeedDialog(page, /^Disable/);
    await expect(dialog.sql).toHaveValue('ALTER TABLE shop.orders DISABLE TRIGGER touched;');
    await dialog.button('Disable').click();
    await expect(explorer.line('touched')).toHaveAttribute('aria-label', /Disabled/);
    await explorer.line('touched').dblclick();
    const { root } = new ObjectPage(page);
    await root.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Enable…', exact: true }).click();
    const enable = new DeedDialog(page, /^Enable/);
    await expect(enable.root.getByRole('radio', { name: 'In ordinary sessions' })).toBeFocused();
    await enable.button('Enable').click();
    await expect(explorer.line('touched')).not.toHaveAttribute('aria-label', /Disabled/);
    await root.getByRole('button', { name: 'More' }).click();
    await expect(page.getByRole('menuitem', { name: 'Disable…', exact: true })).toBeVisible();
    await page.keyboard.press('Escape');
  });

  await test.step('privileges on several kinds in one go', async () => {
    await explorer.tree.locator('[aria-level="6"]').filter({ hasText: 'shop' }).click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Grant wizard…', exact: true }).click();
    const dialog = new DeedDialog(page, /^Privileges on/);
    await dialog.root.getByRole('checkbox', { name: /^Tables and views: all/ }).check();
    await dialog.root.getByRole('checkbox', { name: 'tax(amount numeric)' }).check();
    await dialog.root.getByRole('checkbox', { name: 'SELECT', exact: true }).check();
    await dialog.root.getByRole('checkbox', { name: 'EXECUTE' }).check();
    await dialog.root.getByLabel('Roles').filter({ visible: true }).first().fill('cle');
    await page.getByRole('option', { name: 'clerk' }).click();
    await expect(dialog.sql).toHaveValue(/GRANT EXECUTE ON FUNCTION shop.tax\(amount numeric\) TO clerk;/);
    await page.keyboard.press('Escape');
    await shot('objects-grant');
    expect(await barriers(page)).toEqual([]);
    await dialog.button('Grant privileges').click();
    await expect(dialog.root).toBeHidden();
    const [row] = await server.sql("SELECT has_table_privilege('clerk', 'shop.totals', 'SELECT') AS yes", 'shop');
    expect(row?.['yes']).toBe(true);
  });

  await test.step('truncate', async () => {
    await menu('orders', 'Truncate…');
    const dialog = new DeedDialog(page, /^Truncate/);
    await dialog.root.getByRole('checkbox', { name: /Restart/ }).check();
    await expect(dialog.sql).toHaveValue('TRUNCATE shop.orders RESTART IDENTITY;');
    await dialog.button('Truncate').click();
    await expect(dialog.root).toBeHidden();
    expect((await server.sql('SELECT count(*)::int AS n FROM shop.orders', 'shop'))[0]?.['n']).toBe(0);
  });
});

test('search finds names and bodies and opens with Enter', async ({ page, shot }) => {
  await registerServer(page, definition('db1'));
  const explorer = new ExplorerPage(page);
  await openShop(explorer);
  await explorer.line('Tables').click();
  await explorer.filter.fill('needle');
  await explorer.filter.press('Escape');
  await test.step('a favourite stands at the top and opens its object', async () => {
    await explorer.line('spare_1').click({ button: 'right' });
    await explorer.menuEntry('Add to favourites').click();
    await explorer.line('shop@db1').dblclick();
    await expect(page.getByRole('heading', { name: 'shop.spare_1' })).toBeVisible();
    await shot('objects-favourite');
    await explorer.line('shop@db1').click({ button: 'right' });
    await explorer.menuEntry('Remove from favourites').click();
    await expect(explorer.line('Favourites')).toHaveCount(0);
  });
  await explorer.line('Tables').click();
  await explorer.filter.fill('needle');
  await page.getByRole('button', { name: 'Search for “needle” in shop' }).click();
  const dialog = page.getByRole('dialog', { name: 'Search objects' });
  await expect(dialog.getByRole('combobox', { name: 'Text' })).toHaveValue('needle');
  await expect(dialog.getByRole('combobox', { name: 'Text' })).toBeFocused();
  await dialog.getByRole('combobox', { name: 'Text' }).fill('open_');
  await expect(dialog.getByRole('option')).toHaveCount(1);
  await dialog.getByRole('combobox', { name: 'Text' }).fill('needle');
  await expect(dialog.getByRole('option')).toHaveCount(0);
  await dialog.getByRole('checkbox', { name: /bodies/ }).check();
  await expect(dialog.getByRole('option', { name: /tax/ })).toBeVisible();
  await shot('objects-search');
  expect(await barriers(page)).toEqual([]);
  await dialog.getByRole('combobox', { name: 'Text' }).press('Enter');
  await expect(page.getByRole('heading', { name: 'shop.tax' })).toBeVisible();
});

test('keys of the tree: Delete drops, F2 edits, Alt+Enter shows the properties; counting can be stopped', async ({
  page,
  shot,
}) => {
  await server.sql('CREATE VIEW shop.slow AS SELECT FROM pg_sleep(600)', 'shop');
  await registerServer(page, definition('db1'));
  const explorer = new ExplorerPage(page);
  await openShop(explorer);
  await explorer.line('spare_1').click();
  await page.keyboard.press('Delete');
  const drop = new DeedDialog(page, 'Drop table shop.spare_1?');
  await expect(drop.button('Cancel')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(drop.root).toBeHidden();
  await explorer.line('spare_1').click();
  await page.keyboard.press('F2');
  const edit = page.getByRole('dialog', { name: /spare_1/ });
  await expect(edit.getByRole('textbox', { name: 'Name' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(edit).toBeHidden();
  await explorer.tree.locator('[aria-level="6"]').filter({ hasText: 'shop' }).click();
  await page.keyboard.press('Alt+Enter');
  await expect(page.getByRole('heading', { name: 'shop', exact: true })).toBeVisible();
  await explorer.open('Views');
  await explorer.line('slow').click({ button: 'right' });
  await shot('objects-menu-keys');
  await explorer.menuEntry('Count rows').click();
  await expect(page.getByText('Counting the rows of slow…')).toBeVisible();
  await shot('objects-counting');
  expect(await barriers(page)).toEqual([]);
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(page.getByText('Counting the rows of slow…')).toBeHidden();
});

test('a read-only registration shows and runs nothing', async ({ page }) => {
  await registerServer(page, { ...definition('db1'), readOnly: true });
  const explorer = new ExplorerPage(page);
  await openShop(explorer);
  await explorer.line('spare_1').click({ button: 'right' });
  await explorer.menuEntry('Drop…').click();
  const drop = new DeedDialog(page, /^Drop table/);
  await expect(drop.root).toContainText('read-only');
  await expect(drop.button('Drop table shop.spare_1')).toBeDisabled();
});
