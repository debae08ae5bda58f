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

test('a second window has tabs of its own, takes tabs and gives them back; the menu lists both', async ({
  app,
  page,
  profile,
}) => {
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
    await expect(page.locator('[data-view="settings"]').or(second.locator('[data-view="settings"]'))).toHaveCount(1);
    const after = [...(await shell.tabTitles()), ...(await other.tabTitles())];
    expect(after.length).toBe(before.length + 3);
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

  await test.step('the second window has no say in the layout of the next start', async () => {
    await chooseOnTab(second, 'Tasks', 'Move to its own window');
    await expect.poll(() => windowCount(app)).toBe(3);
    const { layout } = await callMain<{ layout: string }>(page, 'settings.get', {});
    expect(layout).not.toContain('"tasks"');
    expect(profile).not.toBe('');
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
  await query.write("SELECT 'first' AS word;\nSELECT pg_sleep(4), 'second' AS word");
  await query.run();
  await expect(query.button('Cancel')).toBeVisible();

  const second = await nextWindow(app, () => page.keyboard.press('Control+Alt+\\'));
  const moved = new QueryPage(second);
  await expect(moved.root.locator('.monaco-editor')).toContainText('pg_sleep');
  await expect(moved.button('Cancel')).toBeVisible();
  await expect(new ShellPage(page).view('query')).toHaveCount(0);
  await second.screenshot({ path: 'artifacts/windows-detached.png' });
  await expect(moved.tab(/^Result 2/)).toContainText('1 row');
  await moved.tab(/^Result 1/).click();
  await expect(moved.cell(0, 0)).toHaveText('first');
  // Its session is the one that it was.
  const sessions = async () =>
    (await server?.sql("SELECT pid FROM pg_stat_activity WHERE query LIKE '%pg_sleep(4)%' AND pid <> pg_backend_pid()"))
      ?.length;
  expect(await sessions()).toBe(1);

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
  expect(third.isClosed()).toBe(true);
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
  for (const theme of ['light', 'dark'] as const) {
    await callMain(page, 'settings.update', { theme, contrast: 'high' });
    await expect.poll(() => shell.scheme).toBe(theme);
    await expect(page.locator('html[data-contrast="high"]')).toHaveCount(1);
    for (const view of ['settings', 'shortcuts']) {
      await shell.tab(view === 'settings' ? 'Settings' : 'Keyboard shortcuts').click();
      await expect(shell.view(view)).toBeVisible();
      expect(await barriers(page)).toEqual([]);
      await shot(`shell-contrast-${view}-${theme}`);
    }
    await page.keyboard.press('Control+Alt+b');
    await expect(page.getByRole('dialog', { name: 'Notifications' })).toContainText('lost in thought');
    expect(await barriers(page)).toEqual([]);
    await shot(`shell-notifications-${theme}`);
    await page.keyboard.press('Escape');
  }
});
