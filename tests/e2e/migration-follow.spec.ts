import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';
import { stopEverything } from '../support/control-plane';
import { startServer, type TestServer } from '../support/postgres';
import { callMain, expect, test } from './fixtures';
import { makeTask, MigrationTaskPage, sideAt, verifyTask } from './pages/migration-task';
import { barriers, ShellPage } from './pages/shell';

/** A server, its parts, a copy and a cut-over take their time on a busy machine. */
const SLOW = { timeout: 120_000 };

const SHOP = `
CREATE TABLE orders (id bigserial PRIMARY KEY, total numeric(12,2) NOT NULL DEFAULT 0, note text);
CREATE TABLE lines (id bigserial PRIMARY KEY, "order" bigint NOT NULL REFERENCES orders, what text);
INSERT INTO orders (total, note) SELECT n, 'order ' || n FROM generate_series(1, 3000) n;
INSERT INTO lines ("order", what) SELECT 1 + n % 3000, md5(n::text) FROM generate_series(1, 9000) n;
ANALYZE;
`;

const COUNTS = `SELECT count(*)::int AS orders, sum(total)::text AS total, (SELECT count(*)::int FROM lines) AS lines FROM orders`;

let source: TestServer;
let target: TestServer;
test.beforeAll(async () => {
  [source, target] = await Promise.all([
    startServer({ major: 16, password: 'source pass', settings: ['wal_level = logical', 'fsync = on'] }),
    startServer({ major: 17, password: 'target pass', settings: ['wal_level = logical', 'fsync = on'] }),
  ]);
  await source.createDatabase('shop');
  await source.sql(SHOP, 'shop');
});
test.afterAll(async () => {
  await Promise.all([source.stop(), target.stop()]);
});
test.afterEach(({ profile }) => stopEverything(join(profile, 'state')));

/** An application that writes one transaction after the other until it is refused, and then gives up. */
async function startWriter(): Promise<{ written(): number; stop(): Promise<void> }> {
  const client = new Client(source.uri('shop'));
  // Its session is ended by the cut-over; the statement that fails by it tells.
  client.on('error', () => undefined);
  await client.connect();
  let [written, going] = [0, true];
  const work = (async () => {
    while (going) {
      try {
        await client.query(
          `WITH made AS (INSERT INTO orders (total, note) VALUES (1, 'written') RETURNING id)
           INSERT INTO lines ("order", what) SELECT id, 'line' FROM made;
           UPDATE orders SET total = total + 1 WHERE id = ${1 + (written % 3000)};
           DELETE FROM lines WHERE id = ${1 + written}`,
        );
        written += 1;
        await wait(5);
      } catch {
        going = false;
      }
    }
  })();
  return {
    written: () => written,
    async stop() {
      going = false;
      await work;
      await client.end().catch(() => undefined);
    },
  };
}

