import { Client } from 'pg';
import { NEW_SERVER } from '../../shared/model/server';
import { startServer, type TestServer } from '../support/postgres';
import { callMain, expect, test } from './fixtures';
import { DashboardPage } from './pages/dashboard';
import { registerServer } from './pages/query';
import { barriers } from './pages/shell';

let server: TestServer;
const clients: Client[] = [];

test.beforeAll(async () => {
  server = await startServer({
    major: 17,
    settings: ['max_prepared_transactions = 5', 'logging_collector = on', "log_destination = 'csvlog'"],
  });
  await server.sql(`CREATE TABLE orders (id int PRIMARY KEY, note text);
    INSERT INTO orders SELECT i, 'note ' || i FROM generate_series(1, 5000) i;
    CREATE INDEX orders_note ON orders (note);
    DELETE FROM orders WHERE id > 4000`);
});
test.afterAll(async () => {
  await Promise.allSettled(clients.map((client) => client.end()));
  await server?.stop();
});

/** A session of somebody else. */
async function connect(application: string): Promise<{ client: Client; pid: number }> {
  const client = new Client({
    host: '127.0.0.1',
    port: server.port,
    user: 'postgres',
    database: 'postgres',
    application_name: application,
  });
  client.on('error', () => undefined);
  await client.connect();
  clients.push(client);
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return { client, pid: rows[0]?.pid ?? 0 };
}

test('charts fill, the one that holds up others is found and ended, and the others move', async ({
  app,
  page,
  shot,
}) => {
  await registerServer(page, server, 'Shop');
  const dashboard = new DashboardPage(page);
  await dashboard.openByMenu(app);
  const root = await connect('forgotten terminal');
  const waiter = await connect('web shop');
  const last = await connect('nightly report');
  await root.client.query(`BEGIN; UPDATE orders SET note = 'held' WHERE id = 1`);
  const waits = waiter.client.query(`BEGIN; UPDATE orders SET note = 'wanted' WHERE id IN (1, 2)`);
  await expect(dashboard.figure('waiting')).toContainText('1');
  const waitsToo = last.client.query('LOCK TABLE orders IN ACCESS EXCLUSIVE MODE; SELECT 1').catch(() => undefined);
  await server.sql('CREATE TABLE fresh AS SELECT i FROM generate_series(1, 5000) i');

  await expect(dashboard.figure('waiting')).toContainText('2');
  await expect(dashboard.figure('inTransaction')).toContainText('1');
  await expect(dashboard.figure('commits')).toContainText('/s');
  await expect(dashboard.root.locator('[data-chart="WAL"] polyline').first()).toBeAttached();
  await dashboard.root
    .locator('[data-chart="Sessions"]')
    .getByRole('slider')
    .hover({ position: { x: 500, y: 20 } });
  await shot('dashboard-activity');
  expect(await barriers(page)).toEqual([]);

  await dashboard.show('Blocking and locks');
  const line = dashboard.line(root.pid);
  await expect(line).toContainText('Holds up 2 sessions');
  await expect(line).toContainText('Idle in transaction');
  await expect(dashboard.line(waiter.pid).first()).toContainText('ShareLock on transaction');
  await shot('dashboard-blocking');
  expect(await barriers(page)).toEqual([]);
  await line.getByRole('button', { name: `Terminate ${root.pid}` }).click();
  const dialog = page.getByRole('dialog', { name: 'Terminate a session?' });
  await expect(dialog).toContainText('forgotten terminal');
  await shot('dashboard-terminate');
  await dialog.getByRole('button', { name: 'Terminate 1 session' }).click();
  await waits;
  await waiter.client.query('COMMIT');
  await waitsToo;
  await expect(dashboard.root.getByText('Nobody waits for a lock')).toBeVisible();
  await dashboard.root.getByText('All locks').click();
  await dashboard.root
    .getByRole('table', { name: 'All locks' })
    .or(dashboard.root.getByText('No lock matches'))
    .first()
    .waitFor();

  await dashboard.show('Waits');
  await expect(dashboard.root.locator('[data-wait^="Lock:"]').first()).toBeVisible();
  await shot('dashboard-waits');
});

