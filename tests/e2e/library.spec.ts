import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import type { Settings } from '../../shared/model/settings';
import { startServer, type TestServer } from '../support/postgres';
import { answerOpenDialog, answerSaveDialog, artifacts, callMain, chooseMenu, expect, test } from './fixtures';
import { QueryPage, registerServer } from './pages/query';
import { barriers } from './pages/shell';

let server: TestServer;
test.beforeAll(async () => {
  server = await startServer({ major: 17 });
});
test.afterAll(async () => {
  await server?.stop();
});

/** Texts of tabs as they are on disk. */
function drafts(profile: string): string[] {
  const folder = join(profile, 'drafts');
  return existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith('.draft'))
        .map((name) => readFileSync(join(folder, name), 'utf8'))
    : [];
}

/** What the editor of the tab in front shows. */
const shown = (query: QueryPage) => query.root.locator('.monaco-editor .view-lines').first();

async function menu(page: Page, query: QueryPage, ...path: readonly string[]): Promise<void> {
  await query.button('Library').click();
  for (const [at, name] of path.entries()) {
    const item = page.getByRole('menuitem', { name }).first();
    if (at < path.length - 1) await item.hover();
    else await item.click();
  }
}

test('a text survives the end of the program, and nothing runs when it is back', async ({ launch, profile }) => {
  const first = await launch();
  await registerServer(first.page, server, 'Shop');
  const query = new QueryPage(first.page);
  await query.openByMenu(first.app);
  await query.write('CREATE TABLE never_made ();\nSELECT 42 AS answer;');
  await expect.poll(() => drafts(profile).some((text) => text.includes('42 AS answer'))).toBe(true);
  await expect
    .poll(async () => (await callMain<Settings>(first.page, 'settings.get', {})).layout.includes('draftId'))
    .toBe(true);
  // A text whose tab is in no layout.
  await callMain(first.page, 'library.saveDraft', {
    id: 'left',
    text: "SELECT 'left behind';",
    cursor: 0,
    fileToken: null,
    changed: true,
  });
  first.app.process().kill('SIGKILL');
  await first.close();

  const second = await launch();
  const back = new QueryPage(second.page);
  await expect(shown(back)).toContainText('never_made');
  await expect(shown(back)).toContainText('SELECT 42 AS answer;');
  await expect(back.tab(/^Result/)).toHaveCount(0);
  // No session before the person wants one.
  await expect(back.root.getByText('Not connected')).toBeVisible();
  await expect(back.status).toHaveCount(0);
  await second.page.screenshot({ path: join(artifacts, 'query-restored.png') });
  const { entries } = await callMain<{ entries: unknown[] }>(second.page, 'library.history', {
    text: '',
    outcome: 'any',
    limit: 10,
  });
  expect(entries).toEqual([]);
  // The cursor is where it was, behind the last sign.
  await second.page.keyboard.type(' -- on');
  await expect(shown(back)).toContainText('SELECT 42 AS answer; -- on');
  await expect(second.page.locator('[data-dirty]')).toHaveCount(1);
  await back.button('Connect').click();
  await back.status.or(back.root.getByText('No session could be opened')).waitFor();

  await chooseMenu(second.app, 'show-library');
  await second.page.getByRole('tab', { name: 'Unsaved texts' }).click();
  await expect(second.page.getByText("SELECT 'left behind';")).toBeVisible();
  expect(await barriers(second.page)).toEqual([]);
  await second.page.screenshot({ path: join(artifacts, 'library-drafts.png') });
  await second.page.getByRole('button', { name: 'Open', exact: true }).click();
  await expect(shown(back)).toContainText('left behind');
});

test('files are opened, saved, and not written over unasked', async ({ app, page, profile, shot }) => {
  await registerServer(page, server, 'Shop');
  const query = new QueryPage(page);
  const first = join(profile, 'first.sql');
  await writeFile(first, "SELECT 'from the start page'");
  await answerOpenDialog(app, first);
  await page.keyboard.press('ControlOrMeta+o');
  await expect(shown(query)).toContainText('from the start page');
  await expect(page.locator('[data-tab]').filter({ hasText: 'first.sql' })).toBeVisible();
  await query.openByMenu(app);
  const path = join(profile, 'orders of 2026.sql');
  await writeFile(path, '\uFEFFSELECT 1;\r\nSELECT 2;\r\n');
  await answerOpenDialog(app, path);
  await page.keyboard.press('ControlOrMeta+o');
  await expect(shown(query)).toContainText('SELECT 2;');
  await expect(page.locator('[data-tab]').filter({ hasText: 'orders of 2026.sql' })).toBeVisible();
  await page.keyboard.press('ControlOrMeta+End');
  await page.keyboard.type('SELECT 3;');
  await page.keyboard.press('ControlOrMeta+s');
  await expect.poll(() => readFile(path, 'utf8')).toBe('\uFEFFSELECT 1;\r\nSELECT 2;\r\nSELECT 3;');

  await writeFile(path, 'SELECT 4;\n');
  await page.keyboard.type('\nSELECT 5;');
  await page.keyboard.press('ControlOrMeta+s');
  const dialog = page.getByRole('dialog', { name: 'The file was changed meanwhile' });
  await expect(dialog).toBeVisible();
  await shot('library-conflict');
  expect(await readFile(path, 'utf8')).toBe('SELECT 4;\n');
  await dialog.getByRole('button', { name: 'Read it again' }).click();
  await expect(shown(query)).toContainText('SELECT 4;');

  const other = join(profile, 'other.sql');
  await answerSaveDialog(app, other);
  await page.keyboard.press('ControlOrMeta+Shift+s');
  await expect.poll(() => readFile(other, 'utf8').catch(() => '')).toBe('SELECT 4;\n');
  await expect(page.locator('[data-tab]').filter({ hasText: 'other.sql' })).toBeVisible();
  // A tab with a text opens a file beside it.
  await answerOpenDialog(app, path);
  await menu(page, query, 'Open file…');
  await expect(page.locator('[data-tab]').filter({ hasText: 'orders of 2026.sql' })).toBeVisible();
  await expect(page.locator('[data-tab]').filter({ hasText: 'other.sql' })).toBeVisible();
});

