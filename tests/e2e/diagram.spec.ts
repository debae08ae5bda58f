import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { NEW_SERVER } from '../../shared/model/server';
import { startServer, type TestServer } from '../support/postgres';
import type { Command } from '../../shared/model/command';
import { answerOpenDialog, answerSaveDialog, expect, test } from './fixtures';
import { DiagramPage } from './pages/diagram';
import { barriers, ShellPage } from './pages/shell';
import { registerServer } from './pages/servers';

const SHOP = `
CREATE TABLE countries (code char(2) PRIMARY KEY, name text NOT NULL UNIQUE);
CREATE TABLE customers (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, email text UNIQUE, country char(2) NOT NULL REFERENCES countries);
CREATE TABLE addresses (customer_id integer PRIMARY KEY REFERENCES customers, street text NOT NULL, city text NOT NULL, country char(2) REFERENCES countries);
CREATE TABLE categories (id integer PRIMARY KEY, parent_id integer REFERENCES categories, name text NOT NULL);
CREATE TABLE products (id bigint PRIMARY KEY, category_id integer NOT NULL REFERENCES categories, sku varchar(40) NOT NULL UNIQUE, name text NOT NULL, price numeric(12,2) NOT NULL, data jsonb);
CREATE TABLE orders (id bigint PRIMARY KEY, customer_id integer NOT NULL REFERENCES customers ON DELETE CASCADE, state text NOT NULL DEFAULT 'new', ordered_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE order_lines (order_id bigint REFERENCES orders, product_id bigint REFERENCES products, quantity integer NOT NULL, price numeric(12,2) NOT NULL, PRIMARY KEY (order_id, product_id));
CREATE TABLE payments (id bigint PRIMARY KEY, order_id bigint REFERENCES orders, amount numeric(12,2) NOT NULL);
CREATE TABLE settings (key text PRIMARY KEY, value text);
CREATE TABLE events (id bigint, at date NOT NULL, what text) PARTITION BY RANGE (at);
CREATE TABLE events_2026 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE TABLE "<script>alert(1)</script>" ("a ""b"" & <c>" int PRIMARY KEY);
`;
/** 300 tables, of which most hang together. */
const MANY = `DO $$ BEGIN
  FOR n IN 1..300 LOOP
    EXECUTE format('CREATE TABLE t_%s (id bigint PRIMARY KEY, name text NOT NULL, state text, made_at timestamptz NOT NULL DEFAULT now())', lpad(n::text, 3, '0'));
    IF n > 1 AND n % 6 <> 0 THEN
      EXECUTE format('ALTER TABLE t_%s ADD COLUMN of_id bigint REFERENCES t_%s', lpad(n::text, 3, '0'), lpad((1 + (n * 7919) % (n - 1))::text, 3, '0'));
    END IF;
  END LOOP; END $$`;

let server: TestServer;
test.beforeAll(async () => {
  server = await startServer({ major: 17 });
  await server.createDatabase('shop');
  await server.sql(SHOP, 'shop');
  await server.createDatabase('many');
  await server.sql(MANY, 'many');
  await server.createDatabase('empty');
  await server.createDatabase('huge');
  await server.sql(
    `DO $$ BEGIN FOR n IN 1..1600 LOOP EXECUTE format('CREATE TABLE t_%s ()', n); END LOOP; END $$;
     CREATE SCHEMA small; CREATE TABLE small.one (id int PRIMARY KEY); CREATE TABLE small.two (id int PRIMARY KEY, one_id int REFERENCES small.one)`,
    'huge',
  );
});
test.afterAll(() => server.stop());

const register = (page: Parameters<typeof registerServer>[0]) =>
  registerServer(page, { ...NEW_SERVER, name: 'Shop', host: '127.0.0.1', port: server.port });