test('sessions are searched, opened and marked; every page stands in both themes and languages', async ({
  app,
  page,
  shot,
}) => {
  await registerServer(page, server, 'Shop');
  const dashboard = new DashboardPage(page);
  const busy = await connect('long report');
  const sleeping = busy.client
    .query('SELECT pg_sleep(60) -- the report of the year')
    .catch((error: Error) => error.message);
  const preparing = await connect('two phases');
  await preparing.client.query(`BEGIN; UPDATE orders SET note = 'p' WHERE id = 7; PREPARE TRANSACTION 'transfer 4711'`);
  await server.sql(`SELECT pg_create_physical_replication_slot('standby_of_yore', true)`);
  await server.sql('SELECT 1 / (SELECT 0)').catch(() => undefined);

  await dashboard.openByMenu(app);
  await dashboard.show('Sessions');
  await dashboard.root.getByRole('textbox', { name: 'Search' }).fill('report of the year');
  await expect(dashboard.row('long report')).toContainText('Timeout: PgSleep');
  await dashboard
    .row('long report')
    .getByRole('button', { name: String(busy.pid) })
    .click();
  await expect(dashboard.root.getByRole('complementary')).toContainText('long report');
  await dashboard.root.getByRole('textbox', { name: 'Search' }).fill('');
  await dashboard.root.getByText('Background processes').click();
  await expect(dashboard.row('checkpointer')).toBeVisible();
  await dashboard.root.locator('.monaco-editor .view-line').first().waitFor();
  await shot('dashboard-sessions');
  expect(await barriers(page)).toEqual([]);
  await dashboard.root.getByRole('complementary').getByRole('button', { name: 'Cancel query' }).click();
  await page.getByRole('button', { name: 'Cancel 1 query' }).click();
  expect(await sleeping).toContain('canceling statement due to user request');

  await dashboard.show('Configuration');
  await dashboard.root.getByRole('textbox', { name: 'Search names' }).fill('work_mem sort');
  await dashboard
    .row(/^work_mem/)
    .getByRole('button', { name: 'work_mem' })
    .click();
  const panel = dashboard.root.getByRole('complementary', { name: 'work_mem' });
  await panel.getByRole('textbox', { name: 'New value' }).fill('12MB');
  await expect(panel).toContainText("ALTER SYSTEM SET work_mem TO '12MB'");
  await shot('dashboard-configuration');
  expect(await barriers(page)).toEqual([]);
  await panel.getByRole('button', { name: 'Set…' }).click();
  await page.getByRole('button', { name: 'Set work_mem' }).click();
  await expect(dashboard.row(/^work_mem/)).toContainText('12MB');
  await expect(dashboard.row(/^work_mem/)).toContainText('Changed');

  await dashboard.show('Logs');
  await dashboard.root.getByRole('textbox', { name: 'Search' }).filter({ visible: true }).fill('division');
  await expect(dashboard.root.locator('[data-severity="error"]').first()).toContainText('division by zero');
  await shot('dashboard-logs');
  expect(await barriers(page)).toEqual([]);

  await dashboard.show('Prepared transactions');
  await expect(dashboard.row('transfer 4711')).toBeVisible();
  await dashboard.row('transfer 4711').getByRole('button', { name: 'Roll back' }).click();
  await expect(page.getByRole('dialog')).toContainText("ROLLBACK PREPARED 'transfer 4711'");
  await shot('dashboard-prepared');
  await page.getByRole('button', { name: 'Roll back the transaction' }).click();
  await expect(dashboard.root.getByText('No prepared transaction')).toBeVisible();

  await callMain(page, 'settings.update', { theme: 'dark', language: 'zh-CN' });
  await expect(page.locator('html[data-mantine-color-scheme="dark"]')).toHaveCount(1);
  await dashboard.show('数据库');
  await expect(dashboard.row('orders_note').first()).toBeVisible();
  await shot('dashboard-health-dark-zh');
  expect(await barriers(page)).toEqual([]);
  await dashboard.show('复制');
  await expect(dashboard.row('standby_of_yore')).toContainText('未使用');
  await shot('dashboard-replication-dark-zh');
  await dashboard.show('会话');
  await shot('dashboard-sessions-dark-zh');
  await dashboard.show('活动');
  await expect(dashboard.figure('active')).toBeVisible();
  await shot('dashboard-activity-dark-zh');
  expect(await barriers(page)).toEqual([]);
});

test('a poor role is told what it may not see, and production is asked about by name', async ({ page, app, shot }) => {
  await server.sql('CREATE ROLE poor LOGIN');
  const other = await connect('somebody else');
  const saved = await callMain<{ id: string }>(page, 'servers.save', {
    server: {
      ...NEW_SERVER,
      name: 'Prod',
      environment: 'production',
      host: '127.0.0.1',
      port: server.port,
      user: 'poor',
      ssl: { ...NEW_SERVER.ssl, mode: 'disable' },
    },
    secrets: {},
  });
  await callMain(page, 'servers.connect', { id: saved.id, remember: false });
  const dashboard = new DashboardPage(page);
  await dashboard.openByMenu(app);
  await expect(dashboard.figure('hidden')).toContainText(/[1-9]/);
  await dashboard.show('Sessions');
  await expect(dashboard.root.getByText('A member of pg_monitor')).toBeVisible();
  const row = dashboard.row('somebody else');
  await expect(row).toContainText('Not permitted');
  await row.getByRole('checkbox').check();
  await dashboard.root.getByRole('button', { name: 'Terminate 1 session' }).click();
  const dialog = page.getByRole('dialog');
  const deed = dialog.getByRole('button', { name: 'Terminate 1 session' });
  await expect(deed).toBeDisabled();
  await dialog.getByRole('textbox').fill('Prod');
  await deed.click();
  await expect(dialog.getByRole('alert')).toContainText(`The server refused for ${other.pid}`);
  await shot('dashboard-refused');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await dashboard.show('Logs');
  await expect(dashboard.root.getByText('The log may not be read')).toBeVisible();
  await shot('dashboard-logs-refused');
});
