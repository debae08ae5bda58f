import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { NEW_SERVER } from '../../shared/model/server';
import type { QueryState } from '../../shared/model/query';
import { startServer, type TestServer } from '../support/postgres';
import { answerSaveDialog, callMain, chooseMenu, expect, test, type Launched } from './fixtures';

let server: TestServer;
test.beforeAll(async () => {
  server = await startServer({ major: 17 });
});
test.afterAll(() => server.stop());

const ROWS = 400_000;
/** Enough for the task still to run when the test has clicked. */
const MANY = 1_200_000;

/** Runs a query with many rows and saves its result: a task that takes a while. Returns the file and the task's id. */
async function saveManyRows({ app, page }: Launched, profile: string, name: string, rows: number) {
  const definition = { ...NEW_SERVER, name: `Server of ${name}`, host: '127.0.0.1', port: server.port };
  const { id } = await callMain<{ id: string }>(page, 'servers.save', { server: definition, secrets: {} });
  await callMain(page, 'servers.connect', { id, remember: false });
  const { sessionId } = await callMain<{ sessionId: string }>(page, 'query.open', {
    serverId: id,
    database: 'postgres',
  });
  const sql = `SELECT n, repeat('x', 100) AS filler FROM generate_series(1, ${rows}) AS n`;
  await callMain(page, 'query.run', { sessionId, sql });
  const state = () => callMain<QueryState>(page, 'query.state', { sessionId });
  await expect.poll(async () => (await state()).results[0]?.complete, { timeout: 60_000 }).toBe(true);
  const file = join(profile, name);
  await answerSaveDialog(app, file);
  const picked = await callMain<{ token: string }>(page, 'app.pickSaveFile', {
    title: 'Save',
    suggestedName: name,
    filters: [],
  });
  const { taskId } = await callMain<{ taskId: string }>(page, 'query.save', {
    format: 'csv',
    nullText: '',
    table: '',
    resultId: (await state()).results[0]?.resultId,
    fileToken: picked.token,
    delimiter: ',',
    header: true,
  });
  return { file, taskId };
}

const view = (page: Page) => page.locator('[data-view="tasks"]');

test('a task shows in the status bar while it runs, then in the list with steps and log, also after a restart', async ({
  launch,
  profile,
}) => {
  const first = await launch();
  const { file } = await saveManyRows(first, profile, 'rows.csv', ROWS);
  await first.page.getByRole('button', { name: /1 task running/ }).click();
  const tasks = view(first.page);
  await expect(tasks.getByRole('option', { name: /rows\.csv/ })).toContainText('Succeeded', { timeout: 60_000 });
  await expect(tasks.getByRole('list', { name: 'Steps' }).getByRole('listitem')).toContainText('Done');
  await expect(first.page.getByRole('button', { name: /task running/ })).toBeHidden();
  expect(readFileSync(file, 'utf8').trimEnd().split('\n')).toHaveLength(ROWS + 1);
  await first.close();

  const second = await launch();
  await chooseMenu(second.app, 'show-tasks');
  const again = view(second.page);
  await expect(again.getByRole('option', { name: /rows\.csv/ })).toContainText('Succeeded');
  await again.getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(again.getByText('Nothing has run yet')).toBeVisible();
  expect(await callMain(second.page, 'tasks.list', {})).toEqual([]);
});

test('a running task can be cancelled by its button', async ({ launch, profile }) => {
  const started = await launch();
  await chooseMenu(started.app, 'show-tasks');
  await saveManyRows(started, profile, 'cancelled.csv', MANY);
  const tasks = view(started.page);
  await tasks.getByRole('button', { name: 'Cancel task' }).click();
  await expect(tasks.getByRole('option', { name: /cancelled\.csv/ })).toContainText('Cancelled');
});

test('quitting while a task runs asks first', async ({ launch, profile }) => {
  const started = await launch();
  await started.app.evaluate(({ dialog }) => {
    const asked = globalThis as unknown as { asked: string[] };
    asked.asked = [];
    dialog.showMessageBox = ((_window: unknown, options: { message: string }) => {
      asked.asked.push(options.message);
      return Promise.resolve({ response: 1, checkboxChecked: false });
    }) as typeof dialog.showMessageBox;
  });
  await saveManyRows(started, profile, 'asked.csv', MANY);
  await started.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  const asked = () => started.app.evaluate(() => (globalThis as unknown as { asked: string[] }).asked);
  await expect.poll(asked).toEqual(['Tasks are still running']);
  await expect(started.page.locator('html[data-ready]')).toBeAttached();
});

test('without any task the view says what will stand there', async ({ app, page, shot }) => {
  await chooseMenu(app, 'show-tasks');
  await expect(view(page).getByRole('button', { name: 'Import a dump or database' })).toBeVisible();
  await shot('tasks-empty');
});
