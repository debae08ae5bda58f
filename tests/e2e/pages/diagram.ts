import type { Locator, Page } from '@playwright/test';

/** A diagram's tab. */
export class DiagramPage {
  readonly page: Page;
  readonly root: Locator;
  constructor(page: Page) {
    this.page = page;
    this.root = page.locator('[data-view="diagram"]').last();
  }
  get canvas(): Locator {
    return this.root.getByRole('listbox', { name: 'Drawing' });
  }
  get tables(): Locator {
    return this.root.getByRole('listbox', { name: 'Tables' });
  }
  get search(): Locator {
    return this.root.getByRole('textbox', { name: 'Find a table or column' });
  }
  /** A table as it is drawn. */
  table(name: string): Locator {
    return this.canvas.locator(`g[data-table=${JSON.stringify(name)}]`);
  }
  tool(name: string): Locator {
    return this.root.getByRole('toolbar').getByRole('button', { name, exact: true });
  }
  /** Chooses in one of the two menus of the bar. */
  async choose(menu: 'SQL' | 'More', entry: string): Promise<void> {
    await this.tool(menu).click();
    await this.page.getByRole('menuitem', { name: entry }).click();
  }
  /** Draws a database from a new diagram's first page. */
  async draw(server: string, database: string): Promise<void> {
    const choose = async (label: string, option: string) => {
      await this.root
        .getByRole('combobox', { name: label })
        .or(this.root.getByLabel(label, { exact: true }))
        .first()
        .click();
      await this.page.getByRole('option', { name: option, exact: true }).click();
    };
    await choose('Server', server);
    await choose('Database', database);
    await this.root.getByRole('button', { name: 'Draw', exact: true }).click();
  }
}
