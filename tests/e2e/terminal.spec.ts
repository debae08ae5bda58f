import { startServer, type TestServer } from '../support/postgres';
import { chooseMenu, expect, test } from './fixtures';
import { registerServer } from './pages/query';
import { barriers } from './pages/shell';

let server: TestServer;
test.beforeAll(async () => {
  server = await startServer({ major: 18 });
});
test.afterAll(() => server.stop());

test('the menu of the Explorer and the Object menu open psql and the dashboard where the tree stands', async ({
  app,
  page,
}) => {
  await registerServer(page, server, 'Places');
  const tree = page.getByRole('tree');
  await tree.getByText('Places').click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'psql terminal' }).click();
  await expect(page.locator('[data-view="terminal"] .xterm-rows')).toContainText('postgres=#');
  await tree.getByText('Places').click();
  await chooseMenu(app, 'object-show-dashboard');
  await expect(page.locator('[data-view="dashboard"]')).toBeVisible();
  await chooseMenu(app, 'object-new-query');
  const query = page.locator('[data-view="query"]');
  await expect(query.locator('.monaco-editor').first()).toBeVisible();
  await chooseMenu(app, 'find');
  await expect(query.locator('.find-widget')).toBeVisible();
});

test('psql answers in a tab, in both themes, and ends with it', async ({ page, shot }) => {
  await registerServer(page, server, 'Terminal');
  await page.keyboard.press('ControlOrMeta+Shift+T');
  const view = page.locator('[data-view="terminal"]');
  const rows = view.locator('.xterm-rows');
  await expect(rows).toContainText('postgres=#');
  await page.keyboard.type("SELECT 'ans' || 'wer' AS word, '<b>bold</b>' AS html;");
  await page.keyboard.press('Enter');
  await expect(rows).toContainText('answer');
  await expect(rows).toContainText('<b>bold</b>');
  await shot('terminal');
  expect(await barriers(page)).toEqual([]);

  await page.keyboard.type('\\pset format unaligned');
  await page.keyboard.press('Enter');
  // Links, titles and the clipboard are not the server's to set.
  await page.keyboard.type("SELECT E'\\x1b]8;;https://example.org\\x07link\\x1b]8;;\\x07 \\x1b]0;owned\\x07 done';");
  await page.keyboard.press('Enter');
  await expect(rows).toContainText('done');
  expect(await page.title()).not.toContain('owned');

  await page.keyboard.press('ControlOrMeta+Shift+L');
  await page.locator('html[data-mantine-color-scheme="dark"]').waitFor();
  await shot('terminal-dark');
  expect(await barriers(page)).toEqual([]);

  await view.locator('.xterm-helper-textarea').focus();
  await page.keyboard.type('\\q');
  await page.keyboard.press('Enter');
  await expect(view.getByText('psql has ended.')).toBeVisible();
  await view.getByRole('button', { name: 'Start again' }).click();
  await expect(view.getByText('psql has ended.')).toBeHidden();
  await page.keyboard.type('SELECT pg_backend_pid() AS again;');
  await page.keyboard.press('Enter');
  await expect(rows).toContainText('again');
  const before = await sessions();
  // Ctrl+W is psql's: it takes a word away there.
  await page.keyboard.type('SELECT 40 + 2 AS sum, gone');
  await page.keyboard.press('Control+W');
  await page.keyboard.type("'kept' AS word;");
  await page.keyboard.press('Enter');
  await expect(rows).toContainText('kept');
  await page.locator('[data-tab^="terminal:"]').click({ button: 'middle' });
  const closing = page.getByRole('dialog', { name: /^Close psql/ });
  await expect(closing).toContainText('psql runs');
  await closing.getByRole('button', { name: 'Close and lose changes' }).click();
  await expect.poll(sessions).toBe(before - 1);
});

const sessions = async (): Promise<number> =>
  (await server.sql("SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'")).length;
