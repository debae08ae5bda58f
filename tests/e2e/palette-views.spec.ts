import type { ElectronApplication, Locator, Page } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ObjectRef } from '../../shared/model/catalog';
import type { Command } from '../../shared/model/command';
import { startServer, type TestServer } from '../support/postgres';
import { answerSaveDialog, callMain, expect, test } from './fixtures';
import { DashboardPage } from './pages/dashboard';
import { offersOf } from './pages/offers';
import { QueryPage, registerServer } from './pages/query';
import { barriers, ShellPage } from './pages/shell';

let server: TestServer;
test.beforeAll(async () => {
  server = await startServer({ major: 17, settings: ['logging_collector = on', "log_destination = 'csvlog'"] });
  await server.sql(`CREATE TABLE orders (id int PRIMARY KEY, note text); INSERT INTO orders VALUES (1, 'one');
    CREATE SCHEMA twin; CREATE TABLE twin.orders (id int PRIMARY KEY)`);
});
test.afterAll(async () => {
  await server?.stop();
});

/** Buttons that are no actions of the tab: they open a menu whose lines are offered, or belong to one row or field. */
const EXCEPTIONS: Readonly<Record<string, readonly RegExp[]>> = {
  // Menus of the same deeds, and of columns.
  plan: [/^Compare$/, /^Plan$/, /^Columns$/],
  diagram: [/^SQL$/, /^More$/],
  object: [/^More/],
  folder: [/^Columns that are shown$/],
  // The foot of one entry of the log.
  dashboard: [/^Copy$/],
  library: [],
  // An action of the program, and a menu of columns.
  instances: [/^Create/, /^Choose columns$/],
  history: [],
  compare: [],
};

async function send(app: ElectronApplication, command: Command): Promise<void> {
  await app.evaluate(
    ({ BrowserWindow }, sent) => BrowserWindow.getAllWindows()[0]?.webContents.send('howdah:push', 'app.command', sent),
    command,
  );
}

/** Every button and page that can be used in the bars has its offer. Heads and rows of tables are no tools. */
async function expectOffered(page: Page, view: string, ...bars: readonly Locator[]): Promise<void> {
  const names = new Set<string>();
  for (const bar of bars) {
    const tools = bar
      .getByRole('button', { disabled: false })
      .or(bar.getByRole('tab', { selected: false, disabled: false }));
    await tools.first().waitFor();
    const found = await tools
      .filter({ visible: true })
      .evaluateAll((all) =>
        all
          .filter((tool) => tool.closest('[role="columnheader"], th, [role="row"]') === null)
          .map((tool) => (tool.getAttribute('aria-label') ?? tool.textContent ?? '').trim()),
      );
    for (const name of found) names.add(name);
  }
  const offered = await offersOf(page);
  const missing = [...names].filter(
    (name) =>
      !(EXCEPTIONS[view] ?? []).some((exception) => exception.test(name)) &&
      !offered.some((offer) => offer.toLowerCase().includes(name.toLowerCase())),
  );
  expect(missing, `buttons of ${view} without an offer among ${offered.join(' | ')}`).toEqual([]);
}

async function tableRef(name: string): Promise<ObjectRef> {
  const [row] = await server.sql(`SELECT '${name}'::regclass::oid::int AS oid`);
  return { kind: 'table', oid: Number(row?.['oid']), sub: 0, schema: 'public', name: 'orders' };
}

