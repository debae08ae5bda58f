import type { Locator, Page } from '@playwright/test';
import { expect } from '../fixtures';

/** VPCs, subnets and security groups. */
export class NetworksPage {
  readonly root: Locator;
  private readonly page: Page;
  constructor(page: Page) {
    this.page = page;
    this.root = page.locator('[data-view="networks"]');
  }
  button(name: string): Locator {
    return this.root.getByRole('button', { name, exact: true });
  }
  /** A field of a rule, e.g. `Source` of the first one. */
  field(field: string, rule: number): Locator {
    return this.root.getByLabel(`${field} of rule ${rule}`, { exact: true }).filter({ visible: true });
  }
  get dialog(): Locator {
    return this.page.getByRole('dialog');
  }
  async confirm(deed: string): Promise<void> {
    await this.dialog.getByRole('button', { name: deed, exact: true }).click();
    await expect(this.dialog).toBeHidden();
  }
  /** Asks for a source address and returns what is said. */
  async preview(source: string): Promise<string> {
    const form = this.root.getByRole('form', { name: 'Preview' });
    await form.getByLabel('Source address').fill(source);
    await form.getByRole('button', { name: 'Preview' }).click();
    const answer = form.getByRole('status');
    await expect(answer).toContainText(source);
    return answer.innerText();
  }
}
