import type { Locator, Page } from '@playwright/test';
import { expect } from '../fixtures';

/** The list of instances. */
export class InstancesPage {
  readonly root: Locator;
  private readonly page: Page;
  constructor(page: Page) {
    this.page = page;
    this.root = page.locator('[data-view="instances"]');
  }
  row(name: string): Locator {
    return this.root.locator('tr[data-instance]').filter({ hasText: name });
  }
  /** The row once it has the status. */
  rowIn(name: string, status: string): Locator {
    return this.root.locator(`tr[data-status="${status}"]`).filter({ hasText: name });
  }
  async more(name: string, action: string): Promise<void> {
    await this.row(name)
      .getByRole('button', { name: `More for ${name}` })
      .click();
    await this.page.getByRole('menuitem', { name: action, exact: true }).click();
  }
  get dialog(): Locator {
    return this.page.getByRole('dialog');
  }
}

/** The purchase page. */
export class CreateInstancePage {
  readonly root: Locator;
  private readonly page: Page;
  constructor(page: Page) {
    this.page = page;
    this.root = page.locator('[data-view="create-instance"]');
  }
  field(label: 'Instance name' | 'Admin user' | 'Password' | 'Disk' | 'Quantity'): Locator {
    return this.root.getByLabel(new RegExp(`^${label}( \\*)?$`)).filter({ visible: true });
  }
  /** A rule of the live list: open, ok or broken. */
  rule(name: string): Locator {
    return this.root.locator(`[data-rule="${name}"]`);
  }
  choose(group: string, choice: RegExp): Promise<void> {
    return this.root.getByRole('radiogroup', { name: group }).getByText(choice).click();
  }
  get summary(): Locator {
    return this.page.getByRole('complementary', { name: 'What will run here' });
  }
  get buy(): Locator {
    return this.root.getByRole('button', { name: 'Buy now' });
  }
  get terms(): Locator {
    return this.root.getByRole('checkbox', { name: /^I accept/ });
  }
}

/** The management page of an instance. */
export class InstancePage {
  readonly root: Locator;
  private readonly page: Page;
  constructor(page: Page) {
    this.page = page;
    this.root = page.locator('[data-view="instance"]').filter({ visible: true });
  }
  /** The page once the instance has the status. */
  inStatus(status: string): Locator {
    return this.root.locator(`[data-status="${status}"]`);
  }
  tab(name: string): Locator {
    return this.root.getByRole('tab', { name, exact: true });
  }
  /** One card of the details, by its title. */
  card(title: string): Locator {
    return this.root.getByRole('region', { name: title, exact: true });
  }
  /** A node's row of the availability card. */
  node(role: 'primary' | 'standby'): Locator {
    return this.root.locator(`tr[data-role="${role}"]`);
  }
  get dialog(): Locator {
    return this.page.getByRole('dialog');
  }
  /** Presses the deed of the dialog and waits until it is accepted. */
  async confirm(deed: string): Promise<void> {
    await this.dialog.getByRole('button', { name: deed, exact: true }).click();
    await expect(this.dialog).toBeHidden();
  }
}
