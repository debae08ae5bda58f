import { join } from 'node:path';
import { stopEverything } from '../support/control-plane';
import { callMain, expect, test } from './fixtures';
import { barriers, ShellPage } from './pages/shell';

// The first door starts a control plane, which outlives the window.
test.afterEach(({ profile }) => stopEverything(join(profile, 'state')));

test('the start page offers three doors and each opens', async ({ page, shot }) => {
  const shell = new ShellPage(page);
  await shell.ready();
  await expect(shell.view('start').getByRole('heading', { level: 1 })).toBeVisible();
  await shot('shell-start');

  await shell.door('create').click();
  await expect(shell.view('create-instance')).toBeVisible();
  await shell.tab('Start').click();
  await shell.door('import').click();
  await expect(shell.view('import')).toBeVisible();
  await shell.tab('Start').click();
  await shell.door('register').click();
  await expect(page.getByRole('dialog')).toBeVisible();
});

test('nothing on the start page keeps a person out, in either theme', async ({ page }) => {
  const shell = new ShellPage(page);
  await shell.ready();
  for (const theme of ['light', 'dark'] as const) {
    await callMain(page, 'settings.update', { theme });
    await expect.poll(() => shell.scheme).toBe(theme);
    expect(await barriers(page)).toEqual([]);
  }
});

test('the palette finds actions, settings, help and open tabs', async ({ page, shot }) => {
  const shell = new ShellPage(page);
  await shell.ready();
  await page.keyboard.press('Control+k');
  await expect(shell.search).toBeFocused();
  await shot('shell-palette');
  for (const theme of ['dark', 'light']) {
    await callMain(page, 'settings.update', { theme });
    await expect.poll(() => shell.scheme).toBe(theme);
    await page.keyboard.press('Control+a');
    await page.keyboard.type('help');
    await expect(page.locator('[data-selected]').first()).toContainText('Open help');
    expect(await barriers(page)).toEqual([]);
  }
  await page.keyboard.press('Enter');
  await expect(shell.view('help').getByRole('heading', { level: 1 })).toHaveText('Getting started');

  await shell.find('Dump or a database');
  await expect(shell.view('help').getByRole('heading', { level: 1 })).toHaveText('Import a dump or a database');

  await shell.find('Theme: Dark');
  await expect.poll(() => shell.scheme).toBe('dark');

  await shell.find('Show tasks');
  await expect(shell.view('tasks')).toBeVisible();
  await shell.find('Go to tab');
  await expect(shell.view('start')).toBeVisible();

  await shell.find('About Howdah');
  const about = page.getByRole('dialog', { name: 'About Howdah' });
  await expect(about).toContainText('Apache License 2.0');
  await expect(about).toContainText(/Electron \d+/);
  await page.keyboard.press('Escape');
  await expect(about).toBeHidden();
});

test('theme and language switch at once, for every view that stands open', async ({ page, shot }) => {
  const shell = new ShellPage(page);
  await shell.ready();
  await shell.find('Getting started');
  await shell.choose('Theme', 'Dark');
  await expect.poll(() => shell.scheme).toBe('dark');
  await shell.choose('Language', '简体中文');
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await expect(shell.view('help').getByRole('heading', { level: 1 })).toHaveText('快速入门');
  await expect(shell.tab('开始')).toBeVisible();
  await shot('shell-dark-zh');
  await shell.choose('主题', '浅色');
  await expect.poll(() => shell.scheme).toBe('light');
  await shell.choose('语言', 'English');
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(shell.tab('Start')).toBeVisible();
});

test('the language of a Chinese system is Chinese', async ({ launch }) => {
  const { page } = await launch({ locale: 'zh-CN' });
  const shell = new ShellPage(page);
  await shell.ready();
  await expect(shell.door('create')).toContainText('新建实例');
});

