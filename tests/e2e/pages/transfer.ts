import type { ElectronApplication, Locator, Page } from '@playwright/test';
import { answerOpenDialog } from '../fixtures';

/** The import wizard, by what a person reads. */
export class ImportWizardPage {
  readonly page: Page;
  readonly root: Locator;
  constructor(page: Page) {
    this.page = page;
    this.root = page.locator('[data-view="import"]').filter({ visible: true });
  }
  /** Opens it by the door of the start page. */
  async open(): Promise<void> {
    await this.page.locator('[data-door="import"]').click();
    await this.heading('What is imported').waitFor();
  }
  heading(name: string | RegExp): Locator {
    return this.root.getByRole('heading', { name });
  }
  button(name: string | RegExp): Locator {
    return this.root.getByRole('button', { name });
  }
  /** Chooses a box of a group of radio buttons by its words. */
  box(name: string): Promise<void> {
    return this.root
      .locator('label')
      .filter({ hasText: new RegExp(`^${name}`) })
      .first()
      .click();
  }
  /** Picks a dump through the native dialog and waits for what it was recognised as. */
  async pickFile(app: ElectronApplication, path: string): Promise<void> {
    await answerOpenDialog(app, path);
    await this.button(/^Choose (a dump|another file)$/).click();
    await this.preview.waitFor();
  }
  get preview(): Locator {
    return this.root.getByRole('region', { name: 'What the file is' });
  }
  async choose(label: string, option: string | RegExp): Promise<void> {
    const field = this.root
      .getByRole('combobox', { name: label })
      .or(this.root.getByLabel(label, { exact: true }))
      .first();
    await field.click();
    await this.page.getByRole('option', { name: option }).click();
  }
  /** Waits until the checks have ended and tells whether anything is in the way. */
  async checks(): Promise<'clear' | 'blocked'> {
    const status = this.root.getByText(/^(Nothing is in the way|Something is in the way)$/);
    await status.waitFor();
    return (await status.textContent()) === 'Nothing is in the way' ? 'clear' : 'blocked';
  }
  finding(name: string): Locator {
    return this.root.getByRole('region', { name: 'Checks' }).getByRole('listitem').filter({ hasText: name });
  }
  next(): Promise<void> {
    return this.button('Next').click();
  }
  start(database: string): Promise<void> {
    return this.button(`Import into ${database}`).click();
  }
  /** The heading of the result, once the run is over. */
  async outcome(): Promise<string> {
    const heading = this.heading(/ (is imported|failed|was cancelled)/);
    await heading.waitFor({ timeout: 60_000 });
    return (await heading.textContent()) ?? '';
  }
}
