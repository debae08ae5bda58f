import { expect } from '../fixtures';
import { ExplorerPage } from '../pages/catalog';
import { CreateInstancePage, InstancesPage } from '../pages/instances';
import { ShellPage } from '../pages/shell';
import type { StepLog } from './report';
import type { Seat } from './seat';

/** What the tour makes and looks for. */
export const INSTANCE = 'tour-shop';
const ADMIN = 'keeper';
const PASSWORD = 'Elephant-2026-tour';

export async function seeStartPage({ page }: Seat, { held, shot }: StepLog): Promise<void> {
  const shell = new ShellPage(page);
  await shell.ready();
  for (const door of ['create', 'register', 'import'] as const) await expect(shell.door(door)).toBeVisible();
  held('Create an instance, register a server and import a dump are offered');
  await expect(new ExplorerPage(page).root.getByText('No server yet')).toBeVisible();
  held('The empty Explorer says what to do next');
  await shot('start');
}

export async function createInstance({ page }: Seat, { did, held, shot }: StepLog): Promise<void> {
  const create = new CreateInstancePage(page);
  await new ShellPage(page).door('create').click();
  const field = (name: string) => create.root.getByRole('textbox', { name });
  await field('Instance name').fill(INSTANCE);
  await field('Admin user').fill(ADMIN);
  await field('Password').fill('short');
  await expect(create.rule('password-digit')).toHaveAttribute('data-state', 'broken');
  held('A weak password is refused rule by rule, while typing');
  await field('Password').fill(PASSWORD);
  await expect(create.rule('password-digit')).toHaveAttribute('data-state', 'ok');
  await create.root.getByRole('checkbox', { name: 'Register it when it runs' }).uncheck();
  await create.terms.check();
  did(`Named the instance ${INSTANCE}, its administrator ${ADMIN}, and chose a password by the rules`);
  await shot('create-instance');
  await create.buy.click();
  did('Bought it: the control plane accepted, the list shows it');
  const list = new InstancesPage(page);
  await expect(list.rowIn(INSTANCE, 'running')).toBeVisible({ timeout: 120_000 });
  await expect(list.row(INSTANCE)).toContainText(/127\.\d+\.\d+\.\d+:\d+/);
  held('It runs and has a private address');
  await shot('instance-running');
}

export async function connectInstance({ page }: Seat, { did, held, shot }: StepLog): Promise<void> {
  const explorer = new ExplorerPage(page);
  await new InstancesPage(page).row(INSTANCE).getByRole('button', { name: 'Connect' }).click();
  did('Pressed Connect at the instance');
  const dialog = page.getByRole('dialog', { name: `Connect to ${INSTANCE}` });
  await dialog.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await shot('connect');
  await dialog.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(dialog).toBeHidden();
  await explorer.open(INSTANCE);
  await expect(explorer.line('Databases')).toBeVisible();
  held('The instance registered itself: the Explorer shows its databases');
  await shot('registered');
}
