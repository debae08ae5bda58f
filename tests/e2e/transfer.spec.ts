import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { NEW_SERVER } from '../../shared/model/server';
import { startServer, type TestServer } from '../support/postgres';
import { answerSaveDialog, callMain, expect, test } from './fixtures';
import { ShellPage } from './pages/shell';
import { ImportWizardPage } from './pages/transfer';

const SHOP = resolve(import.meta.dirname, '../../resources/sample/shop.sql');

let server: TestServer;
let folder: string;
test.beforeAll(async () => {
  server = await startServer({ major: 17, password: 'right pass' });
  folder = mkdtempSync(join(tmpdir(), 'howdah-transfer-'));
});
test.afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const register = (page: Parameters<typeof callMain>[0]) =>
  callMain(page, 'servers.save', {
    server: { ...NEW_SERVER, name: 'Shop prod', host: '127.0.0.1', port: server.port, environment: 'production' },
    secrets: { password: 'right pass' },
  });

test('the shop is imported into a new database, looked at, saved as a report, and undone', async ({
  app,
  page,
  shot,
}) => {
  await register(page);
  const wizard = new ImportWizardPage(page);
  await wizard.open();
  await shot('transfer-source-empty');
  await wizard.pickFile(app, SHOP);
  await expect(wizard.preview).toContainText('SQL script');
  await expect(wizard.preview).toContainText('shop, warehouse');
  await shot('transfer-source');
  await wizard.next();
  await wizard.choose('Server', /Shop prod/);
  await expect(wizard.root.getByLabel('Name of the new database')).toHaveValue('shop');
  expect(await wizard.checks()).toBe('clear');
  await shot('transfer-target');
  await wizard.next();
  await shot('transfer-options');
  await wizard.button(/^Command lines/).click();
  await expect(wizard.root).toContainText('createdb -h 127.0.0.1');
  await expect(wizard.root).not.toContainText('right pass');
  await wizard.start('shop');
  expect(await wizard.outcome()).toBe('shop is imported');
  await expect(wizard.root).toContainText('The rows of every table are as many as in the source.');
  await shot('transfer-result');
  expect(await server.sql('SELECT count(*)::int AS n FROM shop.customers', 'shop')).toEqual([{ n: 600 }]);

  const report = join(folder, 'report.md');
  await answerSaveDialog(app, report);
  await wizard.button('Save report').click();
  await expect
    .poll(() => {
      try {
        return readFileSync(report, 'utf8');
      } catch {
        return '';
      }
    })
    .toContain('| shop.customers | 600 | 600 | |');

  await new ShellPage(page).choose('Theme', 'Dark');
  await shot('transfer-result-dark');
  await wizard.button('Undo').click();
  const dialog = page.getByRole('dialog', { name: 'Undo the import' });
  await dialog.getByRole('textbox').fill('shop');
  await shot('transfer-undo-dark');
  await dialog.getByRole('button', { name: 'Drop database shop' }).click();
  await expect(wizard.root).toContainText('Database shop was dropped by undo.');
  expect(await server.sql("SELECT FROM pg_database WHERE datname = 'shop'")).toEqual([]);
});

test('an import that fails says so, what is in the target, and which statements', async ({ app, page, shot }) => {
  await register(page);
  const broken = join(folder, 'broken.sql');
  writeFileSync(
    broken,
    'CREATE TABLE kept (i int);\nCOPY kept (i) FROM stdin;\n1\n2\n\\.\nCREATE TABLE places (at geometry(Point,4326));\nALTER TABLE kept OWNER TO nobody_there;\nSELECT 1/0;\n',
  );
  const wizard = new ImportWizardPage(page);
  await wizard.open();
  await wizard.pickFile(app, broken);
  await wizard.next();
  await wizard.choose('Server', /Shop prod/);
  await wizard.checks();
  await expect(wizard.finding('Extensions')).toContainText('postgis');
  await shot('transfer-checks-warning');
  await wizard.next();
  await wizard.box('Stop');
  await wizard.start('broken');
  expect(await wizard.outcome()).toBe('The import into broken failed');
  await expect(wizard.root).toContainText('type "geometry" does not exist');
  await expect(wizard.root).toContainText('was created by this import and now holds 1 table (1 of them with rows)');
  await shot('transfer-failed');

  await wizard.button('Import again').click();
  await wizard.next();
  await wizard.root.getByLabel('Name of the new database').fill('broken_again');
  await wizard.checks();
  await wizard.next();
  await wizard.box('Note it and go on');
  await wizard.start('broken_again');
  expect(await wizard.outcome()).toBe('broken_again is imported, but some statements failed');
  await expect(wizard.root).toContainText('division by zero');
  await shot('transfer-with-errors');
});

test('what is no dump, and what would run programs, is told before anything runs', async ({ app, page, shot }) => {
  await register(page);
  const noise = join(folder, 'photo.sql');
  writeFileSync(noise, Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16, 74, 70, 73, 70]));
  const wizard = new ImportWizardPage(page);
  await wizard.open();
  await wizard.pickFile(app, noise);
  await expect(wizard.preview).toContainText('It holds neither SQL nor an archive of pg_dump');
  await expect(wizard.button('Next')).toBeDisabled();
  await shot('transfer-no-dump');

  const evil = join(folder, 'evil.sql');
  writeFileSync(evil, `CREATE TABLE t (i int);\n\\! touch ${join(folder, 'owned')}\n`);
  await wizard.pickFile(app, evil);
  await expect(wizard.preview).toContainText('evil.sql');
  await wizard.next();
  await wizard.choose('Server', /Shop prod/);
  expect(await wizard.checks()).toBe('blocked');
  await expect(wizard.root).toContainText('2: \\! touch');
  await expect(wizard.button('Next')).toBeDisabled();
  await shot('transfer-unsafe');
});

test('a database on a registered server is imported by table, in Chinese and with the keyboard', async ({
  page,
  shot,
}) => {
  await server.sql('CREATE DATABASE origin');
  await server.sql(
    'CREATE SCHEMA a; CREATE TABLE a.t (i int); INSERT INTO a.t SELECT generate_series(1, 500); CREATE TABLE u (x text)',
    'origin',
  );
  await register(page);
  const wizard = new ImportWizardPage(page);
  await wizard.open();
  await wizard.box('A database on a server');
  await wizard.choose('Server', /Shop prod/);
  await wizard.choose('Database', /^origin/);
  await wizard.box('Chosen schemas and tables');
  await wizard.root.getByLabel('t', { exact: true }).press('Space');
  await shot('transfer-objects');
  await wizard.next();
  await wizard.choose('Server', /Shop prod/);
  await wizard.root.getByLabel('Name of the new database').fill('copy_of_origin');
  expect(await wizard.checks()).toBe('clear');
  await new ShellPage(page).choose('Language', '简体中文');
  await shot('transfer-target-zh');
  await wizard.root.getByRole('button', { name: '下一步' }).press('Enter');
  await shot('transfer-options-zh');
  await wizard.root.getByRole('button', { name: '导入到 copy_of_origin' }).press('Enter');
  await wizard.heading('copy_of_origin 已导入').waitFor();
  await shot('transfer-result-zh');
  expect(await server.sql('SELECT count(*)::int AS n FROM a.t', 'copy_of_origin')).toEqual([{ n: 500 }]);
  expect(await server.sql("SELECT to_regclass('public.u') AS u", 'copy_of_origin')).toEqual([{ u: null }]);
});
