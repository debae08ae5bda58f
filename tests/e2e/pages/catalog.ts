import type { Locator, Page } from '@playwright/test';
import { expect } from '../fixtures';

/** The Explorer: the object tree at the left. */
export class ExplorerPage {
  readonly root: Locator;
  readonly tree: Locator;
  readonly filter: Locator;
  private readonly page: Page;
  constructor(page: Page) {
    this.page = page;
    this.root = page.getByTestId('explorer');
    this.tree = this.root.getByRole('tree');
    this.filter = this.root.getByRole('textbox');
  }
  /** A line by its name, or by one of the words that follow it, e.g. `Not connected`. */
  line(text: string): Locator {
    const escaped = text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
    return this.tree.getByRole('treeitem', { name: new RegExp(`(^|, )${escaped}(,|$)`) });
  }
  /** Opens lines one under the other. */
  async open(...texts: readonly string[]): Promise<void> {
    for (const text of texts) {
      const line = this.line(text).first();
      await line.waitFor();
      await line.click();
      if ((await line.getAttribute('aria-expanded')) === 'false') await this.page.keyboard.press('ArrowRight');
      await expect(line).toHaveAttribute('aria-expanded', 'true');
      await expect(this.tree.locator('[aria-busy]')).toHaveCount(0);
    }
  }
  menuEntry(name: string): Locator {
    return this.page.getByRole('menuitem', { name });
  }
  /** Texts of the lines that are drawn. */
  texts(): Promise<string[]> {
    return this.tree.getByRole('treeitem').allInnerTexts();
  }
  get active(): Locator {
    return this.tree.locator('[aria-selected=true]');
  }
}

/** The tab of one object. */
export class ObjectPage {
  readonly root: Locator;
  constructor(page: Page) {
    this.root = page.getByTestId('object-view').filter({ visible: true });
  }
  tab(name: string): Promise<void> {
    return this.root.getByRole('tab', { name }).click();
  }
}
