import type { ElectronApplication, Page } from '@playwright/test';
import { startServer, type TestServer } from '../support/postgres';
import { callMain, chooseMenu, expect, test } from './fixtures';
import { QueryPage, registerServer } from './pages/query';
import { barriers, ShellPage } from './pages/shell';

let server: TestServer | undefined;
test.afterAll(async () => {
  await server?.stop();
});

/** The window that `open` opens, when it can be used. */
async function nextWindow(app: ElectronApplication, open: () => Promise<unknown>): Promise<Page> {
  const [page] = await Promise.all([app.waitForEvent('window'), open()]);
  await page.locator('html[data-ready]').waitFor();
  return page;
}

/** Chooses in the menu of a tab. */
async function chooseOnTab(page: Page, title: string, choice: string | RegExp): Promise<void> {
  await new ShellPage(page).tab(title).click({ button: 'right' });
  await page.getByRole('menuitem', { name: choice }).click();
}

const windowCount = (app: ElectronApplication) =>
  app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length);

test('windows have tabs of their own and exchange them; the menu lists them; they come back with the next start', async ({
  launch,
}) => {
  const { app, page, close } = await launch();
  const shell = new ShellPage(page);
  await shell.find('Show tasks');
  const second = await nextWindow(app, () => page.keyboard.press('Control+Alt+w'));
  const other = new ShellPage(second);
  await expect(other.view('start')).toBeVisible();
  expect(await other.tabTitles()).toEqual(['Start']);

  await test.step('a tab moves there and stands in front', async () => {
    await chooseOnTab(page, 'Tasks', 'Move to the window “Start”');
    await expect(other.view('tasks')).toBeVisible();
    expect(await shell.tabTitles()).toEqual(['Start']);
  });

  await test.step('what is chosen in the menu happens in one window', async () => {
    await second.bringToFront();
    const before = await shell.tabTitles();
    await chooseMenu(app, 'show-settings');
    const all = async () => [...(await shell.tabTitles()), ...(await other.tabTitles())];
    await expect.poll(async () => (await all()).length).toBe(before.length + 3);
    expect((await all()).filter((title) => title === 'Settings')).toHaveLength(1);
  });

  await test.step('the menu lists the windows by their tab in front', async () => {
    const labels = () =>
      app.evaluate(({ Menu }) =>
        (Menu.getApplicationMenu()?.items ?? [])
          .flatMap((item) => item.submenu?.items ?? [])
          .filter((item) => item.id?.startsWith('window-'))
          .map((item) => item.label),
      );
    await expect.poll(labels).toHaveLength(2);
  });

  await test.step('what was open comes back; a window that was closed does not', async () => {
    // Dragged out of the window and dropped on nothing.
    const dataTransfer = await second.evaluateHandle(() => new DataTransfer());
    const tab = second.locator('.dv-tab').filter({ hasText: 'Tasks' });
    await nextWindow(app, () => tab.dispatchEvent('dragend', { clientX: -40, clientY: 200, dataTransfer }));
    await second.close();
    await expect.poll(() => windowCount(app)).toBe(2);
    const { layout } = await callMain<{ layout: string }>(page, 'settings.get', {});
    expect(layout).not.toContain('"tasks"');
    await close();
    const again = await launch();
    await expect.poll(() => again.app.windows().length).toBe(2);
    const reopened = again.app.windows().find((each) => each !== again.page);
    if (reopened === undefined) throw new Error('no second window');
    await expect(new ShellPage(reopened).view('tasks')).toBeVisible();
    expect(await new ShellPage(reopened).tabTitles()).toEqual(['Tasks']);
    await expect(new ShellPage(again.page).tab('Tasks')).toHaveCount(0);
  });
});

