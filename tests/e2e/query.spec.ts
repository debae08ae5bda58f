import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startServer, type TestServer } from '../support/postgres';
import { answerSaveDialog, expect, test } from './fixtures';
import { QueryPage, registerServer } from './pages/query';

let server: TestServer;
test.beforeAll(async () => {
  server = await startServer({ major: 17 });
});
test.afterAll(async () => {
  await server?.stop();
});

test('two statements, two results, the server’s own words where it failed', async ({ app, page, shot }) => {
  await registerServer(page, server, 'Shop');
  const query = new QueryPage(page);
  await query.openByMenu(app);
  await query.write(
    "SELECT i AS id, 'name ' || i AS name, CASE WHEN i % 3 = 0 THEN NULL ELSE '' END AS note, now() AS at FROM generate_series(1, 1000) i;\nSELECT '{\"a\": [1, 2.50], \"b\": null}'::jsonb AS document, 3.10::numeric(10,2) AS price",
  );
  await query.run();
  await expect(query.tab(/^Result 1/)).toContainText('1,000 rows');
  await expect(query.tab(/^Result 2/)).toContainText('1 row');
  await expect(query.cell(1, 1)).toHaveText('name 2');
  await expect(query.cell(2, 2)).toHaveText('NULL');
  await shot('query-light');
  await query.tab(/^Result 2/).click();
  await expect(query.cell(1, 0)).toHaveText('3.10');
  await query.enterGrid();
  await page.keyboard.press('Enter');
  await expect(query.root.getByRole('complementary', { name: 'Value' })).toContainText('2.50');
  await shot('query-value');

  await query.write('SELECT 1;\nSELECT wrong_column FROM pg_class;');
  await query.run();
  await expect(query.messages.last()).toContainText('column "wrong_column" does not exist');
  await expect(query.messages.last()).toContainText('Line 2, column 8');
  await expect(query.root.locator('.squiggly-error')).toHaveCount(1);
  await shot('query-error');
});
