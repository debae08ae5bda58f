import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startServer, type TestServer } from '../support/postgres';
import { NEW_SERVER } from '../../shared/model/server';
import { createAuthority } from '../support/certificates';
import { newSshKey, startSshHost } from '../support/ssh-server';
import { answerOpenDialog, callMain, chooseMenu, expect, test } from './fixtures';
import { ExplorerPage } from './pages/catalog';
import { ConnectDialogPage, listServers, registerServer, ServerDialogPage } from './pages/servers';

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

test('a server is edited, duplicated and removed from the tree', async ({ page, shot }) => {
  await page.locator('html[data-ready]').waitFor();
  await registerServer(page, { ...NEW_SERVER, name: 'Shop', host: '127.0.0.1', port: server.port }, 'right pass');
  const dialog = new ServerDialogPage(page);
  const explorer = new ExplorerPage(page);
  const edit = async (): Promise<void> => {
    await explorer.line('Shop').click({ button: 'right' });
    await explorer.menuEntry('Edit').click();
    await dialog.root.waitFor();
  };

  await test.step('Reset returns to what was loaded', async () => {
    await edit();
    await expect(dialog.button('Save')).toBeDisabled();
    await dialog.field('Name').fill('Another');
    await dialog.button('Reset').click();
    await expect(dialog.field('Name')).toHaveValue('Shop');
    await expect(dialog.button('Reset')).toBeDisabled();
  });
  await test.step('the stored password is shown as such, used by the test, and can be deleted', async () => {
    await dialog.tab('Connection');
    await expect(dialog.field('Password')).toHaveAttribute('placeholder', 'Stored');
    await expect(dialog.field('Password')).toHaveValue('');
    await dialog.button('Test connection').click();
    await expect(dialog.outcome).toHaveAttribute('data-outcome', 'ok');
    await dialog.button('Clear: Password').click();
    await shot('servers-edit-cleared');
    await dialog.button('Save').click();
    await expect(dialog.root).toBeHidden();
    expect((await listServers(page))[0]).toMatchObject({ name: 'Shop', hasPassword: false });
  });
  await test.step('a name that is taken is said at its field', async () => {
    await explorer.line('Shop').click({ button: 'right' });
    await explorer.menuEntry('Duplicate').click();
    await expect(explorer.line('Shop (copy)')).toBeVisible();
    await edit();
    await dialog.field('Name').fill('shop (COPY)');
    await page.keyboard.press('Enter');
    await expect(dialog.root.getByText('There is a server named shop (COPY) in this group')).toBeVisible();
    await expect(dialog.field('Name')).toBeFocused();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Discard changes' }).click();
    await expect(dialog.root).toBeHidden();
  });
  await test.step('removing asks first', async () => {
    await explorer.line('Shop (copy)').click({ button: 'right' });
    await explorer.menuEntry('Remove').click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /Remove/ })
      .click();
    await expect(explorer.line('Shop (copy)')).toBeHidden();
    expect((await listServers(page)).map((each) => each.name)).toEqual(['Shop']);
  });
});

