import { join } from 'node:path';
import type { ServerView } from '../../shared/model/server';
import { stopEverything } from '../support/control-plane';
import { callMain, expect, test } from './fixtures';
import { CreateInstancePage, InstancesPage } from './pages/instances';
import { barriers, ShellPage } from './pages/shell';

const PASSWORD = 'Elephant-42-seat';

test.afterEach(({ profile }) => stopEverything(join(profile, 'state')));

test('an instance is bought, runs, is connected, restarted, isolated, restored and destroyed', async ({
  app,
  page,
  shot,
}) => {
  test.setTimeout(240_000);
  const shell = new ShellPage(page);
  const list = new InstancesPage(page);
  const create = new CreateInstancePage(page);
  await shell.ready();

  await test.step('the empty list leads to the purchase page', async () => {
    await page.keyboard.press('Control+Shift+i');
    await expect(list.root.getByText('No instance yet')).toBeVisible({ timeout: 60_000 });
    await shot('instances-empty');
    await list.root.getByRole('button', { name: 'Create an instance' }).first().click();
    await expect(create.field('Instance name')).toBeVisible();
    await shot('instances-create');
  });

  await test.step('rules speak as one types, at their field', async () => {
    await create.field('Instance name').fill('shop prod');
    await create.field('Admin user').fill('pg_shop');
    await expect(create.root.getByText('“ ” is not allowed')).toBeVisible();
    await create.field('Password').fill('abc');
    await expect(create.root.getByText('pg_shop is reserved')).toBeVisible();
    await expect(create.rule('password-lower')).toHaveAttribute('data-state', 'ok');
    await expect(create.rule('password-digit')).toHaveAttribute('data-state', 'broken');
    await create.buy.click();
    await expect(create.root.getByText('Accept this to create the instance.')).toBeVisible();
    await expect(create.field('Instance name')).toBeFocused();
    await shot('instances-create-invalid');
    expect(await barriers(page)).toEqual([]);
  });

  await test.step('leaving with something typed asks first', async () => {
    await app.evaluate(({ BrowserWindow, dialog }) => {
      dialog.showMessageBox = (...given: unknown[]) => {
        process.env['ASKED'] = (given.at(-1) as { message: string }).message;
        return Promise.resolve({ response: 1, checkboxChecked: false });
      };
      BrowserWindow.getAllWindows()[0]?.close();
    });
    await expect.poll(() => app.evaluate(() => process.env['ASKED'])).toBe('Tabs have unsaved changes');
    await page.keyboard.press('Control+w');
    await expect(list.dialog).toContainText('unsaved changes');
    await page.keyboard.press('Escape');
    await expect(create.field('Instance name')).toHaveValue('shop prod');
  });

  await test.step('the summary follows, a wish the machine cannot carry is refused', async () => {
    await create.field('Instance name').fill('shop-prod');
    await expect(create.summary).toContainText('shop-prod');
    await create.root.getByRole('radio', { name: 'pg.it.2xlarge64' }).check();
    await expect(create.buy).toBeDisabled();
    await create.root.getByRole('radio', { name: 'pg.lt.micro1' }).check();
    await expect(create.buy).toBeEnabled();
    await expect(create.summary).toContainText('1 CPU, 1 GB memory');
  });

  await test.step('Buy now: the row appears and runs', async () => {
    await create.choose('Architecture', /^Single node$/);
    await create.choose('Database version', /^17$/);
    await create.field('Admin user').fill('shop_admin');
    await create.field('Password').fill(PASSWORD);
    await create.root.getByRole('button', { name: 'Add tag' }).click();
    await create.root.getByLabel('Key of tag 1').fill('team');
    await create.root.getByLabel('Value of tag 1').fill('shop');
    await create.terms.check();
    await create.buy.click();
    await expect(list.row('shop-prod')).toBeVisible();
    await expect(shell.tab('Create an instance')).toBeHidden();
    await expect(list.rowIn('shop-prod', 'running')).toBeVisible({ timeout: 120_000 });
    await shot('instances-running');
    expect(await barriers(page)).toEqual([]);
  });

  await test.step('it is registered with the password, and connects', async () => {
    const instanceServers = async () =>
      (await callMain<{ servers: ServerView[] }>(page, 'servers.list', {})).servers.filter(
        ({ instanceId }) => instanceId !== null,
      );
    await expect.poll(async () => (await instanceServers()).map(({ hasPassword }) => hasPassword)).toEqual([true]);
    await list.row('shop-prod').getByRole('button', { name: 'Connect' }).click();
    await expect
      .poll(async () => (await instanceServers())[0]?.status, { timeout: 30_000 })
      .toMatchObject({ connected: true, user: 'shop_admin', superuser: false });
    await expect(shell.explorer).toContainText('shop-prod');
  });

  await test.step('filters', async () => {
    const filter = list.root.getByLabel('Filter by name, ID, address');
    await filter.fill('nothing like it');
    await expect(list.root.getByText('No instance matches the filters')).toBeVisible();
    await list.root.getByRole('button', { name: 'Clear the filters' }).click();
    await expect(list.row('shop-prod')).toBeVisible();
  });

  await test.step('a restart explains itself, shows at once, and ends', async () => {
    await list.root.getByRole('checkbox', { name: 'Select shop-prod' }).check();
    await list.root.getByRole('button', { name: 'Restart 1 instance' }).click();
    await expect(list.dialog).toContainText('every connection is closed');
    await shot('instances-restart');
    await list.dialog.getByRole('button', { name: 'Restart shop-prod' }).click();
    await expect(list.rowIn('shop-prod', 'restarting')).toBeVisible({ timeout: 2000 });
    await expect(list.rowIn('shop-prod', 'running')).toBeVisible({ timeout: 60_000 });
  });

  await test.step('isolate, restore, isolate', async () => {
    await list.more('shop-prod', 'Isolate');
    await list.dialog.getByRole('button', { name: 'Isolate shop-prod' }).click();
    await expect(list.rowIn('shop-prod', 'isolated')).toBeVisible({ timeout: 60_000 });
    await expect(list.row('shop-prod').getByRole('button', { name: 'Connect' })).toBeHidden();
    await list.more('shop-prod', 'Restore');
    await list.dialog.getByRole('button', { name: 'Restore shop-prod' }).click();
    await expect(list.rowIn('shop-prod', 'running')).toBeVisible({ timeout: 60_000 });
    await list.more('shop-prod', 'Isolate');
    await list.dialog.getByRole('button', { name: 'Isolate shop-prod' }).click();
    await expect(list.rowIn('shop-prod', 'isolated')).toBeVisible({ timeout: 60_000 });
  });

  await test.step('destroy wants the name typed', async () => {
    await list.more('shop-prod', 'Destroy');
    const deed = list.dialog.getByRole('button', { name: 'Destroy shop-prod and its data' });
    await expect(deed).toBeDisabled();
    await shot('instances-destroy');
    await list.dialog.getByLabel('Type shop-prod to confirm').fill('shop-prod');
    await deed.click();
    await expect(list.root.getByText('No instance yet')).toBeVisible({ timeout: 60_000 });
  });
});

test('a control plane that cannot start says why and offers to try again', async ({ launch }) => {
  // A folder cannot be made below a file.
  const { page } = await launch({ env: { HOWDAH_STATE: join(import.meta.filename, 'state') } });
  const shell = new ShellPage(page);
  await shell.ready();
  await page.keyboard.press('Control+Shift+i');
  const list = new InstancesPage(page);
  await expect(list.root.getByText('The control plane could not be started')).toBeVisible({ timeout: 60_000 });
  await expect(list.root.getByRole('button', { name: 'Start again' })).toBeVisible();
});