test('a source in use is followed, asked about, compared and cut over from the page', async ({ page, shot }) => {
  test.setTimeout(300_000);
  const shell = new ShellPage(page);
  const task = new MigrationTaskPage(page);
  const id = await makeTask(page, {
    name: 'Shop to 17',
    source: sideAt(source, 'source pass'),
    target: sideAt(target, 'target pass'),
    options: { type: 'fullAndIncrement' },
  });
  await verifyTask(page, id);
  const writer = await startWriter();

  await test.step('it catches up while the application writes, and becomes ready', async () => {
    await callMain(page, 'migration.start', { id });
    await page.keyboard.press('Control+Shift+m');
    await page.getByRole('button', { name: 'Open Shop to 17' }).click();
    await expect(task.button('Complete…')).toHaveAttribute('aria-disabled', 'true', SLOW);
    await expect(task.step('follow')).toHaveAttribute('data-state', 'running', SLOW);
    await expect(task.inStatus('readyComplete')).toBeVisible(SLOW);
    await expect(task.following('following')).toBeVisible(SLOW);
    await expect(task.figure('gap-bytes')).toHaveText(/\d (B|KiB)$/);
    await expect(task.figure('wal')).toHaveText(/(B|MiB)$/);
    await expect(task.figure('follow-transactions')).not.toHaveText(/^Transactions0$/, SLOW);
    await shot('migration-following');
    expect(await barriers(page)).toEqual([]);
  });

  await test.step('a change of the structure that needs a person waits for the decision', async () => {
    // It is told while another tab is in front.
    await shell.tab('Migration tasks').click();
    await source.sql('ALTER TABLE orders ALTER COLUMN total TYPE numeric(14,4)', 'shop');
    await expect(page.getByText('Shop to 17 has halted at shop.public.orders')).toBeVisible(SLOW);
    await shell.tab('Shop to 17').click();
    await expect(task.halt('ddl')).toContainText(
      'ALTER TABLE public.orders ALTER COLUMN total TYPE numeric(14,4)',
      SLOW,
    );
    await expect(task.root.locator('[data-blocker="halted"]')).toBeVisible();
    await expect(task.button('Complete…')).toHaveAttribute('aria-disabled', 'true', SLOW);
    await shot('migration-halt');
    expect(await barriers(page)).toEqual([]);
    await task.halt('ddl').getByRole('button', { name: 'Run it on the target' }).click();
    await expect(task.halt('ddl')).toHaveCount(0, SLOW);
    await expect(task.inStatus('readyComplete')).toBeVisible(SLOW);
    expect(
      await target.sql(
        `SELECT format_type(atttypid, atttypmod) AS type FROM pg_attribute WHERE attrelid = 'orders'::regclass AND attname = 'total'`,
        'shop',
      ),
    ).toEqual([{ type: 'numeric(14,4)' }]);
  });

  await test.step('compared while changes flow: what differs is named, and equal is said of the rest', async () => {
    await target.sql("UPDATE orders SET note = 'tampered with' WHERE id = 2999", 'shop');
    await task.tab('Compare').click();
    await task.root.getByRole('button', { name: 'Compare…' }).first().click();
    await expect(task.dialog).toContainText('Every row');
    await shot('migration-compare-dialog');
    expect(await barriers(page)).toEqual([]);
    await task.confirm('Compare');
    await expect(task.compare('different')).toHaveCount(1, SLOW);
    await expect(task.compare().first()).toHaveAttribute('data-status', 'success', SLOW);
    await expect(task.rows('equal').filter({ hasText: 'lines' })).toBeVisible(SLOW);
    await task.root.getByRole('button', { name: 'Show 1 row of public.orders' }).click();
    await expect(page.locator('[data-difference="changed"]')).toContainText('tampered with');
    await expect(page.locator('[data-difference="changed"]')).toContainText('id = 2999');
    await shot('migration-differences');
    expect(await barriers(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await target.sql("UPDATE orders SET note = 'order 2999' WHERE id = 2999", 'shop');
    await task.root.getByRole('button', { name: 'Compare…' }).first().click();
    await task.confirm('Compare');
    await expect(task.compare('equal')).toHaveCount(1, SLOW);
    await shot('migration-compare');
  });

  await test.step('it is cut over: the source becomes read-only, the target has every row', async () => {
    await expect(task.inStatus('readyComplete')).toBeVisible(SLOW);
    await task.button('Complete…').click();
    await expect(task.dialog.getByRole('button', { name: 'Complete the migration' })).toBeDisabled();
    await task.dialog.getByText('Make it read-only from here').click();
    await task.dialog.getByLabel('Keep the way back open').check();
    await task.dialog.getByText('Every row', { exact: true }).click();
    await expect(task.dialog.locator('[data-plan]')).toHaveCount(10);
    await shot('migration-complete');
    expect(await barriers(page)).toEqual([]);
    await task.confirm('Complete the migration');
    await expect(task.root.locator('[data-cut-over]').first()).toBeVisible(SLOW);
    await expect(task.inStatus('guarding')).toBeVisible(SLOW);
    await writer.stop();
    expect(writer.written()).toBeGreaterThan(10);
    expect(await target.sql(COUNTS, 'shop')).toEqual(await source.sql(COUNTS, 'shop'));
  });

  await test.step('what is written to the target flows back, until the way back is given up', async () => {
    await target.sql("INSERT INTO orders (total, note) VALUES (7, 'after the cut-over')", 'shop');
    const arrived = "SELECT count(*)::int AS n FROM orders WHERE note = 'after the cut-over'";
    await expect.poll(() => source.sql(arrived, 'shop'), SLOW).toEqual([{ n: 1 }]);
    await expect(task.root).toContainText('the way back is open');
    await shot('migration-guarding');
    expect(await barriers(page)).toEqual([]);
    await task.button('Finish…').click();
    await task.confirm('Finish for good');
    await expect(task.inStatus('success')).toBeVisible(SLOW);
    await shot('migration-cut-over');
    const left = `SELECT (SELECT count(*)::int FROM pg_replication_slots) AS slots, (SELECT count(*)::int FROM pg_publication) AS publications`;
    expect(await source.sql(left, 'shop')).toEqual([{ slots: 0, publications: 0 }]);
    expect(await target.sql(left, 'shop')).toEqual([{ slots: 0, publications: 0 }]);
  });
});
