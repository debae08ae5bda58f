import { visibleText } from '../../renderer/ui/visible-text';
import { NEW_SERVER } from '../../shared/model/server';
import { ATTACKS, hostileSql } from '../support/hostile-objects';
import { startServer, type TestServer } from '../support/postgres';
import { expect, test } from './fixtures';
import { ExplorerPage, ObjectPage } from './pages/catalog';
import { registerServer } from './pages/servers';

/** What a server is made to say to harm is drawn as text: in the tree, in properties, in the SQL, in what depends on it. */

let server: TestServer;
test.beforeAll(async () => {
  server = await startServer({ major: 17 });
  await server.createDatabase('hostile');
  await server.sql(hostileSql(), 'hostile');
});
test.afterAll(() => server.stop());

for (const attack of ['script element', 'image with a handler', 'terminal codes', 'template of a translation']) {
  test(`a ${attack} in names, comments and definitions is only text`, async ({ page, shot }) => {
    const name = ATTACKS[attack] ?? '';
    await registerServer(page, { ...NEW_SERVER, name: 'hostile', host: '127.0.0.1', port: server.port });
    const explorer = new ExplorerPage(page);
    await explorer.line('Not connected').dblclick();
    const title = await page.title();
    await explorer.open('Databases');
    await explorer.tree.locator('[aria-level="4"]').filter({ hasText: 'hostile' }).first().dblclick();
    await explorer.open('Schemas');
    await explorer.filter.fill(name.slice(0, 12));
    const schema = explorer.tree.locator('[aria-level="6"]').first();
    await schema.click();
    await explorer.filter.press('Escape');
    await explorer.tree.focus();
    await page.keyboard.press('ArrowRight');
    await explorer.open('Tables');
    await explorer.tree.locator('[aria-level="8"]').first().dblclick();
    const object = new ObjectPage(page);
    await expect(object.root.getByRole('heading', { level: 1 })).toContainText(visibleText(name));
    for (const tab of ['SQL', 'Dependents', 'Dependencies', 'Properties']) {
      await object.tab(tab);
      await expect(object.root.getByRole('tab', { name: tab })).toHaveAttribute('aria-selected', 'true');
      await expect(object.root.locator('[aria-busy=true]')).toHaveCount(0);
    }
    await object.tab('SQL');
    await expect(object.root.locator('.view-line').nth(3)).toBeVisible();
    await shot(`catalog-hostile-${attack.replaceAll(' ', '-')}`);
    expect(await page.title()).toBe(title);
    expect(await page.locator('img[src="x"], script:not([src])').count()).toBe(0);
  });
}