test('a person draws a database, reads it, changes it, and takes pictures and SQL of it', async ({
  page,
  app,
  shot,
  profile,
}) => {
  await register(page);
  const shell = new ShellPage(page);
  const diagram = new DiagramPage(page);
  await shell.find('New diagram');
  await expect(diagram.root.getByText('Draw tables and what ties them together')).toBeVisible();
  await shot('diagram-start');
  await diagram.draw('Shop', 'shop');

  await test.step('the tables stand laid out', async () => {
    await expect(diagram.table('orders')).toBeVisible();
    await expect(diagram.tables.getByRole('option')).toHaveCount(11);
    await expect(shell.tab('shop — diagram')).toBeVisible();
    await shot('diagram-shop');
    expect(await barriers(page)).toEqual([]);
    await shell.choose('Theme', 'Dark');
    await shot('diagram-shop-dark');
    expect(await barriers(page)).toEqual([]);
    await shell.choose('Theme', 'Light');
  });

  await test.step('a table is found by name, and the keyboard goes on from there', async () => {
    await diagram.search.fill('payments');
    await diagram.search.press('Enter');
    await expect(diagram.tables.getByRole('option', { selected: true })).toContainText('payments');
    await diagram.search.fill('');
    await diagram.canvas.focus();
    await page.keyboard.press('ArrowLeft');
    await expect(diagram.tables.getByRole('option', { selected: true })).toContainText('orders');
    await page.keyboard.press('f');
  });

  await test.step('a table is added and tied, taken back and brought again', async () => {
    await diagram.tool('Add a table').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name', { exact: true }).fill('reviews');
    await dialog.getByRole('button', { name: 'Add column' }).click();
    await dialog.getByLabel('Name of column 2').fill('stars');
    await shot('diagram-table-dialog');
    await dialog.getByRole('button', { name: 'Add table' }).click();
    await expect(dialog).toBeHidden();
    await diagram.tool('Add a relation').click();
    await expect(dialog.getByRole('button', { name: 'Add relation' })).toBeDisabled();
    await dialog
      .getByRole('combobox', { name: 'Table referred to' })
      .or(dialog.getByLabel('Table referred to'))
      .first()
      .click();
    await page.getByRole('option', { name: 'public.products' }).click();
    await shot('diagram-relation-dialog');
    await dialog.getByRole('button', { name: 'Add relation' }).click();
    await expect(dialog).toBeHidden();
    await expect(diagram.tables.getByRole('option', { name: /reviews/ })).toContainText('3');
    await diagram.tool('Undo').click();
    await expect(diagram.tables.getByRole('option', { name: /reviews/ })).toContainText('2');
    await diagram.canvas.focus();
    await page.keyboard.press('Control+y');
    await expect(diagram.tables.getByRole('option', { name: /reviews/ })).toContainText('3');
    await diagram.tool('Lay out').click();
    await shot('diagram-changed');
  });

  await test.step('a line drawn from a key ties two tables', async () => {
    await page.keyboard.press('f');
    const key = await diagram.table('settings').boundingBox();
    const target = await diagram.table('payments').boundingBox();
    if (!key || !target) throw new Error('not drawn');
    const scale = key.height / 76;
    await page.mouse.move(key.x + 14 * scale, key.y + 42 * scale);
    await page.mouse.down();
    await page.mouse.move(target.x + target.width / 2, target.y + 10, { steps: 4 });
    await page.mouse.up();
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByText('Add a relation')).toBeVisible();
    await dialog.getByRole('button', { name: 'Add relation' }).click();
    await expect(diagram.tables.getByRole('option', { name: /payments/ })).toContainText('4');
    await shot('diagram-tied');
  });

  await test.step('a note is written', async () => {
    await diagram.tool('Add a note').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Text').fill('Payments come from two providers.\nAsk Ada before changing them.');
    await dialog.getByRole('button', { name: 'Add note' }).click();
    await expect(dialog).toBeHidden();
  });

  await test.step('pictures and the document are written', async () => {
    const svg = join(profile, 'shop.svg');
    await answerSaveDialog(app, svg);
    await diagram.choose('More', 'Export as SVG…');
    await expect(page.getByText('shop.svg was saved')).toBeVisible();
    const text = readFileSync(svg, 'utf8');
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(text).not.toContain('<script');
    const png = join(profile, 'shop.png');
    await answerSaveDialog(app, png);
    await diagram.choose('More', 'Export as PNG…');
    await expect(page.getByText('shop.png was saved')).toBeVisible();
    writeFileSync(join(resolve(import.meta.dirname, '../../artifacts'), 'diagram-export.png'), readFileSync(png));
    expect(readFileSync(png).subarray(1, 4).toString()).toBe('PNG');
    await expect(page.locator('[data-tab]').filter({ hasText: 'unsaved changes' })).toHaveCount(1);
    const file = join(profile, 'mine.howdah-diagram');
    await answerSaveDialog(app, file);
    await diagram.canvas.focus();
    await page.keyboard.press('Control+s');
    await expect(page.getByText('mine.howdah-diagram was saved')).toBeVisible();
    await expect(shell.tab('mine — diagram')).toBeVisible();
    await expect(page.locator('[data-tab]').filter({ hasText: 'unsaved changes' })).toHaveCount(0);
  });

  await test.step('the changes since it was read open in the query tool', async () => {
    await diagram.choose('SQL', 'Changes as a script in the query tool');
    const editor = page.locator('[data-view="query"]');
    await expect(editor).toContainText('CREATE TABLE public.reviews');
    await expect(editor).toContainText('REFERENCES public.products');
  });

  await test.step('a saved diagram opens in another tab; garbage is told', async () => {
    await shell.find('New diagram');
    const other = new DiagramPage(page);
    const garbage = join(profile, 'garbage.howdah-diagram');
    writeFileSync(garbage, '{"no": "diagram"}');
    await answerOpenDialog(app, garbage);
    await other.root.getByRole('button', { name: 'Open a diagram' }).click();
    await expect(page.getByText('This file is not a diagram of Howdah')).toBeVisible();
    await answerOpenDialog(app, join(profile, 'mine.howdah-diagram'));
    await other.root.getByRole('button', { name: 'Open a diagram' }).click();
    await expect(other.table('reviews')).toBeVisible();
  });
});