test('queries are saved, macros run by their keys, and the history finds what ran', async ({ app, page, shot }) => {
  await registerServer(page, server, 'Shop');
  const query = new QueryPage(page);
  await chooseMenu(app, 'show-history');
  await expect(page.getByText('Nothing has run yet')).toBeVisible();
  await shot('library-history-empty');
  await query.openByMenu(app);
  await query.write("SELECT 'of the customers' AS kept");
  await query.run();
  await expect(query.cell(0, 0)).toHaveText('of the customers');
  await query.button('Library').click();
  await expect(page.getByRole('menuitem', { name: 'Save as…' })).toBeVisible();
  await shot('library-menu');
  await page.keyboard.press('Escape');
  await menu(page, query, 'Save query…');
  const dialog = page.getByRole('dialog', { name: 'Save query' });
  await dialog.getByLabel('Name').fill('Customers');
  await dialog.getByLabel('Folder').fill('Reports');
  await shot('library-save-query');
  await dialog.getByRole('button', { name: 'Save query' }).click();
  await expect(dialog).toBeHidden();

  await chooseMenu(app, 'show-library');
  await expect(page.getByRole('button', { name: /Customers/ })).toBeVisible();
  await expect(page.getByRole('combobox', { name: 'Folder' })).toHaveValue('Reports');
  await shot('library-saved');
  expect(await barriers(page)).toEqual([]);
  await page.getByRole('tab', { name: 'Snippets' }).click();
  await expect(page.getByRole('button', { name: /WITH RECURSIVE/ })).toBeVisible();
  await shot('library-snippets');
  await page.getByRole('tab', { name: 'Macros' }).click();
  await page.getByRole('button', { name: 'New macro' }).click();
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Twice');
  await page.getByRole('button', { name: 'Record keys' }).click();
  await page.keyboard.press('ControlOrMeta+Alt+2');
  await page.locator('[class*="editor"] .monaco-editor').filter({ visible: true }).first().click();
  await page.keyboard.insertText('SELECT 2 * ($SELECTION$) AS twice');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByRole('button', { name: /Twice/ })).toContainText('Ctrl+Alt+2');
  await shot('library-macros');
  expect(await barriers(page)).toEqual([]);

  await query.openByMenu(app);
  await query.button('Library').click();
  await page.getByRole('menuitem', { name: 'Snippets' }).hover();
  await expect(page.getByRole('menuitem', { name: /CREATE TABLE/ })).toBeVisible();
  await shot('library-menu-snippets');
  await page.getByRole('menuitem', { name: /CREATE TABLE/ }).click();
  await expect(shown(query)).toContainText('GENERATED ALWAYS AS IDENTITY');
  await query.write('20 + 1');
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.press('ControlOrMeta+Alt+2');
  await expect(query.cell(0, 0)).toHaveText('42');
  await query.write("CREATE ROLE ann PASSWORD 'S3cret'; SELECT no_such_column");
  await query.run();
  await expect(query.tab(/^Messages/)).toContainText('1 error');

  await chooseMenu(app, 'show-history');
  const list = page.getByRole('listbox', { name: 'History' });
  await expect(list.getByRole('option')).toHaveCount(3);
  await expect(list.getByRole('option').first()).toContainText("PASSWORD '***'");
  await shot('library-history');
  expect(await barriers(page)).toEqual([]);
  await page.getByRole('textbox', { name: 'Search statements and errors' }).fill('TWICE');
  await expect(list.getByRole('option')).toHaveCount(1);
  await list.getByRole('option').dblclick();
  await expect(shown(query)).toContainText('SELECT 2 * (20 + 1) AS twice');
  await callMain(page, 'settings.update', { theme: 'dark', language: 'zh-CN' });
  await expect(page.locator('html[data-mantine-color-scheme="dark"]')).toHaveCount(1);
  await chooseMenu(app, 'show-history');
  await expect(page.getByRole('listbox', { name: '历史' })).toBeVisible();
  await shot('library-history-dark-zh');
  await chooseMenu(app, 'show-library');
  await page.getByRole('tab', { name: '宏' }).click();
  await expect(page.getByRole('button', { name: /Twice/ })).toBeVisible();
  await shot('library-macros-dark-zh');
  expect(await barriers(page)).toEqual([]);
});
