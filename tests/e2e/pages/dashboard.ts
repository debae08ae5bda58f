import type { ElectronApplication, Locator, Page } from '@playwright/test';
import { chooseMenu, expect } from '../fixtures';

/** The dashboard of a server. */
export class DashboardPage {
  readonly root: Locator;
  private readonly page: Page;
  constructor(page: Page) {
    this.page = page;
    this.root = page.locator('[data-view="dashboard"]').filter({ visible: true });
  }

  /** Opens it by the application menu; the only connected server is taken. It looks every second. */
  async openByMenu(app: ElectronApplication): Promise<void> {
    await this.page.evaluate(() => localStorage.setItem('howdah.dashboard.interval', '1'));
    await chooseMenu(app, 'show-dashboard');
    await this.root.getByRole('tab', { name: 'Activity' }).waitFor();
  }

  async show(name: string | RegExp): Promise<void> {
    const tab = this.root.getByRole('tab', { name });
    await tab.click();
    await expect(tab).toHaveAttribute('aria-selected', 'true');
  }

  /** The value that a chart tells of one of its lines. */
  figure(key: string): Locator {
    return this.root.locator(`[data-figure="${key}"]`);
  }

  /** A row of a table whose text has this in it. */
  row(text: string | RegExp): Locator {
    return this.root.getByRole('row').filter({ hasText: text, visible: true });
  }

  /** A line of the tree of who waits for whom. */
  line(pid: number): Locator {
    return this.root.locator(`[data-pid="${pid}"]`);
  }
}