test('the palette offers what plans, history and library have buttons for', async ({ app, page }) => {
  await registerServer(page, server, 'Shop');
  const shell = new ShellPage(page);
  const query = new QueryPage(page);
  await query.openByMenu(app);
  await query.write('SELECT * FROM orders');
  await page.keyboard.press('F7');
  const bar = query.root.getByRole('toolbar', { name: 'Plan', exact: true });
  await expectOffered(page, 'plan', bar, query.root.locator('[data-plan-view]'));
  await shell.find('Show plan: Table');
  await expect(query.root.locator('[data-plan-view="table"]')).toBeVisible();
  await expectOffered(page, 'plan', bar, query.root.locator('[data-plan-view]'));
  await query.write('SELECT count(*) FROM orders');
  await page.keyboard.press('F7');
  await expect(query.tab(/^Plan 1/)).toBeVisible();
  await shell.find('Compare with the plan before');
  await expect(query.root.getByText('Compared with:')).toBeVisible();
  await expectOffered(page, 'plan', bar);
  await shell.find('End comparison');
  await expect(query.root.getByText('Compared with:')).toHaveCount(0);

  await send(app, { do: 'show-history' });
  const history = shell.view('history').filter({ visible: true });
  await expect(history.getByRole('option').first()).toBeVisible();
  await expectOffered(page, 'history', history);
  await shell.find('Search statements and errors');
  await expect(history.getByRole('textbox', { name: 'Search statements and errors' })).toBeFocused();

  await callMain(page, 'library.saveQuery', {
    id: '',
    name: 'Kept',
    folder: '',
    sql: 'SELECT 1',
    serverId: null,
    database: '',
  });
  await send(app, { do: 'show-library' });
  const library = shell.view('library').filter({ visible: true });
  await expect(library.getByRole('button', { name: 'Kept' })).toBeVisible();
  await expectOffered(
    page,
    'library',
    library.getByRole('tablist'),
    library.getByRole('button', { name: 'New saved query' }).locator('..'),
    library.getByRole('button', { name: 'Remove' }).locator('..'),
  );
  await shell.find('Show Macros');
  await shell.find('New macro');
  await library.getByRole('textbox', { name: 'Name' }).fill('Count');
  await page.keyboard.press('Tab');
  await library.locator('.monaco-editor .view-lines').click();
  await page.keyboard.insertText('SELECT 2');
  await expect(library.getByRole('button', { name: 'Save' })).toBeEnabled();
  await page.keyboard.press('Control+s');
  await expect(library.getByRole('listitem').filter({ hasText: 'Count' })).toBeVisible();
});

test('the palette offers what objects, folders, diagrams and comparisons have buttons for', async ({ app, page }) => {
  const { id: serverId } = await registerServer(page, server, 'Shop');
  const shell = new ShellPage(page);
  const object = await tableRef('public.orders');
  await send(app, { do: 'show-object', serverId, database: 'postgres', object });
  const view = shell.view('object').filter({ visible: true });
  await expect(view.getByRole('heading', { name: 'orders' })).toBeVisible();
  await expectOffered(page, 'object', view);
  await shell.find('Show SQL');
  await expect(view.getByRole('button', { name: 'Copy SQL' })).toBeVisible();
  await expectOffered(page, 'object', view);

  await send(app, { do: 'show-folder', serverId, database: 'postgres', folder: 'tables', parent: await schemaRef() });
  const folder = shell.view('folder').filter({ visible: true });
  await folder.getByRole('row').filter({ hasText: 'orders' }).click();
  await page.keyboard.press('Space');
  await expect(folder.getByRole('button', { name: 'Drop…' })).toBeEnabled();
  await expectOffered(
    page,
    'folder',
    folder.locator('header'),
    folder.getByRole('textbox').locator('xpath=ancestor::div[button]'),
  );
  await shell.find('Create');
  await expect(page.getByRole('menuitem', { name: 'Table…', exact: true })).toBeVisible();
  await page.keyboard.press('Escape');

  await send(app, { do: 'show-diagram', serverId, database: 'postgres', objects: [object] });
  const diagram = shell.view('diagram').filter({ visible: true });
  await diagram.getByRole('listbox', { name: 'Tables' }).getByRole('option').click();
  await expectOffered(page, 'diagram', diagram.getByRole('toolbar', { name: 'Diagram tools' }));
  await shell.find('Find a table or column');
  await expect(diagram.getByRole('textbox', { name: 'Find a table or column' })).toBeFocused();

  await send(app, { do: 'compare', serverId, database: 'postgres', schema: 'public' });
  const compare = shell.view('compare').filter({ visible: true });
  await expectOffered(
    page,
    'compare',
    compare.getByRole('tablist'),
    compare.getByRole('button', { name: /^Swap/ }).locator('..'),
  );

  await send(app, { do: 'show-instances' });
  await expectOffered(page, 'instances', shell.view('instances').locator('header').first());
});

async function schemaRef(): Promise<ObjectRef> {
  const [row] = await server.sql(`SELECT 'public'::regnamespace::oid::int AS oid`);
  return { kind: 'schema', oid: Number(row?.['oid']), sub: 0, schema: '', name: 'public' };
}

