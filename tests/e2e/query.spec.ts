import { startServer, type TestServer } from '../support/postgres';
import { callMain, expect, test } from './fixtures';
import { QueryPage, registerServer } from './pages/query';
import { barriers } from './pages/shell';

let server: TestServer;
test.beforeAll(async () => {
  server = await startServer({ major: 17 });
});
test.afterAll(async () => {
  await server?.stop();
});

test('two statements, two results, and the server’s own words where one failed', async ({ app, page, shot }) => {
  await registerServer(page, server, 'Shop');
  const query = new QueryPage(page);
  await query.openByMenu(app);
  await shot('query-empty');
  await query.write(
    "SELECT i AS id, 'name ' || i AS name, CASE WHEN i % 3 = 0 THEN NULL ELSE '' END AS note, now() AS at FROM generate_series(1, 1000) i;\n" +
      'SELECT \'{"a": [1, 2.50], "b": null}\'::jsonb AS document, 3.10::numeric(10,2) AS price',
  );
  await query.run();
  await expect(query.tab(/^Result 1/)).toContainText('1,000 rows');
  await expect(query.tab(/^Result 2/)).toContainText('1 row');
  await expect(query.cell(1, 1)).toHaveText('name 2');
  await expect(query.cell(2, 1)).toHaveText('');
  await expect(query.cell(2, 2)).toHaveText('NULL');
  await shot('query-light');
  await query.tab(/^Result 2/).click();
  await expect(query.cell(1, 0)).toHaveText('3.10');
  await query.enterGrid();
  await page.keyboard.press('Enter');
  await expect(query.root.getByRole('textbox', { name: 'Value', exact: true })).toHaveValue(
    /"a": \[\n {4}1,\n {4}2\.50/,
  );
  await shot('query-value');

  await query.write('SELECT 1;\nSELECT wrong_column FROM pg_class;');
  await query.run();
  await expect(query.messages.last()).toContainText('column "wrong_column" does not exist');
  await expect(query.messages.last()).toContainText('Line 2, column 8');
  await expect(query.root.locator('.squiggly-error')).toHaveCount(1);
  await expect(query.tab(/^Messages/)).toContainText('1 error');
  await shot('query-error');
  await callMain(page, 'settings.update', { theme: 'dark', language: 'zh-CN' });
  await expect(page.locator('html[data-mantine-color-scheme="dark"]')).toHaveCount(1);
  await expect(query.button('执行')).toBeVisible();
  await shot('query-error-dark-zh');
  await query.tab(/^结果 1/).click();
  await expect(query.cell(0, 0)).toHaveText('1');
  await shot('query-dark-zh');
});

test('runs the selection, the current statement, and cancels', async ({ app, page, shot }) => {
  await registerServer(page, server, 'Shop');
  const query = new QueryPage(page);
  await query.openByMenu(app);
  await query.write("SELECT 'first';\nSELECT 'second';\nSELECT pg_sleep(60);");
  await page.keyboard.press('ControlOrMeta+Home');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ControlOrMeta+Shift+Enter');
  await expect(query.cell(0, 0)).toHaveText('second');
  await page.keyboard.press('ControlOrMeta+Home');
  await page.keyboard.press('Shift+End');
  await query.run();
  await expect(query.cell(0, 0)).toHaveText('first');
  await expect(query.tab(/^Result/)).toHaveCount(1);

  await page.keyboard.press('ControlOrMeta+End');
  await page.keyboard.press('ControlOrMeta+Shift+Enter');
  await expect(query.button('Cancel')).toBeVisible();
  await shot('query-running');
  await query.button('Cancel').click();
  await expect(query.button('Run')).toBeEnabled();
  await expect(query.messages.last()).toContainText('canceling statement due to user request');

  await query.write('BEGIN; SELECT 1/0;');
  await page.keyboard.press('F5');
  await expect(query.status).toHaveText('Transaction failed');
  await query.write('ROLLBACK');
  await page.keyboard.press('F5');
  await expect(query.status).toHaveText('Autocommit');
});

test('copies cells', async ({ app, page }) => {
  await registerServer(page, server, 'Shop');
  const query = new QueryPage(page);
  await query.openByMenu(app);
  await query.write("SELECT i AS id, CASE i WHEN 2 THEN NULL ELSE 'a,b' END AS name FROM generate_series(1, 3) i");
  await query.run();
  await expect(query.cell(1, 0)).toHaveText('a,b');
  const clipboard = () => app.evaluate(({ clipboard: system }) => system.readText());
  await query.enterGrid();
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('Shift+ArrowDown');
  await expect(query.root.getByText('2 × 2 cells selected')).toBeVisible();
  await page.keyboard.press('ControlOrMeta+c');
  await expect.poll(clipboard).toBe('1\ta,b\n2\t');
  await page.keyboard.press('Shift+F10');
  await page.getByRole('menuitem', { name: 'Copy as JSON', exact: true }).click();
  await expect.poll(clipboard).toBe('[\n  {"id": 1, "name": "a,b"},\n  {"id": 2, "name": null}\n]');
  await query.button('Copy').click();
  await page.getByRole('menuitem', { name: 'Copy as JSON Lines', exact: true }).click();
  await expect.poll(clipboard).toBe('{"id": 1, "name": "a,b"}\n{"id": 2, "name": null}');
});

test('a million rows scroll to the last one', async ({ app, page, shot }) => {
  await registerServer(page, server, 'Shop');
  const query = new QueryPage(page);
  await query.openByMenu(app);
  await query.write('SELECT i AS id, md5(i::text) AS hash FROM generate_series(1, 1000000) i');
  await query.run();
  await expect(query.tab(/^Result 1/)).toContainText('1,000,000 rows', { timeout: 60_000 });
  await query.enterGrid(100);
  await page.keyboard.press('ControlOrMeta+End');
  await expect(query.cell(0, 999_999)).toHaveText('1000000');
  await shot('query-million');
});

test('a lost connection is shown, the results stay, and the next run connects again', async ({ app, page, shot }) => {
  await registerServer(page, server, 'Shop');
  const query = new QueryPage(page);
  await query.openByMenu(app);
  await query.write("SELECT 'kept' AS word");
  await query.run();
  await expect(query.cell(0, 0)).toHaveText('kept');
  await server.sql(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%''kept''%' AND pid <> pg_backend_pid()",
  );
  await expect(query.status).toHaveText('Connection lost');
  await query.tab(/^Result 1/).click();
  await expect(query.cell(0, 0)).toHaveText('kept');
  await shot('query-lost');
  await query.root.locator('.monaco-editor .view-lines').first().click();
  await query.run();
  await expect(query.status).toHaveText('Autocommit');
  await query.tab(/^Messages/).click();
  await expect(query.messages.first()).toContainText('the state of the session was lost');
  await page.keyboard.press('Control+Alt+b');
  const notices = page.getByRole('dialog', { name: 'Notifications' });
  await expect(notices).toContainText('Query 1 · postgres lost its connection');
  await expect(notices).toContainText('Query 1 · postgres is connected again');
});

test('transactions are seen, marked and ended by buttons', async ({ app, page, shot }) => {
  await registerServer(page, server, 'Shop');
  await server.sql('CREATE TABLE basket (n int)');
  const query = new QueryPage(page);
  await query.openByMenu(app);
  await query.button('Mode').click();
  await page.getByRole('menuitemcheckbox', { name: 'Commit every statement by itself' }).click();
  await page.keyboard.press('Escape');
  await expect(query.status).toHaveText('No transaction');
  await query.write('INSERT INTO basket VALUES (1), (2)');
  await query.run();
  await expect(query.status).toHaveText('In transaction');
  await expect(query.root.getByText('1 statement · 2 rows changed')).toBeVisible();
  await query.button('Savepoints').click();
  await page.getByRole('menuitem', { name: 'Set a savepoint…' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Before "it"');
  await page.getByRole('button', { name: 'Set savepoint', exact: true }).click();
  await query.button('1 savepoint').click();
  await shot('query-transaction');
  await page.getByRole('menuitem', { name: 'Roll back to it' }).click();
  await query.button('Commit').click();
  await expect(query.status).toHaveText('No transaction');
  expect(await server.sql('SELECT n FROM basket')).toHaveLength(2);

  await query.write("LISTEN news; SELECT 'kept' AS word");
  await query.run();
  await expect(query.cell(0, 0)).toHaveText('kept');
  await query.button('Commit').click();
  await server.sql("NOTIFY news, 'hello\u202e world'");
  await query.tab(/^Notifications/).click();
  await expect(query.root.getByRole('row').last()).toContainText('hello');
  await shot('query-notifications');
  await query.tab(/^Result 1/).click();
  await query.button('Keep this result when the next run comes').click();
  await query.write('SELECT 2; SELECT 3');
  await query.run();
  await expect(query.tab(/^Kept 1/)).toContainText('1 row');
  await expect(query.tab(/^Result 2/)).toContainText('1 row');
  await query.tab(/^Kept 1/).click();
  await expect(query.cell(0, 0)).toHaveText('kept');
  await callMain(page, 'settings.update', { theme: 'dark', language: 'zh-CN' });
  await expect(page.locator('html[data-mantine-color-scheme="dark"]')).toHaveCount(1);
  await shot('query-kept-dark-zh');
  expect(await barriers(page)).toEqual([]);
});

test('another role and another user; what a lost connection took is named and set again', async ({
  app,
  page,
  shot,
}) => {
  await registerServer(page, server, 'Shop');
  await server.sql("CREATE ROLE clerk; CREATE ROLE visitor LOGIN PASSWORD 'v'");
  const query = new QueryPage(page);
  await query.openByMenu(app);
  await query.root.getByRole('combobox', { name: 'Role' }).click();
  await page.getByRole('option', { name: 'clerk', exact: true }).click();
  await expect(page.getByRole('contentinfo')).toContainText('postgres (clerk)');
  await query.write('LISTEN news; SET search_path TO a; CREATE TEMP TABLE scratch (n int); SELECT current_user');
  await query.run();
  await expect(query.cell(0, 0)).toHaveText('clerk');
  await server.sql(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%current_user%' AND pid <> pg_backend_pid()",
  );
  const lost = query.root.getByRole('region', { name: 'Lost with the connection' });
  await expect(lost).toContainText('Temporary tables: scratch');
  await expect(lost).toContainText('LISTEN: news');
  await expect(lost).toContainText('Settings: search_path');
  await shot('query-loss');
  await lost.getByRole('button', { name: 'Set again' }).click();
  await expect(lost).toBeHidden();
  await query.write("SELECT current_user || current_setting('search_path')");
  await query.run();
  await expect(query.cell(0, 0)).toHaveText('clerka');

  await query.button('User postgres').click();
  await page.getByRole('menuitem', { name: 'Another user…' }).click();
  await page.getByRole('textbox', { name: 'User' }).fill('visitor');
  await page.getByLabel('Password', { exact: true }).fill('v');
  await shot('query-user');
  await page.getByRole('button', { name: 'Change the user' }).click();
  await page.getByRole('button', { name: 'Go to visitor' }).click();
  await expect(query.button('User visitor')).toBeVisible();
  await expect(page.getByRole('contentinfo')).toContainText('visitor');

  // Another window has the session, but not the password: another session asks for it.
  await server.sql('CREATE DATABASE elsewhere');
  const [second] = await Promise.all([app.waitForEvent('window'), page.keyboard.press('Control+Alt+\\')]);
  await second.locator('html[data-ready]').waitFor();
  const moved = new QueryPage(second);
  await expect(moved.button('User visitor')).toBeVisible();
  await moved.root.getByRole('combobox', { name: 'Database' }).click();
  await second.getByRole('option', { name: 'elsewhere' }).click();
  const again = second.getByRole('dialog');
  await expect(again).toContainText('Password of visitor');
  await again.getByLabel('Password', { exact: true }).fill('v');
  await again.getByRole('button', { name: 'Connect to the server' }).click();
  await expect(moved.root.getByRole('combobox', { name: 'Database' })).toHaveValue('elsewhere');
  await expect(moved.button('User visitor')).toBeVisible();
  await expect(moved.status).toBeVisible();
});

test('a production server asks before what is not a read', async ({ app, page, shot }) => {
  const {
    id: _id,
    hasPassword: _p,
    hasSshPassword: _s,
    status: _status,
    ...registered
  } = await registerServer(page, server, 'Shop');
  await callMain(page, 'servers.save', {
    server: { ...registered, id: _id, environment: 'production' },
    secrets: {},
  });
  await server.sql('CREATE TABLE stock (n int); INSERT INTO stock VALUES (1)');
  const query = new QueryPage(page);
  await query.openByMenu(app);
  await query.write('SELECT 1;\nDELETE FROM stock;\nUPDATE stock SET n = 2 WHERE n = 1');
  await query.run();
  const asked = page.getByRole('dialog');
  await expect(asked).toContainText('Run 2 statements that are not reads on Shop?');
  await expect(asked).toContainText('DELETE · no WHERE: every row · line 2');
  const deed = asked.getByRole('button', { name: 'Run all 2 statements' });
  await expect(deed).toBeDisabled();
  await shot('query-guard');
  expect(await barriers(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(asked).toBeHidden();
  expect(await server.sql('SELECT n FROM stock')).toEqual([{ n: 1 }]);
  await query.root.locator('.monaco-editor .view-lines').first().click();
  await query.run();
  await asked.getByRole('textbox').fill('Shop');
  await deed.click();
  await expect(query.tab(/^Result 1/)).toContainText('1 row');
  await expect.poll(() => server.sql('SELECT n FROM stock')).toEqual([]);
});

test('another database is another session, asked about first; one that is gone says why', async ({
  app,
  page,
  shot,
}) => {
  await registerServer(page, server, 'Shop');
  await server.createDatabase('shop');
  const query = new QueryPage(page);
  await query.openByMenu(app);
  await query.write('SELECT current_database()');
  await query.run();
  await expect(query.cell(0, 0)).toHaveText('postgres');
  const choose = async (name: string) => {
    await query.root.getByRole('combobox', { name: 'Database' }).click();
    await page.getByRole('option', { name, exact: true }).click();
    await page.getByRole('button', { name: `Go to ${name}` }).click();
  };
  await choose('shop');
  await expect(query.button('Run')).toBeEnabled();
  await query.button('Run').click();
  await expect(query.cell(0, 0)).toHaveText('shop');
  await choose('postgres');
  await expect(query.button('Run')).toBeEnabled();
  await query.root.getByRole('combobox', { name: 'Database' }).click();
  await page.getByRole('option', { name: 'shop', exact: true }).waitFor();
  await server.sql('DROP DATABASE shop WITH (FORCE)');
  await page.getByRole('option', { name: 'shop', exact: true }).click();
  await expect(query.root.getByRole('alert')).toContainText('database "shop" does not exist');
  await shot('query-open-failed');
});
