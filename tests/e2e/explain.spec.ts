import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { startServer, type TestServer } from '../support/postgres';
import { answerSaveDialog, callMain, expect, test } from './fixtures';
import { QueryPage, registerServer } from './pages/query';
import { barriers } from './pages/shell';

let server: TestServer;
test.beforeAll(async () => {
  server = await startServer({ major: 18 });
  await server.sql(`
    CREATE TABLE customers (id int PRIMARY KEY, region text);
    CREATE TABLE orders (id int PRIMARY KEY, customer_id int, status text, price numeric);
    INSERT INTO customers SELECT i, 'region ' || i % 20 FROM generate_series(1, 2000) i;
    INSERT INTO orders SELECT i, 1 + i % 2000, CASE i % 500 WHEN 0 THEN 'open' ELSE 'done' END, i FROM generate_series(1, 60000) i;
    ANALYZE`);
});
test.afterAll(async () => {
  await server?.stop();
});

const JOIN =
  "SELECT c.region, count(*), sum(o.price) FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.status = 'open' GROUP BY 1 ORDER BY 2 DESC LIMIT 5";

/** The page of a plan below the editor. */
class ExplainPage extends QueryPage {
  constructor(private readonly window: Page) {
    super(window);
  }
  view(name: string): Promise<void> {
    // The radio button itself is hidden: its label takes the click.
    return this.root.getByRole('radiogroup', { name: 'View of the plan' }).getByText(name, { exact: true }).click();
  }
  /** A box of the diagram. */
  box(text: string): Locator {
    return this.root.locator('[data-node]').filter({ hasText: text });
  }
  choose(name: string): Promise<void> {
    return this.window.getByRole('menuitem', { name }).click();
  }
}

test('a plan is looked at in every view, with figures, advice and the chosen node in all of them', async ({
  app,
  page,
  shot,
  profile,
}) => {
  await registerServer(page, server, 'Shop');
  const query = new ExplainPage(page);
  await query.openByMenu(app);
  await query.write(JOIN);
  await page.keyboard.press('F7');
  await expect(query.box('orders o')).toBeVisible();
  await expect(query.root.getByText('Execution', { exact: true })).toHaveCount(0);
  await expect(query.tab(/^Plan 1/)).toHaveAttribute('aria-selected', 'true');
  await shot('explain-plan');
  await page.keyboard.press('Shift+F7');
  await expect(query.root.getByText('Execution', { exact: true })).toBeVisible();
  await expect(query.root.getByText('An index may spare this scan')).toBeVisible();
  await expect(query.root.getByText('CREATE INDEX ON orders (status);')).toBeVisible();
  await shot('explain-diagram');
  expect(await barriers(page)).toEqual([]);

  const diagram = query.root.getByRole('listbox', { name: 'Diagram' });
  await diagram.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await expect(query.root.getByRole('heading', { name: 'Sort' })).toBeVisible();
  await query.view('Tree');
  await expect(query.root.getByRole('row', { selected: true })).toContainText('Sort');
  await query.root.getByRole('row').filter({ hasText: 'orders o' }).click();
  await expect(query.root.getByText("(status = 'open'::text)")).toBeVisible();
  await shot('explain-tree');
  await query.view('Table');
  await expect(query.root.getByRole('row').nth(1)).toContainText('Seq Scan');
  await shot('explain-table');
  expect(await barriers(page)).toEqual([]);
  await query.view('Flame');
  await expect(query.root.getByRole('option', { selected: true })).toContainText('Seq Scan orders o');
  await shot('explain-flame');
  await query.view('Statistics');
  await expect(query.root.getByRole('table', { name: 'Relation' }).getByRole('row').nth(1)).toContainText('orders');
  await shot('explain-statistics');
  await query.view('Text');
  await expect(query.root.getByRole('region', { name: 'Text' })).toContainText('Seq Scan on orders o  (cost=');
  await query.view('Diagram');

  const path = join(profile, 'plan.svg');
  await answerSaveDialog(app, path);
  await query.root.getByRole('button', { name: 'Plan', exact: true }).click();
  await query.choose('Save diagram as SVG…');
  await expect.poll(() => readFile(path, 'utf8').catch(() => '')).toContain('>Seq Scan<');
  const png = join(profile, 'plan.png');
  await answerSaveDialog(app, png);
  await query.root.getByRole('button', { name: 'Plan', exact: true }).click();
  await query.choose('Save diagram as PNG…');
  const start = () => readFile(png, 'latin1').catch(() => '');
  await expect.poll(async () => (await start()).slice(1, 4)).toBe('PNG');

  await callMain(page, 'settings.update', { theme: 'dark', language: 'zh-CN' });
  await expect(query.button('执行计划')).toBeVisible();
  await shot('explain-dark-zh');
  expect(await barriers(page)).toEqual([]);
});

