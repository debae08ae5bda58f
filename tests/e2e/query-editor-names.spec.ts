import type { Page } from '@playwright/test';
import { startServer, type TestServer } from '../support/postgres';
import { callMain, expect, test } from './fixtures';
import { ExplorerPage } from './pages/catalog';
import { QueryPage, registerServer } from './pages/query';

let server: TestServer;
test.beforeAll(async () => {
  server = await startServer({ major: 17 });
  await server.sql(
    'CREATE TABLE customers (id int PRIMARY KEY, name text); CREATE SCHEMA sales; ' +
      'CREATE TABLE sales.orders (id int, total numeric(10, 2))',
  );
});
test.afterAll(async () => {
  await server?.stop();
});

const textOf = (page: Page) =>
  page
    .locator('[data-view="query"] .monaco-editor .view-lines')
    .filter({ visible: true })
    .first()
    .innerText()
    .then((text) => text.replaceAll('\u00a0', ' '));

/** The middle of a text that is shown in the editor. */
async function placeOf(page: Page, text: string): Promise<{ x: number; y: number }> {
  const place = await page.evaluate((wanted) => {
    for (const lines of document.querySelectorAll('[data-view="query"] .monaco-editor .view-lines')) {
      const walker = document.createTreeWalker(lines, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const at = (node.textContent ?? '').replaceAll('\u00a0', ' ').indexOf(wanted);
        if (at < 0) continue;
        const range = document.createRange();
        range.setStart(node, at);
        range.setEnd(node, at + wanted.length);
        const { left, width, top, height } = range.getBoundingClientRect();
        if (width > 0) return { x: left + width / 2, y: top + height / 2 };
      }
    }
    return null;
  }, text);
  if (!place) throw new Error(`${text} is not to be seen`);
  return place;
}

test('a name says what it is, and leads to its object', async ({ app, page, shot }) => {
  await registerServer(page, server, 'Shop');
  const query = new QueryPage(page);
  await query.openByMenu(app);
  await query.write('SET search_path = sales');
  await query.run();
  await expect(query.messages.filter({ hasText: 'SET' })).toBeVisible();
  await query.write('WITH few AS (SELECT 1 AS one) SELECT ooo.total FROM orders ooo, few');
  const hover = page.locator('.monaco-hover').filter({ visible: true });
  const over = async (text: string) => {
    await page.mouse.move(5, 5);
    const { x, y } = await placeOf(page, text);
    await page.mouse.move(x, y, { steps: 3 });
  };
  await over('total');
  await expect(hover).toContainText('total numeric(10,2)');
  await over('ooo');
  await expect(hover).toContainText('numeric(10,2)');
  await expect(hover).toContainText('id');
  await shot('editor-hover');

  const click = async (text: string) => {
    const { x, y } = await placeOf(page, text);
    await page.keyboard.down('Control');
    await page.mouse.click(x, y);
    await page.keyboard.up('Control');
  };
  const object = page.locator('[data-view="object"]').filter({ visible: true });
  await click('few');
  await click('total');
  await expect(object).toContainText('orders');
});

test('letters change their case, places are filled with Tab, and only typed brackets are closed', async ({
  app,
  page,
}) => {
  await callMain(page, 'library.saveSnippet', {
    id: '',
    prefix: 'zz',
    name: 'Two places',
    body: 'SELECT ${1:what} FROM ${2:where} LIMIT $3',
  });
  await registerServer(page, server, 'Shop');
  const query = new QueryPage(page);
  await query.openByMenu(app);
  await query.write('select 1');
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.press('Alt+Shift+u');
  await expect.poll(() => textOf(page)).toBe('SELECT 1');
  await page.keyboard.press('Alt+Shift+l');
  await expect.poll(() => textOf(page)).toBe('select 1');

  await query.write('');
  await page.keyboard.type('zz');
  await expect(page.locator('.suggest-widget.visible').getByRole('option', { name: /^zz\b/ })).toBeVisible();
  await page.keyboard.press('Tab');
  await expect.poll(() => textOf(page)).toBe('SELECT what FROM where LIMIT ');
  for (const text of ['1', '2', '5']) {
    await page.keyboard.insertText(text);
    await page.keyboard.press('Tab');
  }
  await expect.poll(() => textOf(page)).toMatch(/^SELECT 1 FROM 2 LIMIT 5\s*$/);

  const pasted = "SELECT '\\u001b[31m(', \"a";
  await query.write(pasted);
  await expect.poll(() => textOf(page)).toBe(pasted);
  await page.evaluate((text) => navigator.clipboard.writeText(text), pasted);
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.press('ControlOrMeta+v');
  await expect.poll(() => textOf(page)).toBe(pasted);
  await query.write('');
  await page.keyboard.type('abs(');
  await expect.poll(() => textOf(page)).toBe('abs()');
});

test('what is dragged from the tree is written where it is let go', async ({ app, page }) => {
  await registerServer(page, server, 'Shop');
  const query = new QueryPage(page);
  await query.openByMenu(app);
  await query.write('SELECT 1 FROM ');
  const explorer = new ExplorerPage(page);
  await explorer.open('Shop', 'Databases', 'postgres', 'Schemas', 'public', 'Tables');
  const from = await explorer.line('customers').boundingBox();
  const to = await placeOf(page, 'FROM');
  if (!from) throw new Error('there is no line');
  await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
  await page.mouse.down();
  await page.mouse.move(from.x + from.width / 2 + 20, from.y + from.height / 2 + 5, { steps: 4 });
  await page.mouse.move(to.x + 60, to.y, { steps: 8 });
  await page.mouse.up();
  await expect.poll(() => textOf(page)).toBe('SELECT 1 FROM public.customers');
});
