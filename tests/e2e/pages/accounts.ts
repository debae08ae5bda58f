import type { Locator, Page } from '@playwright/test';

/** *Account management* and *Database management* of the management page of an instance. */
export class AccountsPage {
  readonly root: Locator;
  private readonly page: Page;
  constructor(page: Page) {
    this.page = page;
    this.root = page.locator('[data-view="instance"]');
  }
  /** Opens the page of an instance from the list, at a tab. */
  async open(instance: string, tab: RegExp): Promise<void> {
    await this.page.keyboard.press('Control+Shift+i');
    await this.page.getByRole('button', { name: `Manage ${instance}` }).click();
    await this.tab(tab);
  }
  tab(name: RegExp): Promise<void> {
    return this.root.getByRole('tab', { name }).click();
  }
  account(name: string): Locator {
    return this.root.locator(`tr[data-account="${name}"]`);
  }
  database(name: string): Locator {
    return this.root.locator(`tr[data-database="${name}"]`);
  }
  async more(name: string, action: string): Promise<void> {
    await this.root.getByRole('button', { name: `More for ${name}` }).click();
    await this.page.getByRole('menuitem', { name: action, exact: true }).click();
  }
  get dialog(): Locator {
    return this.page.getByRole('dialog');
  }
  button(name: string | RegExp): Locator {
    return this.dialog.getByRole('button', typeof name === 'string' ? { name, exact: true } : { name });
  }
  /** Chooses in a picker of the dialog. */
  async pick(label: string, choice: string): Promise<void> {
    await this.dialog.getByRole('combobox', { name: label }).click();
    await this.page.getByRole('option', { name: choice, exact: true }).click();
  }
}
