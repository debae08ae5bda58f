import type { ElectronApplication } from '@playwright/test';
import { NEW_SERVER } from '../../shared/model/server';
import type { ObjectKind, ObjectRef } from '../../shared/model/catalog';
import type { Command } from '../../shared/model/command';
import type { AnyForm } from '../../shared/model/form';
import { FORMS } from '../../shared/model/forms/all-forms';
import { startServer, type TestServer } from '../support/postgres';
import { callMain, expect, test } from './fixtures';
import { registerServer } from './pages/servers';
import { barriers } from './pages/shell';

/** Every dialog that there is, opened in the window: all of its tabs can be seen, and nothing keeps anybody from using it. */

let server: TestServer;
let parents: Readonly<Record<string, ObjectRef>>;
test.beforeAll(async () => {
  server = await startServer({ major: 18 });
  await server.createDatabase('shop');
  await server.sql(
    `CREATE SCHEMA shop; CREATE TABLE shop.orders (id int PRIMARY KEY, at date, note text);
     CREATE TABLE shop.events (id int, at date) PARTITION BY RANGE (at);
     CREATE DOMAIN shop.percent AS int;
     CREATE FOREIGN DATA WRAPPER nobody; CREATE SERVER elsewhere FOREIGN DATA WRAPPER nobody;`,
    'shop',
  );
  const [oids] = await server.sql(
    `SELECT 'shop'::regnamespace::oid AS schema, 'shop.orders'::regclass::oid AS table, 'shop.events'::regclass::oid AS whole,
       'shop.percent'::regtype::oid AS domain, (SELECT oid FROM pg_foreign_server) AS server, (SELECT oid FROM pg_foreign_data_wrapper) AS wrapper`,
    'shop',
  );
  const ref = (kind: ObjectKind, oid: string, name: string, schema = 'shop'): ObjectRef => ({
    kind,
    oid: Number(oids?.[oid]),
    schema,
    name,
    sub: 0,
  });
  parents = {
    schema: ref('schema', 'schema', 'shop', ''),
    table: ref('table', 'table', 'orders'),
    whole: ref('table', 'whole', 'events'),
    domain: ref('domain', 'domain', 'percent'),
    server: ref('foreign-server', 'server', 'elsewhere', ''),
    wrapper: ref('foreign-data-wrapper', 'wrapper', 'nobody', ''),
  };
});
test.afterAll(() => server.stop());

const OF_SERVER: readonly ObjectKind[] = ['database', 'role', 'tablespace'];
const OF_DATABASE: readonly ObjectKind[] = [
  'schema',
  'extension',
  'cast',
  'transform',
  'access-method',
  'event-trigger',
  'foreign-data-wrapper',
  'language',
  'publication',
  'subscription',
];
const OF_TABLE: readonly ObjectKind[] = ['column', 'constraint', 'index', 'trigger', 'rule', 'policy'];

function parentOf({ kind, variant }: AnyForm): ObjectRef | null {
  if (OF_SERVER.includes(kind) || OF_DATABASE.includes(kind)) return null;
  if (kind === 'constraint' && variant.startsWith('domain')) return parents['domain'] ?? null;
  if (kind === 'table' && variant === 'partition') return parents['whole'] ?? null;
  if (kind === 'user-mapping') return parents['server'] ?? null;
  if (kind === 'foreign-server') return parents['wrapper'] ?? null;
  return parents[OF_TABLE.includes(kind) ? 'table' : 'schema'] ?? null;
}

/** As the menu of the tree asks for it. */
const command = (app: ElectronApplication, asked: Command): Promise<void> =>
  app.evaluate(
    ({ BrowserWindow }, payload) =>
      BrowserWindow.getAllWindows()[0]?.webContents.send('howdah:push', 'app.command', payload),
    asked,
  );

for (const theme of ['light', 'dark'] as const) {
  test(`every dialog opens, shows each of its tabs and has no barrier, ${theme}`, async ({ app, page, shot }) => {
    test.setTimeout(300_000);
    await callMain(page, 'settings.update', { theme });
    const { id: serverId } = await registerServer(page, {
      ...NEW_SERVER,
      name: 'Shop',
      host: '127.0.0.1',
      port: server.port,
    });
    await callMain(page, 'servers.connect', { id: serverId, remember: false });
    const found: string[] = [];
    for (const [number, form] of FORMS.entries()) {
      // Each half in one of the themes: the parts that dialogs are made of are in both.
      if (number % 2 === (theme === 'light' ? 0 : 1)) continue;
      const { kind, variant } = form;
      const parent = parentOf(form);
      const database = OF_SERVER.includes(kind) ? '' : 'shop';
      await command(app, { do: 'create-object', serverId, database, kind, variant, parent });
      const dialog = page.getByRole('dialog', { name: /^Create - / });
      await expect(dialog.getByRole('tab').first()).toBeVisible();
      for (const tab of await dialog.getByRole('tab').all()) {
        await tab.click();
        await expect(tab).toHaveAttribute('aria-selected', 'true');
        await expect(dialog.getByRole('tabpanel')).toBeVisible();
      }
      await dialog.getByRole('tab').first().click();
      found.push(...(await barriers(page)).map((barrier) => `${kind} ${variant}: ${barrier}`));
      if (number < 12) await shot(`forms-every-${kind}-${variant}-${theme}`);
      await page.keyboard.press('Escape');
      await expect(dialog).toBeHidden();
    }
    expect(found).toEqual([]);
  });
}
