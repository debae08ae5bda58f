import { expect } from '../fixtures';
import { MigrationWizardPage } from '../pages/migration';
import { MigrationTaskPage } from '../pages/migration-task';
import { ShellPage } from '../pages/shell';
import { INSTANCE } from './begin';
import { DATABASE } from './move';
import type { StepLog } from './report';
import type { Seat } from './seat';

/** What the shop is called after it was migrated; both sides are the instance of the tour. */
const MIGRATED = 'shop_migrated';
const SLOW = { timeout: 90_000 };

export async function migrate({ page }: Seat, { did, held, shot }: StepLog): Promise<void> {
  const wizard = new MigrationWizardPage(page);
  const task = new MigrationTaskPage(page);
  await new ShellPage(page).find('Create a migration task');
  await wizard.chooseServer('Source', new RegExp(`^${INSTANCE}`));
  expect(await wizard.test('Source')).toBe('ok');
  await expect(page.getByRole('option')).toHaveCount(0);
  await wizard.chooseServer('Target', new RegExp(`^${INSTANCE}`));
  expect(await wizard.test('Target')).toBe('ok');
  held('Both connections are tested step by step');
  await shot('migration-endpoints');
  await wizard.button('Save and next').click();
  await wizard.box('Specified objects');
  await wizard
    .line(new RegExp(`^${DATABASE},`))
    .first()
    .click();
  await page.keyboard.press('Space');
  await wizard.chosen.getByLabel(`Name of ${DATABASE} on the target`).fill(MIGRATED);
  await wizard.box('No roles');
  did(`Chose the database ${DATABASE}, to be called ${MIGRATED} on the target`);
  await shot('migration-objects');
  await wizard.button('Save and verify').click();
  expect(await wizard.verdict()).not.toBe('Not passed');
  for (const box of await wizard.root.getByRole('checkbox', { name: /^Ignore/ }).all()) await box.check();
  held('The checks of both servers find nothing that blocks');
  await shot('migration-verify');
  await wizard.button('Start').click();
  await expect(task.inStatus('success')).toBeVisible(SLOW);
  await expect(task.root).toContainText('Finished in');
  held('It ran step by step, table by table, to its end');
  await shot('migration-task');
}
