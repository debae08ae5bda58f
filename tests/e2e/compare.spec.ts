import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { openSession } from '../../electron/adapters/postgres/session';
import { NEW_SERVER } from '../../shared/model/server';
import { startServer, type TestServer } from '../support/postgres';
import { answerOpenDialog, expect, test } from './fixtures';
import { registerServer } from './pages/servers';
import { barriers, ShellPage } from './pages/shell';

const STRUCTURE = `CREATE SCHEMA shop;
CREATE TABLE shop.customers (id integer PRIMARY KEY, name text NOT NULL);
CREATE TABLE shop.orders (id integer PRIMARY KEY, customer integer REFERENCES shop.customers, state text DEFAULT 'new');
CREATE VIEW shop.open_orders AS SELECT id FROM shop.orders WHERE state = 'new';
CREATE TABLE shop.a_table_with_a_very_long_name_that_does_not_fit_beside_its_state (id integer);`;
const ROWS = `INSERT INTO shop.customers VALUES (1, 'Ada'), (2, 'Grace'), (3, 'Edsger');`;

let server: TestServer;
test.beforeAll(async () => {
  server = await startServer({ major: 17 });
  await server.createDatabase('new_shop');
  await server.sql(
    `${STRUCTURE}${ROWS}ALTER TABLE shop.orders ADD note text; CREATE INDEX ON shop.orders (customer);`,
    'new_shop',
  );
  await server.createDatabase('old_shop');
  await server.sql(
    `${STRUCTURE}${ROWS}UPDATE shop.customers SET name = 'Grace H.' WHERE id = 2; DELETE FROM shop.customers WHERE id = 3;
     ALTER TABLE shop.orders ADD gone text; CREATE TABLE shop.scratch (id integer);`,
    'old_shop',
  );
});
test.afterAll(() => server.stop());

class ComparePage {
  readonly page: Page;
  readonly root: Locator;
  constructor(page: Page) {
    this.page = page;
    this.root = page.getByTestId('compare-view');
  }
  side(name: 'Source' | 'Target'): Locator {
    return this.root.getByRole('group', { name, exact: true });
  }
  async choose(side: 'Source' | 'Target', label: string, option: string): Promise<void> {
    await this.side(side)
      .getByRole('textbox', { name: label, exact: true })
      .or(this.side(side).getByRole('combobox', { name: label, exact: true }))
      .first()
      .click();
    await this.page.getByRole('option', { name: option, exact: true }).click();
  }
  async tab(name: string): Promise<void> {
    await this.root.getByRole('tab', { name, exact: true }).click();
  }
  get list(): Locator {
    return this.root.getByRole('listbox', { name: 'Objects compared' });
  }
}

