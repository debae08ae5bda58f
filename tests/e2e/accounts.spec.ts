import { join } from 'node:path';
import { Client } from 'pg';
import type { InstanceDetail } from '../../shared/model/instance';
import { stopEverything } from '../support/control-plane';
import { callMain, expect, test } from './fixtures';
import { AccountsPage } from './pages/accounts';
import { barriers, ShellPage } from './pages/shell';

const PASSWORD = 'Elephant-42-seat';
const SECRET = 'Reader-42-secret';

test.afterEach(({ profile }) => stopEverything(join(profile, 'state')));

test('accounts and databases of an instance are made, given privileges, locked and deleted', async ({ page, shot }) => {
  test.setTimeout(360_000);
  const shell = new ShellPage(page);
  const accounts = new AccountsPage(page);
  await shell.ready();
  let instance: InstanceDetail | null = null;

  await test.step('an instance that runs', async () => {
    const { ids } = await callMain<{ ids: string[] }>(page, 'instances.create', {
      name: 'shop',
      region: 'ap-guangzhou',
      zone: 'ap-guangzhou-3',
      standbyZone: null,
      major: 17,
      classCode: 'pg.lt.micro1',
      storageGb: 10,
      charset: 'UTF8',
      adminUser: 'shop_admin',
      adminPassword: PASSWORD,
      count: 1,
      tags: [],
    });
    await expect
      .poll(
        async () => {
          instance = await callMain<InstanceDetail>(page, 'instances.detail', { id: ids[0] });
          return instance.status;
        },
        { timeout: 120_000 },
      )
      .toBe('running');
  });
  const as = async (user: string, password: string, sql: string, database = 'postgres'): Promise<unknown[]> => {
    const client = new Client({ host: instance?.host, port: instance?.port, user, password, database });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query(sql)).rows as unknown[];
    } finally {
      await client.end();
    }
  };

  await test.step('a database is made for the account of the instance', async () => {
    await accounts.open('shop', /^Databases$/);
    await expect(accounts.database('postgres')).toBeVisible();
    await accounts.root.getByRole('button', { name: 'Create database' }).click();
    await accounts.dialog.getByLabel(/^Name/).fill('table');
    await accounts.dialog.getByLabel(/^Name/).blur();
    await expect(accounts.dialog.getByText('table is a key word of SQL')).toBeVisible();
    await accounts.dialog.getByLabel(/^Name/).fill('crm');
    await accounts.pick('Owner', 'shop_admin');
    await shot('accounts-create-database');
    await accounts.button('Create database').click();
    await expect(accounts.database('crm')).toContainText('shop_admin');
    await expect(accounts.database('crm')).toContainText('MiB');
    await expect(accounts.dialog).toBeHidden();
    await shot('accounts-databases');
    await as(
      'shop_admin',
      PASSWORD,
      'CREATE SCHEMA sales; CREATE TABLE sales.orders (id int); CREATE TABLE sales.lines (id int)',
      'crm',
    );
  });

  await test.step('an account is made; rules speak as one types', async () => {
    await accounts.tab(/^Accounts$/);
    await expect(accounts.account('shop_admin')).toContainText('Made with the instance');
    await accounts.root.getByRole('button', { name: 'Create account' }).click();
    const name = accounts.dialog.getByLabel(/^Name/);
    await name.fill('pg_reader');
    await name.blur();
    await expect(accounts.dialog.getByText('pg_reader is reserved')).toBeVisible();
    await name.fill('reader');
    const password = accounts.dialog.getByLabel(/^Password/);
    await password.fill('abc;');
    await expect(accounts.dialog.locator('[data-rule="password-characters"]')).toHaveAttribute('data-state', 'broken');
    await expect(accounts.button('Create account')).toBeDisabled();
    await password.fill(SECRET);
    await accounts.dialog.getByLabel('Remark').fill('nightly');
    await shot('accounts-create');
    expect(await barriers(page)).toEqual([]);
    await accounts.button('Create account').click();
    await expect(accounts.account('reader')).toContainText('nightly');
    await expect(accounts.dialog).toBeHidden();
    expect(await as('reader', SECRET, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await shot('accounts-list');
    expect(await barriers(page)).toEqual([]);
  });

  await test.step('privileges are chosen, read through, and given all at once', async () => {
    await expect(as('reader', SECRET, 'SELECT * FROM sales.orders', 'crm')).rejects.toThrow(/permission denied/);
    await accounts.account('reader').getByRole('button', { name: 'Privileges' }).click();
    await expect(accounts.dialog.getByRole('combobox', { name: 'Database' })).toHaveValue('crm');
    await accounts.dialog.getByRole('checkbox', { name: 'TEMPORARY on crm' }).check();
    await accounts.pick('Objects', 'Schemas');
    await accounts.dialog.getByRole('checkbox', { name: 'USAGE on sales' }).check();
    await accounts.pick('Objects', 'Tables');
    await accounts.pick('Schema', 'sales');
    await accounts.dialog.getByRole('checkbox', { name: 'SELECT on all of them' }).check();
    await accounts.dialog.getByRole('checkbox', { name: 'INSERT on orders' }).check();
    await accounts.dialog.getByRole('checkbox', { name: 'SELECT on lines' }).uncheck();
    await shot('accounts-privileges');
    expect(await barriers(page)).toEqual([]);
    await accounts.button('Review 3 changes').click();
    const changes = accounts.dialog.getByRole('list', { name: 'Changes' });
    await expect(changes.getByRole('listitem')).toHaveCount(3);
    await expect(changes).toContainText('crm.sales.orders');
    await changes.getByRole('button', { name: 'Leave crm as it is' }).click();
    await shot('accounts-review');
    await accounts.button('Apply 2 changes').click();
    await expect(accounts.dialog).toBeHidden();
    expect(await as('reader', SECRET, 'SELECT * FROM sales.orders', 'crm')).toEqual([]);
    await expect(as('reader', SECRET, 'SELECT * FROM sales.lines', 'crm')).rejects.toThrow(/permission denied/);
  });

  await test.step('what was given is shown, and taken back', async () => {
    await accounts.account('reader').getByRole('button', { name: 'Privileges' }).click();
    await accounts.pick('Objects', 'Tables');
    await accounts.pick('Schema', 'sales');
    const insert = accounts.dialog.getByRole('checkbox', { name: 'INSERT on orders' });
    await expect(insert).toBeChecked();
    await insert.uncheck();
    await page.keyboard.press('Escape');
    await expect(accounts.dialog.getByText('1 change is not made yet')).toBeVisible();
    await accounts.button('Go on').click();
    await accounts.button('Review 1 change').click();
    await expect(accounts.dialog.getByRole('checkbox', { name: /CASCADE/ })).toBeVisible();
    await accounts.button('Apply 1 change').click();
    await expect(accounts.dialog).toBeHidden();
    await expect(as('reader', SECRET, 'INSERT INTO sales.orders VALUES (1)', 'crm')).rejects.toThrow(/permission/);
  });

  await test.step('remark in its place, lock and unlock', async () => {
    await accounts.account('reader').hover();
    await accounts.root.getByRole('button', { name: 'Edit the remark of reader' }).click();
    const remark = accounts.root.getByRole('textbox', { name: 'Remark of reader' });
    await expect(remark).toBeFocused();
    await remark.fill('weekly');
    await page.keyboard.press('Enter');
    await expect(accounts.account('reader')).toContainText('weekly');
    await accounts.more('reader', 'Lock');
    await accounts.button('Lock reader').click();
    await expect(accounts.account('reader')).toHaveAttribute('data-status', 'locked');
    await expect(as('reader', SECRET, 'SELECT 1')).rejects.toThrow(/not permitted/);
    await shot('accounts-locked');
    await accounts.more('reader', 'Unlock');
    await accounts.button('Unlock reader').click();
    await expect(accounts.account('reader')).toHaveAttribute('data-status', 'normal');
    await accounts.more('reader', 'Reset password');
    await accounts.dialog.getByLabel(/^New password/).fill(PASSWORD);
    await accounts.button('Reset password').click();
    await expect(accounts.dialog).toBeHidden();
    expect(await as('reader', PASSWORD, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  await test.step('the owner of something is not deleted, and the dialog says of what', async () => {
    await as('shop_admin', PASSWORD, 'GRANT CREATE ON SCHEMA sales TO reader', 'crm');
    await as('reader', PASSWORD, 'CREATE TABLE sales.mine (id int)', 'crm');
    await accounts.more('reader', 'Delete');
    await accounts.button('Delete reader').click();
    await expect(accounts.dialog.getByRole('alert')).toContainText('table sales.mine in the database crm');
    await shot('accounts-owns');
    await page.keyboard.press('Escape');
    await expect(accounts.dialog).toBeHidden();
    await accounts.tab(/^Databases$/);
    await accounts.more('crm', 'Change owner');
    await accounts.pick('Owner', 'reader');
    await accounts.button('Change owner').click();
    await expect(accounts.database('crm')).toContainText('reader');
  });

  await test.step('a database is dropped by typing its name; the account goes after it', async () => {
    await accounts.more('crm', 'Drop');
    await expect(accounts.button('Drop crm')).toBeDisabled();
    await accounts.dialog.getByRole('textbox').fill('crm');
    await shot('accounts-drop');
    await accounts.button('Drop crm').click();
    await expect(accounts.database('crm')).toBeHidden();
    await accounts.tab(/^Accounts$/);
    await accounts.more('reader', 'Delete');
    await accounts.button('Delete reader').click();
    await expect(accounts.account('reader')).toBeHidden();
    await accounts.root.getByRole('button', { name: 'More for shop_admin' }).click();
    await expect(page.getByRole('menuitem', { name: 'Delete' })).toBeDisabled();
    await page.keyboard.press('Escape');
  });

  await test.step('in Chinese and dark', async () => {
    await callMain(page, 'accounts.create', {
      id: instance?.id,
      name: 'a'.repeat(63),
      password: SECRET,
      remark: '象'.repeat(60),
      type: 'super',
    });
    await shell.choose('Language', '简体中文');
    await shell.choose('主题', '深色');
    await expect(accounts.account('a'.repeat(63))).toBeVisible();
    await shot('accounts-chinese-dark');
    await accounts.account('a'.repeat(63)).getByRole('button', { name: '权限' }).click();
    await expect(accounts.dialog.getByRole('checkbox').first()).toBeVisible();
    await shot('accounts-privileges-chinese-dark');
    expect(await barriers(page)).toEqual([]);
    await page.keyboard.press('Escape');
  });

  await test.step('an instance that does not run says so in its place', async () => {
    await callMain(page, 'instances.isolate', { id: instance?.id });
    await expect(accounts.root.getByText('实例未运行')).toBeVisible({ timeout: 60_000 });
    await shot('accounts-stopped');
  });
});
