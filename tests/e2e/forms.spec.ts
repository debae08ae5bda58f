import { NEW_SERVER } from '../../shared/model/server';
import { startServer, type TestServer } from '../support/postgres';
import { callMain, expect, test } from './fixtures';
import { ExplorerPage } from './pages/catalog';
import { chooseUnder, FormPage } from './pages/forms-page';
import { registerServer } from './pages/servers';
import { barriers } from './pages/shell';

let server: TestServer;
test.beforeAll(async () => {
  server = await startServer({ major: 18 });
  await server.createDatabase('shop');
  await server.sql(
    `CREATE SCHEMA shop; CREATE ROLE clerk; CREATE ROLE chief; CREATE TABLE shop.orders (id bigint PRIMARY KEY, total numeric);
     CREATE SEQUENCE shop.numbers`,
    'shop',
  );
});
test.afterAll(() => server.stop());

const definition = (name: string) => ({ ...NEW_SERVER, name, host: '127.0.0.1', port: server.port });

async function openShop(explorer: ExplorerPage): Promise<void> {
  await explorer.line('Not connected').dblclick();
  await explorer.open('Databases', 'shop', 'Schemas');
  await explorer.tree.locator('[aria-level="6"]').filter({ hasText: 'shop' }).click();
  await explorer.tree.press('ArrowRight');
  await expect(explorer.line('Views')).toBeVisible();
}

test('a view is made and changed by its dialog, and its SQL is what runs', async ({ page, shot }) => {
  await registerServer(page, definition('Shop'));
  const explorer = new ExplorerPage(page);
  await openShop(explorer);
  await chooseUnder(page, explorer.line('Views'), 'Create', 'View…');
  const create = new FormPage(page, 'Create - View');

  await test.step('what is missing is told at its field, and Save goes there', async () => {
    await expect(create.field('Name')).toBeFocused();
    await expect(create.field('Schema')).toHaveValue('shop');
    await create.button('Save').click();
    await expect(create.field('Name')).toBeFocused();
    await expect(create.root.getByText('Fill this in.')).toBeVisible();
    await create.field('Name').fill('busy "one"');
    await create.button('Save').click();
    await expect(create.root.getByRole('tab', { name: 'Code' })).toHaveAttribute('aria-selected', 'true');
    await shot('forms-problem');
  });
  await test.step('help opens beside the dialog, that keeps what was filled in', async () => {
    await create.button('Help').click();
    await expect(page.getByRole('tab', { name: 'help' })).toBeVisible();
    await create.button('Back to the form').click();
    await expect(create.root.getByRole('tab', { name: 'Code' })).toBeVisible();
  });
  await test.step('the SQL follows what is filled in', async () => {
    await create.write('SELECT id, total FROM shop.orders WHERE totals > 1');
    await create.tab('Definition');
    await create.root.getByRole('switch', { name: 'Security barrier' }).click();
    await create.choose('Check option', 'local');
    await create.tab('Security');
    await create.button('Add to Privileges').click();
    await create.choose('Grantee, Privileges 1', 'clerk');
    await create.root.getByRole('checkbox', { name: 'SELECT', exact: true }).check();
    await create.root.getByRole('checkbox', { name: 'SELECT with grant option' }).check();
    await shot('forms-privileges');
    expect(await barriers(page)).toEqual([]);
    await create.expectSql('CREATE VIEW shop."busy ""one"""', "security_barrier = 'true'", 'GRANT SELECT ON TABLE');
    await shot('forms-sql');
  });
  await test.step('a failure stays in the dialog and names its statement', async () => {
    await create.button('Save').click();
    await expect(create.root.getByRole('alert')).toContainText('column "totals" does not exist');
    await expect(create.root.getByText('Statement 1 of 2 failed')).toBeVisible();
    await shot('forms-failure');
    await create.tab('Code');
    await create.write('SELECT id, total FROM shop.orders WHERE total > 1');
    await create.button('Save').click();
    await expect(create.root).toBeHidden();
  });
  await explorer.open('Views');
  await explorer.line('busy "one"').click({ button: 'right' });
  await page.getByRole('menuitem', { name: /^Edit|^Properties/ }).click();
  const edit = new FormPage(page, 'View - busy "one"');
  await edit.expectSql('Nothing to change yet');
  await edit.tab('General');
  await edit.field('Comment').fill("it's");
  await edit.expectSql(`COMMENT ON VIEW shop."busy ""one""" IS 'it''s';`);

  await test.step('changes are not thrown away without a question', async () => {
    await page.keyboard.press('Escape');
    await expect(page.getByText('What was filled in here is not saved.')).toBeVisible();
    await page.getByRole('dialog', { name: 'Discard the changes?' }).getByRole('button', { name: 'Cancel' }).click();
    await edit.button('Reset').click();
    await edit.expectSql('Nothing to change yet');
    await page.keyboard.press('Escape');
    await expect(edit.root).toBeHidden();
  });
});

