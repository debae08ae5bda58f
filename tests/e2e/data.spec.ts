import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { startServer, type TestServer } from '../support/postgres';
import { answerSaveDialog, callMain, chooseMenu, expect, test } from './fixtures';
import { DataPage } from './pages/data';
import { notOffered } from './pages/offers';
import { QueryPage, registerServer } from './pages/query';
import { ResultsPage } from './pages/results';
import { barriers, ShellPage } from './pages/shell';

let server: TestServer;
test.beforeAll(async () => {
  server = await startServer({ major: 17 });
});
test.afterAll(async () => {
  await server?.stop();
});
test.beforeEach(async () => {
  await server.sql(`DROP TABLE IF EXISTS orders, customers; DROP TYPE IF EXISTS state;
    CREATE TYPE state AS ENUM ('new', 'paid', 'sent');
    CREATE TABLE customers (id int PRIMARY KEY, name text NOT NULL);
    INSERT INTO customers SELECT n, 'Customer ' || n FROM generate_series(1, 500) n;
    CREATE TABLE orders (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer int REFERENCES customers, note text, total numeric(10,2) CHECK (total >= 0),
      state state NOT NULL DEFAULT 'new', urgent boolean, details jsonb);
    INSERT INTO orders (customer, note, total, urgent, details)
      SELECT n, CASE n % 3 WHEN 0 THEN NULL WHEN 1 THEN '' ELSE 'note ' || n END, n * 1.5, n % 2 = 0, '{"n": 1}' FROM generate_series(1, 40) n`);
});

const rows = (where: string) =>
  server.sql(
    `SELECT id, customer, note, total::text, state::text, urgent, details::text FROM orders WHERE ${where} ORDER BY id`,
  );

