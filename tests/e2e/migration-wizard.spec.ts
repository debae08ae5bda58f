import type { MigrationJobView } from '../../shared/model/migration-api';
import { NEW_SERVER } from '../../shared/model/server';
import { startServer, type TestServer } from '../support/postgres';
import { callMain, expect, test } from './fixtures';
import { MigrationWizardPage } from './pages/migration';
import { barriers, ShellPage } from './pages/shell';

const SHOP = `
CREATE SCHEMA shop;
CREATE TABLE shop.customers (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL);
CREATE TABLE shop.orders (id bigserial PRIMARY KEY, customer bigint REFERENCES shop.customers, total numeric);
CREATE TABLE shop.audit (at timestamptz DEFAULT now(), what text);
CREATE VIEW shop.open_orders AS SELECT o.id, c.name FROM shop.orders o JOIN shop.customers c ON c.id = o.customer;
CREATE FUNCTION shop.total(bigint) RETURNS numeric LANGUAGE sql AS 'SELECT sum(total) FROM shop.orders WHERE customer = $1';
INSERT INTO shop.customers (name) SELECT 'customer ' || n FROM generate_series(1, 500) n;
INSERT INTO shop.orders (customer, total) SELECT 1 + n % 500, n FROM generate_series(1, 3000) n;
ANALYZE;
`;

let source: TestServer;
let target: TestServer;
test.beforeAll(async () => {
  [source, target] = await Promise.all([
    startServer({ major: 16, password: 'source pass' }),
    startServer({ major: 17, password: 'target pass' }),
  ]);
  await source.createDatabase('shop');
  await source.sql(SHOP, 'shop');
});
test.afterAll(async () => {
  await Promise.all([source.stop(), target.stop()]);
});

const register = (page: Parameters<typeof callMain>[0], name: string, server: TestServer, password: string) =>
  callMain(page, 'servers.save', {
    server: { ...NEW_SERVER, name, host: '127.0.0.1', port: server.port },
    secrets: { password },
  });

const jobs = async (page: Parameters<typeof callMain>[0]): Promise<readonly MigrationJobView[]> => {
  const wanted = { search: '', statuses: [], tag: null, offset: 0, limit: 20 };
  return (await callMain<{ jobs: MigrationJobView[] }>(page, 'migration.list', wanted)).jobs;
};