test('production is asked about with its SQL, and a read-only registration saves nothing', async ({ page, shot }) => {
  const saved = await registerServer(page, { ...definition('Shop prod'), environment: 'production' });
  const explorer = new ExplorerPage(page);
  await explorer.line('Not connected').dblclick();
  await chooseUnder(page, explorer.line('Login/Group Roles'), 'Create', 'Role…');
  const role = new FormPage(page, 'Create - Role');
  await role.field('Name').fill('teller');
  await role.tab('Definition');
  await role.field('Password').fill('secret word');
  await role.tab('Membership');
  await role.button('Add to Member of').click();
  await role.choose('Role, Member of 1', 'chief');
  await shot('forms-list');
  await role.tab('Parameters');
  await role.button('Add to Parameters').click();
  await role.field('Parameter, Parameters 1').fill('work_mem');
  await role.field('Value, Parameters 1').fill('9MB');
  await role.expectSql(
    'CREATE ROLE teller WITH LOGIN PASSWORD',
    'SCRAM-SHA-256$',
    'GRANT chief TO teller',
    "SET work_mem TO '9MB'",
  );
  await expect(role.root.getByRole('tabpanel')).not.toContainText('secret');
  await role.button('Save').click();
  const question = page.getByRole('dialog', { name: 'Run this on Shop prod?' });
  await expect(question).toContainText('CREATE ROLE teller');
  await shot('forms-production');
  await question.getByRole('button', { name: 'Run on production' }).click();
  await expect(role.root).toBeHidden();
  expect(await server.sql("SELECT rolconfig FROM pg_roles WHERE rolname = 'teller'")).toEqual([
    { rolconfig: ['work_mem=9MB'] },
  ]);

  await callMain(page, 'servers.save', { server: { ...saved, readOnly: true }, secrets: {} });
  await chooseUnder(page, explorer.line('Login/Group Roles'), 'Create', 'Role…');
  await role.field('Name').fill('other');
  await expect(role.root.getByText('Shop prod is registered as read-only')).toBeVisible();
  await expect(role.button('Save')).toBeDisabled();
  await callMain(page, 'settings.update', { theme: 'dark', language: 'zh-CN' });
  const chinese = new FormPage(page, '创建 - 角色');
  await chinese.tab('成员关系');
  await chinese.button('添加到成员').click();
  await shot('forms-dark-chinese');
  expect(await barriers(page)).toEqual([]);
});

test('a database gets another name while the tree stands open in it', async ({ page, shot }) => {
  await server.createDatabase('before');
  await registerServer(page, definition('Shop'));
  const explorer = new ExplorerPage(page);
  await explorer.line('Not connected').dblclick();
  await explorer.open('Databases', 'before', 'Schemas');
  await explorer.line('before').click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Edit…' }).click();
  const edit = new FormPage(page, 'Database - before');
  await edit.tab('Default privileges');
  await expect(edit.root.getByRole('group', { name: 'Functions made later', exact: true })).toContainText('PUBLIC');
  await shot('forms-default-privileges');
  await edit.tab('General');
  await edit.field('Name').fill('after');
  await edit.expectSql('ALTER DATABASE before RENAME TO after;');
  await edit.button('Save').click();
  await expect(edit.root).toBeHidden();
  await expect(explorer.line('after')).toBeVisible();
});
