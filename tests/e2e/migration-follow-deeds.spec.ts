import { join } from 'node:path';
import { Client } from 'pg';
import { stopEverything } from '../support/control-plane';
import { startServer, type TestServer } from '../support/postgres';
import { callMain, expect, test } from './fixtures';
import { makeTask, MigrationTaskPage, sideAt, verifyTask } from './pages/migration-task';
import { barriers, ShellPage } from './pages/shell';

const SLOW = { timeout: 60_000 };
const MIB = 1024 * 1024;

let source: TestServer;
let target: TestServer;
test.beforeAll(async () => {
  [source, target] = await Promise.all([
    startServer({ major: 16, password: 'source pass', settings: ['wal_level = logical', 'fsync = on'] }),
    startServer({ major: 17, password: 'target pass', settings: ['wal_level = logical', 'fsync = on'] }),
  ]);
  await source.createDatabase('shop');
  await source.sql(
    `CREATE TABLE orders (id bigserial PRIMARY KEY, note text);
     INSERT INTO orders (note) SELECT 'order ' || n FROM generate_series(1, 500) n`,
    'shop',
  );
});
test.afterAll(async () => {
  await Promise.all([source.stop(), target.stop()]);
});
test.afterEach(({ profile }) => stopEverything(join(profile, 'state')));

/** A transaction on the source that stays open until it is ended. */
async function openTransaction(sql: string): Promise<() => Promise<void>> {
  const client = new Client(source.uri('shop'));
  await client.connect();
  await client.query(`BEGIN; ${sql}`);
  return async () => {
    await client.query('ROLLBACK');
    await client.end();
  };
}

const noteOf = (server: TestServer, id: number) => server.sql(`SELECT note FROM orders WHERE id = ${id}`, 'shop');

