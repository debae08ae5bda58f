import type { Locator, Page } from '@playwright/test';

export type WizardSide = 'Source' | 'Target' | '源库';

/** The wizard of migration tasks, by what a person reads. */
export class MigrationWizardPage {
  readonly page: Page;
  readonly root: Locator;
  constructor(page: Page) {
    this.page = page;
    this.root = page.locator('[data-view="migration-wizard"]').filter({ visible: true });
  }
  heading(name: string | RegExp): Locator {
    return this.root.getByRole('heading', { name });
  }
  button(name: string | RegExp): Locator {
    return this.root.getByRole('button', { name });
  }
  /** The panel of one server. */
  side(side: WizardSide): Locator {
    return this.root.getByRole('region', { name: side, exact: true });
  }
  /** Chooses a box of a group of radio buttons by its words. */
  async box(words: string, within: Locator = this.root): Promise<void> {
    await within
      .locator('label')
      .filter({ hasText: new RegExp(`^${words}`) })
      .first()
      .click();
  }
  async chooseServer(side: WizardSide, name: RegExp): Promise<void> {
    await this.side(side).getByRole('combobox', { name: 'Server' }).click();
    await this.page.getByRole('option', { name }).click();
  }
  /** Fills the address of a server that is not registered. */
  async typeHost(
    side: WizardSide,
    host: { readonly host: string; readonly port: number; readonly user: string; readonly password: string },
  ): Promise<void> {
    const panel = this.side(side);
    await this.box('Address', panel);
    await panel.getByLabel('Host name or address').fill(host.host);
    await panel.getByLabel(/^Port/).fill(String(host.port));
    await panel.getByLabel('Account').fill(host.user);
    await panel.getByLabel('Password', { exact: true }).fill(host.password);
  }
  /** Runs the connection test of a side and resolves with its outcome. */
  async test(side: WizardSide): Promise<string | null> {
    const panel = this.side(side);
    await panel.getByRole('button', { name: 'Test connectivity' }).click();
    const result = panel.locator('[data-outcome]');
    await result.waitFor();
    return result.getAttribute('data-outcome');
  }
  get sourceTree(): Locator {
    return this.root.getByRole('tree', { name: 'Objects of the source' });
  }
  line(name: string | RegExp): Locator {
    return this.sourceTree.getByRole('treeitem', { name });
  }
  get chosen(): Locator {
    return this.root.getByRole('region', { name: 'Chosen objects' });
  }
  /** A group of checks by its heading. */
  group(step: string): Locator {
    return this.root.locator(`section[data-step="${step}"]`);
  }
  finding(check: string): Locator {
    return this.root.locator(`[data-check="${check}"]`);
  }
  /** Waits until the checks are over, and tells what they say. */
  async verdict(): Promise<string> {
    const told = this.root.getByText(/^(Not passed|Passed with alarms|Passed)$/);
    await told.waitFor({ timeout: 90_000 });
    return (await told.textContent()) ?? '';
  }
}
