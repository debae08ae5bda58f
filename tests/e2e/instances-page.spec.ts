import { connect } from 'node:net';
import { join } from 'node:path';
import type { InstanceDetail, InstanceView } from '../../shared/model/instance';
import { stopEverything } from '../support/control-plane';
import { callMain, expect, test } from './fixtures';
import { CreateInstancePage, InstancePage, InstancesPage } from './pages/instances';
import { barriers, ShellPage } from './pages/shell';

const PASSWORD = 'Elephant-42-seat';
/** Long enough for a server to be built or started on a busy machine. */
const BUILT = { timeout: 120_000 };

test.afterEach(({ profile }) => stopEverything(join(profile, 'state')));

test('an instance with a standby is bought and managed on its page', async ({ page, shot }) => {
  test.setTimeout(420_000);
  const shell = new ShellPage(page);
  const list = new InstancesPage(page);
  const create = new CreateInstancePage(page);
  const instance = new InstancePage(page);
  const detail = async () => {
    const all = await callMain<InstanceView[]>(page, 'instances.list', {});
    const { id } = all.find(({ name }) => name.startsWith('orders')) ?? { id: '' };
    return callMain<InstanceDetail>(page, 'instances.detail', { id });
  };
  await shell.ready();

  await test.step('bought by mouse: dual-server is the default, the summary counts both', async () => {
    await page.keyboard.press('Control+Alt+n');
    await expect(create.field('Instance name')).toBeVisible({ timeout: 60_000 });
    await expect(create.summary).toContainText('Primary and standby, multi-AZ');
    await expect(create.summary).toContainText('2 server processes');
    await expect(create.summary).toContainText('Free here');
    await expect(create.summary).toContainText('127.41.3.0/24');
    await create.choose('Database version', /^17$/);
    await create.field('Instance name').fill('orders');
    await create.field('Admin user').fill('keeper');
    await create.field('Password').fill(PASSWORD);
    await create.root.getByRole('checkbox', { name: 'Register it when it runs' }).uncheck();
    await create.terms.check();
    await shot('instances-buy-standby');
    await create.buy.click();
    await expect(list.rowIn('orders', 'running')).toBeVisible(BUILT);
    await expect(list.row('orders')).toContainText('Standby: Zone 4');
  });

  await test.step('its name opens the page with the drawing and both nodes', async () => {
    await list.row('orders').getByRole('button', { name: 'Manage orders' }).click();
    await expect(shell.tab('orders')).toBeVisible();
    await expect(instance.node('primary')).toContainText('Zone 3');
    await expect(instance.node('standby')).toContainText('synchronous', BUILT);
    await expect(
      instance.root.getByRole('img', { name: /Behind it the primary in Guangzhou Zone 3: Ready/ }),
    ).toBeVisible();
    await shot('instance-details');
    expect(await barriers(page)).toEqual([]);
  });

  await test.step('who is connected is seen live', async () => {
    const connections = instance.card('Connections');
    await expect(connections).toContainText('Nobody is connected');
    const { host, port } = await detail();
    const client = connect(port, host);
    await expect(connections.locator('tr[data-session]')).toHaveCount(1);
    await connections.scrollIntoViewIfNeeded();
    await shot('instance-connections');
    client.destroy();
    await expect(connections).toContainText('Nobody is connected');
  });

  await test.step('every tab', async () => {
    await instance.tab('Accounts').click();
    await expect(instance.root.getByText('keeper').first()).toBeVisible();
    await instance.tab('Databases').click();
    await expect(instance.root.getByText('postgres').first()).toBeVisible();
    await instance.tab('Operations log').click();
    await expect(instance.root.locator('tr[data-log]').filter({ hasText: 'Create' }).first()).toBeVisible();
    await shot('instance-log');
    await instance.tab('Security groups').click();
    await expect(instance.root.locator('tr[data-group]')).toHaveCount(1);
    await instance.root.getByRole('form', { name: 'Preview' }).getByRole('button', { name: 'Preview' }).click();
    await expect(instance.root.getByText('127.0.0.1 is let in by rule 1 of')).toBeVisible();
    await shot('instance-security');
    expect(await barriers(page)).toEqual([]);
    await instance.tab('Instance details').click();
  });

  await test.step('renamed, and protected from deletion', async () => {
    await instance.card('Basic information').getByRole('button', { name: 'Rename' }).click();
    await instance.dialog.getByLabel('Instance name').fill('orders main');
    await expect(instance.dialog.getByText('“ ” is not allowed')).toBeVisible();
    await instance.dialog.getByLabel('Instance name').fill('orders-main');
    await instance.confirm('Rename');
    await expect(instance.root.getByRole('heading', { level: 1 })).toContainText('orders-main');
    await expect(shell.tab('orders-main')).toBeVisible();
    await instance.root.getByRole('switch', { name: 'Deletion protection' }).check({ force: true });
    await expect.poll(async () => (await detail()).deletionProtection).toBe(true);
    await instance.root.getByRole('button', { name: 'More for orders-main' }).click();
    await page.getByRole('menuitem', { name: 'Isolate' }).click();
    await expect(instance.dialog).toContainText('Deletion protection is on');
    await expect(instance.dialog.getByRole('button', { name: 'Isolate orders-main' })).toBeDisabled();
    await page.keyboard.press('Escape');
  });

  await test.step('a public address warns first, opens, and closes again', async () => {
    const addresses = instance.card('Addresses');
    await addresses.getByRole('button', { name: 'Enable public address' }).click();
    await expect(instance.dialog).toContainText('exposes the database to attack');
    await shot('instance-public');
    await instance.confirm('Enable public address');
    await addresses.getByRole('button', { name: 'Disable public address' }).click();
    await instance.confirm('Disable public address');
    await expect(addresses.getByRole('button', { name: 'Enable public address' })).toBeVisible();
  });

  await test.step('another disk takes hold at once', async () => {
    await instance.card('Configuration').getByRole('button', { name: 'Adjust configuration' }).click();
    await instance.dialog.getByLabel(/^Disk/).fill('20');
    await shot('instance-adjust');
    await instance.confirm('Adjust configuration');
    await expect.poll(async () => (await detail()).storageGb, { timeout: 60_000 }).toBe(20);
    await expect(instance.inStatus('running')).toBeVisible(BUILT);
    await expect(instance.card('Configuration')).toContainText('20 GB');
  });

  await test.step('primary and standby change places', async () => {
    await instance.root.getByRole('button', { name: 'Switch primary' }).first().click();
    await expect(instance.dialog).toContainText('57P01');
    await instance.confirm('Switch now');
    await expect(instance.node('primary')).toContainText('Zone 4', BUILT);
    await expect(instance.inStatus('running')).toBeVisible(BUILT);
    await expect(instance.node('standby')).toContainText('synchronous', BUILT);
  });

  await test.step('a switch that waits can be taken back', async () => {
    await instance.root.getByRole('button', { name: 'Switch primary' }).first().click();
    await instance.dialog.getByText('In the maintenance window').click();
    await instance.confirm('Switch at that time');
    await expect(instance.root.getByText('waits for its time')).toBeVisible();
    await instance.root.getByRole('button', { name: 'Cancel it' }).click();
    await expect(instance.root.getByText('waits for its time')).toBeHidden();
    await expect(instance.inStatus('running')).toBeVisible();
  });

  await test.step('a drill takes the zone of the primary down for real and reports', async () => {
    await instance.card('Availability').getByRole('button', { name: 'Drill' }).click();
    await expect(instance.dialog).toContainText('This is not a simulation');
    await instance.dialog.getByText('Zone', { exact: true }).click();
    await expect(instance.dialog).toContainText('Every server in Guangzhou Zone');
    await shot('instance-drill-zone');
    await instance.dialog.getByRole('button', { name: 'Take the zone down' }).click();
    await expect(instance.dialog.locator('[data-drill="ended"]')).toBeVisible(BUILT);
    await expect(instance.dialog).toContainText('none lost');
    await expect(instance.dialog.locator('[data-mark="servedMs"][data-reached]')).toBeVisible();
    await shot('instance-drill');
    await instance.dialog.getByRole('button', { name: 'Close' }).last().click();
    await expect(instance.inStatus('running')).toBeVisible(BUILT);
  });

  await test.step('TLS names an address, which can be changed and renewed', async () => {
    const { id } = await detail();
    const { host } = await detail();
    await callMain(page, 'instances.setSsl', { id, enabled: true, connectAddress: host });
    const ssl = instance.card('SSL');
    await expect(ssl.getByRole('button', { name: 'Change the protected address' })).toBeEnabled(BUILT);
    await ssl.getByRole('button', { name: 'Change the protected address' }).click();
    await expect(instance.dialog).toContainText('new certificate');
    await shot('instance-certificate');
    await instance.confirm('Issue certificate');
    await expect.poll(async () => (await detail()).status, BUILT).toBe('running');
    await expect(ssl).toContainText(host);
  });

  await test.step('in dark and in Chinese', async () => {
    await callMain(page, 'settings.update', { theme: 'dark', language: 'zh-CN' });
    await expect(instance.root.getByRole('region', { name: '可用性' })).toBeVisible();
    await shot('instance-details-dark-zh');
    await instance.tab('操作日志').click();
    await expect(instance.root.locator('tr[data-log="event"]').first()).toBeVisible();
    await shot('instance-log-dark-zh');
  });
});

