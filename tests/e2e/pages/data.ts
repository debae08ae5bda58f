import type { Locator, Page } from '@playwright/test';
import { expect } from '../fixtures';
import { ExplorerPage } from './catalog';

/** The rows of a table, in a tab of their own. */
export class DataPage {
  readonly root: Locator;
  private readonly page: Page;
  constructor(page: Page) {
    this.page = page;
    this.root = page.locator('[data-view="data"]').filter({ visible: true });
  }

  /** Opens one by the menu of a table of the schema `public` of the server *Shop*. */
  async openByMenu(table: string): Promise<void> {
    const explorer = new ExplorerPage(this.page);
    await explorer.open('Shop', 'Databases', 'postgres', 'Schemas', 'public', 'Tables');
    await explorer.line(table).click({ button: 'right' });
    await explorer.menuEntry('View and edit data').click();
    await this.cell(0, 0).waitFor({ state: 'attached' });
  }

  button(name: string): Locator {
    return this.root.getByRole('button', { name, exact: true });
  }

  /** A cell by column and row, both from 0. */
  cell(column: number, row: number): Locator {
    return this.root.getByTestId(`glide-cell-${column + 1}-${row}`);
  }

  /** The field in which a cell is written. */
  get field(): Locator {
    return this.root.getByRole('textbox', { name: /^New value of/ });
  }

  get counts(): Locator {
    return this.root.getByRole('toolbar', { name: 'Changed rows' }).getByRole('status');
  }

  /** Puts the keyboard's cell to the first cell, then so many to the right and down. */
  async goTo(column: number, row: number): Promise<void> {
    const canvas = this.root.getByTestId('data-grid-canvas');
    await expect(async () => {
      const box = await canvas.boundingBox();
      if (!box) throw new Error('the grid is not to be seen');
      await this.page.mouse.click(box.x + 70, box.y + 40);
      await expect(this.root.getByText('1 × 1 cells selected')).toBeVisible({ timeout: 4000 });
    }).toPass({ timeout: 20_000 });
    await this.page.keyboard.press('ControlOrMeta+Home');
    for (let at = 0; at < column; at += 1) await this.page.keyboard.press('ArrowRight');
    for (let at = 0; at < row; at += 1) await this.page.keyboard.press('ArrowDown');
  }
}