test('analyzing an UPDATE changes nothing; two plans are compared; a plan comes from elsewhere', async ({
  app,
  page,
  shot,
}) => {
  await registerServer(page, server, 'Shop');
  const query = new ExplainPage(page);
  await query.openByMenu(app);
  await query.write('UPDATE orders SET price = 0');
  await page.keyboard.press('Shift+F7');
  await expect(query.box('Update')).toBeVisible();
  expect(await server.sql('SELECT count(*)::int AS count FROM orders WHERE price = 0')).toEqual([{ count: 0 }]);

  await query.write('SELECT * FROM orders WHERE price > :least');
  await page.keyboard.press('F7');
  const asked = page.getByRole('dialog', { name: 'Parameters' });
  await asked.getByRole('textbox', { name: 'least', exact: true }).fill('7');
  await page.keyboard.press('Enter');
  await expect(asked).toHaveCount(0);
  await expect(query.box('Seq Scan')).toBeVisible();
  await query.write('');
  await page.keyboard.press('F7');
  await expect(page.getByText('The cursor is in no statement')).toBeVisible();

  await query.write("SELECT * FROM orders WHERE status = 'open'");
  await page.keyboard.press('Shift+F7');
  await expect(query.box('Seq Scan')).toBeVisible();
  await server.sql('CREATE INDEX ON orders (status)');
  await query.root.locator('.monaco-editor .view-lines').first().click();
  await page.keyboard.press('Shift+F7');
  await expect(query.box('Index Scan').or(query.box('Bitmap Heap Scan')).first()).toBeVisible();
  await query.root.getByRole('button', { name: 'Compare' }).click();
  await query.choose("SELECT * FROM orders WHERE status = 'open'");
  const pairs = query.root.getByRole('table', { name: 'Both plans node by node' });
  await expect(pairs.getByRole('row').filter({ hasText: 'Seq Scan orders' })).toBeVisible();
  await shot('explain-compare');
  expect(await barriers(page)).toEqual([]);
  await query.button('End comparison').click();

  await query.root.getByRole('button', { name: 'Plan', exact: true }).click();
  await query.choose('Open plan…');
  const dialog = page.getByRole('dialog', { name: 'Open plan' });
  await dialog.getByRole('textbox', { name: 'Plan in JSON' }).fill('no plan');
  await dialog.getByRole('button', { name: 'Open', exact: true }).click();
  await expect(dialog.getByRole('alert')).toContainText('This is not a plan in JSON');
  const leaf = {
    'Node Type': 'Seq Scan',
    'Relation Name': 'far "away"',
    Alias: 'far "away"',
    'Parent Relationship': 'Member',
  };
  const plan = [{ Plan: { 'Node Type': 'Append', Plans: Array.from({ length: 1000 }, () => leaf) } }];
  await dialog.getByRole('textbox', { name: 'Plan in JSON' }).fill(JSON.stringify(plan));
  await dialog.getByRole('button', { name: 'Open', exact: true }).click();
  await expect(query.box('Append')).toBeVisible();
  await shot('explain-large');
  await query.button('Back to the run').click();
  await expect(query.box('Append')).toHaveCount(0);

  await query.root.getByRole('button', { name: 'Explain options' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Verbose' }).click();
  await expect(page.getByRole('menuitemcheckbox', { name: 'Verbose' })).toHaveAttribute('aria-checked', 'true');
  await shot('explain-options');
  await page.keyboard.press('Escape');
});
