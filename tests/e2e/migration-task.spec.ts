import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stopEverything } from '../support/control-plane';
import { startServer, type TestServer } from '../support/postgres';
import { answerSaveDialog, callMain, expect, test } from './fixtures';
import { jobOf, makeTask, MigrationTaskPage, sideAt, verifyTask } from './pages/migration-task';
import { barriers, ShellPage } from './pages/shell';

/** A server, its parts and a copy take their time on a busy machine. */
const SLOW = { timeout: 120_000 };
const MIB = 1024 * 1024;

// Rows that no constraint let in: the foreign key cannot be made on the target.
const STOCK = `
CREATE SCHEMA warehouse;
CREATE TABLE warehouse.articles (id bigint PRIMARY KEY, name text NOT NULL);
CREATE TABLE warehouse.moves (id bigserial PRIMARY KEY, article bigint REFERENCES warehouse.articles, note text);
CREATE INDEX moves_by_article ON warehouse.moves (article);
CREATE TABLE warehouse."a table with a long name, spaces and 中文 in it" (id int PRIMARY KEY, "what, then" text);
CREATE VIEW warehouse.counted AS SELECT article, count(*) AS moves FROM warehouse.moves GROUP BY article;
INSERT INTO warehouse.articles SELECT n, 'article ' || n FROM generate_series(1, 2000) n;
INSERT INTO warehouse.moves (article, note) SELECT 1 + n % 2000, repeat(md5(n::text), 10) FROM generate_series(1, 60000) n;
SET session_replication_role = replica;
INSERT INTO warehouse.moves (article, note) VALUES (999999, 'of an article that is not there');
RESET session_replication_role;
ANALYZE;
`;

let source: TestServer;
let target: TestServer;
let folder: string;
test.beforeAll(async () => {
  [source, target] = await Promise.all([
    startServer({ major: 16, password: 'source pass' }),
    startServer({ major: 17, password: 'target pass' }),
  ]);
  await source.createDatabase('stock');
  await source.sql(STOCK, 'stock');
  await source.sql("CREATE ROLE mover SUPERUSER LOGIN PASSWORD 'first word'");
  folder = mkdtempSync(join(tmpdir(), 'howdah-migration-'));
});
test.afterAll(async () => {
  await Promise.all([source.stop(), target.stop()]);
  rmSync(folder, { recursive: true, force: true });
});
test.afterEach(({ profile }) => stopEverything(join(profile, 'state')));