test('a tunnel host is confirmed once; another key is refused', async ({ app, page, profile, shot }) => {
  const key = newSshKey();
  const host = await startSshHost({ user: 'me', password: 'unused', authorizedKey: key.public });
  const identityFile = join(profile, 'id');
  await writeFile(identityFile, key.private, { mode: 0o600 });
  const dialog = new ServerDialogPage(page);
  const connect = new ConnectDialogPage(page);
  try {
    await dialog.openByMenu(app);
    await dialog.field('Name').fill('Behind');
    await dialog.tab('Connection');
    await dialog.field('Host name/address').fill('127.0.0.1');
    await dialog.field('Port').fill(String(server.port));
    await dialog.field('Password').fill('right pass');
    await dialog.root.getByRole('checkbox', { name: 'Save password' }).uncheck();
    await dialog.tab('SSH Tunnel');
    await dialog.root.getByRole('switch', { name: 'Use SSH tunneling' }).check();
    await dialog.field('Tunnel host').fill('127.0.0.1');
    await dialog.field('Tunnel port').fill(String(host.port));
    await dialog.field('Tunnel username').fill('me');
    await dialog.root.getByText('Identity file', { exact: true }).click();
    await answerOpenDialog(app, identityFile);
    await dialog.button('Choose a file: Identity file').click();
    await expect(dialog.field('Identity file')).toHaveValue(identityFile);
    await dialog.button('Test connection').click();
    await expect(dialog.outcome).toContainText(`SHA256:${host.fingerprint}`);
    await shot('servers-test-host-key');
    await dialog.button('Save').click();

    await expect(connect.root).toContainText(`SHA256:${host.fingerprint}`);
    await shot('servers-host-key');
    await connect.button('Trust and connect').click();
    await expect(connect.root).toBeHidden();
    const [saved] = await listServers(page);
    expect(saved).toMatchObject({ hasPassword: false, status: { connected: true } });
    expect(saved?.ssh.hostKey).toBe(host.fingerprint);

    const impostor = await startSshHost({ user: 'me', password: 'unused', authorizedKey: key.public });
    if (!saved) throw new Error('nothing was saved');
    const { hasPassword: _p, hasSshPassword: _s, status: _status, ...registered } = saved;
    await callMain(page, 'servers.disconnect', { id: saved.id });
    // The host's address stays; what answers there is another one. The port is part of the address, so the file is changed as a thief of the address would.
    await registerServer(page, {
      ...registered,
      ssh: { ...registered.ssh, port: impostor.port, hostKey: 'x'.repeat(43) },
    });
    await new ExplorerPage(page).line('Behind').dblclick();
    await expect(connect.root).toContainText('The key of the tunnel host has changed');
    await expect(connect.root.getByRole('button', { name: /trust/i })).toHaveCount(0);
    await shot('servers-host-key-changed');
    await impostor.stop();
  } finally {
    await host.stop();
  }
});