test('a running query goes on in the window that its tab moves to, and comes back with its results', async ({
  app,
  page,
  shot,
}) => {
  server ??= await startServer({ major: 18 });
  await registerServer(page, server, 'Shop');
  const query = new QueryPage(page);
  await query.openByMenu(app);
  await server.sql('CREATE TABLE IF NOT EXISTS go (at timestamptz)');
  // Runs until the test lets it go.
  const waits = 'DO $$ BEGIN WHILE NOT EXISTS (SELECT FROM go) LOOP PERFORM pg_sleep(0.1); END LOOP; END $$';
  await query.write(`SELECT 'first' AS word;\n${waits};\nSELECT 'second' AS word`);
  await query.run();
  await expect(query.button('Cancel')).toBeVisible();

  const second = await nextWindow(app, () => page.keyboard.press('Control+Alt+\\'));
  const moved = new QueryPage(second);
  await expect(moved.root.locator('.monaco-editor')).toContainText('PERFORM');
  await expect(moved.button('Cancel')).toBeVisible();
  await expect(new ShellPage(page).view('query')).toHaveCount(0);
  await second.screenshot({ path: 'artifacts/windows-detached.png' });
  await server.sql('INSERT INTO go VALUES (now())');
  await expect(moved.tab(/^Result 2/)).toContainText('1 row');
  await moved.tab(/^Result 1/).click();
  await expect(moved.cell(0, 0)).toHaveText('first');
  // Its session is the one that it was.
  const clients = "SELECT pid FROM pg_stat_activity WHERE query LIKE 'SELECT ''second''%' AND pid <> pg_backend_pid()";
  expect(await server.sql(clients)).toHaveLength(1);

  await chooseOnTab(second, 'Query', /^Move to the window/);
  await expect.poll(() => windowCount(app)).toBe(1);
  await expect(query.tab(/^Result 2/)).toContainText('1 row');
  await query.tab(/^Result 1/).click();
  await expect(query.cell(0, 0)).toHaveText('first');
  await shot('windows-back');
});

test('a window that closes ends its sessions, one that crashes leaves the others', async ({
  app,
  page,
  allowErrors,
}) => {
  allowErrors(/./);
  server ??= await startServer({ major: 18 });
  await registerServer(page, server, 'Shop');
  const second = await nextWindow(app, () => chooseMenu(app, 'new-window'));
  await second.bringToFront();
  await callMain(second, 'query.open', {
    serverId: (await callMain<{ servers: { id: string }[] }>(second, 'servers.list', {})).servers[0]?.id ?? '',
    database: 'postgres',
  });
  const sessions = async () =>
    (
      await server?.sql(
        "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()",
      )
    )?.length ?? 0;
  const before = await sessions();
  await second.close();
  await expect.poll(sessions).toBe(before - 1);

  const third = await nextWindow(app, () => chooseMenu(app, 'new-window'));
  await app.evaluate(({ BrowserWindow, dialog }) => {
    // The question after the crash is answered with *Close it*.
    dialog.showMessageBox = () => Promise.resolve({ response: 1, checkboxChecked: false });
    BrowserWindow.getAllWindows()
      .toSorted((one, other) => other.id - one.id)[0]
      ?.webContents.forcefullyCrashRenderer();
  });
  await expect.poll(() => windowCount(app)).toBe(1);
  await expect.poll(() => third.isClosed()).toBe(true);
  await new ShellPage(page).find('Show tasks');
  await expect(new ShellPage(page).view('tasks')).toBeVisible();
});

test('nothing keeps a person out of shortcuts, settings and notifications, in high contrast too', async ({
  app,
  page,
  shot,
  allowErrors,
}) => {
  allowErrors(/lost in thought/);
  const shell = new ShellPage(page);
  await page.evaluate(() => void Promise.reject(new Error('lost in thought')));
  await page.getByRole('alert').getByRole('button', { name: 'Dismiss' }).click();
  await chooseMenu(app, 'show-settings');
  await chooseMenu(app, 'show-shortcuts');
  const show = async (theme: 'light' | 'dark', title: string, view: string) => {
    await callMain(page, 'settings.update', { theme, contrast: 'high' });
    await expect.poll(() => shell.scheme).toBe(theme);
    await expect(page.locator('html[data-contrast="high"]')).toHaveCount(1);
    await shell.tab(title).click();
    await expect(shell.view(view)).toBeVisible();
    await shot(`shell-contrast-${view}-${theme}`);
  };
  await show('light', 'Settings', 'settings');
  expect(await barriers(page)).toEqual([]);
  await show('dark', 'Keyboard shortcuts', 'shortcuts');
  await page.keyboard.press('Control+Alt+b');
  await expect(page.getByRole('dialog', { name: 'Notifications' })).toContainText('lost in thought');
  expect(await barriers(page)).toEqual([]);
  await shot('shell-notifications');
});