test('a task is set up, its objects are chosen and renamed, verified and started', async ({ page, shot }) => {
  await register(page, 'Shop prod', source, 'source pass');
  const shell = new ShellPage(page);
  const wizard = new MigrationWizardPage(page);
  await shell.find('Create a migration task');
  await expect(wizard.heading('Set source and target')).toBeVisible();
  await shot('migration-wizard-empty');

  // What is missing is told at each field.
  await wizard.button('Save and next').click();
  await expect(wizard.side('Source').getByText('Choose one of the list.')).toBeVisible();

  await wizard.chooseServer('Source', /Shop prod/);
  await wizard.typeHost('Target', { host: '127.0.0.1', port: target.port, user: 'postgres', password: 'wrong' });
  expect(await wizard.test('Source')).toBe('ok');
  await expect(wizard.side('Source')).toContainText('PostgreSQL 16');
  expect(await wizard.test('Target')).toBe('failed');
  await expect(
    wizard
      .side('Target')
      .getByRole('listitem')
      .filter({ hasText: /authentication/ }),
  ).toHaveAttribute('data-state', 'failed');
  await shot('migration-wizard-endpoints');
  await wizard.side('Target').getByLabel('Password', { exact: true }).fill('target pass');
  expect(await wizard.test('Target')).toBe('ok');
  await expect(wizard.root.getByLabel('Task name')).toHaveValue('Shop prod → 127.0.0.1');
  await wizard.button('Save and next').click();

  await expect(wizard.heading('Migration options and objects')).toBeVisible();
  // Left alone from here it could be gone on with.
  await expect
    .poll(async () => (await jobs(page)).map(({ name, status }) => `${name} ${status}`))
    .toEqual(['Shop prod → 127.0.0.1 created']);
  await expect(wizard.root.getByLabel('Name of shop on the target')).toBeVisible();
  await shot('migration-wizard-options');

  await wizard.button('Advanced').click();
  const following = wizard.root.getByRole('group', { name: 'Following changes' });
  await expect(following).toHaveCount(0);
  await wizard.box('Structure, data and changes');
  await expect(following.getByLabel('Give up when the source keeps')).toHaveValue('100 GiB');
  await following.getByLabel('Warn when the source keeps').fill('200');
  await expect(following).toContainText('The warning should come before giving up');
  await following.scrollIntoViewIfNeeded();
  await shot('migration-wizard-following');
  expect(await barriers(page)).toEqual([]);
  await wizard.box('Structure and data');
  await wizard.button('Advanced').click();

  await wizard.box('Specified objects');
  await wizard.line(/^shop, not ticked/).dblclick();
  await wizard
    .line(/^shop, not ticked/)
    .nth(1)
    .dblclick();
  await wizard.line(/^Views, not ticked/).dblclick();
  await wizard.line(/^open_orders/).click();
  await page.keyboard.press('Space');
  await expect(wizard.root.getByText(/object(s are| is) missing/)).toBeVisible({ timeout: 20_000 });
  await shot('migration-wizard-closure');
  await wizard.button(/^Add what is needed/).click();
  await expect(wizard.root.getByText('Nothing is missing')).toBeVisible({ timeout: 20_000 });
  await expect(wizard.line(/^orders, ticked/)).toBeVisible();
  await wizard.line(/^orders, ticked/).click();
  await page.keyboard.press('F2');
  await wizard.chosen.getByLabel('Name of orders on the target').fill('purchases');
  await wizard.chosen.getByRole('button', { name: 'Row filter of orders' }).click();
  await wizard.chosen.getByRole('textbox', { name: 'Row filter of orders' }).fill('total > 10');
  await wizard.chosen.getByLabel('Name of shop on the target').first().fill('shop_new');
  await shot('migration-wizard-objects');
  await wizard.button('Save and verify').click();

  await expect(wizard.heading('Verify')).toBeVisible();
  await shot('migration-wizard-verifying');
  const verdict = await wizard.verdict();
  await shot('migration-wizard-verify');
  expect(verdict).not.toBe('Not passed');
  if (verdict === 'Passed with alarms')
    for (const box of await wizard.root.getByRole('checkbox', { name: /^Ignore/ }).all()) await box.check();
  await expect(wizard.button('Start')).toBeEnabled();
  expect(await barriers(page)).toEqual([]);
  await wizard.button('Start').click();
  await expect(page.locator('[data-view="migration"]').filter({ visible: true })).toBeVisible();
  await expect.poll(async () => (await jobs(page))[0]?.status, { timeout: 60_000 }).toBe('success');
  expect(
    await target.sql('SELECT count(*)::int AS n, min(total)::int AS least FROM shop.purchases', 'shop_new'),
  ).toEqual([{ n: 2990, least: 11 }]);
});

