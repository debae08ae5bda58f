import { startServer, type TestServer } from '../support/postgres';
import { callMain, expect, test } from './fixtures';
import { ConnectDialogPage, listServers, ServerDialogPage } from './pages/servers';

let server: TestServer;
test.beforeAll(async () => {
  server = await startServer({ major: 17, password: 'right pass' });
});
test.afterAll(() => server.stop());

test('a server is registered through the menu, its test fails at the password and then passes', async ({
  app,
  page,
  shot,
}) => {
  const dialog = new ServerDialogPage(page);
  await dialog.openByMenu(app);
  await expect(dialog.field('Name')).toBeFocused();
  await shot('servers-create-general');

  await test.step('Save without anything shows the rules and leads to the first field', async () => {
    await dialog.button('Save').click();
    await expect(dialog.root.getByText('This field is required.').first()).toBeVisible();
    await expect(dialog.field('Name')).toBeFocused();
    await expect(dialog.root.getByRole('tab', { name: /Connection/ }).getByLabel('has errors')).toBeVisible();
    await shot('servers-create-invalid');
  });

  await test.step('Test connection names the failing step', async () => {
    await dialog.field('Name').fill('Shop');
    await dialog.choose('Environment', 'Production');
    await dialog.tab('Connection');
    await dialog.field('Host name/address').fill('127.0.0.1');
    await dialog.field('Port').fill(String(server.port));
    await dialog.field('Password').fill('wrong');
    await dialog.button('Test connection').click();
    await expect(dialog.outcome).toHaveAttribute('data-outcome', 'failed');
    expect(await dialog.steps()).toEqual([
      'passed: name',
      'passed: TCP',
      'skipped: plain text',
      'failed: authentication',
      'not reached: database',
      'not reached: role',
    ]);
    await expect(dialog.root).toContainText('password authentication failed for user "postgres"');
    await shot('servers-test-failed');
    await dialog.field('Password').fill('right pass');
    await dialog.button('Test connection').click();
    await expect(dialog.outcome).toHaveAttribute('data-outcome', 'ok');
    await shot('servers-test-passed');
  });

  await test.step('the connection text never holds the password', async () => {
    await dialog.button('Connection text').click();
    await expect(page.getByText(`postgresql://postgres@127.0.0.1:${server.port}/postgres`)).toBeVisible();
    await expect(page.locator('body')).not.toContainText('right pass');
    await shot('servers-info');
    await page.keyboard.press('Escape');
    await expect(page.getByText('Passwords are never part of it.')).toBeHidden();
    await expect(page.getByRole('dialog', { name: 'Discard the changes?' })).toBeHidden();
    await expect(dialog.root).toBeVisible();
  });

  await test.step('Enter saves and connects', async () => {
    await dialog.field('Maintenance database').press('Enter');
    await expect(dialog.root).toBeHidden();
    await expect.poll(async () => (await listServers(page)).map((each) => each.status.connected)).toEqual([true]);
    const [saved] = await listServers(page);
    expect(saved).toMatchObject({ name: 'Shop', environment: 'production', hasPassword: true });
    expect(saved?.status.version).toMatch(/^17\./);
    expect(JSON.stringify(saved)).not.toContain('right pass');
  });
  await shot('servers-registered');
});

test('a pasted URI fills the form; SSL, SSH and Advanced are complete', async ({ app, page, shot }) => {
  const dialog = new ServerDialogPage(page);
  await dialog.openByMenu(app);
  await dialog.tab('Connection');
  await dialog
    .field('Paste connection text')
    .fill('postgresql://ali%63e:s%40crét@db1.example.org,db2:6432/shop?sslmode=verify-full&target_session_attrs=any');
  await dialog.field('Paste connection text').press('Enter');
  await expect(dialog.field('Host name/address')).toHaveValue('db1.example.org');
  await expect(dialog.field('Port')).toHaveValue('5432');
  await expect(dialog.field('Username')).toHaveValue('alice');
  await expect(dialog.field('Maintenance database')).toHaveValue('shop');
  await expect(dialog.field('Password')).toHaveValue('s@crét');
  await expect(dialog.root.getByRole('status')).toContainText('Other hosts were left out: db2:6432.');
  await expect(dialog.field('Paste connection text')).toHaveValue('');
  await shot('servers-pasted');
  await dialog.tab('SSL');
  await expect(dialog.field('SSL mode')).toHaveValue('verify-full');
  await shot('servers-ssl');
  await dialog.tab('SSH Tunnel');
  await dialog.root.getByRole('switch', { name: 'Use SSH tunneling' }).check();
  await dialog.root.getByText('Identity file', { exact: true }).click();
  await shot('servers-ssh');
  await dialog.tab('Advanced');
  await shot('servers-advanced');
  await callMain(page, 'settings.update', { theme: 'dark' });
  await dialog.tab('Connection');
  await shot('servers-pasted-dark');
  await callMain(page, 'settings.update', { language: 'zh-CN' });
  await expect(page.getByRole('tab', { name: '连接' })).toBeVisible();
  await shot('servers-pasted-zh');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog', { name: '放弃修改？' })).toBeVisible();
  await shot('servers-discard');
});

test('a missing password is asked for', async ({ page, shot }) => {
  const { NEW_SERVER } = await import('../../shared/model/server');
  const saved = await callMain<{ id: string }>(page, 'servers.save', {
    server: { ...NEW_SERVER, name: 'Asks', host: '127.0.0.1', port: server.port },
    secrets: {},
  });
  expect(saved.id).not.toBe('');
  const connect = new ConnectDialogPage(page);
  await page.getByText('Asks', { exact: true }).first().dblclick();
  await expect(connect.root.getByLabel('Password', { exact: true })).toBeFocused();
  await shot('servers-connect');
  await connect.root.getByLabel('Password', { exact: true }).fill('wrong');
  await connect.button('Connect').click();
  await expect(connect.root).toContainText('password authentication failed');
  await shot('servers-connect-wrong');
  await connect.root.getByLabel('Password', { exact: true }).fill('right pass');
  await connect.button('Connect').click();
  await expect(connect.root).toBeHidden();
});