test('a task that follows is paused, mended, taken back and led back from the page', async ({ page, shot }) => {
  test.setTimeout(240_000);
  const shell = new ShellPage(page);
  const task = new MigrationTaskPage(page);
  const id = await makeTask(page, {
    name: 'There and back',
    source: sideAt(source, 'source pass'),
    target: sideAt(target, 'target pass'),
    options: { type: 'fullAndIncrement', walAlarm: 40 * MIB },
  });
  await verifyTask(page, id);

  await test.step('paused while it follows, and continued: what was written meanwhile arrives', async () => {
    await callMain(page, 'migration.start', { id });
    await page.keyboard.press('Control+Shift+m');
    await page.getByRole('button', { name: 'Open There and back' }).click();
    await expect(task.inStatus('readyComplete')).toBeVisible(SLOW);
    await task.button('Pause').click();
    await expect(task.inStatus('manualPaused')).toBeVisible(SLOW);
    await expect(task.root).toContainText('what is written meanwhile waits on the source');
    await source.sql("UPDATE orders SET note = 'while paused' WHERE id = 1", 'shop');
    await task.button('Continue').click();
    await expect(task.inStatus('readyComplete')).toBeVisible(SLOW);
    await expect.poll(() => noteOf(target, 1), SLOW).toEqual([{ note: 'while paused' }]);
    // The rows were done before, and are no more to do.
    await expect(task.step('copy')).toHaveAttribute('data-state', 'success');
    await expect(task.step('constraints')).toHaveAttribute('data-state', 'success');
  });

  await test.step('much WAL is told while another tab is in front', async () => {
    await shell.tab('Migration tasks').click();
    // What a transaction that runs has begun with is kept.
    const release = await openTransaction("INSERT INTO orders (note) VALUES ('never')");
    for (const name of ['a', 'b', 'c', 'd'])
      await source.sql(`CREATE TABLE ${name} (); SELECT pg_switch_wal()`, 'postgres');
    await expect(page.getByText('There and back: much WAL is kept for the task')).toBeVisible(SLOW);
    await release();
    await shell.tab('There and back').click();
  });

  await test.step('a change that finds no row halts: it is left out after a warning, or the table is copied again', async () => {
    await target.sql('DELETE FROM orders WHERE id IN (2, 3)', 'shop');
    await source.sql("UPDATE orders SET note = 'left out' WHERE id = 2", 'shop');
    await expect(task.halt('drift')).toContainText('orders', SLOW);
    await task.halt('drift').getByRole('button', { name: 'Leave it out' }).click();
    await expect(task.dialog).toContainText('missing, out of date or left over on the target');
    await shot('migration-skip');
    expect(await barriers(page)).toEqual([]);
    await task.dialog.getByRole('button', { name: 'Cancel' }).click();
    await expect(task.halt('drift')).toBeVisible();
    await task.halt('drift').getByRole('button', { name: 'Leave it out' }).click();
    await task.confirm('Leave it out');
    await expect(task.inStatus('readyComplete')).toBeVisible(SLOW);
    await expect(task.halt('drift')).toHaveCount(0, SLOW);
    expect(await noteOf(target, 2)).toEqual([]);
    await source.sql("UPDATE orders SET note = 'copied again' WHERE id = 3", 'shop');
    await task.halt('drift').getByRole('button', { name: 'Copy the table again' }).click(SLOW);
    await expect.poll(() => noteOf(target, 3), SLOW).toEqual([{ note: 'copied again' }]);
    expect(await noteOf(target, 2)).toEqual([{ note: 'left out' }]);
    await expect(task.inStatus('readyComplete')).toBeVisible(SLOW);
  });

  await test.step('a comparison is stopped and deleted', async () => {
    const release = await openTransaction('LOCK TABLE orders IN ACCESS EXCLUSIVE MODE');
    await task.tab('Compare').click();
    await task.button('Compare…').click();
    await task.dialog.getByLabel('Name').fill('Cut short');
    await task.confirm('Compare');
    await task.button('Stop Cut short').click(SLOW);
    await expect(task.compare().first()).toHaveAttribute('data-status', 'canceled', SLOW);
    await release();
    await task.button('Delete Cut short').click();
    await task.confirm('Delete');
    await expect(task.compare()).toHaveCount(0, SLOW);
  });

  await test.step('a cut-over by hand that waits for a writer is taken back', async () => {
    const release = await openTransaction("INSERT INTO orders (note) VALUES ('not yet')");
    await task.button('Complete…').click();
    await task.dialog.getByLabel(/^Nothing writes to/).check();
    await task.confirm('Complete the migration');
    await expect(task.root.locator('[data-cut-over="drain"]')).toContainText('not committed yet', SLOW);
    await shot('migration-by-hand');
    await task.button('Take back').click();
    await task.confirm('Take it back');
    await expect(task.inStatus('readyComplete')).toBeVisible(SLOW);
    await release();
  });

  await test.step('it is cut over with the way back open, and led back', async () => {
    await task.button('Complete…').click();
    await task.dialog.getByLabel(/^Nothing writes to/).check();
    await task.dialog.getByLabel('Keep the way back open').check();
    await task.confirm('Complete the migration');
    await expect(task.inStatus('guarding')).toBeVisible(SLOW);
    await target.sql("UPDATE orders SET note = 'on the target' WHERE id = 4", 'shop');
    await expect.poll(() => noteOf(source, 4), SLOW).toEqual([{ note: 'on the target' }]);
    await task.button('Go back…').first().click();
    await task.dialog.getByLabel(/^Nothing writes to/).check();
    await shot('migration-go-back');
    expect(await barriers(page)).toEqual([]);
    await task.dialog.getByRole('button', { name: /^Go back to/ }).click();
    await expect(task.inStatus('success')).toBeVisible(SLOW);
    await source.sql("INSERT INTO orders (note) VALUES ('home again')", 'shop');
    const left = `SELECT (SELECT count(*)::int FROM pg_replication_slots) AS slots, (SELECT count(*)::int FROM pg_publication) AS publications`;
    for (const side of [source, target]) expect(await side.sql(left, 'shop')).toEqual([{ slots: 0, publications: 0 }]);
  });
});