test('several instances are restarted and labelled at once', async ({ page, shot }) => {
  test.setTimeout(300_000);
  const shell = new ShellPage(page);
  const list = new InstancesPage(page);
  await shell.ready();
  await page.keyboard.press('Control+Shift+i');
  await expect(list.root.getByText('No instance yet')).toBeVisible({ timeout: 60_000 });
  await callMain(page, 'instances.create', {
    name: 'pair',
    region: 'ap-guangzhou',
    zone: 'ap-guangzhou-3',
    major: 17,
    classCode: 'pg.lt.micro1',
    storageGb: 10,
    charset: 'UTF8',
    adminUser: 'keeper',
    adminPassword: PASSWORD,
    count: 2,
    tags: [],
  });
  const running = list.root.locator('tr[data-status="running"]');
  await expect(running).toHaveCount(2, BUILT);

  await list.root.getByRole('checkbox', { name: 'Select all' }).check();
  await list.root.getByRole('button', { name: 'Project and tags' }).first().click();
  await list.dialog.getByLabel('Project', { exact: true }).fill('7');
  await list.dialog.getByRole('button', { name: 'Add tag' }).click();
  await list.dialog.getByLabel('Key of tag 1').fill('team');
  await list.dialog.getByLabel('Value of tag 1').fill('red');
  await list.dialog.getByRole('button', { name: 'Save project and tags' }).click();
  await expect(list.dialog).toBeHidden();
  await list.root.getByRole('button', { name: 'Choose columns' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Tags' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Project' }).click();
  await page.keyboard.press('Escape');
  await expect(list.root.locator('td[data-column="tags"]').filter({ hasText: 'team=red' })).toHaveCount(2);
  await expect(list.root.locator('td[data-column="project"]').filter({ hasText: 'Project 7' })).toHaveCount(2);

  await list.root.getByRole('button', { name: 'Restart 2 instances' }).click();
  await expect(list.dialog).toContainText('every connection is closed');
  await shot('instances-batch-restart');
  await list.dialog.getByRole('button', { name: 'Restart 2 instances' }).click();
  await expect(list.root.locator('tr[data-status="restarting"]').first()).toBeVisible();
  await expect(running).toHaveCount(2, BUILT);
  await shot('instances-columns');
});
