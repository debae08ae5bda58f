import { Client } from 'pg';
import { quoteIdent, quoteLiteral } from '../../shared/model/quote';
import { ATTACKS } from '../support/hostile-objects';
import { startServer, type TestServer } from '../support/postgres';
import { expect, test } from './fixtures';
import { QueryPage, registerServer } from './pages/query';

/** What a server is made to say to harm is drawn as text: as a column, a value, a message, a notification, a node of a plan, a session's name. */

let server: TestServer;
let other: Client;
const NAMES = ['script element', 'image with a handler', 'terminal codes', 'template of a translation'].map(
  (attack) => ATTACKS[attack] ?? '',
);

test.beforeAll(async () => {
  server = await startServer({ major: 17 });
  const [, image = ''] = NAMES;
  // What is said stands on the server, so that the window has it from there alone.
  await server.sql(`
    ${NAMES.map((name) => `CREATE TABLE ${quoteIdent(name)} (${quoteIdent(name)} text PRIMARY KEY);`).join('\n')}
    CREATE VIEW says AS SELECT ${NAMES.map((name) => `${quoteLiteral(name)} AS ${quoteIdent(name)}`).join(', ')},
      jsonb_build_object(${quoteLiteral(image)}, '<svg onload=1>') AS doc, '<a href="javascript:1">x</a>'::xml AS xml;
    CREATE FUNCTION say() RETURNS void LANGUAGE plpgsql AS $f$ BEGIN RAISE NOTICE '%', ${quoteLiteral(image)}; END $f$`);
  other = new Client({ connectionString: server.uri('postgres'), application_name: image });
  await other.connect();
});
test.afterAll(async () => {
  await other?.end();
  await server?.stop();
});

test('results, messages, notifications, plans and the dashboard show what a server says as text', async ({
  app,
  page,
  shot,
}) => {
  await registerServer(page, server, 'Hostile');
  const title = await page.title();
  const harmless = async (): Promise<void> => {
    expect(await page.title()).toBe(title);
    expect(await page.locator('img[src="x"], script:not([src]), iframe, object, embed').count()).toBe(0);
  };
  const query = new QueryPage(page);
  await query.openByMenu(app);

  const [script = '', image = ''] = NAMES;
  await query.write(
    [
      'SELECT * FROM says',
      'SELECT say()',
      `LISTEN ${quoteIdent(script)}`,
      `SELECT pg_notify(${quoteLiteral(script)}, ${quoteLiteral(image)})`,
    ].join(';\n'),
  );
  await query.run();
  await expect(query.cell(1, 0)).toHaveText(image);
  await query.enterGrid();
  await page.keyboard.press('Enter');
  await harmless();
  for (const name of [/^Messages/, /^Notifications/]) {
    await query.tab(name).click();
    await expect(query.root.getByText(image, { exact: false }).first()).toBeVisible();
    await harmless();
  }
  await shot('query-hostile');

  await query.write(`SELECT * FROM ${quoteIdent(image)} WHERE ${quoteIdent(image)} = ${quoteLiteral(image)}`);
  await page.keyboard.press('F7');
  await expect(query.root.getByText(/(?:Seq|Index|Index Only|Bitmap Heap) Scan/).first()).toBeVisible();
  await harmless();
  await shot('query-hostile-plan');

  await page.keyboard.press('ControlOrMeta+Shift+D');
  const dashboard = page.locator('[data-view="dashboard"]');
  await dashboard.getByRole('tab', { name: 'Sessions' }).click();
  await expect(dashboard.getByText(image.slice(0, 20), { exact: false }).first()).toBeVisible();
  await harmless();
  await shot('query-hostile-dashboard');
});
