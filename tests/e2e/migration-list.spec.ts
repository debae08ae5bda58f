import { join } from 'node:path';
import { NEW_SERVER } from '../../shared/model/server';
import { stopEverything } from '../support/control-plane';
import { callMain, expect, test } from './fixtures';
import { jobOf, MigrationsPage } from './pages/migration-task';
import { barriers, ShellPage } from './pages/shell';

test.afterEach(({ profile }) => stopEverything(join(profile, 'state')));

const side = (host: string) => ({
  kind: 'host',
  accessType: 'extranet',
  region: '',
  host,
  port: 5432,
  user: 'migrator',
  password: 'secret word',
  database: 'postgres',
  ssl: NEW_SERVER.ssl,
  ssh: null,
  sshPassword: null,
});

test('tasks are listed, found, renamed, tagged, isolated, restored and destroyed', async ({ page, shot }) => {
  test.setTimeout(180_000);
  const shell = new ShellPage(page);
  const list = new MigrationsPage(page);
  await page.getByRole('button', { name: 'Migrations' }).click();
  await expect(list.root.getByText('No migration task yet')).toBeVisible({ timeout: 60_000 });
  await shot('migrations-empty');
  await list.root.getByRole('button', { name: 'How a migration works' }).click();
  await expect(shell.view('help')).toContainText('while the source stays in use');
  await shell.tab('Migration tasks').click();

  const make = async (name: string, tags: { key: string; value: string }[]) => {
    const { id } = await callMain<{ id: string }>(page, 'migration.create', { name, tags });
    return id;
  };
  const orders = await make('Orders to the cloud', [{ key: 'team', value: 'orders' }]);
  await make('Archive', []);
  const long =
    'A name that says everything about the task: from the old machine under the desk to the new one, 从旧机器到新机器';
  await make(long, [{ key: 'environment', value: 'production' }]);
  await callMain(page, 'migration.configure', {
    id: orders,
    name: 'Orders to the cloud',
    tags: [{ key: 'team', value: 'orders' }],
    runMode: 'timed',
    at: Date.now() + 86_400_000,
    source: side('db1.example.com'),
    target: side('a-host-with-a-rather-long-name.eu-central.example.com'),
    options: { type: 'full', objects: { mode: 'all', roleMode: 'all' } },
    retryMinutes: 30,
  });

  await test.step('newest first, with where from and where to', async () => {
    await expect(list.root.locator('tr[data-job]')).toHaveCount(3);
    await expect(list.row('Orders')).toContainText('db1.example.com:5432');
    await expect(list.row('Orders')).toContainText('Scheduled');
    await expect(list.row('Orders')).toContainText('team=orders');
    await expect(list.root.locator('tr[data-job]').first()).toContainText('从旧机器到新机器');
    await shot('migrations');
    expect(await barriers(page)).toEqual([]);
  });

  await test.step('filtered by name, id, status and tag', async () => {
    const text = list.root.getByLabel('Filter by name or ID');
    await text.fill('Archive');
    await expect(list.root.locator('tr[data-job]')).toHaveCount(1);
    await text.fill(orders);
    await expect(list.row('Orders')).toBeVisible();
    await expect(list.root.locator('tr[data-job]')).toHaveCount(1);
    await text.fill('nothing like that');
    await list.root.getByRole('button', { name: 'Clear the filters' }).click();
    await expect(list.root.locator('tr[data-job]')).toHaveCount(3);
    await list.root.getByRole('combobox', { name: 'Tags' }).click();
    await page.getByRole('option', { name: 'environment=production' }).click();
    await expect(list.root.locator('tr[data-job]')).toHaveCount(1);
    await text.fill('nothing like that');
    await list.root.getByRole('button', { name: 'Clear the filters' }).click();
    await list.root.getByRole('combobox', { name: 'Status' }).click();
    await page.getByRole('option', { name: 'Running', exact: true }).click();
    await expect(list.root.getByText('No task matches the filters')).toBeVisible();
    await list.root.getByRole('button', { name: 'Clear the filters' }).click();
    await expect(list.root.locator('tr[data-job]')).toHaveCount(3);
  });

  await test.step('renamed and tagged', async () => {
    await list.more('Archive', 'Rename');
    await list.dialog.getByLabel('Task name').fill('');
    await expect(list.dialog.getByRole('button', { name: 'Rename' })).toBeDisabled();
    await list.dialog.getByLabel('Task name').fill('Archive of 2019');
    await list.confirm('Rename');
    await expect(list.row('Archive of 2019')).toBeVisible();
    await list.more('Archive of 2019', 'Edit tags');
    await list.dialog.getByRole('button', { name: 'Add tag' }).click();
    await expect(list.dialog.getByText('Every tag needs a key')).toBeVisible();
    await list.dialog.getByLabel('Key of tag 1').fill('team');
    await list.dialog.getByLabel('Value of tag 1').fill('archive');
    await shot('migrations-tags');
    await list.confirm('Save tags');
    await expect(list.row('Archive of 2019')).toContainText('team=archive');
  });

  await test.step('isolated, restored, isolated and destroyed', async () => {
    await list.more('Archive of 2019', 'Isolate');
    await expect(list.dialog).toContainText('Both servers stay as they are');
    await list.confirm('Isolate Archive of 2019');
    await expect(list.row('Archive of 2019')).toContainText('Isolated');
    await list.root.getByRole('combobox', { name: 'Status' }).click();
    await page.getByRole('option', { name: 'Isolated', exact: true }).click();
    await expect(list.root.locator('tr[data-job]')).toHaveCount(1);
    await expect(list.row('Archive of 2019')).toBeVisible();
    await list.row('Archive of 2019').getByRole('button', { name: 'Restore Archive of 2019' }).click();
    await list.root.getByRole('button', { name: 'Clear the filters' }).click();
    await expect(list.row('Archive of 2019')).toContainText('Being set up');
    await list.more('Archive of 2019', 'Isolate');
    await list.confirm('Isolate Archive of 2019');
    await list.more('Archive of 2019', 'Destroy');
    await expect(list.dialog.getByRole('button', { name: 'Destroy Archive of 2019' })).toBeDisabled();
    await list.dialog.getByRole('textbox').fill('Archive of 2019');
    await shot('migrations-destroy');
    await list.confirm('Destroy Archive of 2019');
    await expect(list.root.locator('tr[data-job]')).toHaveCount(2);
  });

  await test.step('one that is being set up opens in the wizard, its page tells what can be done', async () => {
    await list.row('Orders').getByRole('button', { name: 'Set up' }).click();
    await expect(shell.view('migration-wizard').filter({ visible: true })).toBeVisible();
    await expect.poll(async () => (await jobOf(page, orders)).status).toBe('created');
  });

  await test.step('more than a page', async () => {
    for (let number = 1; number <= 51; number++) await make(`Task ${number}`, []);
    await shell.tab('Migration tasks').click();
    await expect(list.root.getByText('53 tasks')).toBeVisible();
    await expect(list.root.locator('tr[data-job]')).toHaveCount(50);
    await list.root.getByRole('button', { name: 'Page 2', exact: true }).click();
    await expect(list.root.locator('tr[data-job]')).toHaveCount(3);
    await list.root.getByRole('button', { name: 'Previous page' }).click();
    await expect(list.root.locator('tr[data-job]')).toHaveCount(50);
    expect(await barriers(page)).toEqual([]);
  });

  await test.step('in dark and in Chinese', async () => {
    await callMain(page, 'settings.update', { theme: 'dark', language: 'zh-CN' });
    await expect(list.root.getByRole('heading', { name: '迁移任务' })).toBeVisible();
    await shot('migrations-dark-zh');
  });
});
