import type { Locator, Page } from '@playwright/test';
import { expect } from '../fixtures';
import type { QueryPage } from './query';

/** The page of one result in a query tab. */
export class ResultsPage {
  private readonly page: Page;
  private readonly query: QueryPage;
  constructor(page: Page, query: QueryPage) {
    this.page = page;
    this.query = query;
  }

  /** Clicks a column's head, `x` pixels right of the row numbers. */
  async clickHead(x: number, modifier?: 'Shift'): Promise<void> {
    const box = await this.query.root.getByTestId('data-grid-canvas').boundingBox();
    if (!box) throw new Error('the grid is not to be seen');
    if (modifier) await this.page.keyboard.down(modifier);
    await this.page.mouse.click(box.x + 70 + x, box.y + 12);
    if (modifier) await this.page.keyboard.up(modifier);
  }

  /** Opens the menu of a column's head by a right click there. */
  async header(x: number): Promise<void> {
    const canvas = this.query.root.getByTestId('data-grid-canvas');
    const menu = this.page.getByRole('menu');
    await expect(async () => {
      const box = await canvas.boundingBox();
      if (!box) throw new Error('the grid is not to be seen');
      await this.page.mouse.click(box.x + 70 + x, box.y + 12, { button: 'right' });
      await expect(menu).toBeVisible({ timeout: 2000 });
    }).toPass({ timeout: 20_000 });
  }

  get bar(): Locator {
    return this.query.root.getByRole('group', { name: 'Sorting and filters' });
  }

  get where(): Locator {
    return this.bar.getByRole('textbox', { name: 'Condition in SQL' });
  }

  get sums(): Locator {
    return this.query.root.locator('[data-sums]');
  }

  get goToRow(): Locator {
    return this.query.root.getByRole('textbox', { name: 'Go to row' });
  }

  get viewer(): Locator {
    return this.query.root.getByRole('complementary', { name: 'Value' });
  }

  get record(): Locator {
    return this.query.root.getByRole('group', { name: 'Columns of the row' });
  }

  get find(): Locator {
    return this.query.root.getByRole('textbox', { name: 'Find a column' });
  }

  /** Chooses in a list. */
  async choose(list: string, choice: string): Promise<void> {
    await this.query.root.getByRole('combobox', { name: list, exact: true }).click();
    await this.page.getByRole('option', { name: choice, exact: true }).first().click();
  }

  /** How the result is looked at. */
  mode(name: string): Promise<void> {
    return this.query.root
      .locator('label')
      .filter({ has: this.page.getByTitle(name, { exact: true }) })
      .click();
  }

  /** How the value is looked at. */
  viewAs(name: string): Promise<void> {
    return this.viewer.locator('label').filter({ hasText: name }).click();
  }

  /** The cell at the right of the chosen one. */
  async next(): Promise<void> {
    await this.query.root.getByTestId('data-grid-canvas').focus();
    await this.page.keyboard.press('ArrowRight');
  }
}
