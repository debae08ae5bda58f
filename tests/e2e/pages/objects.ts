import type { Locator, Page } from '@playwright/test';

/** The grid of a folder. */
export class FolderPage {
  readonly root: Locator;
  readonly grid: Locator;
  constructor(page: Page) {
    this.root = page.getByTestId('folder-view').filter({ visible: true });
    this.grid = this.root.getByRole('grid');
  }
  row(name: string): Locator {
    return this.grid.getByRole('row').filter({ hasText: name });
  }
  button(name: string): Locator {
    return this.root.getByRole('button', { name, exact: true });
  }
}

/** A dialog about objects: what it asks, the statements it shows, the deed. */
export class DeedDialog {
  readonly root: Locator;
  readonly sql: Locator;
  constructor(page: Page, title: RegExp | string) {
    this.root = page.getByRole('dialog', { name: title });
    this.sql = this.root.getByLabel('Statements that run');
  }
  button(name: string): Locator {
    return this.root.getByRole('button', { name, exact: true });
  }
}