test('the palette offers what the dashboard has buttons for; F5 looks again, and the shown log is saved', async ({
  app,
  page,
  shot,
  profile,
}) => {
  await registerServer(page, server, 'Shop');
  const shell = new ShellPage(page);
  const dashboard = new DashboardPage(page);
  await dashboard.openByMenu(app);
  await expectOffered(page, 'dashboard', dashboard.root.locator('header'), dashboard.root.getByRole('tablist'));

  // Tooltips tell the keys that are in force.
  const refresh = dashboard.root.getByRole('button', { name: 'Look now' });
  await refresh.hover();
  await expect(page.getByRole('tooltip', { name: 'Look now (F5)' })).toBeVisible();
  await callMain(page, 'settings.update', { shortcuts: { 'dashboard.refresh': 'mod+alt+r' } });
  await expect(page.getByRole('tooltip', { name: 'Look now (Ctrl+Alt+R)' })).toBeVisible();
  await callMain(page, 'settings.update', { shortcuts: {} });

  // What is drawn over fills the charts until the newest is wanted again.
  const chart = dashboard.root.locator('[data-chart="Sessions"]').getByRole('slider');
  await expect(chart).toBeVisible();
  await chart.scrollIntoViewIfNeeded();
  const area = await chart.boundingBox();
  if (!area) throw new Error('the chart is not to be seen');
  await page.mouse.move(area.x + area.width * 0.25, area.y + 20);
  await page.mouse.down();
  await page.mouse.move(area.x + area.width * 0.75, area.y + 20, { steps: 4 });
  await shot('dashboard-drawn-over');
  await page.mouse.up();
  await expect(dashboard.root.getByRole('button', { name: 'Show the newest' })).toBeVisible();
  await expect.poll(async () => Number(await chart.getAttribute('aria-valuemax'))).toBeLessThanOrEqual(31);
  await shell.find('Show the newest');
  await expect.poll(async () => Number(await chart.getAttribute('aria-valuemax'))).toBeGreaterThan(55);

  await shell.find('Show Sessions');
  await expect(dashboard.root.getByRole('tab', { name: 'Sessions' })).toHaveAttribute('aria-selected', 'true');
  const panel = dashboard.root.getByRole('tabpanel').filter({ visible: true });
  await panel.getByRole('checkbox', { name: 'Choose all' }).waitFor();
  await dashboard.root.getByRole('checkbox', { name: "This dashboard's session" }).check();
  await shot('dashboard-sessions-bar');
  const bar = panel.getByRole('textbox', { name: 'Search' });
  const top = async (what: Locator): Promise<number> => {
    const box = await what.boundingBox();
    return (box?.y ?? 0) + (box?.height ?? 0) / 2;
  };
  expect(Math.abs((await top(bar)) - (await top(panel.getByRole('button', { name: /^Terminate/ }))))).toBeLessThan(8);
  const looks = await panel.locator('thead th').evaluateAll((heads) =>
    heads
      .filter((head) => head.textContent !== '')
      .map((head) => getComputedStyle(head.querySelector('button') ?? head))
      .map(({ color, fontWeight, fontSize }) => `${color} ${fontWeight} ${fontSize}`),
  );
  expect([...new Set(looks)]).toHaveLength(1);
  await shell.find('When sessions are marked');
  await page.getByRole('textbox', { name: 'Mark after (min)' }).fill('3');
  await shot('dashboard-marks');
  expect(await barriers(page)).toEqual([]);
  await page.keyboard.press('Escape');
  expect(await page.evaluate(() => localStorage.getItem('howdah.dashboard.amber'))).toBe('3');

  // Nothing is asked while it is paused, but by F5.
  await shell.find('Pause');
  await expect(dashboard.root.getByRole('button', { name: 'Go on' })).toHaveAttribute('aria-pressed', 'true');
  await dashboard.show('Configuration');
  await panel.getByRole('textbox').first().fill('log_min_duration_statement');
  const row = dashboard.row('log_min_duration_statement');
  await expect(row).toBeVisible();
  await server.sql("ALTER SYSTEM SET log_min_duration_statement = '12345ms'");
  await server.sql('SELECT pg_reload_conf()');
  await expect
    .poll(async () => (await server.sql('SHOW log_min_duration_statement'))[0]?.['log_min_duration_statement'])
    .toContain('12345');
  await expect(row).not.toContainText('12345');
  await page.keyboard.press('F5');
  await expect(row).toContainText('12345');

  await server.sql('SELECT 1 / (SELECT 0)').catch(() => undefined);
  await dashboard.show('Logs');
  await panel.getByRole('textbox', { name: 'Search' }).fill('division by zero');
  await expect(dashboard.root.getByRole('log')).toContainText('division by zero');
  await expectOffered(page, 'dashboard', panel.getByRole('button', { name: 'Save the shown log…' }).locator('..'));
  const path = join(profile, 'shown.log');
  await answerSaveDialog(app, path);
  await shell.find('Save the shown log');
  await expect.poll(() => readFile(path, 'utf8').catch(() => '')).toContain('ERROR 22012: division by zero');
  await shot('dashboard-logs-save');
});
