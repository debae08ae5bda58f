import type { Locator, Page } from '@playwright/test';
import { expect } from '../fixtures';

/** The dialog that makes or changes one object, by its title, e.g. `Create - View`. */
export class FormPage {
  readonly root: Locator;
  private readonly page: Page;
  constructor(page: Page, title: string) {
    this.page = page;
    this.root = page.getByRole('dialog', { name: title, exact: true });
  }
  tab(name: string): Promise<void> {
    return this.root.getByRole('tab', { name }).click();
  }
  field(label: string): Locator {
    const escaped = label.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
    return this.root.getByLabel(new RegExp(`^${escaped}( \\*)?$`)).filter({ visible: true });
  }
  async choose(label: string, option: string): Promise<void> {
    await this.field(label).click();
    await this.page.getByRole('option', { name: option, exact: true }).click();
  }
  button(name: string): Locator {
    return this.root.getByRole('button', { name, exact: true });
  }
  /** Lines of the SQL tab. */
  async expectSql(...parts: readonly string[]): Promise<void> {
    await this.tab('SQL');
    for (const part of parts) await expect(this.root.getByRole('tabpanel')).toContainText(part);
  }
  /** Replaces what stands in an editor. */
  async write(sql: string): Promise<void> {
    await this.root.locator('.monaco-editor').click();
    await this.page.keyboard.press('Control+A');
    await this.page.keyboard.insertText(sql);
  }
}

/** Opens an entry of a submenu of a line's menu, e.g. *Create > View…*. */
export async function chooseUnder(page: Page, line: Locator, menu: string, entry: string): Promise<void> {
  await line.click({ button: 'right' });
  await page.getByRole('menuitem', { name: menu, exact: true }).hover();
  await page.getByRole('menuitem', { name: entry, exact: true }).click();
}