test('a server is registered with the keyboard alone', async ({ page }) => {
  await page.locator('html[data-ready]').waitFor();
  const dialog = new ServerDialogPage(page);
  await page.keyboard.press('Control+Shift+N');
  await dialog.root.waitFor();
  await page.keyboard.type('By keyboard');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('ArrowRight');
  await expect(dialog.root.getByRole('tab', { name: 'Connection' })).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.type(`host=127.0.0.1 port=${server.port} user=postgres password='right pass' dbname=postgres`);
  await page.keyboard.press('Enter');
  await expect(dialog.field('Password')).toHaveValue('right pass');
  await page.keyboard.press('Tab');
  await expect(dialog.field('Host name/address')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(dialog.root).toBeHidden();
  await expect.poll(async () => (await listServers(page))[0]?.status.connected).toBe(true);
});

test('groups, TLS, help, and a server that is not there', async ({ app, page, profile, shot }) => {
  const authority = createAuthority('Shop authority');
  const secure = await startServer({ major: 15, tls: authority.issue('db.test', ['127.0.0.1']) });
  const rootCert = join(profile, 'root.crt');
  await writeFile(rootCert, authority.cert);
  const dialog = new ServerDialogPage(page);
  try {
    await test.step('a group is made through the menu', async () => {
      await page.locator('html[data-ready]').waitFor();
      await chooseMenu(app, 'create-group');
      const group = page.getByRole('dialog', { name: 'Create - Server group' });
      await expect(group.getByLabel(/^Name/)).toBeFocused();
      await page.keyboard.type('Production');
      await shot('servers-group');
      await page.keyboard.press('Enter');
      await expect(group).toBeHidden();
      await expect(new ExplorerPage(page).line('Production')).toBeVisible();
    });
    await test.step('a group within it, moved out, renamed and removed through its context menu', async () => {
      const explorer = new ExplorerPage(page);
      await explorer.line('Production').click({ button: 'right' });
      await explorer.menuEntry('Create group…').click();
      const group = page.getByRole('dialog', { name: /Server group/ });
      await group.getByLabel(/^Name/).fill('Reports');
      await page.keyboard.press('Enter');
      await expect(group).toBeHidden();
      await explorer.open('Production');
      await explorer.line('Reports').click({ button: 'right' });
      await explorer.menuEntry('Rename group…').click();
      await expect(page.getByRole('dialog', { name: 'Edit - Server group: Reports' })).toBeVisible();
      await group.getByLabel(/^Name/).fill('Production');
      await group.getByRole('combobox', { name: 'Parent group' }).click();
      await expect(page.getByRole('option', { name: 'Reports' })).toHaveCount(0);
      await page.getByRole('option', { name: 'Servers', exact: true }).click();
      await group.getByRole('button', { name: 'Save' }).click();
      await expect(group).toContainText('There is a group named Production here');
      await group.getByLabel(/^Name/).fill('Analytics');
      await group.getByRole('button', { name: 'Save' }).click();
      await expect(group).toBeHidden();
      await explorer.line('Analytics').click({ button: 'right' });
      await explorer.menuEntry('Remove group…').click();
      await page.getByRole('button', { name: 'Remove group' }).click();
      await expect(explorer.line('Analytics')).toHaveCount(0);
      await expect(explorer.line('Production')).toBeVisible();
    });
    await test.step('verify-full with a picked root certificate', async () => {
      await dialog.openByMenu(app);
      await dialog.field('Name').fill('A server with quite a long name that has to be shown somewhere, somehow');
      await dialog.choose('Server group', 'Production');
      await dialog.tab('Connection');
      await dialog.field('Host name/address').fill('127.0.0.1');
      await dialog.field('Port').fill(String(secure.port));
      await dialog.tab('SSL');
      await dialog.choose('SSL mode', 'verify-full');
      await dialog.button('Test connection').click();
      await expect(dialog.outcome).toContainText('Mode verify-full needs a root certificate');
      await shot('servers-test-no-root');
      await answerOpenDialog(app, rootCert);
      await dialog.button('Choose a file: Root certificate').click();
      await dialog.button('Test connection').click();
      await expect(dialog.outcome).toHaveAttribute('data-outcome', 'ok');
      expect(await dialog.steps()).toContain('passed: TLS 1.3');
    });
    await test.step('help is read while the dialog waits in the corner', async () => {
      await dialog.button('Help').click();
      await expect(page.getByRole('heading', { name: 'Register a server' })).toBeVisible();
      await expect(dialog.button('Save')).toBeHidden();
      await shot('servers-help');
      await page.getByText('Search the help').or(page.getByPlaceholder('Search the help')).first().click();
      await dialog.button('Back to the dialog').click();
      await expect(dialog.field('SSL mode')).toHaveValue('verify-full');
    });
    await test.step('saved into its group, encrypted', async () => {
      await dialog.button('Save').click();
      await expect(dialog.root).toBeHidden();
      await expect.poll(async () => (await listServers(page))[0]?.status.tls).toMatch(/^TLSv1\.3 /);
    });
    await test.step('a server that is gone is said with what to try next', async () => {
      const [saved] = await listServers(page);
      await callMain(page, 'servers.disconnect', { id: saved?.id ?? '' });
      await secure.stop();
      const explorer = new ExplorerPage(page);
      await explorer.open('Production');
      await explorer.tree.getByRole('treeitem', { name: /A server with quite/ }).dblclick();
      const connect = new ConnectDialogPage(page);
      await expect(connect.root).toContainText('Nothing listens at this address and port');
      await shot('servers-connect-unreachable');
      await connect.button('Edit server').click();
      await expect(dialog.root).toBeVisible();
    });
  } finally {
    await secure.stop();
  }
});
