import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NEW_SERVER } from '../../shared/model/server';
import { callMain, chooseMenu, expect, program, test } from './fixtures';

test('theme and language change the window at once, the menu follows, and both survive a restart', async ({
  launch,
}) => {
  const first = await launch();
  await chooseMenu(first.app, 'show-settings');
  const view = first.page.locator('[data-view="settings"]');
  await view.getByText('Dark', { exact: true }).click();
  await expect(first.page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark');
  await view
    .getByRole('textbox', { name: 'Language' })
    .or(view.getByLabel('Language').locator('input'))
    .first()
    .click();
  await first.page.getByRole('option', { name: '简体中文' }).click();
  await expect(view.getByRole('heading', { name: '设置', exact: true })).toBeVisible();
  const labels = () => first.app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.items.map((item) => item.label));
  await expect.poll(labels).toContain('文件');
  await first.close();

  const second = await launch();
  await expect(second.page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark');
  await expect(second.page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  expect(await second.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBackgroundColor())).toBe(
    '#16181B',
  );
});

test('the search leaves what matches and says when nothing does', async ({ app, page }) => {
  await chooseMenu(app, 'show-settings');
  const view = page.locator('[data-view="settings"]');
  await view.getByRole('textbox', { name: 'Search settings' }).fill('pg_dump');
  await expect(view.getByRole('group', { name: 'Folders to look in first' })).toBeVisible();
  await expect(view.getByRole('group', { name: 'Theme' })).toBeHidden();
  await expect(view.getByRole('heading', { name: 'Appearance' })).toBeHidden();
  await view.getByRole('textbox', { name: 'Search settings' }).fill('zebra');
  await expect(view.getByText('No setting matches “zebra”.')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(view.getByRole('group', { name: 'Theme' })).toBeVisible();
});

test('a master password keeps passwords over a restart: asked at the start, wrong refused, right unlocks', async ({
  launch,
  profile,
}) => {
  const first = await launch();
  await chooseMenu(first.app, 'show-settings');
  const view = first.page.locator('[data-view="settings"]');
  await view.getByRole('radio', { name: 'Master password' }).click();
  const dialog = first.page.getByRole('dialog', { name: 'Set a master password' });
  await dialog.getByLabel('New master password').fill('short');
  await dialog.getByLabel('The same again').fill('short');
  await expect(dialog.getByText('At least 8 characters are needed.')).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Set master password' })).toBeDisabled();
  await dialog.getByLabel('New master password').fill('copper kettle');
  await dialog.getByLabel('The same again').fill('copper kettle');
  await dialog.getByRole('button', { name: 'Set master password' }).click();
  await expect(dialog).toBeHidden();
  await expect(view.getByRole('radio', { name: 'Master password' })).toBeChecked();
  // A stored password, so that the next start has something to ask for.
  const server = { ...NEW_SERVER, name: 'Shop', host: '127.0.0.1' };
  await callMain(first.page, 'servers.save', { server, secrets: { password: 'pw-on-disk' } });
  await first.close();
  expect(readFileSync(join(profile, 'secrets.json'), 'utf8')).not.toContain('pw-on-disk');

  const second = await launch();
  const unlock = second.page.getByRole('dialog', { name: 'Unlock stored passwords' });
  await unlock.getByLabel('Master password').fill('copper kettl');
  await unlock.getByRole('button', { name: 'Unlock' }).click();
  await expect(unlock.getByText('This is not the master password. Try again.')).toBeVisible();
  await unlock.getByLabel('Master password').fill('copper kettle');
  await second.page.keyboard.press('Enter');
  await expect(unlock).toBeHidden();
  expect(await callMain(second.page, 'settings.secrets', {})).toMatchObject({ locked: false, stored: 1 });
});

test('a broken settings file is put aside and said, and the app starts with the defaults', async ({
  launch,
  profile,
}) => {
  const first = await launch();
  await callMain(first.page, 'settings.update', { theme: 'dark' });
  await first.close();
  writeFileSync(join(profile, 'settings.json'), '{"version":1,"data":{"theme":');
  const second = await launch();
  expect(await callMain(second.page, 'settings.get', {})).toMatchObject({ theme: 'system' });
  expect(readdirSync(profile).some((name) => name.startsWith('settings.json.broken-'))).toBe(true);
});

test('the window opens where it stood', async ({ launch }) => {
  const first = await launch();
  const bounds = await first.app.evaluate(({ BrowserWindow }) => {
    const window = BrowserWindow.getAllWindows()[0];
    window?.setBounds({ x: 40, y: 30, width: 1100, height: 700 });
    return window?.getNormalBounds();
  });
  await first.close();
  const second = await launch();
  expect(await second.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getNormalBounds())).toEqual(
    bounds,
  );
});

test('a second start brings the first window to the front and ends', async ({ launch, profile }) => {
  const { app } = await launch();
  const focused = app.evaluate(
    ({ app: self }) => new Promise<string>((heard) => self.once('second-instance', () => heard('asked'))),
  );
  const executable = await app.evaluate(() => process.execPath);
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const again = spawn(executable, [program, `--user-data-dir=${profile}`, ...sandbox], { stdio: 'ignore' });
  const code = await new Promise((ended) => again.once('exit', ended));
  expect(code).toBe(0);
  expect(await focused).toBe('asked');
});
