import { join, resolve } from 'node:path';
import { expect } from '../fixtures';
import { ShellPage } from '../pages/shell';
import { ImportWizardPage } from '../pages/transfer';
import { INSTANCE } from './begin';
import type { StepLog } from './report';
import type { Seat } from './seat';

const resources = process.env['HOWDAH_TOUR_RESOURCES'] ?? resolve(import.meta.dirname, '../../../resources');
const SAMPLE = join(resources, 'sample', 'shop.sql');

export const DATABASE = 'shop';
export const COPY = 'shop_copy';

async function openWizard({ page }: Seat): Promise<ImportWizardPage> {
  await new ShellPage(page).tab('Start').click();
  const wizard = new ImportWizardPage(page);
  await wizard.open();
  return wizard;
}

/** From the second step to the result. */
async function finish(wizard: ImportWizardPage, name: string, { did, held, shot }: StepLog): Promise<void> {
  await wizard.choose('Server', new RegExp(`^${INSTANCE}`));
  await wizard.root.getByRole('textbox', { name: 'Name of the new database' }).fill(name);
  expect(await wizard.checks()).toBe('clear');
  held('The checks before the import find nothing in the way');
  await shot(`import-${name}-checks`);
  await wizard.next();
  await wizard.start(name);
  did(`Imported into the new database ${name}, with the options as they are`);
  expect(await wizard.outcome()).toBe(`${name} is imported`);
  await expect(wizard.root.getByText('The rows of every table are as many as in the source.')).toBeVisible();
  await expect(wizard.root.locator('[data-differs]')).toHaveCount(0);
  held('It succeeded without an error, and every table has as many rows as in the source');
  await shot(`import-${name}-result`);
}

export async function importSample(seat: Seat, log: StepLog): Promise<void> {
  const wizard = await openWizard(seat);
  await seat.chooseFile(SAMPLE, () => wizard.button('Choose a dump').click());
  await expect(wizard.preview).toContainText('SQL script');
  log.did('Chose the sample shop, a plain dump');
  log.held('The wizard recognised it by its content');
  await log.shot('import-source');
  await wizard.next();
  await finish(wizard, DATABASE, log);
}

export async function copyDatabase(seat: Seat, log: StepLog): Promise<void> {
  const wizard = await openWizard(seat);
  await wizard.box('A database on a server');
  await wizard.choose('Server', new RegExp(`^${INSTANCE}`));
  await wizard.choose('Database', new RegExp(`^${DATABASE}\\b`));
  log.did(`Chose the database ${DATABASE} of ${INSTANCE} as the source`);
  await wizard.next();
  await finish(wizard, COPY, log);
}