test('what the checks find is read, repaired and ignored; the task is gone on with from the list', async ({
  app,
  page,
  shot,
}) => {
  await source.createDatabase('books');
  await source.sql('CREATE ROLE librarian; CREATE TABLE books (id int PRIMARY KEY, title text)', 'books');
  await source.sql('ALTER TABLE books OWNER TO librarian; INSERT INTO books VALUES (1, $$Faust$$)', 'books');
  await target.createDatabase('books');
  await target.sql(
    'CREATE TABLE books (id int PRIMARY KEY, title text); INSERT INTO books VALUES (7, $$Nathan$$)',
    'books',
  );
  const side = (server: TestServer, password: string) => ({
    ...{ kind: 'host', accessType: 'cvm', host: '127.0.0.1', port: server.port, user: 'postgres', password },
    ...{ database: 'postgres', ssl: NEW_SERVER.ssl, ssh: null, sshPassword: null },
  });
  const whole = { name: 'books', newName: '', mode: 'all', schemas: [] };
  const { id } = await callMain<{ id: string }>(page, 'migration.create', { name: 'Library', tags: [] });
  await callMain(page, 'migration.configure', {
    ...{ id, name: 'Library', tags: [], runMode: 'timed', at: Date.now() + 3_600_000, retryMinutes: 0 },
    ...{ source: side(source, 'source pass'), target: side(target, 'target pass') },
    options: { type: 'full', objects: { mode: 'partial', roleMode: 'none', databases: [whole] } },
  });

  const shell = new ShellPage(page);
  const wizard = new MigrationWizardPage(page);
  await shell.find('Show migration tasks');
  await page.getByRole('button', { name: 'Open Library' }).click();
  await expect(wizard.heading('Migration options and objects')).toBeVisible();
  await expect(wizard.chosen.getByText('everything')).toBeVisible();
  // What was changed goes back to what the task has.
  const reset = wizard.button('Reset');
  await expect(reset).toHaveCount(0);
  await wizard.box('All roles');
  await expect(wizard.root.getByRole('radio', { name: 'All roles' })).toBeChecked();
  await reset.click();
  await expect(wizard.root.getByRole('radio', { name: 'No roles' })).toBeChecked();
  await expect(reset).toHaveCount(0);
  await wizard.button('Save and verify').click();
  expect(await wizard.verdict()).toBe('Not passed');
  await expect(wizard.button('Schedule')).toBeDisabled();
  await shot('migration-wizard-findings');
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setContentSize(2560, 1440));
  await shot('migration-wizard-findings-wide');
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setContentSize(1280, 800));
  await shell.choose('Theme', 'Dark');
  await shot('migration-wizard-findings-dark');

  await target.sql('DELETE FROM books', 'books');
  await wizard.button('Verify again').click();
  await expect(wizard.root.getByText('Verifying', { exact: true })).toBeHidden({ timeout: 60_000 });
  const verdict = await wizard.verdict();
  await shot('migration-wizard-alarms-dark');
  expect(verdict).toBe('Passed with alarms');
  await expect(wizard.button('Schedule')).toBeDisabled();

  // In Chinese a sentence of its own; what carries names and statements stays beside it.
  const missing = wizard.finding('owners-missing');
  await callMain(page, 'settings.update', { language: 'zh-CN' });
  await expect(missing).toContainText('这些角色的对象在目标库归目标账号所有');
  await expect(missing).toContainText('请迁移这些角色');
  await expect(missing).toContainText('Let the roles travel');
  await shot('migration-wizard-alarms-zh-dark');
  await callMain(page, 'settings.update', { language: 'en' });
  await expect(missing).not.toContainText('目标');

  // From the list it can be started in spite of alarms; into production its name is typed.
  await callMain(page, 'servers.save', {
    server: { ...NEW_SERVER, name: 'Live', host: '127.0.0.1', port: target.port, environment: 'production' },
    secrets: { password: 'target pass' },
  });
  await shell.tab('Migration tasks').click();
  await page.getByRole('button', { name: 'Start Library' }).click();
  const start = page.getByRole('dialog', { name: 'Start Library?' });
  const deed = start.getByRole('button', { name: /^Start in spite of \d+ alarms?$/ });
  await expect(start).toContainText('The target is registered as production: Live.');
  await expect(deed).toBeDisabled();
  await start.getByRole('textbox').fill('Live');
  await expect(deed).toBeEnabled();
  await shot('migration-start-spite-dark');
  expect(await barriers(page)).toEqual([]);
  await start.getByRole('button', { name: 'Cancel' }).click();
  await shell.tab('Set up: Library').click();
  await expect(wizard.button('Schedule')).toBeVisible();

  for (const box of await wizard.root.getByRole('checkbox', { name: /^Ignore/ }).all()) await box.check();
  await expect(wizard.button('Schedule')).toBeEnabled();
  // The statement is seen before it runs.
  const owners = wizard.finding('owners-missing');
  await expect(owners).toContainText('librarian');
  await owners.getByRole('button', { name: 'Apply fix' }).click();
  const dialog = page.getByRole('dialog', { name: /^Repair: Owners/ });
  await expect(dialog).toContainText('CREATE ROLE librarian NOLOGIN');
  await shot('migration-wizard-fix-dark');
  await dialog.getByRole('button', { name: 'Run 1 statement on the target' }).click();
  await expect(owners).toContainText('The fix has run.');
  expect(await target.sql("SELECT rolname FROM pg_roles WHERE rolname = 'librarian'")).toHaveLength(1);

  await target.sql('DROP TABLE books', 'books');
  await wizard.button('Verify again').click();
  await expect(wizard.root.getByText('Verifying', { exact: true })).toBeHidden({ timeout: 60_000 });
  expect(await wizard.verdict()).toBe('Passed');
  // Without alarms it is still production.
  await wizard.button('Schedule').click();
  await expect(start.getByRole('button', { name: 'Start the migration' })).toBeDisabled();
  await start.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('contentinfo').getByTitle('Language').click();
  await page.getByRole('menuitemradio', { name: '简体中文' }).click();
  await expect(wizard.heading('校验任务')).toBeVisible();
  await expect(shell.tab('配置：Library')).toBeVisible();
  await shot('migration-wizard-verify-zh-dark');
  await wizard.button('上一步').click();
  await expect(wizard.heading('迁移选项与对象')).toBeVisible();
  await wizard.button('高级设置').click();
  await wizard.root.getByText('ANALYZE').scrollIntoViewIfNeeded();
  await shot('migration-wizard-options-zh-dark');
  await wizard.button('设置源和目标数据库').click();
  await expect(wizard.side('源库')).toBeVisible();
  await shot('migration-wizard-endpoints-zh-dark');
  expect(await barriers(page)).toEqual([]);
});