test('a person compares two databases, reviews the script, applies it, and compares rows', async ({
  page,
  app,
  shot,
  profile,
}) => {
  await registerServer(page, {
    ...NEW_SERVER,
    name: 'Shop',
    host: '127.0.0.1',
    port: server.port,
    environment: 'production',
  });
  const shell = new ShellPage(page);
  const compare = new ComparePage(page);
  await shell.find('Compare schemas or databases');
  await compare.choose('Source', 'Server', 'Shop');
  await compare.choose('Source', 'Database', 'new_shop');
  await compare.choose('Target', 'Server', 'Shop');
  await compare.choose('Target', 'Database', 'old_shop');
  await shot('compare-sides');
  expect(await barriers(page)).toEqual([]);
  await compare.root.getByRole('button', { name: 'Compare', exact: true }).click();

  await test.step('the differences are listed with both definitions', async () => {
    await expect(compare.list.getByRole('option', { name: /shop\.orders, .*Different/ })).toBeVisible();
    await expect(compare.list.getByRole('option')).toHaveCount(3);
    await compare.list.getByRole('option', { name: /shop\.orders, .*Different/ }).click();
    await expect(compare.root.getByRole('region', { name: 'Definitions beside each other' })).toContainText(
      'note text',
    );
    await compare.list.focus();
    await page.keyboard.press('ArrowDown');
    await expect(compare.root.getByRole('checkbox', { name: /^Equal/ })).not.toBeChecked();
    await compare.root.getByRole('checkbox', { name: /^Equal/ }).click();
    await expect(compare.list.getByRole('option', { name: /a_table_with_a_very_long/ })).toBeVisible();
    await compare.list.getByRole('option', { name: /shop\.orders, .*Different/ }).click();
    await shot('compare-objects');
    expect(await barriers(page)).toEqual([]);
    await shell.choose('Theme', 'Dark');
    await shot('compare-objects-dark');
    expect(await barriers(page)).toEqual([]);
    await shell.choose('Theme', 'Light');
  });

  await test.step('the script says what it loses, and is applied', async () => {
    await compare.tab('Script');
    await expect(compare.root.getByText('shop.orders.gone is dropped with its values.')).toBeVisible();
    // Sides that are chosen for the next comparison are not those of this script.
    await compare.tab('Sides');
    await compare.choose('Target', 'Database', 'new_shop');
    await compare.tab('Script');
    await compare.root.getByRole('checkbox', { name: 'Drop what only the target has' }).click();
    await expect(compare.root.getByText('shop.scratch is dropped with its rows.')).toBeVisible();
    await shot('compare-script');
    expect(await barriers(page)).toEqual([]);
    await compare.root.getByRole('button', { name: 'Apply…' }).click();
    await expect(page.getByRole('dialog')).toContainText('DROP TABLE shop.scratch;');
    await expect(page.getByRole('dialog')).toContainText('old_shop — Shop');
    await expect(page.getByRole('dialog')).not.toContainText('new_shop');
    const deed = page.getByRole('button', { name: /^Run \d+ statements$/ });
    await expect(deed).toBeDisabled();
    await page.getByRole('dialog').getByRole('textbox').fill('Shop');
    await shot('compare-apply');
    const blocker = await openSession(server.profile('old_shop'));
    await blocker.query('BEGIN');
    await blocker.query('LOCK TABLE shop.orders, shop.scratch');
    await deed.click();
    const waiting = "SELECT 1 FROM pg_stat_activity WHERE datname = 'old_shop' AND wait_event_type = 'Lock'";
    await expect.poll(async () => (await server.sql(waiting)).length).toBe(1);
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel', exact: true }).click();
    await expect(page.getByRole('dialog')).toBeHidden();
    expect(await server.sql(waiting)).toEqual([]);
    await blocker.end();
    expect(await server.sql("SELECT to_regclass('shop.scratch')::text AS kept", 'old_shop')).toEqual([
      { kept: 'shop.scratch' },
    ]);
    await compare.root.getByRole('button', { name: 'Apply…' }).click();
    await page.getByRole('dialog').getByRole('textbox').fill('Shop');
    await deed.click();
    await expect(compare.root.getByText('Both sides are equal')).toBeVisible();
    await shot('compare-equal');
    await compare.tab('Sides');
    await compare.choose('Target', 'Database', 'old_shop');
  });

  await test.step('rows are compared by their key', async () => {
    await compare.tab('Data');
    await compare.root.getByRole('checkbox', { name: /^All 2 tables/ }).click();
    await compare.root.getByRole('button', { name: 'Compare rows' }).click();
    await compare.root.getByRole('button', { name: 'Differing rows of shop.customers' }).click();
    await expect(compare.root.getByRole('region', { name: 'Differing rows', exact: true })).toContainText('Grace H.');
    await expect(
      compare.root.getByRole('checkbox', { name: 'Delete rows that only the target has' }),
    ).not.toBeChecked();
    await shot('compare-data');
    expect(await barriers(page)).toEqual([]);
  });

  await test.step('a dump file is a side too', async () => {
    const path = join(profile, 'shop.sql');
    writeFileSync(path, `${STRUCTURE}CREATE TABLE shop.from_file (id integer);`);
    await answerOpenDialog(app, path);
    await compare.tab('Sides');
    await compare.side('Source').getByText('Dump file', { exact: true }).click();
    await compare.side('Source').getByRole('button', { name: 'Choose a dump file' }).click();
    await expect(compare.side('Source').getByText('shop.sql').first()).toBeVisible();
    await compare.root.getByRole('button', { name: 'Compare', exact: true }).click();
    await expect(compare.list.getByRole('option', { name: /shop\.from_file, .*Only in the source/ })).toBeVisible();
    expect(await server.sql("SELECT datname FROM pg_database WHERE datname LIKE 'howdah%'")).toEqual([]);
    await shot('compare-file');
  });
});