test('three hundred tables stay usable, and a database without tables teaches', async ({ page, shot }) => {
  await register(page);
  const shell = new ShellPage(page);
  const diagram = new DiagramPage(page);
  await shell.find('New diagram');
  await diagram.draw('Shop', 'many');
  await expect(diagram.tables.getByRole('option')).toHaveCount(300);
  await expect(diagram.table('t_001')).toBeVisible();
  await shot('diagram-many');
  await expect(diagram.canvas).toBeVisible();
  await shell.choose('Theme', 'Dark');
  await shot('diagram-many-dark');
  await diagram.search.fill('t_120');
  await diagram.search.press('Enter');
  await expect(diagram.table('t_120')).toBeVisible();
  await shot('diagram-many-near');
  // Not everything is drawn: only what can be seen.
  expect(await diagram.canvas.locator('g[data-table]').count()).toBeLessThan(100);
  await shell.find('New diagram');
  const empty = new DiagramPage(page);
  await empty.draw('Shop', 'empty');
  await expect(empty.root.getByText('There are no tables yet')).toBeVisible();
  await shot('diagram-empty');
});

test('a huge database asks which schemas; chosen tables bring those related', async ({ page, app, shot }) => {
  const { id: serverId } = await register(page);
  const shell = new ShellPage(page);
  const diagram = new DiagramPage(page);
  await shell.find('New diagram');
  await diagram.draw('Shop', 'huge');
  await expect(diagram.root.getByRole('heading', { name: 'Choose schemas' })).toBeVisible();
  await diagram.root.getByLabel('public (1600 tables)').check();
  await expect(diagram.root.getByRole('button', { name: 'Draw' })).toBeDisabled();
  await diagram.root.getByLabel('public (1600 tables)').uncheck();
  await diagram.root.getByLabel('small (2 tables)').check();
  await shot('diagram-schemas');
  expect(await barriers(page)).toEqual([]);
  await diagram.root.getByRole('button', { name: 'Draw' }).click();
  await expect(diagram.tables.getByRole('option')).toHaveCount(2);

  const [row] = await server.sql(`SELECT 'orders'::regclass::oid::int AS oid`, 'shop');
  const orders = { kind: 'table', oid: Number(row?.['oid']), schema: 'public', name: 'orders', sub: 0 } as const;
  const command: Command = { do: 'show-diagram', serverId, database: 'shop', objects: [orders] };
  await app.evaluate(
    ({ BrowserWindow }, sent) => BrowserWindow.getAllWindows()[0]?.webContents.send('howdah:push', 'app.command', sent),
    command,
  );
  await expect(shell.tab('orders — diagram')).toBeVisible();
  const few = new DiagramPage(page);
  await expect(few.tables.getByRole('option')).toHaveCount(1);
  await few.tables.getByRole('option').click();
  await few.tool('Add related tables').click();
  await expect(few.tables.getByRole('option')).toHaveCount(4);
  await few.tool('Add tables of the database').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Find a table').fill('prod');
  await dialog.getByLabel('public.products').check();
  await shot('diagram-existing');
  await dialog.getByRole('button', { name: 'Add 1 table' }).click();
  await expect(dialog).toBeHidden();
  await expect(few.tables.getByRole('option')).toHaveCount(5);
  await few.canvas.focus();
  await page.keyboard.press('Control+d');
  await expect(few.tables.getByRole('option', { name: /products_2/ })).toBeVisible();
  await shell.choose('Language', '简体中文');
  await shot('diagram-zh');
  await few.root.getByRole('button', { name: '添加关联' }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await shot('diagram-relation-zh');
  expect(await barriers(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await few.root.getByRole('button', { name: '添加表', exact: true }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await shot('diagram-table-zh');
  expect(await barriers(page)).toEqual([]);
});