test('a running task is followed, paused, made faster; what fails on the way is told and settled', async ({
  app,
  page,
  shot,
}) => {
  test.setTimeout(300_000);
  const shell = new ShellPage(page);
  const task = new MigrationTaskPage(page);
  const id = await makeTask(page, {
    name: 'Stock to 17',
    source: sideAt(source, 'source pass'),
    target: sideAt(target, 'target pass'),
    options: { bytesPerSecond: MIB, copyJobs: 2, indexJobs: 1 },
    tags: [{ key: 'team', value: 'stock' }],
  });
  await verifyTask(page, id);

  await test.step('it is started from the list', async () => {
    await page.keyboard.press('Control+Shift+m');
    await page.getByRole('button', { name: 'Start Stock to 17' }).click();
    await expect(task.dialog).toContainText(`postgres@127.0.0.1:${source.port}/postgres`);
    await shot('migration-start');
    await task.confirm('Start the migration');
    await page.getByRole('button', { name: 'Open Stock to 17' }).click();
    await expect(shell.tab('Stock to 17')).toBeVisible();
  });

  await test.step('the copy is seen live', async () => {
    await expect(task.step('structure')).toHaveAttribute('data-state', 'success', SLOW);
    await expect(task.step('copy')).toHaveAttribute('data-state', 'running', SLOW);
    await expect(task.rows('copying').filter({ hasText: 'warehouse.moves' })).toBeVisible(SLOW);
    await expect(task.figure('bytes-rate')).not.toHaveText('0 B/s', SLOW);
    await expect(task.figure('snapshot')).toBeVisible();
    await expect(page.getByRole('contentinfo').getByText('1 migration running')).toBeVisible();
    await shot('migration-running');
    expect(await barriers(page)).toEqual([]);
  });

  await test.step('it pauses, and holds no session on either server', async () => {
    await task.button('Pause').click();
    await expect(task.inStatus('manualPaused')).toBeVisible(SLOW);
    await expect(task.root).toContainText('The task is paused');
    const sessions = `SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name LIKE 'howdah dts-%'`;
    await expect.poll(() => source.sql(sessions)).toEqual([{ n: 0 }]);
    await expect.poll(() => target.sql(sessions)).toEqual([{ n: 0 }]);
    await shot('migration-paused');
  });

  await test.step('another speed, and on to its end', async () => {
    await task.root.getByLabel('Tables side by side').fill('17');
    await expect(task.root).toContainText('A whole number from 1 to 16');
    await task.root.getByLabel('Tables side by side').fill('3');
    await task.root.getByLabel('Rate limit in MiB/s').fill('0');
    await task.button('Apply').click();
    await expect(task.root.getByText('No limit')).toBeVisible();
    await task.button('Continue').click();
    await expect(task.inStatus('failed')).toBeVisible(SLOW);
  });

  await test.step('what is missing is told, with the words of the server and the statement', async () => {
    await expect(task.root).toContainText('1 object could not be made');
    await task.button('Show 1 problem').click();
    const problem = task.rows().filter({ hasText: 'moves_article_fkey' });
    await expect(problem).toContainText('violates foreign key constraint');
    await problem.getByRole('button', { name: 'Statement' }).click();
    await expect(problem).toContainText('ADD CONSTRAINT moves_article_fkey FOREIGN KEY');
    await shot('migration-gaps');
    expect(await barriers(page)).toEqual([]);
    await task.tab('Objects').click();
    await task.root.getByLabel('Filter by name').fill('中文');
    await expect(task.rows('done')).toHaveCount(1);
    await task.root.getByText('Everything else', { exact: true }).click();
    await task.root.getByLabel('Filter by name').fill('counted');
    await expect(task.rows('done').filter({ hasText: 'VIEW' })).toContainText('warehouse.counted');
  });

  await test.step('settled on the source, it is resumed to success', async () => {
    await target.sql('DELETE FROM warehouse.moves WHERE article = 999999', 'stock');
    await task.button('Resume').click();
    // Its end is told while another tab is in front.
    await shell.tab('Migration tasks').click();
    await expect(page.getByText('Stock to 17 is finished')).toBeVisible(SLOW);
    await shell.tab('Stock to 17').click();
    await expect(task.inStatus('success')).toBeVisible(SLOW);
    await expect(task.root).toContainText('Finished in');
    expect(
      await target.sql(
        `SELECT (SELECT count(*)::int FROM warehouse.moves) AS moves, (SELECT count(*)::int FROM pg_constraint WHERE contype = 'f') AS keys`,
        'stock',
      ),
    ).toEqual([{ moves: 60_000, keys: 1 }]);
    await shot('migration-success');
  });

  await test.step('log, events, checks and details', async () => {
    await task.tab('Log').click();
    await expect(task.root.getByRole('log')).toContainText('The task is complete');
    await shot('migration-log');
    expect(await barriers(page)).toEqual([]);
    await task.tab('Events').click();
    for (const kind of ['paused', 'continued', 'limited', 'failed', 'resumed', 'success'])
      await expect(task.root.locator(`tr[data-event="${kind}"]`).first()).toBeVisible();
    await shot('migration-events');
    await task.tab('Checks').click();
    await task.root.getByText('All', { exact: true }).click();
    await expect(task.root.getByRole('region', { name: 'Versions' })).toBeVisible();
    await shot('migration-checks');
    await task.tab('Details').click();
    await expect(task.root.getByRole('region', { name: 'Source', exact: true })).toContainText('Stored, sealed');
    await expect(task.root).not.toContainText('source pass');
    await shot('migration-details');
    expect(await barriers(page)).toEqual([]);
  });

  await test.step('the report is saved', async () => {
    const report = join(folder, 'report.html');
    await answerSaveDialog(app, report);
    await task.button('Save report').click();
    await expect(page.getByText('Saved as report.html')).toBeVisible();
    expect(readFileSync(report, 'utf8')).toContain('warehouse.moves');
    await answerSaveDialog(app, join(folder, 'report.json'));
    await task.button('Save report').click();
    await expect(page.getByText('Saved as report.json')).toBeVisible();
    const { job } = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as { job: { id: string } };
    expect(job.id).toBe(id);
  });

  await test.step('in dark and in Chinese', async () => {
    await callMain(page, 'settings.update', { theme: 'dark', language: 'zh-CN' });
    await expect(task.root.getByRole('tab', { name: '对象' })).toBeVisible();
    await shot('migration-details-dark-zh');
    await task.root.getByRole('tab', { name: '对象' }).click();
    await expect(task.rows('done').first()).toBeVisible();
    await shot('migration-success-dark-zh');
  });
});

test('a source that is away and a password that changed are waited for; both can be settled from the page', async ({
  page,
  shot,
}) => {
  test.setTimeout(240_000);
  const task = new MigrationTaskPage(page);
  await target.sql('DROP DATABASE IF EXISTS stock WITH (FORCE)');
  const id = await makeTask(page, {
    name: 'Waiting one',
    source: sideAt(source, 'first word', 'mover'),
    target: sideAt(target, 'target pass'),
    options: { bytesPerSecond: MIB },
  });
  await verifyTask(page, id);
  await callMain(page, 'migration.start', { id });
  await page.keyboard.press('Control+Shift+m');
  await page.getByRole('button', { name: 'Open Waiting one' }).click();
  await expect(task.step('copy')).toHaveAttribute('data-state', 'running', SLOW);

  await test.step('the server comes back by itself', async () => {
    source.kill();
    await expect(task.root).toContainText('The task waits', SLOW);
    await shot('migration-waiting');
    await source.restart();
    await expect(task.root).not.toContainText('The task waits', SLOW);
  });

  await test.step('the new password is told on the page', async () => {
    await source.sql(
      "ALTER ROLE mover PASSWORD 'second word'; SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'mover'",
    );
    await expect(task.root).toContainText('password authentication failed', SLOW);
    await task.button('Change access').click();
    const side = task.dialog.getByRole('region', { name: 'Source' });
    await side.getByRole('button', { name: 'Test connectivity' }).click();
    await expect(side.locator('[data-outcome="failed"]')).toBeVisible(SLOW);
    await side.getByLabel('Password', { exact: true }).fill('second word');
    await side.getByRole('button', { name: 'Test connectivity' }).click();
    await expect(side.locator('[data-outcome="ok"]')).toBeVisible(SLOW);
    await shot('migration-access');
    expect(await barriers(page)).toEqual([]);
    await task.confirm('Save access');
    await expect(task.root).not.toContainText('password authentication failed', SLOW);
    await expect(task.inStatus('running')).toBeVisible(SLOW);
  });

  await test.step('stopped, it has come to rest for good', async () => {
    await task.button('Stop').click();
    await expect(task.dialog).toContainText('nothing is left behind on the source');
    await task.confirm('Stop Waiting one');
    await expect(task.inStatus('canceled')).toBeVisible(SLOW);
    expect((await jobOf(page, id)).actions).toEqual(['isolate']);
  });
});