test('the palette finds objects of the server in use, and jumps to a setting', async ({ app, page, shot }) => {
  server ??= await startServer({ major: 18 });
  await server.sql('CREATE TABLE IF NOT EXISTS "customer <b>orders</b>" (id int)');
  await registerServer(page, server, 'Shop');
  const shell = new ShellPage(page);
  await page.keyboard.press('Control+k');
  await shell.search.fill('customer');
  const line = page.locator('[data-action]').filter({ hasText: 'customer <b>orders</b>' });
  await expect(line).toContainText('Table · public · Shop / postgres');
  await shot('shell-palette-objects');
  await expect(line).toHaveAttribute('data-selected', 'true');
  await page.keyboard.press('Enter');
  await expect(shell.view('object')).toContainText('customer <b>orders</b>');

  await shell.find('Text for NULL');
  const setting = page.getByRole('group', { name: 'Text for NULL' }).getByRole('textbox');
  await expect(setting).toBeFocused();
  await setting.fill('(null)');
  await page.keyboard.press('Enter');
  await expect
    .poll(async () => (await callMain<{ query: { nullText: string } }>(page, 'settings.get', {})).query.nullText)
    .toBe('(null)');
  expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getTitle())).toBe(
    'Settings - Howdah',
  );
});

test('keys are recorded by pressing them: refused, taken over, in force at once, and taken back', async ({
  app,
  page,
}) => {
  const shell = new ShellPage(page);
  await chooseMenu(app, 'show-shortcuts');
  const view = shell.view('shortcuts');
  const row = (name: string) => view.getByRole('listitem', { name, exact: true });
  const record = async (name: string, keys: string) => {
    await row(name)
      .getByRole('button', { name: `Press new keys: ${name}` })
      .click();
    await expect(row(name).getByText('Press the keys; Esc cancels')).toBeVisible();
    await page.keyboard.press(keys);
  };
  await record('Show tasks', 'a');
  await expect(row('Show tasks').getByRole('alert')).toContainText('A types text');
  await record('Show tasks', 'Control+c');
  await expect(row('Show tasks').getByRole('alert')).toContainText('edits text');
  await record('Show tasks', 'Control+k');
  await expect(row('Show tasks').getByRole('alert')).toContainText('Ctrl+K belongs to “Search everything”.');
  await row('Show tasks').getByRole('button', { name: 'Give it to this action' }).click();
  await expect(row('Search everything')).toContainText('No keys');
  await page.keyboard.press('Control+k');
  await expect(shell.view('tasks')).toBeVisible();
  const accelerator = () =>
    app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('show-tasks')?.accelerator ?? '');
  await expect.poll(accelerator).toBe('CmdOrCtrl+K');

  await shell.tab('Keyboard shortcuts').click();
  await view.getByRole('textbox', { name: 'Search actions or keys' }).fill('server group');
  await record('Create a server group', 'F9');
  await expect(row('Create a server group')).toContainText('F9');
  await page.keyboard.press('F9');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await view.getByRole('button', { name: 'Reset all' }).click();
  await view.getByRole('textbox', { name: 'Search actions or keys' }).fill('ctrl+k');
  await expect(row('Search everything')).toBeVisible();
  await page.keyboard.press('Control+k');
  await expect(shell.search).toBeFocused();
});