test('tabs split, float, step and close by keyboard; the layout comes back', async ({ launch }) => {
  const first = await launch();
  const shell = new ShellPage(first.page);
  await shell.ready();
  const { keyboard } = first.page;
  await keyboard.press('Control+Shift+j');
  await shell.find('Passwords and secrets');
  expect(await shell.tabTitles()).toEqual(['Start', 'Tasks', 'Help']);

  await test.step('split and step through', async () => {
    await keyboard.press('Control+\\');
    await expect(shell.view('tasks')).toBeVisible();
    await expect(shell.view('help')).toBeVisible();
    await keyboard.press('Control+Tab');
    await expect(shell.view('start')).toBeVisible();
    await keyboard.press('Control+Shift+Tab');
    await expect(shell.tab('Help')).toHaveAttribute('data-active', 'true');
  });

  await test.step('float and dock', async () => {
    await keyboard.press('Control+Shift+\\');
    await expect(first.page.locator('.dv-resize-container').locator('[data-tab]')).toHaveCount(1);
    await keyboard.press('Control+Shift+\\');
    await expect(first.page.locator('.dv-resize-container').locator('[data-tab]')).toHaveCount(0);
    await keyboard.press('Control+\\');
  });

  await test.step('the Explorer hides and its edge moves by arrow keys', async () => {
    await keyboard.press('Control+Shift+e');
    await expect(shell.explorer).toBeHidden();
    await keyboard.press('Control+Shift+e');
    const edge = first.page.getByRole('separator', { name: 'Width of the Explorer' });
    await edge.focus();
    await keyboard.press('ArrowRight');
    await expect(edge).toHaveAttribute('aria-valuenow', '296');
  });

  await expect
    .poll(async () => {
      const { layout } = await callMain<{ layout: string }>(first.page, 'settings.get', {});
      return layout.includes('"width":296') && layout.includes('"help"');
    })
    .toBe(true);
  await first.close();

  const again = await launch();
  const restored = new ShellPage(again.page);
  await restored.ready();
  await expect(restored.view('help').getByRole('heading', { level: 1 })).toHaveText('Passwords and secrets');
  expect((await restored.tabTitles()).toSorted()).toEqual(['Help', 'Start', 'Tasks']);
  await expect(again.page.getByRole('separator', { name: 'Width of the Explorer' })).toHaveAttribute(
    'aria-valuenow',
    '296',
  );
  for (let open = 3; open > 0; open--) {
    await again.page.keyboard.press('Control+w');
    await expect(again.page.locator('[data-tab]')).toHaveCount(open - 1);
  }
  await expect(again.page.getByText('No tab is open')).toBeVisible();
});

test('a broken layout opens the start page', async ({ launch }) => {
  const first = await launch();
  await new ShellPage(first.page).ready();
  await callMain(first.page, 'settings.update', {
    layout: '{"version":1,"sidePanel":{"open":true,"width":300},"dock":{"grid":{},"panels":{}}}',
  });
  await first.close();
  const again = await launch();
  await expect(new ShellPage(again.page).view('start')).toBeVisible();
});

test('F6 goes round the window and every stop shows where the focus is', async ({ page }) => {
  const shell = new ShellPage(page);
  await shell.ready();
  const regionOfFocus = () =>
    page.evaluate(() => document.activeElement?.closest('[data-region]')?.getAttribute('data-region'));
  const seen: (string | null | undefined)[] = [];
  for (let stop = 0; stop < 5; stop++) {
    await page.keyboard.press('F6');
    seen.push(await regionOfFocus());
    const ring = await page.evaluate(() => {
      const style = document.activeElement === null ? null : getComputedStyle(document.activeElement);
      return style === null ? '' : `${style.outlineStyle} ${style.outlineWidth} ${style.boxShadow}`;
    });
    expect(ring).not.toBe('none 0px none');
  }
  expect(seen).toEqual(['rail', 'explorer', 'tabs', 'status', 'rail']);
});

test('an error that nobody owns is shown with its details, a cancelled one is not', async ({
  app,
  page,
  allowErrors,
}) => {
  allowErrors(/lost in thought/);
  const shell = new ShellPage(page);
  await shell.ready();
  await page.evaluate(() => {
    void Promise.reject(new DOMException('stopped', 'AbortError'));
    void Promise.reject(new Error('lost in thought'));
  });
  const toast = page.getByRole('alert').filter({ hasText: 'lost in thought' });
  await expect(toast).toContainText('Something went wrong inside Howdah');
  await expect(page.getByRole('alert').filter({ hasText: 'stopped' })).toHaveCount(0);
  await toast.getByRole('button', { name: 'Copy details' }).click();
  await expect.poll(() => app.evaluate(({ clipboard }) => clipboard.readText())).toContain('lost in thought');
});
