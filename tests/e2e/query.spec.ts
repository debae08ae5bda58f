import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startServer, type TestServer } from '../support/postgres';
import { answerSaveDialog, callMain, expect, test } from './fixtures';
import { QueryPage, registerServer } from './pages/query';

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
  await expect(query.root.getByRole('textbox', { name: 'Value' })).toHaveValue(/"a": \[\n {4}1,\n {4}2\.50/);
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

test('copies cells and saves a result as CSV', async ({ app, page, profile }) => {
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
  await page.getByRole('menuitem', { name: 'Copy as JSON' }).click();
  await expect.poll(clipboard).toBe('[\n  {"id": 1, "name": "a,b"},\n  {"id": 2, "name": null}\n]');

  const path = join(profile, 'result.csv');
  await answerSaveDialog(app, path);
  await query.button('Save as CSV…').click();
  await expect.poll(() => readFile(path, 'utf8').catch(() => '')).toBe('id,name\r\n1,"a,b"\r\n2,\r\n3,"a,b"\r\n');
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
