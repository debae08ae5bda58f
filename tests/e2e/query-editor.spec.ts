import type { Page } from '@playwright/test';
import { startServer, type TestServer } from '../support/postgres';
import { callMain, expect, test } from './fixtures';
import { QueryPage, registerServer } from './pages/query';
import { barriers } from './pages/shell';

let server: TestServer;
test.beforeAll(async () => {
  server = await startServer({ major: 17 });
  await server.sql(
    'CREATE TABLE customers (id int PRIMARY KEY, name text, "Full Name" text); ' +
      'CREATE TABLE orders (id int PRIMARY KEY, customer_id int REFERENCES customers, total numeric); ' +
      "INSERT INTO customers VALUES (1, 'Ada', 'Ada L.'), (2, 'Bob', 'Bob B.')",
  );
});
test.afterAll(async () => {
  await server?.stop();
});

const textOf = (page: Page) =>
  page
    .locator('[data-view="query"] .monaco-editor .view-lines')
    .first()
    .innerText()
    .then((text) => text.replaceAll('\u00a0', ' '));
const list = (page: Page) => page.locator('.suggest-widget.visible');
const entry = (page: Page, name: string) => list(page).getByRole('option', { name: new RegExp(`^${name}\\b`) });

test('names are offered while typing, and Tab takes one', async ({ app, page, shot }) => {
  await registerServer(page, server, 'Shop');
  const query = new QueryPage(page);
  await query.openByMenu(app);
  await query.write('SELECT  FROM customers c JOIN ');
  await page.keyboard.press('Control+Space');
  await expect(entry(page, 'orders ON orders.customer_id = c.id')).toBeVisible();
  await shot('editor-join');
  await page.keyboard.press('Tab');
  await expect.poll(() => textOf(page)).toBe('SELECT  FROM customers c JOIN orders ON orders.customer_id = c.id');
  await page.keyboard.press('Home');
  for (let step = 0; step < 'SELECT '.length; step += 1) await page.keyboard.press('ArrowRight');
  await page.keyboard.type('c.');
  await expect(entry(page, 'name')).toBeVisible();
  await expect(entry(page, 'Full Name')).toBeVisible();
  await shot('editor-columns');
  await page.keyboard.type('fu');
  await expect(entry(page, 'name')).toHaveCount(0);
  await page.keyboard.press('Tab');
  await expect.poll(() => textOf(page)).toContain('SELECT c."Full Name" FROM customers c');

  // Enter ends a line when nothing was begun, and takes an entry when a word was.
  await query.write('SELECT * FROM customers c WHERE c.');
  await page.keyboard.press('Backspace');
  await page.keyboard.type('.');
  await expect(entry(page, 'name')).toBeVisible();
  await page.keyboard.press('Enter');
  await page.keyboard.type('na');
  await expect(entry(page, 'name')).toBeVisible();
  await page.keyboard.press('Enter');
  await expect.poll(() => textOf(page)).toMatch(/c\.\s+name$/);
  await callMain(page, 'settings.update', { theme: 'dark', language: 'zh-CN' });
  await query.write('SEL');
  await page.keyboard.press('Control+Space');
  await expect(entry(page, 'SELECT')).toBeVisible();
  await shot('editor-keywords-dark-zh');
  await page.keyboard.press('Escape');
  await expect(list(page)).toHaveCount(0);
});

test('formats, asks for parameters, and goes to an object', async ({ app, page, shot }) => {
  await registerServer(page, server, 'Shop');
  const query = new QueryPage(page);
  await query.openByMenu(app);
  await query.write('select id,name from customers where id=:id');
  await page.keyboard.press('Shift+Alt+f');
  await expect.poll(() => textOf(page)).toMatch(/SELECT\s+id,\s+name\s+FROM\s+customers\s+WHERE\s+id = :id/);
  await shot('editor-formatted');

  await query.run();
  const dialog = page.getByRole('dialog', { name: 'Parameters' });
  await dialog.getByRole('textbox', { name: 'id', exact: true }).fill('2');
  await expect(dialog.locator('.view-lines')).toContainText("'2'");
  await shot('editor-parameters');
  expect(await barriers(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await expect(query.cell(1, 0)).toHaveText('Bob');
  await query.root.locator('.monaco-editor .view-lines').first().click();
  await query.run();
  await expect(dialog.getByRole('textbox', { name: 'id', exact: true })).toHaveValue('2');
  await dialog.getByRole('checkbox', { name: 'id is NULL' }).check();
  await callMain(page, 'settings.update', { theme: 'dark' });
  await shot('editor-parameters-dark');
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);

  await query.write('SELECT * FROM customers');
  await page.keyboard.press('F12');
  await expect(page.locator('[data-view="object"]').filter({ visible: true })).toContainText('customers');
});

test('a thing of the tree is dragged into the text; with Shift a query of its columns', async ({ app, page }) => {
  await registerServer(page, server, 'Shop');
  const query = new QueryPage(page);
  await query.openByMenu(app);
  await query.write('SELECT 1 FROM ');
  const drop = async (shiftKey: boolean) => {
    await page.evaluate((shift) => {
      const lines = document.querySelector('[data-view="query"] .monaco-editor .view-line > span > span:last-child');
      if (!lines) throw new Error('there is no text');
      const box = lines.getBoundingClientRect();
      const dataTransfer = new DataTransfer();
      dataTransfer.setData('text/plain', 'public.customers');
      dataTransfer.setData('application/x-howdah-object', '["public","customers"]');
      const at = { clientX: box.right + 30, clientY: box.top + box.height / 2, bubbles: true, cancelable: true };
      lines.dispatchEvent(new DragEvent('dragover', { ...at, dataTransfer }));
      lines.dispatchEvent(new DragEvent('drop', { ...at, dataTransfer, shiftKey: shift }));
    }, shiftKey);
  };
  await drop(false);
  await expect.poll(() => textOf(page)).toBe('SELECT 1 FROM public.customers');
  await query.write(' ');
  await drop(true);
  await expect.poll(() => textOf(page)).toMatch(/SELECT id, name, "Full Name"\s+FROM public\.customers;/);
});

test('a text of 20 MB stays a text that can be written in', async ({ app, page }) => {
  await registerServer(page, server, 'Shop');
  const query = new QueryPage(page);
  await query.openByMenu(app);
  await query.write('x');
  await page.evaluate(() => navigator.clipboard.writeText('-- a line of a long script\n'.repeat(780_000)));
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.press('ControlOrMeta+v');
  await expect.poll(() => textOf(page), { timeout: 30_000 }).toContain('-- a line of a long script');
  const started = Date.now();
  await page.keyboard.press('ControlOrMeta+Home');
  await page.keyboard.type('quick ');
  await expect.poll(() => textOf(page)).toContain('quick -- a line');
  expect(Date.now() - started).toBeLessThan(5000);
});
