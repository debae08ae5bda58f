import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startServer, type TestServer } from '../support/postgres';
import { answerSaveDialog, expect, test } from './fixtures';
import { QueryPage, registerServer } from './pages/query';
import { barriers } from './pages/shell';

let server: TestServer;
test.beforeAll(async () => {
  server = await startServer({ major: 18 });
});
test.afterAll(() => server.stop());

test('a result is saved in the format that a person chooses', async ({ app, page, profile, shot }) => {
  await registerServer(page, server, 'Export');
  const query = new QueryPage(page);
  await query.openByMenu(app);
  await query.write("SELECT n AS id, 'row ' || n AS name, NULL AS nothing FROM generate_series(1, 3) n");
  await query.run();
  await expect(query.cell(0, 2)).toHaveText('3');
  const dialog = page.getByRole('dialog', { name: 'Save the result' });
  const save = async (format: string, extension: string, more?: () => Promise<void>): Promise<Buffer> => {
    const path = join(profile, `saved.${extension}`);
    await answerSaveDialog(app, path);
    await query.root.getByRole('button', { name: 'Save as…' }).click();
    await dialog.getByRole('combobox', { name: 'Format' }).click();
    await page.getByRole('option', { name: format, exact: true }).click();
    await more?.();
    await dialog.getByRole('button', { name: 'Save…' }).click();
    await expect(dialog).toBeHidden();
    let content: Buffer | null = null;
    await expect.poll(async () => (content = await readFile(path).catch(() => null))?.length ?? 0).toBeGreaterThan(0);
    if (!content) throw new Error('nothing was written');
    return content;
  };

  const csv = await save('CSV', 'csv', async () => {
    await dialog.getByRole('textbox', { name: 'Text for NULL' }).fill('\\N');
    await shot('export-dialog');
    expect(await barriers(page)).toEqual([]);
  });
  expect(csv.toString()).toBe('id,name,nothing\r\n1,row 1,\\N\r\n2,row 2,\\N\r\n3,row 3,\\N\r\n');
  expect((await save('JSON Lines', 'jsonl')).toString().split('\n')[1]).toBe(
    '{"id": 2, "name": "row 2", "nothing": null}',
  );
  expect((await save('Excel workbook (xlsx)', 'xlsx')).subarray(0, 2).toString()).toBe('PK');
  expect((await save('Parquet', 'parquet')).subarray(0, 4).toString()).toBe('PAR1');
});