test('cells are written, emptied and chosen; rows added, pasted and deleted; all saved at once', async ({
  app,
  page,
  shot,
}) => {
  await registerServer(page, server, 'Shop');
  const data = new DataPage(page);
  await data.openByMenu('orders');
  await expect(data.cell(2, 0)).toHaveText('');
  await expect(data.cell(2, 2)).toHaveText('NULL');
  // The menu of copying, and what is offered in more words.
  expect(await notOffered(page, data.root, [/^Copy$/, /^Filter$/, /^Value$/, /^Refresh$/, /^Open as query$/])).toEqual(
    [],
  );
  await shot('data-light');

  await test.step('a text is typed, NULL and the empty text are two things', async () => {
    await data.goTo(2, 0);
    await page.keyboard.press('x');
    await expect(data.field).toHaveValue('x');
    await page.keyboard.insertText('yz');
    await shot('data-writing');
    await page.keyboard.press('Enter');
    await expect(data.cell(2, 0)).toHaveText('xyz');
    await page.keyboard.press('ControlOrMeta+0');
    await expect(data.cell(2, 1)).toHaveText('NULL');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('F2');
    await data.button('Empty text').click();
    await page.keyboard.press('Enter');
    await expect(data.cell(2, 2)).toHaveText('');
    await expect(data.counts).toHaveText('3 changed');
    await page.keyboard.press('ControlOrMeta+z');
    await expect(data.counts).toHaveText('2 changed');
    await page.keyboard.press('ControlOrMeta+Shift+z');
    await expect(data.counts).toHaveText('3 changed');
  });

  await test.step('a foreign key is looked up, an enum and a boolean are chosen, JSON has room', async () => {
    await data.goTo(1, 3);
    await page.keyboard.press('Enter');
    await page.keyboard.press('F4');
    const dialog = page.getByRole('dialog', { name: 'Choose from public.customers' });
    await dialog.getByRole('combobox').fill('omer 77');
    await expect(dialog.getByRole('option')).toHaveText(['77Customer 77']);
    await shot('data-lookup');
    expect(await barriers(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await expect(data.cell(1, 3)).toHaveText('77');
    await data.goTo(4, 3);
    await page.keyboard.press('Enter');
    await page.getByRole('option', { name: 'paid' }).click();
    await expect(data.cell(4, 3)).toHaveText('paid');
    await data.goTo(5, 3);
    await page.keyboard.press('Enter');
    await page.getByRole('option', { name: 'NULL' }).click();
    await expect(data.cell(5, 3)).toHaveText('NULL');
    await data.goTo(6, 3);
    await page.keyboard.press('Enter');
    const large = page.getByRole('dialog', { name: 'Value of details' });
    await large.getByRole('textbox').fill('{"n": 2');
    await expect(large.getByText(/JSON/)).toBeVisible();
    await shot('data-json');
    await large.getByRole('textbox').fill('{"n": 2}');
    await large.getByRole('button', { name: 'Apply' }).click();
    await expect(data.cell(6, 3)).toHaveText('{"n": 2}');
  });

  await test.step('rows come from the clipboard, and go', async () => {
    await data.goTo(0, 39);
    await page.keyboard.press('Insert');
    await expect(data.cell(0, 40)).toHaveText('generated');
    await expect(data.counts).toHaveText('4 changed · 1 added');
    await app.evaluate(({ clipboard }) => clipboard.writeText('5\t"two\nlines"\t7.50\n6\t\t8'));
    await page.keyboard.press('ControlOrMeta+v');
    await expect(data.cell(3, 41)).toHaveText('8');
    await expect(data.counts).toHaveText('4 changed · 2 added');
    await data.goTo(0, 4);
    await page.keyboard.press('ControlOrMeta+-');
    await expect(data.counts).toHaveText('4 changed · 2 added · 1 deleted');
    await shot('data-staged');
    expect(await barriers(page)).toEqual([]);
  });

  await test.step('the statements are read, then all is saved', async () => {
    await data.button('Review SQL').click();
    const review = page.getByRole('dialog', { name: 'SQL of the changed rows' });
    await expect(review.getByRole('textbox')).toHaveValue(/DELETE FROM public\.orders[^]*SET note = 'xyz'/);
    await shot('data-review');
    await review.getByRole('button', { name: 'Close', exact: true }).last().click();
    await page.keyboard.press('ControlOrMeta+s');
    await expect(page.getByText('7 rows saved').first()).toBeVisible();
    await data.goTo(0, 41);
    await expect(data.cell(0, 40)).toHaveText('41');
    expect(await rows('id IN (1, 2, 3, 4, 5) OR id > 40')).toEqual([
      { id: 1, customer: 1, note: 'xyz', total: '1.50', state: 'new', urgent: false, details: '{"n": 1}' },
      { id: 2, customer: 2, note: null, total: '3.00', state: 'new', urgent: true, details: '{"n": 1}' },
      { id: 3, customer: 3, note: '', total: '4.50', state: 'new', urgent: false, details: '{"n": 1}' },
      { id: 4, customer: 77, note: '', total: '6.00', state: 'paid', urgent: null, details: '{"n": 2}' },
      { id: 41, customer: 5, note: 'two\nlines', total: '7.50', state: 'new', urgent: null, details: null },
      { id: 42, customer: 6, note: '', total: '8.00', state: 'new', urgent: null, details: null },
    ]);
    await shot('data-saved');
  });
});

test('what others changed is shown beside one’s own; what the server refuses is named; a run asks first', async ({
  app,
  page,
  shot,
}) => {
  await registerServer(page, server, 'Shop');
  const data = new DataPage(page);
  await data.openByMenu('orders');
  await data.goTo(2, 0);
  await page.keyboard.press('m');
  await page.keyboard.insertText('ine');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Delete');
  await expect(data.counts).toHaveText('2 changed');
  await server.sql("UPDATE orders SET note = 'theirs' WHERE id = 1; DELETE FROM orders WHERE id = 2");
  await data.button('Save').click();
  const dialog = page.getByRole('dialog', { name: '2 rows were changed meanwhile' });
  await expect(dialog.getByRole('cell', { name: 'theirs' })).toBeVisible();
  await expect(dialog.getByText('The row is gone')).toBeVisible();
  await shot('data-conflicts');
  expect(await barriers(page)).toEqual([]);
  await dialog.getByText('Keep mine').click();
  await dialog.getByRole('button', { name: 'Apply and save the rest' }).click();
  await expect(page.getByText('1 row saved').first()).toBeVisible();
  expect((await rows('id = 1'))[0]).toMatchObject({ note: 'mine' });

  await data.goTo(3, 2);
  await page.keyboard.press('-');
  await page.keyboard.insertText('1');
  await page.keyboard.press('ControlOrMeta+s');
  await expect(data.root.getByRole('alert')).toContainText('violates check constraint');
  await callMain(page, 'settings.update', { theme: 'dark', language: 'zh-CN' });
  await expect(page.locator('html[data-mantine-color-scheme="dark"]')).toHaveCount(1);
  await expect(data.button('查看 SQL')).toBeVisible();
  await shot('data-refused-dark-zh');
  await page.keyboard.press('F5');
  await page.getByRole('button', { name: '丢弃并继续' }).click();
  await expect(data.counts).toHaveCount(0);
  await expect(data.cell(0, 1)).toHaveText('3');
  await callMain(page, 'settings.update', { theme: 'light', language: 'en' });

  const query = new QueryPage(page);
  await query.openByMenu(app);
  await query.write('SELECT c.name, o.note FROM orders o JOIN customers c ON c.id = o.customer ORDER BY 1');
  await query.run();
  await expect(query.button('Read-only')).toBeVisible();
  await query.write('SELECT id, note FROM orders ORDER BY id');
  await query.run();
  await expect(query.button('Add a row')).toBeVisible();
});

test('staged rows of a query tab: copied, seen, asked about, saved from their grid only, and gone with a rollback', async ({
  app,
  page,
  shot,
  profile,
}) => {
  await registerServer(page, server, 'Shop');
  const query = new QueryPage(page);
  await query.openByMenu(app);
  await shot('query-empty-1280');
  await query.write('SELECT id, note FROM orders ORDER BY id');
  await query.run();
  await expect(query.button('Add a row')).toBeVisible();
  await query.enterGrid();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('n');
  await page.keyboard.insertText('ew');
  await page.keyboard.press('Enter');
  await page.keyboard.press('ControlOrMeta+Home');
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('ControlOrMeta+c');
  await expect.poll(() => app.evaluate(({ clipboard }) => clipboard.readText())).toBe('1\tnew');
  await page.keyboard.press('ArrowRight');
  await query.button('Value').click();
  const value = query.root.getByRole('complementary', { name: 'Value' });
  await expect(value.getByRole('textbox', { name: 'Value', exact: true })).toHaveValue('new');
  await shot('query-staged');
  await query.button('Value').click();
  const results = new ResultsPage(page, query);
  await results.mode('One row as a list');
  await expect(results.record).toContainText('new');
  await results.mode('Rows');

  const asked = page.getByRole('dialog');
  await page.keyboard.press('ControlOrMeta+Alt+\\');
  const refusal = page.getByRole('alert').filter({ hasText: 'before the tab goes to another window' });
  await refusal.getByRole('button', { name: 'Dismiss' }).click();
  await query.button('Run').click();
  await expect(asked).toContainText('Drop 1 unsaved change?');
  await page.keyboard.press('Escape');
  await expect(asked).toBeHidden();
  await page.keyboard.press('ControlOrMeta+w');
  await expect(asked).toContainText('1 row was changed and not saved. Its text was changed and not saved.');
  await page.keyboard.press('Escape');
  await expect(asked).toBeHidden();

  await query.button('Mode').click();
  await page.getByRole('menuitem', { name: 'Begin a transaction' }).click();
  await expect(query.status).toContainText('In transaction');
  // Menus: of the same deeds as the palette's; the user's of two; the tab's texts; EXPLAIN's options.
  const menus = [
    /^Mode$/,
    /^Savepoints$/,
    /^User /,
    /^Library$/,
    /^Explain options$/,
    /^Copy$/,
    /^Value$/,
    /^Filter$/,
    /^Read-only$/,
  ];
  // The bar says it short.
  const short = [/^Undo$/, /^Redo$/, /^Review SQL$/, /^Discard$/, /^Save$/];
  expect(await notOffered(page, query.root, [...menus, ...short])).toEqual([]);

  // In the editor the keys of saving, and anywhere the menu, mean the text.
  const file = join(profile, 'orders.sql');
  await answerSaveDialog(app, file);
  await query.root.locator('.monaco-editor .view-lines').first().click();
  await page.keyboard.press('ControlOrMeta+s');
  await expect.poll(() => existsSync(file)).toBe(true);
  rmSync(file);
  await chooseMenu(app, 'save-file');
  await expect.poll(() => existsSync(file)).toBe(true);
  expect(await rows("note = 'new'")).toEqual([]);
  await expect(query.cell(1, 0)).toHaveText('new');
  await query.button('Save as…').click();
  await expect(asked).toContainText('1 row was changed after it was read.');
  await page.keyboard.press('Escape');
  await expect(asked).toBeHidden();
  await query.enterGrid();
  await page.keyboard.press('ControlOrMeta+s');
  await expect(page.getByText('1 row changed in the open transaction: commit to keep it').first()).toBeVisible();
  await expect(query.cell(1, 0)).toHaveText('new');
  await query.button('Rollback').click();
  await expect(query.root.getByText(/^A rollback came after rows had been saved/)).toBeVisible();
  await expect(query.cell(1, 0)).toHaveText('');
  await shot('query-rolled-back');
  expect(await barriers(page)).toEqual([]);
  await callMain(page, 'settings.update', { theme: 'dark' });
  await expect(page.locator('html[data-mantine-color-scheme="dark"]')).toHaveCount(1);
  await shot('query-rolled-back-dark');
  await callMain(page, 'settings.update', { theme: 'light' });

  await query.write('LISTEN news');
  await query.run();
  await expect(query.messages.last()).toContainText('LISTEN');
  await chooseMenu(app, 'show-settings');
  await expect(new ShellPage(page).view('settings')).toBeVisible();
  await server.sql("SELECT pg_notify('news', 'a parcel')");
  await page.keyboard.press('Control+Alt+b');
  const notices = page.getByRole('dialog', { name: 'Notifications' });
  await expect(notices).toContainText('heard news');
  await expect(notices).toContainText('a parcel');
  await notices.getByRole('button', { name: /Go to/ }).first().click();
  await expect(query.tab(/^Notifications/)).toBeVisible();
});

test('deleting rows of a production server asks for its name', async ({ app, page, shot }) => {
  const {
    id,
    hasPassword: _password,
    hasSshPassword: _sshPassword,
    status: _status,
    ...registered
  } = await registerServer(page, server, 'Shop');
  await callMain(page, 'servers.save', { server: { ...registered, id, environment: 'production' }, secrets: {} });
  const data = new DataPage(page);
  await data.openByMenu('orders');
  await data.goTo(0, 1);
  await page.keyboard.press('ControlOrMeta+-');
  await expect(data.counts).toHaveText('1 deleted');
  await chooseMenu(app, 'save-file');
  const asked = page.getByRole('dialog');
  await expect(asked).toContainText('What was changed is written to Shop. 1 row is deleted.');
  const deed = asked.getByRole('button', { name: 'Save 1 change' });
  await expect(deed).toBeDisabled();
  await shot('data-production');
  await asked.getByRole('textbox').fill('Shop');
  await deed.click();
  await expect(page.getByText('1 row saved').first()).toBeVisible();
  expect(await rows('id = 2')).toEqual([]);
});
