import { callMain, expect, test } from './fixtures';
import { NetworksPage } from './pages/networks';
import { barriers, ShellPage } from './pages/shell';

test('networks and security groups are made, changed, previewed and deleted', async ({ page, shot }) => {
  test.setTimeout(300_000);
  const shell = new ShellPage(page);
  const networks = new NetworksPage(page);
  await shell.ready();

  await test.step('every region has its default group, which lets PostgreSQL in', async () => {
    await page.getByRole('navigation').getByRole('button', { name: 'Networks' }).click();
    await expect(networks.root.getByText('bound when none is chosen')).toBeVisible({ timeout: 60_000 });
    await expect(networks.button('Delete')).toBeDisabled();
    expect(await networks.preview('127.0.0.1')).toContain('is let in by rule 1');
  });

  await test.step('a group of one template', async () => {
    await networks.button('Create a security group').click();
    await networks.dialog.getByRole('textbox', { name: 'Name' }).fill('office');
    await networks.confirm('Create a security group');
    await expect(networks.field('Source', 1)).toHaveValue('0.0.0.0/0');
  });

  await test.step('rules are checked as one types, ordered, and saved', async () => {
    await networks.button('Add a rule').click();
    await networks.field('Source', 2).fill('127.0.0.66/8');
    await expect(networks.root.getByText('127.0.0.0/8 is meant')).toBeVisible();
    await expect(networks.button('Save rules')).toBeDisabled();
    await shot('networks-rule-wrong');
    expect(await barriers(page)).toEqual([]);
    await networks.field('Source', 2).fill('127.0.0.66');
    await networks.field('Policy', 2).click();
    await page.getByRole('option', { name: 'Drop' }).click();
    await networks.button('Move rule 2 up').click();
    await expect(networks.field('Source', 1)).toHaveValue('127.0.0.66');
    await networks.button('Save rules').click();
    await expect(networks.button('Save rules')).toBeDisabled();
    expect(await networks.preview('127.0.0.66')).toContain('is dropped by rule 1');
    expect(await networks.preview('127.0.0.1')).toContain('is let in by rule 2');
    expect(await networks.preview('::1')).toContain('no rule fits');
    await shot('networks-group');
  });

  await test.step('a copy, renamed, and deleted again', async () => {
    await networks.button('Duplicate').click();
    await networks.dialog.getByRole('textbox', { name: 'Name' }).fill('office-2');
    await networks.confirm('Duplicate');
    await expect(networks.field('Source', 1)).toHaveValue('127.0.0.66');
    await networks.button('Name and remark').click();
    await networks.dialog.getByRole('textbox', { name: 'Name' }).fill('office-second');
    await networks.confirm('Save');
    await expect(networks.root.getByRole('heading', { name: 'office-second' })).toBeVisible();
    await networks.button('Delete').click();
    await networks.confirm('Delete office-second');
    await expect(networks.root.getByRole('heading', { name: 'office-second' })).toBeHidden();
  });

  await test.step('a network and a subnet', async () => {
    await networks.root.getByRole('tab', { name: 'VPCs and subnets' }).click();
    await networks.button('Create a VPC').click();
    await networks.dialog.getByRole('textbox', { name: 'Name' }).fill('analytics');
    await networks.dialog.getByRole('textbox', { name: 'CIDR block' }).fill('127.130.0.0/16');
    await networks.confirm('Create a VPC');
    await networks.button('Create a subnet in analytics').click();
    await expect(networks.dialog.getByRole('textbox', { name: 'CIDR block' })).toHaveValue('127.130.0.0/24');
    await networks.dialog.getByRole('textbox', { name: 'Name' }).fill('reports');
    await networks.confirm('Create a subnet');
    await expect(networks.root.getByText('127.130.0.0/24')).toBeVisible();
    await shot('networks-vpcs');
    expect(await barriers(page)).toEqual([]);
  });

  await test.step('what overlaps is refused in its dialog', async () => {
    await networks.button('Create a VPC').click();
    await networks.dialog.getByRole('textbox', { name: 'Name' }).fill('again');
    await networks.dialog.getByRole('textbox', { name: 'CIDR block' }).fill('127.130.0.0/17');
    await networks.dialog.getByRole('button', { name: 'Create a VPC' }).click();
    await expect(networks.dialog.getByRole('alert')).toBeVisible();
    await page.keyboard.press('Escape');
  });

  await test.step('deleted from the inside out', async () => {
    await networks.button('Delete reports').click();
    await networks.confirm('Delete reports');
    await networks.button('Delete analytics').click();
    await networks.confirm('Delete analytics');
    await expect(networks.root.getByText('127.130.0.0/16')).toBeHidden();
    const left = await callMain<{ name: string }[]>(page, 'networks.vpcs', { region: '' });
    expect(left.map(({ name }) => name)).not.toContain('analytics');
  });
});
